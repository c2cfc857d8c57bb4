"""What the public reads: a home page, information pages, published answers. Vietnamese, with English beside it."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from intake.models import Kind
from intake.models.directories.base import in_english, shown
from intake.workflow import Outcome

PLAIN = ["h2", "h3", "bold", "italic", "ul", "ol", "link"]


class Bilingual(models.Model):
    """A page with an English title and introduction beside the Vietnamese; empty means not translated."""

    title: str  # every page has one
    title_en = models.CharField(_("tiêu đề tiếng Anh"), max_length=255, blank=True)
    intro = models.TextField(_("giới thiệu"), blank=True)
    intro_en = models.TextField(_("giới thiệu tiếng Anh"), blank=True)

    class Meta:
        abstract = True

    @property
    def shown_title(self) -> str:
        return shown(self.title, self.title_en)

    @property
    def shown_intro(self) -> str:
        return shown(self.intro, self.intro_en)


class HomePage(Bilingual, Page):
    """The front door: send, follow, read."""

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.InfoPage", "cms.AnswerIndexPage"]
    content_panels = [*Page.content_panels, "title_en", "intro", "intro_en"]
    template = "cms/home_page.html"

    class Meta:
        verbose_name = _("trang chủ")

    def get_context(self, request, *args, **kwargs):
        from .figures import home_figures

        return super().get_context(request, *args, **kwargs) | home_figures()


class InfoPage(Bilingual, Page):
    """Guidance, scope, rights, accessibility."""

    body = RichTextField(_("nội dung"), features=PLAIN)
    body_en = RichTextField(_("nội dung tiếng Anh"), features=PLAIN, blank=True)

    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, "title_en", "intro", "intro_en", "body", "body_en"]
    template = "cms/info_page.html"

    class Meta:
        verbose_name = _("trang thông tin")

    @property
    def shown_body(self) -> str:
        return shown(self.body, self.body_en)

    @property
    def body_language(self) -> str:
        """The language the body is really in: a screen reader must know."""
        return "en" if in_english() and self.body_en else "vi"


class AnswerIndexPage(Bilingual, Page):
    """The list of published answers, with plain filters."""

    max_count = 1
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.AnswerPage"]
    content_panels = [*Page.content_panels, "title_en", "intro", "intro_en"]
    template = "cms/answer_index_page.html"

    class Meta:
        verbose_name = _("danh sách câu trả lời")

    def get_context(self, request, *args, **kwargs):
        from .listing import listing

        return super().get_context(request, *args, **kwargs) | listing(request)


class LegalReference(models.Model):
    """A law or decree that answers cite: written once, linked from many answers."""

    number = models.CharField(_("số hiệu"), max_length=60, unique=True)
    title = models.CharField(_("trích yếu"), max_length=255)
    url = models.URLField(_("toàn văn"), blank=True)

    panels = ["number", "title", "url"]

    class Meta:
        verbose_name = _("căn cứ pháp lý")
        verbose_name_plural = _("căn cứ pháp lý")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class AnswerPage(Page):
    """One question and its answer, redacted by an editor before it goes live."""

    submission = models.OneToOneField("intake.Submission", models.PROTECT, null=True, editable=False, related_name="+")
    kind = models.CharField(_("loại"), max_length=12, choices=Kind, default=Kind.FEEDBACK)
    question = models.TextField(_("nội dung phản ánh, kiến nghị (đã che thông tin cá nhân)"))
    answer = RichTextField(_("nội dung trả lời"), features=PLAIN)
    agency = models.ForeignKey("intake.Agency", models.PROTECT, related_name="+", verbose_name=_("cơ quan trả lời"))
    system = models.ForeignKey(
        "intake.StrategicSystem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hệ thống chiến lược"),
    )
    initiative = models.ForeignKey(
        "intake.Initiative",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sáng kiến đột phá"),
    )
    province = models.ForeignKey(
        "intake.Province", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh, thành phố")
    )
    categories = ParentalManyToManyField("intake.Category", blank=True, verbose_name=_("lĩnh vực"))
    legal_references = ParentalManyToManyField(LegalReference, blank=True, verbose_name=_("căn cứ pháp lý"))
    outcome = models.CharField(_("kết quả"), max_length=24, choices=Outcome, blank=True)
    sender_name = models.CharField(_("tên người gửi, nếu người gửi đồng ý hiện"), max_length=200, blank=True)
    sent_on = models.DateField(_("ngày gửi"))
    due_on = models.DateField(_("hạn trả lời"), null=True, blank=True)
    answered_on = models.DateField(_("ngày trả lời"))
    rating = models.PositiveSmallIntegerField(_("người gửi đánh giá"), null=True, blank=True, editable=False)
    is_example = models.BooleanField(_("ví dụ minh họa"), default=False)

    # A copy is another page, of no submission.
    exclude_fields_in_copy = ["submission", "rating"]
    parent_page_types = ["cms.AnswerIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("question"),
        FieldPanel("answer"),
        MultiFieldPanel(
            [
                FieldPanel("kind"),
                FieldPanel("agency"),
                FieldPanel("outcome"),
                FieldPanel("sent_on"),
                FieldPanel("due_on"),
                FieldPanel("answered_on"),
            ],
            heading=_("Xử lý"),
        ),
        MultiFieldPanel(
            [FieldPanel("system"), FieldPanel("initiative"), FieldPanel("province"), FieldPanel("categories")],
            heading=_("Phân loại"),
        ),
        FieldPanel("legal_references"),
        FieldPanel("sender_name"),
        FieldPanel("is_example"),
    ]
    template = "cms/answer_page.html"

    class Meta:
        verbose_name = _("câu trả lời đã công khai")
        verbose_name_plural = _("câu trả lời đã công khai")
        indexes = [models.Index(fields=["-answered_on"], name="answer_by_date")]

    @property
    def kind_label(self) -> str:
        """The kind in words; an example says that it is one, wherever it is listed."""
        kind = self.get_kind_display()
        return gettext("Ví dụ · %(kind)s") % {"kind": kind} if self.is_example else kind

    @property
    def was_late(self) -> bool:
        return self.days_late > 0

    @property
    def days_late(self) -> int:
        return max(0, (self.answered_on - self.due_on).days) if self.due_on else 0


class AnswerHelp(models.Model):
    """How often an answer was shown to somebody about to write, opened, and said to be enough: a day's counts."""

    answer = models.ForeignKey(AnswerPage, models.CASCADE, related_name="+")
    day = models.DateField()
    shown = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "day"], name="answer_help_once_a_day")]
        indexes = [models.Index(fields=["day"], name="answer_help_day")]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.day}"

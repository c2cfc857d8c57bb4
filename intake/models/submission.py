from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .. import receipts
from ..workflow import OPEN, PUBLIC_STATUS, Outcome, Status, Visibility
from .officer import HANDLING, Membership, Role


class Kind(models.TextChoices):
    FEEDBACK = "feedback", _("Phản ánh")
    PETITION = "petition", _("Kiến nghị")
    INITIATIVE = "initiative", _("Sáng kiến")
    SOLUTION = "solution", _("Giải pháp")


class Nature(models.TextChoices):
    IN_SCOPE = "in_scope", _("Trong phạm vi")
    OUT_OF_SCOPE = "out_of_scope", _("Ngoài phạm vi")
    COMPLAINT = "complaint", _("Khiếu nại")
    DENUNCIATION = "denunciation", _("Tố cáo")
    PROCEDURE = "procedure", _("Về giải quyết thủ tục hành chính")
    LEGAL_CONFLICT = "legal_conflict", _("Về văn bản quy phạm pháp luật")
    SPAM = "spam", _("Tin rác")
    SECRET = "secret", _("Nghi chứa bí mật nhà nước")


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SubmissionQuerySet":
        """What this person may read: coordinators all, an agency's people what is routed to it."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        member = Membership.of(user)
        if member is None or member.role not in HANDLING:
            return self.none()
        unsealed = self.exclude(visibility=Visibility.SEALED)
        if member.role == Role.COORDINATOR:
            return unsealed
        return unsealed.filter(assignments__agency=member.agency_id, assignments__ended_at=None)

    def open(self) -> "SubmissionQuerySet":
        return self.filter(status__in=OPEN)

    def overdue(self) -> "SubmissionQuerySet":
        return self.open().filter(due_at__lt=now())

    def for_the_machine(self) -> "SubmissionQuerySet":
        """What a model may read: not sealed, and the sender has not objected."""
        return self.exclude(visibility=Visibility.SEALED).exclude(by_hand=True)

    def untriaged(self) -> "SubmissionQuerySet":
        """For the machine to read, and no model has looked at it yet."""
        return self.for_the_machine().filter(triages=None)


class Submission(models.Model):
    """What a person sent; the one thing with a status. Only `services` changes it."""

    receipt_code = models.CharField(_("mã tiếp nhận"), max_length=12, unique=True, default=receipts.new_code)
    key_salt = models.CharField(max_length=16, default=receipts.new_salt, editable=False)
    # The form's own number: a second post of the same form is the same submission.
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    # The source's own number, for items that come from a file or another system.
    external_id = models.CharField(max_length=100, null=True, unique=True, editable=False)
    channel = models.CharField(max_length=20, default="web", editable=False)
    is_example = models.BooleanField(default=False, editable=False)

    kind_sent = models.CharField(max_length=12, choices=Kind, editable=False)
    kind = models.CharField(_("loại"), max_length=12, choices=Kind)
    title = models.CharField(_("tiêu đề"), max_length=200)
    body = models.TextField(_("nội dung"))
    legal_text = models.CharField(_("văn bản, điều khoản liên quan"), max_length=500, blank=True)
    # The copies that search, the classifier, exports and the public page read (intake/redaction.py).
    redacted_title = models.CharField(max_length=200, editable=False)
    redacted_body = models.TextField(editable=False)
    province = models.ForeignKey(
        "intake.Province", models.PROTECT, null=True, blank=True, verbose_name=_("tỉnh, thành phố")
    )
    commune = models.ForeignKey(
        "intake.Commune", models.PROTECT, null=True, blank=True, verbose_name=_("xã, phường, đặc khu")
    )
    categories = models.ManyToManyField("intake.Category", blank=True, verbose_name=_("lĩnh vực"))

    # What a person confirmed; what the model proposed stands in Triage.
    nature = models.CharField(_("tính chất"), max_length=16, choices=Nature, blank=True)
    system = models.ForeignKey(
        "intake.StrategicSystem", models.PROTECT, null=True, blank=True, verbose_name=_("hệ thống chiến lược")
    )
    initiative = models.ForeignKey(
        "intake.Initiative", models.PROTECT, null=True, blank=True, verbose_name=_("sáng kiến đột phá")
    )

    status = models.CharField(_("trạng thái"), max_length=20, choices=Status, default=Status.RECEIVED, editable=False)
    outcome = models.CharField(_("kết quả"), max_length=24, choices=Outcome, blank=True, editable=False)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE, editable=False)
    # The sender objected to being read by a machine: people alone sort it, and no model learns from it.
    by_hand = models.BooleanField(_("đọc bằng người"), default=False, editable=False)

    # The submission that speaks for this one while it is merged, and the one it was split from.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="parts")

    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("ngày gửi"), default=now, editable=False)
    due_at = models.DateTimeField(_("hạn"), null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    # Counts every change: two officers meet here, and a late search message loses here.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("phiếu gửi")
        verbose_name_plural = _("phiếu gửi")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="submission_status_known"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="submission_visibility_known"),
        ]
        indexes = [
            models.Index(fields=["status", "due_at"], name="submission_queue"),
            models.Index(fields=["created_at"], name="submission_created"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_code} {self.redacted_title}"

    @property
    def lookup_key(self) -> str:
        return receipts.key_for(self.receipt_code, self.key_salt)

    @property
    def public_status(self) -> str:
        return str(PUBLIC_STATUS[Status(self.status)])

    @property
    def principal(self) -> "Submission":
        """Whose answer is this one's answer: itself, or the submission it was merged into."""
        return self.merged_into or self

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < now()

"""What the officers' desk keeps: work on many submissions at once, saved views, what was taken out."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BulkJob(models.Model):
    """One action on many submissions: chosen, looked at, run in the background, perhaps undone.

    `data` holds codes; a text to senders stands in `text` until the job has run, and is then cleared.
    """

    class Action(models.TextChoices):
        ASSIGN = "assign", _("Chuyển cơ quan")
        LABEL = "label", _("Đặt nhãn")
        ASK = "ask", _("Hỏi người gửi")
        REJECT = "reject", pgettext_lazy("button", "Không tiếp nhận")
        MERGE = "merge", _("Gộp")
        ACCEPT = "accept", _("Nhận xử lý")
        UNDO = "undo", _("Hoàn tác")

    class State(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        DONE = "done"

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    action = models.CharField(max_length=8, choices=Action)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    data = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    # How many the query had when the first of them were taken.
    matched = models.PositiveIntegerField(default=0)
    # The list it was begun from, to come back to.
    came_from = models.CharField(max_length=2_000, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    created_at = models.DateTimeField(default=now)
    # A worker that dies gives the job up when this has passed.
    claimed_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["created_at"], name="bulk_running", condition=Q(state="running"))]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"


class BulkItem(models.Model):
    """One submission of a job, and what came of it; done in the same transaction as the deed itself."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Đang chờ")
        DONE = "done", _("Đã làm")
        REFUSED = "refused", _("Không làm được")

    class Reason(models.TextChoices):
        STATUS = "status", _("đang ở bước khác")
        PERMISSION = "permission", _("không thuộc quyền của bạn")
        GONE = "gone", _("bạn không còn được xem")
        CHANGED = "changed", _("đã có người xử lý tiếp")
        SAME = "same", _("đã như vậy sẵn")
        NO_SUGGESTION = "no_suggestion", _("máy không đủ chắc để gợi ý cơ quan")
        SPEAKS = "speaks", _("đang có phiếu khác gộp vào")
        INTERRUPTED = "interrupted", _("việc đang xử lý đã bị ngắt, không tự trả lại được")
        LATER = "later", _("gặp lỗi, hãy thử lại")

    job = models.ForeignKey(BulkJob, models.CASCADE, related_name="items")
    submission = models.ForeignKey("intake.Submission", models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    # The version that was chosen: what somebody changes afterwards is not done to. Null: whatever it is.
    version_seen = models.PositiveIntegerField(null=True)
    # For the undoing: codes and numbers of what was before, and the version that the job left behind.
    before = models.JSONField(default=dict)
    version_after = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["job", "submission"], name="bulk_item_once")]
        indexes = [models.Index(fields=["job", "outcome"], name="bulk_item_outcome")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.submission_id} {self.outcome}"


class SavedView(models.Model):
    """A named state of the queue, one officer's own or shared by an agency."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Null: the owner's alone.
    agency = models.ForeignKey("intake.Agency", models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(_("tên góc nhìn"), max_length=60)
    address = models.CharField(max_length=2_000, help_text="the query string of the queue")
    notify = models.BooleanField(_("gửi thư khi có phiếu mới khớp"), default=False)
    # What matched at the last look: ids, the newest first, a bounded number of them.
    known = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """A letter owed to an officer: so many new ones in a view. Written and addressed when it is sent."""

    view = models.ForeignKey(SavedView, models.CASCADE, related_name="notices")
    count = models.PositiveIntegerField()
    owed_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owed_at"], name="notice_unsent", condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return f"notice {self.pk} of view {self.view_id}"


class Export(models.Model):
    """Who took how many rows out of the queue, in which shape, by which question."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người xuất"))
    format = models.CharField(_("dạng tệp"), max_length=4, choices=Format)
    # The list it was taken from, and the codes of those that were ticked in it; none: all of the list.
    address = models.CharField(_("danh sách"), max_length=2_000)
    codes = models.JSONField(_("phiếu đã chọn"), default=list)
    with_contacts = models.BooleanField(_("kèm liên hệ"), default=False)
    rows = models.PositiveIntegerField(_("số phiếu"), default=0)
    created_at = models.DateTimeField(_("lúc"), default=now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("lần xuất bảng")
        verbose_name_plural = _("nhật ký xuất bảng")

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def taken(self) -> str:
        """What was asked for: the ticked ones by code, else the query string of the list."""
        return ", ".join(self.codes) or self.address

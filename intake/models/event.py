from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ..workflow import Status


class Event(models.Model):
    """One line of the audit trail, and the outbox. Never edited, never deleted.

    `dispatched_at` alone changes, once, when the rest of the system has heard of the event.
    `data` holds codes and numbers, never a name or a text of the sender.
    """

    class Name(models.TextChoices):
        RECEIVED = "received", _("Đã nhận phiếu")
        TRIAGED = "triaged", _("Hệ thống đã gợi ý phân loại")
        ROUTING_CONFIRMED = "routing_confirmed", _("Đã xác nhận phân loại")
        ASSIGNED = "assigned", _("Đã chuyển cơ quan xử lý")
        ACCEPTED = "accepted", _("Cơ quan đã nhận xử lý")
        HANDED_BACK = "handed_back", _("Cơ quan đề nghị chuyển lại")
        QUESTION_ASKED = "question_asked", _("Đã hỏi người gửi")
        QUESTION_ANSWERED = "question_answered", _("Người gửi đã bổ sung")
        QUESTION_WITHDRAWN = "question_withdrawn", _("Đã rút câu hỏi")
        ANSWER_DRAFTED = "answer_drafted", _("Đã soạn câu trả lời")
        ANSWER_PROPOSED = "answer_proposed", _("Đã trình duyệt câu trả lời")
        ANSWER_RETURNED = "answer_returned", _("Câu trả lời được trả lại để sửa")
        ANSWERED = "answered", _("Đã trả lời người gửi")
        REJECTED = "rejected", _("Không tiếp nhận")
        PUBLISHED = "published", _("Đã công khai")
        UNPUBLISHED = "unpublished", _("Đã gỡ khỏi trang công khai")
        RATED = "rated", _("Người gửi đã đánh giá")
        CLOSED = "closed", _("Đã kết thúc")
        ROUTING_WITHDRAWN = "routing_withdrawn", _("Đã rút xác nhận phân loại")
        TAKEN_BACK = "taken_back", _("Đã rút lại việc chuyển cơ quan")
        MERGED = "merged", _("Đã gộp vào phiếu khác")
        MERGE_TAKEN = "merge_taken", _("Đã nhận một phiếu gộp vào")
        UNMERGED = "unmerged", _("Đã bỏ gộp")
        SPLIT = "split", _("Đã tách thành phiếu riêng")
        SEALED = "sealed", _("Đã niêm phong")
        MACHINE_DECLINED = "machine_declined", _("Người gửi không để máy đọc")
        CONTACT_VIEWED = "contact_viewed", _("Cán bộ đã xem thông tin liên hệ")
        CONSENT_WITHDRAWN = "consent_withdrawn", _("Người gửi đã rút sự đồng ý")
        CONTACT_BLOCKED = "contact_blocked", _("Đã khóa thông tin liên hệ theo yêu cầu")
        CONTACT_ERASED = "contact_erased", _("Đã xóa thông tin liên hệ")

    submission = models.ForeignKey("intake.Submission", models.PROTECT, related_name="events")
    name = models.CharField(max_length=20, choices=Name)
    from_status = models.CharField(max_length=20, choices=Status, blank=True)
    to_status = models.CharField(max_length=20, choices=Status, blank=True)
    # Null: the citizen, or the system itself.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)
    dispatched_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(name="event_pending", fields=["created_at"], condition=Q(dispatched_at=None))]

    def __str__(self) -> str:
        return f"{self.name} {self.submission_id}"

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise TypeError("Events are never edited.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("Events are never deleted.")

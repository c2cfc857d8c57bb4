"""The life of a submission: which status may follow which. Anyone may read it aloud."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    RECEIVED = "received", _("Chờ phân loại")
    ASSIGNED = "assigned", _("Đã chuyển cơ quan")
    IN_PROGRESS = "in_progress", _("Đang xử lý")
    NEEDS_INFO = "needs_info", _("Chờ người gửi bổ sung")
    AWAITING_APPROVAL = "awaiting_approval", _("Chờ duyệt trả lời")
    ANSWERED = "answered", _("Đã trả lời")
    REJECTED = "rejected", _("Không tiếp nhận")
    MERGED = "merged", _("Đã gộp")
    CLOSED = "closed", _("Đã kết thúc")


class Outcome(TextChoices):
    """How it ended; empty while it is open."""

    ACCEPTED_CHANGED = "accepted_changed", _("Tiếp thu, đã sửa quy định")
    ACCEPTED_PLANNED = "accepted_planned", _("Tiếp thu, đưa vào kế hoạch")
    RESOLVED = "resolved", _("Đã giải quyết")
    EXPLAINED = "explained", _("Giải trình, cung cấp thông tin")
    DECLINED = "declined", _("Không tiếp thu, có nêu lý do")
    FORWARDED_INITIATIVE = "forwarded_initiative", _("Chuyển xét chọn sáng kiến")
    REJECTED = "rejected", _("Không tiếp nhận")
    NO_REPLY = "no_reply", _("Kết thúc vì không có bổ sung")


class Visibility(TextChoices):
    """Who may read it."""

    PRIVATE = "private", _("Chỉ cán bộ có thẩm quyền")
    PUBLIC = "public", _("Đã công khai bản che thông tin")
    SEALED = "sealed", _("Niêm phong, nghi có bí mật nhà nước")


TRANSITIONS: dict[str, set[str]] = {
    Status.RECEIVED: {Status.ASSIGNED, Status.NEEDS_INFO, Status.REJECTED, Status.MERGED},
    # Back to RECEIVED: the agency says it is not theirs, the coordinator decides again.
    # ASSIGNED to ASSIGNED: the coordinator corrects the agency.
    Status.ASSIGNED: {
        Status.ASSIGNED,
        Status.IN_PROGRESS,
        Status.NEEDS_INFO,
        Status.RECEIVED,
        Status.REJECTED,
        Status.MERGED,
    },
    Status.IN_PROGRESS: {
        Status.ASSIGNED,
        Status.NEEDS_INFO,
        Status.AWAITING_APPROVAL,
        Status.RECEIVED,
        Status.MERGED,
    },
    # Ends as the submission it was merged into ends; or back to where it stood, when that was a mistake.
    Status.MERGED: {
        Status.RECEIVED,
        Status.ASSIGNED,
        Status.IN_PROGRESS,
        Status.ANSWERED,
        Status.REJECTED,
    },
    # Back to wherever the question was asked; or closed when nobody answered it.
    Status.NEEDS_INFO: {Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS, Status.CLOSED},
    Status.AWAITING_APPROVAL: {Status.IN_PROGRESS, Status.ANSWERED},
    Status.ANSWERED: {Status.CLOSED},
    Status.REJECTED: {Status.CLOSED},
    Status.CLOSED: set(),
}

OPEN = frozenset(
    {
        Status.RECEIVED,
        Status.ASSIGNED,
        Status.IN_PROGRESS,
        Status.NEEDS_INFO,
        Status.AWAITING_APPROVAL,
    }
)
ASSIGNABLE = frozenset({Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS})
ASKABLE = frozenset({Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS})
REJECTABLE = frozenset({Status.RECEIVED, Status.ASSIGNED})
MERGEABLE = frozenset({Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS})

# What the sender reads: fewer, plainer words (domain model, "public vocabulary").
PUBLIC_STATUS = {
    Status.RECEIVED: _("Đang kiểm tra"),
    Status.ASSIGNED: _("Đã chuyển cơ quan xử lý"),
    Status.IN_PROGRESS: _("Đang xử lý"),
    Status.NEEDS_INFO: _("Chờ bạn bổ sung"),
    Status.AWAITING_APPROVAL: _("Đang xử lý"),
    Status.ANSWERED: _("Đã trả lời"),
    Status.REJECTED: _("Không tiếp nhận"),
    Status.MERGED: _("Đang xử lý cùng một phiếu giống"),
    Status.CLOSED: _("Đã kết thúc"),
}


class InvalidTransition(Exception):
    """The workflow has no arrow from the current status to the wanted one."""


class StaleSubmission(Exception):
    """Someone else moved the submission first."""

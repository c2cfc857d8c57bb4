from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ..workflow import Outcome
from .triage import RoutingDecision

if TYPE_CHECKING:
    from .event import Event


DRAFTING = ("answer_drafted", "answer_returned")


def authors_since_return(events: "Iterable[Event]") -> set[int]:
    """Who wrote on a draft since it was last returned, from the events of `DRAFTING` in order."""
    found: set[int] = set()
    for event in events:
        if event.name == "answer_returned":
            found.clear()
        elif event.actor_id:
            found.add(event.actor_id)
    return found


class Answer(models.Model):
    """The agency's text. A draft until an approver signs it; then it never changes."""

    submission = models.OneToOneField("intake.Submission", models.CASCADE, related_name="answer")
    agency = models.ForeignKey("intake.Agency", models.PROTECT, related_name="+")
    text = models.TextField(_("nội dung trả lời"))
    outcome = models.CharField(_("kết quả"), max_length=24, choices=Outcome)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"answer {self.pk}"

    def authors(self) -> set[int]:
        """Everybody who wrote on the draft as it stands: none of them may approve it."""
        return {self.drafted_by_id} | authors_since_return(self.submission.events.filter(name__in=DRAFTING))


class Rejection(models.Model):
    """Not accepted, always with a reason the sender can read."""

    submission = models.OneToOneField("intake.Submission", models.CASCADE, related_name="rejection")
    reason = models.ForeignKey("intake.RejectionReason", models.PROTECT, related_name="+")
    note = models.TextField(_("nói thêm với người gửi"), blank=True)
    rejected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rejected_at = models.DateTimeField(default=now)
    # As a routing decision's: whether the machine may learn from it.
    learning = models.CharField(max_length=8, choices=RoutingDecision.Learning, default=RoutingDecision.Learning.OPEN)

    def __str__(self) -> str:
        return f"rejection {self.pk}"


class Rating(models.Model):
    """The sender's verdict on the answer, 1 (not at all) to 5 (fully)."""

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="rating")
    score = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    comment = models.TextField(blank=True)
    rated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="rating_one_to_five")
        ]

    def __str__(self) -> str:
        return f"rating {self.score}"

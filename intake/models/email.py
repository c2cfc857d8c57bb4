from django.db import models
from django.db.models import Q
from django.utils.timezone import now


class Email(models.Model):
    """A letter owed to a sender. The address and the text are read when it is sent, not stored."""

    class Template(models.TextChoices):
        RECEIPT = "receipt"
        QUESTION = "question"
        REJECTION = "rejection"
        ANSWER = "answer"
        PUBLISHED = "published"
        MERGED = "merged"

    event = models.ForeignKey("intake.Event", models.PROTECT, related_name="emails")
    template = models.CharField(max_length=12, choices=Template)
    owed_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    # A worker that claims a letter and dies gives it up when this has passed.
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "template"], name="email_owed_once")]
        indexes = [models.Index(name="email_unsent", fields=["owed_at"], condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.template} {self.event_id}"

from django.conf import settings
from django.db import models
from django.utils.timezone import now


class Question(models.Model):
    """What an officer asks the sender, and the reply. The clock stands still while one is open."""

    submission = models.ForeignKey("intake.Submission", models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField()
    asked_at = models.DateTimeField(default=now)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=models.Q(replied_at=None), name="question_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

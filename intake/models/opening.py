from django.conf import settings
from django.db import models
from django.utils.timezone import now


class Opening(models.Model):
    """When this officer last opened this submission, and the version that was shown then."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    submission = models.ForeignKey("intake.Submission", models.CASCADE, related_name="openings")
    version = models.PositiveIntegerField()
    opened_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "submission"], name="opening_once")]
        indexes = [models.Index(fields=["user", "-opened_at"], name="opening_recent")]

    def __str__(self) -> str:
        return f"{self.user_id} opened {self.submission_id}"

    @classmethod
    def note(cls, user, submission) -> None:
        """This person sees the submission as it stands now."""
        cls.objects.update_or_create(
            user=user, submission=submission, defaults={"version": submission.version, "opened_at": now()}
        )

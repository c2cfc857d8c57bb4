from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Assignment(models.Model):
    """This agency, lead or co-, from this moment; `ended_at` is null while it holds."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Chủ trì")
        CO = "co", _("Phối hợp")

    submission = models.ForeignKey("intake.Submission", models.CASCADE, related_name="assignments")
    agency = models.ForeignKey("intake.Agency", models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=4, choices=Role)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=Q(role="lead", ended_at=None), name="assignment_one_lead"
            ),
            models.UniqueConstraint(
                fields=["submission", "agency"], condition=Q(ended_at=None), name="assignment_agency_once"
            ),
        ]
        indexes = [models.Index(fields=["agency", "ended_at"], name="assignment_by_agency")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.role} {self.submission_id}"

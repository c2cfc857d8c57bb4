from django.conf import settings
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("Điều phối viên")
    OFFICER = "officer", _("Chuyên viên")
    APPROVER = "approver", _("Lãnh đạo duyệt")
    EDITOR = "editor", _("Biên tập công khai")
    ADMINISTRATOR = "administrator", _("Quản trị")


# Those who may open submissions; editors and administrators work elsewhere.
HANDLING = frozenset({Role.COORDINATOR, Role.OFFICER, Role.APPROVER})


class Membership(models.Model):
    """This person works for this agency in this role, between these dates."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    agency = models.ForeignKey("intake.Agency", models.PROTECT, related_name="members", verbose_name=_("cơ quan"))
    role = models.CharField(_("vai trò"), max_length=14, choices=Role)
    valid_from = models.DateField(_("từ ngày"), default=localdate)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("cán bộ")
        verbose_name_plural = _("cán bộ")
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(valid_to=None), name="membership_one_current")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    @classmethod
    def of(cls, user) -> "Membership | None":
        """The person's membership today; read once per request (kept on the user object)."""
        if not hasattr(user, "_membership_today"):
            today = localdate()
            user._membership_today = (
                cls.objects.select_related("agency")
                .filter(user=user, valid_from__lte=today)
                .exclude(valid_to__lt=today)
                .order_by("-valid_from", "-pk")
                .first()
            )
        return user._membership_today

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .directories import DirectoryEntry


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


class QuestionTemplate(DirectoryEntry):
    """A question officers ask again and again, in words its reader can answer."""

    code = models.SlugField(_("mã"), max_length=40, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    text = models.TextField(_("câu hỏi"), max_length=2000)
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta(DirectoryEntry.Meta):
        ordering = ["order", "code"]
        verbose_name = _("câu hỏi mẫu")
        verbose_name_plural = _("câu hỏi mẫu")

    def __str__(self) -> str:
        return self.name

import uuid

from django.core.files.storage import storages
from django.db import models
from django.utils.timezone import now


def attachments_storage():
    return storages["attachments"]


def attachment_path(instance: "Attachment", filename: str) -> str:
    """A name that says nothing: the sender's own file name may hold a person's name."""
    return f"{now():%Y/%m}/{uuid.uuid4().hex}.{instance.extension}"


class Attachment(models.Model):
    """A file a sender attached, checked by content (intake/files.py), served only through a view."""

    submission = models.ForeignKey("intake.Submission", models.CASCADE, related_name="attachments")
    file = models.FileField(storage=attachments_storage, upload_to=attachment_path)
    name = models.CharField(max_length=150)
    extension = models.CharField(max_length=5)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["submission", "sha256"], name="attachment_once")]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

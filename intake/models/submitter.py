from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ..encryption import EncryptedTextField


class Submitter(models.Model):
    """The person or organisation; names and contacts are here, encrypted, and nowhere else."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Cá nhân")
        ORGANISATION = "organisation", _("Tổ chức")

    class Occupation(models.TextChoices):
        CITIZEN = "citizen", _("Công dân")
        SCIENTIST = "scientist", _("Nhà khoa học")
        ENTERPRISE = "enterprise", _("Doanh nghiệp")
        OFFICIAL = "official", _("Cán bộ, công chức")
        OVERSEAS = "overseas", _("Người Việt Nam ở nước ngoài")

    submission = models.OneToOneField("intake.Submission", models.CASCADE, related_name="submitter")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    occupation = models.CharField(max_length=12, choices=Occupation, blank=True)
    name = EncryptedTextField(blank=True)
    representative = EncryptedTextField(blank=True)
    address = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)
    id_number = EncryptedTextField(blank=True)
    # The language the sender chose: letters go out in it.
    language = models.CharField(max_length=5, default="vi")
    # Asked to be erased: nobody looks and nobody writes; erased when the case has ended (intake/consents.py).
    blocked_at = models.DateTimeField(null=True, editable=False)
    anonymised_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"submitter {self.pk}"

    @property
    def known_words(self) -> tuple[str, str, str]:
        """What `intake.redaction` masks of this sender wherever it stands."""
        return self.name, self.representative, self.address


class Consent(models.Model):
    """One box, one purpose, what the text said when it was ticked (Luật 91/2025/QH15, Điều 9-10)."""

    class Purpose(models.TextChoices):
        PUBLISH = "publish", _("Công khai nội dung và câu trả lời sau khi che thông tin cá nhân")
        SHOW_NAME = "show_name", _("Hiện tên người gửi trên trang công khai")
        CONTACT = "contact", _("Liên hệ lại để khảo sát, hỏi thêm về chính sách")

    submission = models.ForeignKey("intake.Submission", models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose)
    text_version = models.CharField(max_length=12)
    granted_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "purpose"], name="consent_once_per_purpose")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.submission_id}"

"""Who must answer: agencies with stable codes, the names people use, and who inherited what."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import DirectoryEntry, FoldedField, shown


class Agency(DirectoryEntry):
    """A body an item can be sent to. The code never changes; names follow the dates."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Chính phủ")
        PARTY = "party", _("Cơ quan Đảng")
        ASSEMBLY = "assembly", _("Quốc hội")
        FRONT = "front", _("Mặt trận Tổ quốc, đoàn thể")
        PROVINCE = "province", _("Chính quyền địa phương")
        OTHER = "other", _("Cơ quan khác")

    code = models.CharField(_("mã"), max_length=24, unique=True)
    name = models.CharField(_("tên chính thức"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    short_name = models.CharField(_("tên ngắn"), max_length=80, blank=True)
    kind = models.CharField(_("khối"), max_length=16, choices=Kind.choices)
    province = models.ForeignKey(
        "intake.Province",
        verbose_name=_("tỉnh, thành phố"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agencies",
    )
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta(DirectoryEntry.Meta):
        ordering = ["order", "code"]
        verbose_name = _("cơ quan")
        verbose_name_plural = _("cơ quan")

    def __str__(self) -> str:
        return shown(self.name, self.name_en)

    @property
    def shown_short_name(self) -> str:
        return shown(self.short_name or self.name, self.name_en)


class AgencyAlias(DirectoryEntry):
    """Another way people write an agency's name: an abbreviation, an English name, an old form."""

    agency = models.ForeignKey(Agency, verbose_name=_("cơ quan"), on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(_("cách viết"), max_length=200)
    folded = FoldedField(follows="text")

    class Meta(DirectoryEntry.Meta):
        ordering = ["agency", "text"]
        verbose_name = _("tên khác của cơ quan")
        verbose_name_plural = _("tên khác của cơ quan")
        constraints = [
            *DirectoryEntry.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "text"], name="intake_agencyalias_once"),
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.agency.code}"


class AgencySuccession(DirectoryEntry):
    """A duty that passed from a former body to an agency of today, whole or in part."""

    predecessor_name = models.CharField(_("cơ quan trước đây"), max_length=200)
    successor = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan tiếp nhận"),
        on_delete=models.PROTECT,
        related_name="successions",
    )
    scope = models.CharField(_("phạm vi chuyển giao"), max_length=250, blank=True)
    """Empty: everything not named by another row with the same predecessor."""
    since = models.DateField(_("từ ngày"), null=True, blank=True)
    """Null: the day could not be sourced."""

    class Meta(DirectoryEntry.Meta):
        ordering = ["predecessor_name", "scope"]
        verbose_name = _("kế thừa chức năng")
        verbose_name_plural = _("kế thừa chức năng")
        constraints = [
            *DirectoryEntry.Meta.constraints,
            models.UniqueConstraint(
                fields=["predecessor_name", "successor", "scope"],
                name="intake_agencysuccession_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_name} → {self.successor.code}"

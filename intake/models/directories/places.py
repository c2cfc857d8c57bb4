"""Places: 34 provincial and 3,321 communal units, with the names people still use."""

from __future__ import annotations

import datetime as dt
import re

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .base import DirectoryEntry, FoldedField, in_english, shown

FORMER_KIND = re.compile(r"^(Phường|Xã|Thị trấn|Thị xã|Thành phố|Quận|Huyện)\s+")


class Province(DirectoryEntry):
    """A unit of the first level; ``code`` is the two-digit code of QĐ 19/2025/QĐ-TTg."""

    class Kind(models.TextChoices):
        CITY = "city", _("Thành phố")
        PROVINCE = "province", _("Tỉnh")

    code = models.CharField(_("mã"), max_length=2, primary_key=True)
    name = models.CharField(_("tên"), max_length=100)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=100, blank=True)
    folded = FoldedField(words_only=True)
    kind = models.CharField(_("loại"), max_length=10, choices=Kind.choices)

    class Meta(DirectoryEntry.Meta):
        ordering = ["code"]
        verbose_name = _("tỉnh, thành phố")
        verbose_name_plural = _("tỉnh, thành phố")

    def __str__(self) -> str:
        if in_english() and self.kind == self.Kind.CITY:
            return self.shown_name  # nobody says Hanoi City
        return gettext("%(kind)s %(name)s") % {"kind": self.get_kind_display(), "name": self.shown_name}

    @property
    def shown_name(self) -> str:
        """Without the word for its kind."""
        return shown(self.name, self.name_en)

    def kind_on(self, date: dt.date) -> str:
        """City or province on that date: an earlier kind stands among the former names."""
        former = self.former_names.filter(name=self.name, until__gt=date).order_by("until").first()
        return former.kind if former else self.kind


class FormerProvince(DirectoryEntry):
    """A name or kind a provincial unit had before ``until``, leading to the unit of today."""

    name = models.CharField(_("tên cũ"), max_length=100)
    folded = FoldedField(words_only=True)
    kind = models.CharField(_("loại cũ"), max_length=10, choices=Province.Kind.choices)
    province = models.ForeignKey(
        Province,
        verbose_name=_("nay thuộc"),
        on_delete=models.CASCADE,
        related_name="former_names",
    )
    until = models.DateField(_("đến ngày"))

    class Meta(DirectoryEntry.Meta):
        ordering = ["name", "until"]
        verbose_name = _("tên tỉnh cũ")
        verbose_name_plural = _("tên tỉnh cũ")
        constraints = [
            *DirectoryEntry.Meta.constraints,
            models.UniqueConstraint(fields=["name", "until"], name="intake_formerprovince_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.province.name}"


class Commune(DirectoryEntry):
    """A unit of the second level, one row for each period in which its kind and name held."""

    class Kind(models.TextChoices):
        XA = "xa", _("Xã")
        PHUONG = "phuong", _("Phường")
        DAC_KHU = "dac_khu", _("Đặc khu")

    code = models.CharField(_("mã"), max_length=5, db_index=True)
    name = models.CharField(_("tên"), max_length=100)
    """Without the word for its kind: ``Ba Đình``, not ``Phường Ba Đình``."""
    folded = FoldedField(words_only=True)
    kind = models.CharField(_("loại"), max_length=8, choices=Kind.choices)
    province = models.ForeignKey(
        Province,
        verbose_name=_("tỉnh, thành phố"),
        on_delete=models.PROTECT,
        related_name="communes",
    )

    class Meta(DirectoryEntry.Meta):
        ordering = ["province", "folded", "valid_from"]
        verbose_name = _("xã, phường, đặc khu")
        verbose_name_plural = _("xã, phường, đặc khu")
        constraints = [
            *DirectoryEntry.Meta.constraints,
            models.UniqueConstraint(fields=["code", "valid_from"], name="intake_commune_version"),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s %(name)s") % {"kind": self.get_kind_display(), "name": self.name}


class FormerUnit(DirectoryEntry):
    """A ward or district of before 01/07/2025 and one unit of today that took (part of) it.

    A ward that was split, and every district, has one row for each unit of today.
    """

    class Level(models.TextChoices):
        DISTRICT = "district", _("Cấp huyện")
        WARD = "ward", _("Cấp xã")

    level = models.CharField(_("cấp"), max_length=8, choices=Level.choices)
    code = models.CharField(_("mã cũ"), max_length=5)
    """Three digits for a district, five for a ward."""
    name = models.CharField(_("tên cũ"), max_length=100)
    """With the word for its kind: ``Phường Bến Nghé``, ``Quận 1``."""
    parent_names = models.CharField(_("thuộc"), max_length=200, blank=True)
    """The names above it as they were, lowest first: ``Quận 1, Thành phố Hồ Chí Minh``."""
    folded = FoldedField(follows="search_text", words_only=True)
    commune = models.ForeignKey(
        Commune,
        verbose_name=_("nay thuộc"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="former_units",
    )
    """The unit's first version; find the one that holds on a date through its code."""
    province = models.ForeignKey(
        Province,
        verbose_name=_("nay thuộc tỉnh"),
        on_delete=models.CASCADE,
        related_name="former_units",
    )

    class Meta(DirectoryEntry.Meta):
        ordering = ["folded", "code"]
        verbose_name = _("đơn vị hành chính cũ")
        verbose_name_plural = _("đơn vị hành chính cũ")
        constraints = [
            *DirectoryEntry.Meta.constraints,
            models.UniqueConstraint(fields=["level", "code", "commune"], name="intake_formerunit_once"),
            models.UniqueConstraint(
                fields=["level", "code", "province"],
                condition=Q(commune__isnull=True),
                name="intake_formerunit_province_once",
            ),
        ]

    @property
    def search_text(self) -> str:
        """``Bến Nghé Quận 1, …``: the kind dropped, unless only a number would be left."""
        name = FORMER_KIND.sub("", self.name, count=1)
        return f"{name if not name.isdecimal() else self.name} {self.parent_names}"

    def __str__(self) -> str:
        return f"{self.name}, {self.parent_names}"

"""The action plan of NQ 57: six strategic systems, thirty initiatives, the duty matrix."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .agencies import Agency
from .base import DirectoryEntry, shown


class StrategicSystem(DirectoryEntry):
    """One of the six strategic systems."""

    number = models.PositiveSmallIntegerField(
        _("số"), primary_key=True, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    name = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)

    class Meta(DirectoryEntry.Meta):
        ordering = ["number"]
        verbose_name = _("hệ thống chiến lược")
        verbose_name_plural = _("hệ thống chiến lược")

    def __str__(self) -> str:
        return f"{self.number}. {self.shown_name}"

    @property
    def shown_name(self) -> str:
        return shown(self.name, self.name_en)


class Initiative(DirectoryEntry):
    """One of the thirty breakthrough initiatives. Match by number: the plan words titles twice."""

    number = models.PositiveSmallIntegerField(
        _("số"), primary_key=True, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    system = models.ForeignKey(
        StrategicSystem,
        verbose_name=_("hệ thống chiến lược"),
        on_delete=models.PROTECT,
        related_name="initiatives",
    )
    title = models.TextField(_("tên (phần II)"))
    title_annex = models.TextField(_("tên (Phụ lục I)"), blank=True)
    short_title = models.CharField(_("tên ngắn"), max_length=60)
    title_en = models.CharField(_("tên tiếng Anh"), max_length=300, blank=True)
    short_title_en = models.CharField(_("tên ngắn tiếng Anh"), max_length=60, blank=True)

    class Meta(DirectoryEntry.Meta):
        ordering = ["number"]
        verbose_name = _("sáng kiến đột phá")
        verbose_name_plural = _("sáng kiến đột phá")

    def __str__(self) -> str:
        return f"{self.number}. {self.shown_title}"

    @property
    def shown_title(self) -> str:
        """The short one: what lists and facts show."""
        return shown(self.short_title, self.short_title_en)


class MatrixTask(DirectoryEntry):
    """One row of the responsibility matrix, its bodies under today's names."""

    number = models.PositiveSmallIntegerField(_("số"), primary_key=True)
    group_number = models.PositiveSmallIntegerField(_("số nhóm"))
    group = models.CharField(_("nhóm nhiệm vụ"), max_length=200)
    title = models.CharField(_("nhiệm vụ"), max_length=300)
    implementers = models.ManyToManyField(
        Agency, verbose_name=_("cơ quan thực hiện"), blank=True, related_name="matrix_tasks"
    )
    implementers_original = models.CharField(_("cơ quan thực hiện (nguyên văn)"), max_length=300)
    accountable = models.CharField(_("chịu trách nhiệm"), max_length=200)

    class Meta(DirectoryEntry.Meta):
        ordering = ["number"]
        verbose_name = _("nhiệm vụ trong ma trận trách nhiệm")
        verbose_name_plural = _("ma trận trách nhiệm")

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

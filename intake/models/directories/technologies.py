"""Strategic technologies: lists replace one another, so each list carries its dates."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import DirectoryEntry


class TechnologyList(DirectoryEntry):
    """A decision that lists strategic technologies, in force from its date to the next one's."""

    code = models.SlugField(_("mã"), max_length=40, unique=True)
    title = models.CharField(_("tên"), max_length=300)

    class Meta(DirectoryEntry.Meta):
        ordering = ["-valid_from"]
        verbose_name = _("danh mục công nghệ chiến lược")
        verbose_name_plural = _("danh mục công nghệ chiến lược")

    def __str__(self) -> str:
        return self.title


class TechnologyGroup(DirectoryEntry):
    list = models.ForeignKey(
        TechnologyList,
        verbose_name=_("danh mục"),
        on_delete=models.CASCADE,
        related_name="groups",
    )
    number = models.PositiveSmallIntegerField(_("số"))
    name = models.CharField(_("nhóm công nghệ"), max_length=200)

    class Meta(DirectoryEntry.Meta):
        ordering = ["list", "number"]
        verbose_name = _("nhóm công nghệ chiến lược")
        verbose_name_plural = _("nhóm công nghệ chiến lược")
        constraints = [
            *DirectoryEntry.Meta.constraints,
            models.UniqueConstraint(fields=["list", "number"], name="intake_technologygroup_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class Technology(DirectoryEntry):
    """A product of a list. ``group_basis`` says who put it in its group: the decision or we."""

    class GroupBasis(models.TextChoices):
        OFFICIAL = "official", _("Theo văn bản")
        OBSERVED = "observed", _("Theo báo chí")
        DEFAULT = "default", _("Hệ thống tạm xếp")

    list = models.ForeignKey(
        TechnologyList,
        verbose_name=_("danh mục"),
        on_delete=models.CASCADE,
        related_name="technologies",
    )
    group = models.ForeignKey(
        TechnologyGroup,
        verbose_name=_("nhóm"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="technologies",
    )
    number = models.PositiveSmallIntegerField(_("số"))
    name = models.CharField(_("sản phẩm công nghệ"), max_length=300)
    group_basis = models.CharField(
        _("cơ sở xếp nhóm"),
        max_length=10,
        choices=GroupBasis.choices,
        default=GroupBasis.DEFAULT,
    )

    class Meta(DirectoryEntry.Meta):
        ordering = ["list", "number"]
        verbose_name = _("công nghệ chiến lược")
        verbose_name_plural = _("công nghệ chiến lược")
        constraints = [
            *DirectoryEntry.Meta.constraints,
            models.UniqueConstraint(fields=["list", "number"], name="intake_technology_number"),
        ]

    def __str__(self) -> str:
        return self.name

"""Editable rules of the work: categories, refusals, deadlines, days off, routing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .agencies import Agency
from .base import DirectoryEntry, shown
from .places import Province
from .plan import Initiative


class Category(DirectoryEntry):
    """A subject label of one of two facets; ``external_id`` waits for the national system's ids."""

    class Facet(models.TextChoices):
        MECHANISM = "mechanism", _("Cơ chế, chính sách")
        SECTOR = "sector", _("Lĩnh vực")

    code = models.SlugField(_("mã"), max_length=40, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    facet = models.CharField(_("nhóm phân loại"), max_length=10, choices=Facet.choices)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("thuộc"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    external_id = models.CharField(_("mã bên ngoài"), max_length=64, null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta(DirectoryEntry.Meta):
        ordering = ["facet", "order", "code"]
        verbose_name = _("lĩnh vực")
        verbose_name_plural = _("lĩnh vực")

    def __str__(self) -> str:
        return shown(self.name, self.name_en)


class RejectionReason(DirectoryEntry):
    """Why an item is not taken in, in words its sender can use: where to go instead."""

    code = models.SlugField(_("mã"), max_length=40, unique=True)
    name = models.CharField(_("lý do"), max_length=200)
    name_en = models.CharField(_("lý do (tiếng Anh)"), max_length=200, blank=True)
    public_text = models.TextField(_("lời gửi người dân"))
    public_text_en = models.TextField(_("lời gửi người dân (tiếng Anh)"), blank=True)
    guidance_url = models.URLField(_("nơi hướng dẫn"), blank=True)
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta(DirectoryEntry.Meta):
        ordering = ["order", "code"]
        verbose_name = _("lý do không tiếp nhận")
        verbose_name_plural = _("lý do không tiếp nhận")

    def __str__(self) -> str:
        return shown(self.name, self.name_en)

    @property
    def shown_public_text(self) -> str:
        return shown(self.public_text, self.public_text_en)


class DeadlineRule(DirectoryEntry):
    """How long a step may take. All defaults are borrowed; ``borrowed_from`` says from where."""

    class Unit(models.TextChoices):
        HOURS = "hours", _("giờ")
        DAYS = "days", _("ngày")
        MONTHS = "months", _("tháng")

    class Calendar(models.TextChoices):
        WORKING = "working", _("làm việc")
        CALENDAR = "calendar", _("theo lịch")

    key = models.SlugField(_("khóa"), max_length=40, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    amount = models.PositiveIntegerField(_("số lượng"))
    unit = models.CharField(_("đơn vị"), max_length=8, choices=Unit.choices)
    calendar = models.CharField(_("cách tính"), max_length=8, choices=Calendar.choices)
    borrowed_from = models.CharField(_("tham khảo từ"), max_length=250, blank=True)
    note = models.TextField(_("ghi chú"), blank=True)

    class Meta(DirectoryEntry.Meta):
        ordering = ["key"]
        verbose_name = _("thời hạn")
        verbose_name_plural = _("thời hạn")
        constraints = [
            *DirectoryEntry.Meta.constraints,
            models.CheckConstraint(
                name="intake_deadlinerule_months",
                condition=~models.Q(unit="months", calendar="working"),
                violation_error_message=_("Thời hạn theo tháng chỉ tính theo lịch."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.name}"


class Holiday(DirectoryEntry):
    """A day that differs from its weekday: a working day off, or a Saturday or Sunday worked."""

    class Kind(models.TextChoices):
        OFF = "off", _("Nghỉ")
        WORKED = "worked", _("Làm bù")

    date = models.DateField(pgettext_lazy("holiday", "ngày"), unique=True)
    kind = models.CharField(_("loại"), max_length=6, choices=Kind.choices)
    name = models.CharField(_("tên"), max_length=200)

    class Meta(DirectoryEntry.Meta):
        ordering = ["date"]
        verbose_name = _("ngày nghỉ, ngày làm bù")
        verbose_name_plural = _("ngày nghỉ, ngày làm bù")

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y}: {self.name}"


class RoutingRule(DirectoryEntry):
    """Where an item goes. Read in ``order``; the first whose conditions all hold wins.

    An empty condition holds for every item; a rule without any is the fallback.
    """

    class BasisKind(models.TextChoices):
        SOURCED = "sourced", _("Có nguồn")
        DEFAULT = "default", _("Mặc định của hệ thống")

    key = models.SlugField(_("khóa"), max_length=40, unique=True)
    order = models.PositiveIntegerField(_("thứ tự"), db_index=True)
    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("sáng kiến đột phá"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="routing_rules",
    )
    nature = models.CharField(_("bản chất"), max_length=32, blank=True)
    province = models.ForeignKey(
        Province,
        verbose_name=_("tỉnh, thành phố"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="routing_rules",
    )
    lead = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan chủ trì"),
        on_delete=models.PROTECT,
        related_name="leading_rules",
    )
    co = models.ManyToManyField(Agency, verbose_name=_("cơ quan phối hợp"), blank=True, related_name="supporting_rules")
    basis = models.TextField(_("căn cứ"), blank=True)
    basis_kind = models.CharField(_("loại căn cứ"), max_length=8, choices=BasisKind.choices, default=BasisKind.DEFAULT)

    class Meta(DirectoryEntry.Meta):
        ordering = ["order", "key"]
        verbose_name = _("quy tắc chuyển")
        verbose_name_plural = _("quy tắc chuyển")

    def __str__(self) -> str:
        return f"{self.order}: {self.lead.code}"

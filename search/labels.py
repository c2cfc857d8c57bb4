"""What the values of filters are called, read once a page from the directories."""

from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from intake.models import (
    Agency,
    Category,
    Initiative,
    Kind,
    Membership,
    Nature,
    Province,
    Role,
    StrategicSystem,
    Submission,
    Triage,
)
from intake.models.officer import HANDLING
from intake.workflow import Outcome, Status

from .filters import BETWEEN, NOBODY, RANGES, Age, Band, Files, approver_of
from .query import Due


class Labels:
    """Names for values; at most one query a directory, and none for a directory nobody asks about.

    `reader`: which officer's names may be shown to; without one, nobody's.
    """

    def __init__(self, reader: Membership | None = None) -> None:
        self.reader = reader

    def of(self, name: str, value: str) -> str:
        """The words for one value of a filter; the value itself if it is unknown."""
        if name in RANGES:
            return _range_words(name, value)
        if name == "approver" and (approver := approver_of(value)):
            return _("chờ %(who)s duyệt") % {"who": self.of("handler", str(approver[1]))}
        table = getattr(self, f"_{name}", None)
        return str(table.get(value, value)) if table is not None else value

    def short_initiative(self, number: int) -> str:
        if not number:
            return _("Ngoài phạm vi")
        short = _("SK %(number)s") % {"number": number}
        return f"{short} · {self._initiatives[number]}" if number in self._initiatives else short

    @cached_property
    def _status(self) -> dict[str, Any]:
        return dict(Status.choices)

    @cached_property
    def _due(self) -> dict[str, str]:
        return {
            Due.OVERDUE: _("Quá hạn"),
            Due.SOON: _("Sắp đến hạn"),
            Due.LATER: _("Còn thời gian"),
            Due.NONE: _("Không còn tính hạn"),
        }

    @cached_property
    def _kind(self) -> dict[str, Any]:
        return dict(Kind.choices)

    @cached_property
    def _nature(self) -> dict[str, Any]:
        return dict(Nature.choices)

    @cached_property
    def _decision(self) -> dict[str, Any]:
        return dict(Triage.Decision.choices)

    @cached_property
    def _age(self) -> dict[str, str]:
        return {
            Age.DAY: _("trong 24 giờ"),
            Age.WEEK: _("1 đến 7 ngày trước"),
            Age.MONTH: _("7 đến 30 ngày trước"),
            Age.OLDER: _("hơn 30 ngày trước"),
        }

    @cached_property
    def _band(self) -> dict[str, str]:
        return {
            Band.HIGH: _("chắc, từ 80%"),
            Band.FAIR: _("tương đối, 50 đến 80%"),
            Band.LOW: _("ít chắc, dưới 50%"),
            Band.NONE: _("chưa có gợi ý"),
        }

    @cached_property
    def _files(self) -> dict[str, str]:
        return {Files.YES: _("có tệp"), Files.NO: _("không có tệp")}

    @cached_property
    def _language(self) -> dict[str, str]:
        return {
            "accented": _("có dấu"),
            "unaccented": _("không dấu"),
            "telex": _("còn dấu vết gõ Telex"),
            "mixed": _("lẫn có dấu và không dấu"),
        }

    @cached_property
    def _approver(self) -> dict[str, str]:
        return {"toi": _("chờ tôi duyệt")}

    @cached_property
    def _handler(self) -> dict[str, str]:
        named = {str(one.pk): one.get_full_name() or one.get_username() for one in self._people()}
        return named | {"toi": _("tôi"), NOBODY: _("chưa ai nhận")}

    def _people(self) -> "QuerySet[User]":
        """Colleagues, and who handles something that the reader may read."""
        if self.reader is None:
            return User.objects.none()
        people = User.objects.filter(memberships__role__in=HANDLING).distinct()
        if self.reader.role == Role.COORDINATOR:
            return people
        handled = Submission.objects.visible_to(self.reader.user).filter(handler=OuterRef("pk"))
        today = Q(valid_to=None) | Q(valid_to__gte=localdate())
        here = Membership.objects.filter(
            today, user=OuterRef("pk"), role__in=HANDLING, agency=self.reader.agency_id, valid_from__lte=localdate()
        )
        return people.filter(Exists(here) | Exists(handled))

    @cached_property
    def _outcome(self) -> dict[str, Any]:
        return dict(Outcome.choices)

    @cached_property
    def _initiatives(self) -> dict[int, str]:
        return {initiative.pk: initiative.shown_title for initiative in Initiative.objects.all()}

    @cached_property
    def _initiative(self) -> dict[str, str]:
        return {"0": _("Ngoài phạm vi")} | {str(number): self.short_initiative(number) for number in self._initiatives}

    @cached_property
    def _system(self) -> dict[str, str]:
        named = {str(system.pk): str(system) for system in StrategicSystem.objects.all()}
        return {"0": _("Ngoài phạm vi")} | named

    @cached_property
    def _agency(self) -> dict[str, str]:
        return {agency.code: agency.shown_short_name for agency in Agency.objects.all()}

    @property
    def _suggested(self) -> dict[str, str]:
        return self._agency

    @cached_property
    def _category(self) -> dict[str, str]:
        return {category.code: str(category) for category in Category.objects.all()}

    @cached_property
    def _province(self) -> dict[str, str]:
        return {province.code: province.shown_name for province in Province.objects.all()}


def _range_words(name: str, value: str) -> str:
    first, _found, last = (_end_words(name, end) for end in value.partition(BETWEEN))
    if first and last:
        return _("%(first)s đến %(last)s") % {"first": first, "last": last}
    return _("từ %(first)s") % {"first": first} if first else _("đến %(last)s") % {"last": last}


def _end_words(name: str, end: str) -> str:
    try:
        day = parse_date(end)
    except ValueError:
        day = None
    return date_format(day, "SHORT_DATE_FORMAT") if day and name != "confidence" else end

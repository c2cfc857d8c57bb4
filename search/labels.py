"""What the values of filters are called, read once a page from the directories."""

from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from intake.models import Agency, Initiative, Kind, Nature, Province, StrategicSystem, Triage
from intake.workflow import Status

from .query import Due


class Labels:
    """Names for values; at most one query a directory, and none for a directory nobody asks about."""

    def of(self, name: str, value: str) -> str:
        """The words for one value of a filter; the value itself if it is unknown."""
        table = getattr(self, f"_{name}", None)
        return str(table.get(value, value)) if table is not None else value

    def short_initiative(self, number: int) -> str:
        if not number:
            return _("Ngoài phạm vi")
        short = _("SK %(number)s") % {"number": number}
        return f"{short} · {self._initiatives[number]}" if number in self._initiatives else short

    @cached_property
    def _english(self) -> bool:
        return (get_language() or "vi").startswith("en")

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
    def _initiatives(self) -> dict[int, str]:
        return dict(Initiative.objects.values_list("number", "short_title"))

    @cached_property
    def _initiative(self) -> dict[str, str]:
        return {"0": _("Ngoài phạm vi")} | {str(number): self.short_initiative(number) for number in self._initiatives}

    @cached_property
    def _system(self) -> dict[str, str]:
        rows = StrategicSystem.objects.values_list("number", "name", "name_en")
        named = {str(number): f"{number}. {(self._english and english) or name}" for number, name, english in rows}
        return {"0": _("Ngoài phạm vi")} | named

    @cached_property
    def _agency(self) -> dict[str, str]:
        rows = Agency.objects.values_list("code", "name", "short_name", "name_en")
        return {code: (self._english and english) or short or name for code, name, short, english in rows}

    @cached_property
    def _province(self) -> dict[str, str]:
        return dict(Province.objects.values_list("code", "name"))

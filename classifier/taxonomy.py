"""The directory a text is routed into: systems, initiatives, agencies, leads, provinces.

Plain data given by the caller, who edits and dates it. A copy is kept with each model as a default
and for its card; ``Router.route`` takes a newer one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Self

from classifier.text import fold, syllables

PROVINCE_AGENCY = "UBND-"
"""How the code of a province's agency begins; the province's code follows."""


def folded_name(name: str) -> str:
    """The words of a name, folded, one blank between: how names are compared."""
    return fold(" ".join(syllables(name)))


@dataclass(frozen=True)
class AgencyNames:
    """An agency's present name and everything else it is or was called."""

    name: str
    aliases: tuple[str, ...] = ()
    """Abbreviations and predecessors: *Bộ KH&CN*, *Bộ Thông tin và Truyền thông*."""

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """Every name once, folded; abbreviations too."""
        return tuple(dict.fromkeys(map(folded_name, (self.name, *self.aliases))))


@dataclass(frozen=True)
class Taxonomy:
    """Systems with their initiatives, agencies by code, default leads, provinces with old names."""

    systems: Mapping[int, tuple[int, ...]]
    agencies: Mapping[str, AgencyNames]
    leads: Mapping[int, tuple[str, tuple[str, ...]]]
    """Initiative to the agency that answers by default and those beside it, by code."""
    provinces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Two-digit code (QĐ 19/2025/QĐ-TTg) to present name first, then the former units merged in."""
    default_agency: str = ""
    """Who is meant when nothing else is known; the standing body of the programme."""

    @cached_property
    def system_of(self) -> dict[int, int]:
        """Initiative to system; 0 (outside) to 0."""
        pairs = {i: system for system, members in self.systems.items() for i in members}
        return {0: 0, **pairs}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, hex; equal directories have equal digests."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def agency_named(self, name: str) -> str | None:
        """The code of the agency that has this name or alias, however it is spelt; else None."""
        return self._by_name.get(folded_name(name))

    @cached_property
    def _by_name(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for code, agency in self.agencies.items():
            names.setdefault(agency.folded[0], code)
        for code, agency in self.agencies.items():
            for alias in agency.folded:
                names.setdefault(alias, code)
        return names

    def province_agency(self, province: str) -> str | None:
        """The code of the people's committee of a province: *UBND-01*; None if not listed."""
        code = PROVINCE_AGENCY + province
        return code if code in self.agencies else None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; ``from_dict`` gives the same taxonomy back."""
        return {
            "systems": {str(k): list(v) for k, v in self.systems.items()},
            "agencies": {code: asdict(agency) for code, agency in self.agencies.items()},
            "leads": {str(k): [lead, list(others)] for k, (lead, others) in self.leads.items()},
            "provinces": {code: list(names) for code, names in self.provinces.items()},
            "default_agency": self.default_agency,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Raises KeyError or TypeError where a part is missing or of another shape."""
        return cls(
            systems={int(k): tuple(map(int, v)) for k, v in data["systems"].items()},
            agencies={
                code: AgencyNames(names["name"], tuple(names.get("aliases", ())))
                for code, names in data["agencies"].items()
            },
            leads={int(k): (lead, tuple(others)) for k, (lead, others) in data["leads"].items()},
            provinces={code: tuple(names) for code, names in data.get("provinces", {}).items()},
            default_agency=data.get("default_agency", ""),
        )

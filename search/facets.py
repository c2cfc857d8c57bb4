"""Filters as a page shows them: what can be chosen, with counts, and what is chosen, with a way off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .address import Address
from .labels import Labels
from .query import NO, Results

NUMBERED = frozenset({"system", "initiative"})  # listed by their numbers, the rest by their counts


@dataclass(frozen=True)
class Option:
    """A value of a filter; its address puts it on, or takes it off where it is on."""

    value: str
    label: str
    count: int
    current: bool
    url: str


@dataclass(frozen=True)
class Chip:
    """A filter that is on; its address is the page without it, `flip` the page with the opposite."""

    label: Any
    value: str
    url: str
    flip: str = ""
    rest: Address | None = None


def options_of(name: str, results: Results, address: Address, labels: Labels) -> list[Option]:
    """The values that occur under the other filters, and the chosen ones in any case."""
    chosen = address.filters.get(name, ())
    counted = dict(results.facets.get(name, ()))
    found = [
        Option(
            value=value,
            label=labels.of(name, value),
            count=counted.get(value, 0),
            current=value in chosen,
            url=address.without(name, value) if value in chosen else address.with_filter(name, value),
        )
        for value in dict.fromkeys([*counted, *chosen])
    ]
    if name in NUMBERED:
        found.sort(key=lambda option: int(option.value) if option.value.isdecimal() else 99)
    return found


def chips_of(filters: Mapping[str, Any], address: Address, labels: Labels) -> list[Chip]:
    """`filters`: name -> label. Exclusions stand after what is asked for."""
    return [
        Chip(
            label,
            _("không phải %(value)s") % {"value": labels.of(name, value)} if sign else labels.of(name, value),
            address.without(sign + name, value),
            address.flipped(sign + name, value),
            address.dropping(sign + name, value),
        )
        for sign in ("", NO)
        for name, label in filters.items()
        for value in address.filters.get(sign + name, ())
    ]

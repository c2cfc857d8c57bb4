"""What officers can filter by beyond plain values: ages, bands, ranges, exclusions.

A filter is a name with values, all text; a range is one value, "from..to" with either end empty.
What cannot be read matches nothing.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from django.utils.timezone import get_current_timezone, make_aware

NOBODY = "none"


class Age(StrEnum):
    """How long ago it was received."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    OLDER = "older"


class Band(StrEnum):
    """How sure the model was of the initiative."""

    HIGH = "high"
    FAIR = "fair"
    LOW = "low"
    NONE = "none"


class Files(StrEnum):
    YES = "yes"
    NO = "no"


# From how old (reached) to how old (not reached).
AGES: dict[Age, tuple[timedelta | None, timedelta | None]] = {
    Age.DAY: (None, timedelta(days=1)),
    Age.WEEK: (timedelta(days=1), timedelta(days=7)),
    Age.MONTH: (timedelta(days=7), timedelta(days=30)),
    Age.OLDER: (timedelta(days=30), None),
}
# Probability of the first guess, in [0, 1]: from (reached) to (not reached).
BANDS: dict[Band, tuple[float, float]] = {Band.HIGH: (0.8, 1.01), Band.FAIR: (0.5, 0.8), Band.LOW: (0.0, 0.5)}
DATES = frozenset({"received", "deadline"})
RANGES = DATES | {"confidence"}
BETWEEN = ".."


def age_span(age: Age, at: datetime) -> tuple[datetime | None, datetime | None]:
    """Received after (excluded) and until (included)."""
    old, young = AGES[age]
    return (at - young if young else None, at - old if old else None)


def dates(values: tuple[str, ...]) -> Iterator[tuple[datetime | None, datetime | None]]:
    """From (included) and before (excluded): whole days in the site's time zone."""
    for first, last in _ends(values):
        try:
            start = date.fromisoformat(first) if first else None
            end = date.fromisoformat(last) + timedelta(days=1) if last else None
            span = _midnight(start), _midnight(end)
        except (ValueError, OverflowError):
            continue
        yield span


def shares(values: tuple[str, ...]) -> Iterator[tuple[float, float]]:
    """From and to, both included, of percents in the address: numbers in [0, 1]."""
    for first, last in _ends(values):
        if all(end.isascii() and (end.isdigit() or not end) and len(end) < 4 for end in (first, last)):
            yield int(first or 0) / 100, int(last or 100) / 100


def _ends(values: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for value in values:
        first, found, last = value.partition(BETWEEN)
        if found and (first or last):
            yield first, last


def _midnight(day: date | None) -> datetime | None:
    """Raises OverflowError for the first day of all: in UTC, as a database keeps it, it began the year before."""
    return make_aware(datetime.combine(day, time.min), get_current_timezone()).astimezone(UTC) if day else None


def approver_of(value: str) -> tuple[str, int] | None:
    """ "AGENCY:USER": what this person of that agency may approve."""
    agency, found, user = value.partition(":")
    return (agency, int(user)) if found and user.isascii() and user.isdigit() and len(user) < 10 else None

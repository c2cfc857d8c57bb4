"""What is asked and what comes back: the same objects for every engine."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from .analysis import Terms, Width
from .marks import Marker

MOST_VALUES = 20  # of one filter
DEEPEST = 10_000  # hits that can be paged through


class Sort(StrEnum):
    RELEVANCE = "relevance"
    DEADLINE = "deadline"
    NEWEST = "newest"
    OLDEST = "oldest"
    SUPPORT = "support"


class Due(StrEnum):
    """Where an open submission stands to its deadline."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


Filters = Mapping[str, tuple[str, ...]]
NO = "-"  # before a filter's name: all but these values


def negated(name: str) -> tuple[str, bool]:
    """The plain name of a filter, and whether it excludes."""
    return (name[1:], True) if name.startswith(NO) else (name, False)


def lifted(filters: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The same without one filter, its exclusions included: what that filter's own counts are made of."""
    return {key: values for key, values in filters.items() if negated(key)[0] != name}


# What each index can be filtered by. Every value is text; unknown ones match nothing.
SUBMISSION_FILTERS = (
    "status",
    "due",
    "system",
    "initiative",
    "agency",
    "suggested",
    "kind",
    "nature",
    "province",
    "decision",
    "handler",
    "category",
    "age",
    "band",
    "files",
    "language",
    "approver",
    "received",
    "deadline",
    "confidence",
)
ANSWER_FILTERS = ("category", "system", "initiative", "agency", "province", "year", "outcome")


@dataclass(frozen=True)
class Query:
    """A search by a person (`user`; None: anybody, over what is public)."""

    terms: Terms = field(default_factory=Terms)
    filters: Filters = field(default_factory=dict)
    # The view's own conditions: they hold for the facet counts too.
    within: Filters = field(default_factory=dict)
    user: Any = None
    sort: Sort = Sort.NEWEST
    page: int = 1
    size: int = 20
    # The page that begins after, or ends before, the row with this cursor (`search.cursor`).
    after: str = ""
    before: str = ""
    code: str | None = None  # a receipt code: that submission and no other
    facets: tuple[str, ...] = ()
    # Named conditions whose hits are counted without the text and the filters above.
    views: Mapping[str, Filters] = field(default_factory=dict)
    # Only among these (None: among all), not these, and in no other ways than these.
    only: tuple[int, ...] | None = None
    excluding: tuple[int, ...] = ()
    widths: tuple[Width, ...] = tuple(Width)
    # Sorted by relevance: whether what means the same without the words may be found too (`search.fusion`).
    meaning: bool = True
    uncounted: bool = False  # of a first page only the rows matter: the total may be no more than their number
    ahead: int = 0  # rows of the list that stand before the engine's own

    @property
    def offset(self) -> int:
        return max(0, (self.page - 1) * self.size - self.ahead)

    def without(self, name: str) -> "Query":
        """The same with one filter lifted: what that filter's own counts are made of."""
        return replace(self, filters=lifted(self.filters, name))


@dataclass(frozen=True)
class Correction:
    """A word that was searched for in another spelling too, or that may be meant otherwise."""

    typed: str
    meant: str
    query: str  # the whole question with it
    used: bool  # the hits include it ("Đã tìm cả …"); else it is only offered ("Có phải bạn muốn tìm: …")


@dataclass(frozen=True)
class Results:
    """Keys of the hits on this page, best first, and what else the page says."""

    ids: list[int]
    total: int
    facets: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)
    views: Mapping[str, int] = field(default_factory=dict)
    width: Width = Width.ALL
    degraded: bool = False
    marker: Marker = field(default_factory=Marker)
    # Cursors of the first and the last of `ids`; empty where the order has none.
    ends: tuple[str, str] = ("", "")
    corrections: tuple[Correction, ...] = ()
    by_meaning: frozenset[int] = frozenset()  # of `ids`: found by what it means alone, no word in common

    @property
    def also(self) -> list[str]:
        """Words that were searched for beside those typed: "Đã tìm cả …"."""
        return list(dict.fromkeys(one.meant for one in self.corrections if one.used))

    @property
    def instead(self) -> list[str]:
        """Questions that may have been meant: "Có phải bạn muốn tìm …"."""
        return list(dict.fromkeys(one.query for one in self.corrections if not one.used))


class SearchAway(Exception):
    """The search engine cannot answer this. The database can, with less."""


class SearchSilent(SearchAway):
    """The search engine does not answer at all: others need not wait to learn the same."""


class Rest:
    """After silence, a few seconds in which nobody tries: each try may cost its whole time-out."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self._until = seconds, 0.0

    def __bool__(self) -> bool:
        return time.monotonic() < self._until

    def begin(self) -> None:
        self._until = time.monotonic() + self.seconds

    def end(self) -> None:
        self._until = 0.0


rest = Rest(5)

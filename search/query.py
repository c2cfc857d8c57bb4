"""What is asked and what comes back: the same objects for every engine."""

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


class Due(StrEnum):
    """Where an open submission stands to its deadline."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


Filters = Mapping[str, tuple[str, ...]]

# What each index can be filtered by. Every value is text; unknown ones match nothing.
SUBMISSION_FILTERS = (
    "status",
    "due",
    "system",
    "initiative",
    "agency",
    "kind",
    "nature",
    "province",
    "decision",
    "handler",
)
ANSWER_FILTERS = ("system", "agency", "year")


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
    code: str | None = None  # a receipt code: that submission and no other
    facets: tuple[str, ...] = ()
    # Named conditions whose hits are counted without the text and the filters above.
    views: Mapping[str, Filters] = field(default_factory=dict)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    def without(self, name: str) -> "Query":
        """The same with one filter lifted: what that filter's own counts are made of."""
        return replace(self, filters={key: value for key, value in self.filters.items() if key != name})


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


class SearchAway(Exception):
    """The search engine does not answer. The database can, with less."""

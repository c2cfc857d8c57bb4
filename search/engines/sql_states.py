"""Facets whose values are conditions of ours, as one value to a row: counted in one pass with the others."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Case, CharField, F, Value, When
from django.db.models.expressions import Combinable

from ..filters import NOBODY, Age, Band, Files
from ..query import Due
from .sql_filters import CONDITIONS

# The states of a facet, in the order they are shown; every row is in one of them. A handler is a person.
STATES: dict[str, tuple[str, ...]] = {
    "due": tuple(Due),
    "age": tuple(Age),
    "band": tuple(Band),
    "files": tuple(Files),
    "handler": (),
}
Row = TypeVar("Row")


def state_of(name: str, at: datetime) -> Combinable:
    """Which of its states a row is in; of `handler` the person, or null."""
    if name == "handler":
        return F("handler_id")
    whens = [When(CONDITIONS[name]((state,), at), then=Value(str(state))) for state in STATES[name]]
    return Case(*whens, default=Value(""), output_field=CharField())


def in_order(name: str, counts: Counter[Any]) -> list[tuple[str, int]]:
    """As `SqlIndex.facet` gives them: states in their own order, other values by count."""
    if STATES.get(name):
        return [(str(state), counts[str(state)]) for state in STATES[name] if counts[str(state)]]
    if name == "handler":
        named = sorted(counts.items(), key=lambda item: (-item[1], item[0] or 0))
        return [(NOBODY if value is None else str(value), hits) for value, hits in named]
    kept = [(value, hits) for value, hits in counts.items() if value not in (None, "")]
    return [(str(value), hits) for value, hits in sorted(kept, key=lambda item: (-item[1], item[0]))]


def batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch

"""Pages that begin after a row: order and condition from one list of sort keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Key:
    """One column of an order. Rows without a value come last in it, whichever way it runs."""

    column: str
    descending: bool = False
    nullable: bool = False

    def order(self, backwards: bool) -> Any:
        descending = self.descending != backwards
        last = {"nulls_first": True} if backwards else {"nulls_last": True}
        options = last if self.nullable else {}
        return F(self.column).desc(**options) if descending else F(self.column).asc(**options)

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.column}__isnull": True}) if value is None else Q(**{self.column: value})

    def beyond(self, value: Any, backwards: bool) -> Q | None:
        """Rows past this value; None: there are none by this key."""
        missing = Q(**{f"{self.column}__isnull": True})
        if value is None:
            return ~missing if backwards else None
        past = Q(**{f"{self.column}__{'lt' if self.descending != backwards else 'gt'}": value})
        return past | missing if self.nullable and not backwards else past


def ordered(hits: QuerySet, keys: Sequence[Key], *, backwards: bool = False) -> QuerySet:
    return hits.order_by(*(key.order(backwards) for key in keys))


def past(keys: Sequence[Key], values: Sequence[Any], *, backwards: bool = False) -> Q:
    """Rows after (or before) the one with these values."""
    found, same = Q(pk=None), Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.beyond(value, backwards)
        if beyond is not None:
            found |= same & beyond
        same &= key.same(value)
    return found


def pack(value: Any) -> Any:
    """A sort value as JSON holds it: moments in microseconds."""
    return (value - EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value


def unpack(value: Any, column: str) -> Any:
    """Raises `OverflowError` for a moment that no calendar has."""
    return EPOCH + timedelta(microseconds=value) if column.endswith("_at") and value is not None else value

"""Which page of an order to ask Elasticsearch for: by offset, or after (before) a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import cursor
from ..query import DEEPEST, Query

ELASTIC = "e"  # marks our cursors
_TURNED = {"asc": "desc", "desc": "asc"}
_OTHER_END = {"_last": "_first", 0: 0}


@dataclass(frozen=True)
class Paging:
    """`body` goes into the search; scores differ from copy to copy of an index, so they make no cursor."""

    body: Mapping[str, Any]
    backwards: bool
    keyed: bool

    @classmethod
    def of(cls, query: Query, order: Sequence[Mapping[str, Any]]) -> "Paging":
        keyed = "_score" not in order[0]
        start = cursor.read(ELASTIC, query.before or query.after, len(order)) if keyed else None
        backwards = keyed and bool(query.before) and (start is not None or query.before == cursor.END)
        body: dict[str, Any] = {"size": query.size, "sort": _reversed(order) if backwards else list(order)}
        if start is not None:
            body["search_after"] = start
        elif not backwards:
            body["from"] = min(query.offset, DEEPEST - query.size)
        return cls(body, backwards, keyed)

    def in_order(self, hits: list[Any]) -> list[Any]:
        return hits[::-1] if self.backwards else hits

    def ends(self, hits: Sequence[Any]) -> tuple[str, str]:
        """The cursors of the first and the last hit."""
        if not hits or not self.keyed:
            return "", ""
        return cursor.write(ELASTIC, hits[0]["sort"]), cursor.write(ELASTIC, hits[-1]["sort"])


def _reversed(order: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same order from its end: what came last, a missing value too, comes first."""
    found: list[dict[str, Any]] = []
    for clause in order:
        ((field, way),) = clause.items()
        if isinstance(way, str):
            found.append({field: _TURNED[way]})
        else:
            found.append({field: {"order": _TURNED[way["order"]], "missing": _OTHER_END[way["missing"]]}})
    return found

"""What FTS5 and the plain database share: filters, permissions, counts and order, as SQL.

An engine of this kind adds how words are matched (`matching`) and ranked (`ranked`).
"""

from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.timezone import now

from intake.models import Triage

from .. import cursor
from ..analysis import Terms
from ..indexes import Index
from ..marks import Marker
from ..models import AnswerEntry, SubmissionEntry
from ..query import Query, Results, Sort, Width
from ..vectors import matrix
from .keyset import ordered, pack, past, unpack
from .sql_indexes import ANSWERS, SUBMISSIONS, TABLES, SqlIndex

SQL = "s"  # marks the cursors of engines of this kind
NEAR = 200  # vectors that are looked at before those one may see are listed


class SqlEngine:
    """Answers queries from the database. Subclasses say how words are matched and ranked."""

    name = ""

    def submissions(self, query: Query) -> Results:
        return self._search(SUBMISSIONS, query)

    def answers(self, query: Query) -> Results:
        return self._search(ANSWERS, query)

    def nearest(self, index: Index, vector: Any, query: Query, k: int) -> list[tuple[int, float]]:
        """From the vectors in memory: a look at the very nearest is enough, unless one may see but few."""
        table = TABLES[index]
        visible = table.base(query).filter(table.conditions(query.within, now()))
        if table is SUBMISSIONS:  # in memory stay also those whose triage is gone: sealed, or kept from the machine
            visible = visible.filter(Exists(Triage.objects.filter(submission=OuterRef("pk"), vector__isnull=False)))
        best = matrix(index).near(vector, NEAR)
        seen = set(visible.filter(pk__in=[key for key, _ in best]).values_list("pk", flat=True))
        found = [one for one in best if one[0] in seen]
        if len(found) < k and len(best) == NEAR:
            found = matrix(index).near(vector, k, set(visible.values_list("pk", flat=True)))
        return found[:k]

    def titles_with(self, words: tuple[str, ...], index: Index, user: Any, size: int) -> list[int]:
        table = TABLES[index]
        hits = self.starting(table, table.base(Query(user=user)), words).order_by("-pk")
        return list(hits.values_list("pk", flat=True)[:size])

    def starting(self, index: SqlIndex, hits: QuerySet, words: tuple[str, ...]) -> QuerySet:
        """Those whose title holds the folded words, the last one perhaps half typed."""
        return hits.filter(entry__title_folded__contains=f" {' '.join(words)}")

    def check(self) -> None:
        for entries in (SubmissionEntry, AnswerEntry):
            entries.objects.order_by().values_list("pk").first()

    def matching(self, index: SqlIndex, hits: QuerySet, terms: Terms, width: Width) -> QuerySet:
        raise NotImplementedError

    def ranked(self, index: SqlIndex, hits: QuerySet, terms: Terms, width: Width) -> QuerySet:
        """The hits with the best first; ties by age."""
        raise NotImplementedError

    def _search(self, index: SqlIndex, query: Query) -> Results:
        at = now()
        hits, total, width = self._hits(index, query, at)
        ids, ends = self._page(index, query, hits, width)
        return Results(
            ids=ids,
            ends=ends,
            total=len(ids) if query.uncounted else total,
            facets=self._facets(index, query, width, at),
            views=self._views(index, query, at, total),
            width=width,
            marker=Marker.of(query.terms, width),
        )

    def _page(self, index: SqlIndex, query: Query, hits: QuerySet, width: Width) -> tuple[list[int], tuple[str, str]]:
        """Keys of the rows of this page and the cursors of its first and last."""
        span = slice(query.offset, query.offset + query.size)
        if query.sort == Sort.RELEVANCE and query.terms:
            return list(self.ranked(index, hits, query.terms, width).values_list("pk", flat=True)[span]), ("", "")
        keys, hits = index.keys(query.sort), index.annotated(hits, query.sort)
        columns = [key.column for key in keys]
        backwards = bool(query.before)
        start = _values_of(query.before or query.after, columns)
        if start or query.before == cursor.END:
            span = slice(0, query.size)
            hits = hits.filter(past(keys, start, backwards=backwards)) if start else hits
        else:
            backwards = False
        rows = list(ordered(hits, keys, backwards=backwards).values_list(*columns)[span])
        if backwards:
            rows.reverse()
        if not rows or not index.cursors:
            return [row[-1] for row in rows], ("", "")
        first, last = (cursor.write(SQL, list(map(pack, row))) for row in (rows[0], rows[-1]))
        return [row[-1] for row in rows], (first, last)

    def _hits(self, index: SqlIndex, query: Query, at: datetime) -> tuple[QuerySet, int, Width]:
        """Those that have every word; if there is none, those that have some."""
        filtered = self._filtered(index, query, at)
        if not query.terms:
            return filtered, 0 if query.uncounted else filtered.count(), Width.ALL
        for width in query.widths:
            hits = self.matching(index, filtered, query.terms, width)
            if total := int(hits.exists()) if query.uncounted else hits.count():
                return hits, total, width
        return filtered.none(), 0, Width.ALL

    def _filtered(self, index: SqlIndex, query: Query, at: datetime) -> QuerySet:
        base = index.base(query) if query.only is None else index.base(query).filter(pk__in=query.only)
        base = base.exclude(pk__in=query.excluding) if query.excluding else base
        return base.filter(index.conditions(query.within, at), index.conditions(query.filters, at))

    def _facets(self, index: SqlIndex, query: Query, width: Width, at: datetime) -> dict[str, list[tuple[str, int]]]:
        """Those whose own filter is off are counted over the same hits, in one pass where the index can."""

        def hits(asked: Query) -> QuerySet:
            found = self._filtered(index, asked, at)
            return self.matching(index, found, query.terms, width) if query.terms else found

        apart = [name for name in query.facets if query.without(name).filters != query.filters]
        together = [name for name in query.facets if name not in apart and index.counts_together(name)]
        found = index.counted_together(hits(query), together, at) if together else {}
        for name in query.facets:
            if name not in found:
                found[name] = index.facet(hits(query.without(name)), name, at)
        return {name: found[name] for name in query.facets}

    def _views(self, index: SqlIndex, query: Query, at: datetime, total: int) -> dict[str, int]:
        """Each by a count of its own: most find their rows by an index, all together would read the whole table.

        The one that the query itself looks at, by `total`.
        """
        bare = not (query.terms or query.filters or query.excluding or query.uncounted or query.only is not None)
        known = query.within if bare else None
        everything = index.base(query).order_by()
        return {
            name: total if held == known else everything.filter(index.conditions(held, at)).count()
            for name, held in query.views.items()
        }


def _values_of(given: str, columns: list[str]) -> list[Any] | None:
    values = cursor.read(SQL, given, len(columns))
    try:
        return values and [unpack(value, column) for value, column in zip(values, columns, strict=True)]
    except (OverflowError, TypeError):
        return None


def flag(condition: Q) -> Case:
    """1 where the condition holds, else 0: to sort by."""
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())

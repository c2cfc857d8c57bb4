"""What FTS5 and the plain database share: filters, permissions, counts and order, as SQL.

An engine of this kind adds how words are matched (`matching`) and ranked (`ranked`).
"""

from datetime import datetime

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import ExtractYear
from django.utils.timezone import now

from intake.models import Submission
from intake.templatetags.deadlines import SOON
from intake.workflow import OPEN

from ..analysis import Terms
from ..documents import answers_to_index
from ..marks import Marker
from ..models import AnswerEntry, SubmissionEntry
from ..query import Due, Filters, Query, Results, Sort, Width


def due_condition(state: str, at: datetime) -> Q:
    """Open submissions by their deadline; `none` is everything that has none running."""
    running = Q(status__in=OPEN, due_at__isnull=False)
    soon = at + SOON
    conditions: dict[str, Q] = {
        Due.OVERDUE: running & Q(due_at__lt=at),
        Due.SOON: running & Q(due_at__gte=at, due_at__lt=soon),
        Due.LATER: running & Q(due_at__gte=soon),
        Due.NONE: ~running,
    }
    return conditions.get(state, Q(pk=None))


def _numbers(values: tuple[str, ...]) -> list[int]:
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10]


class SqlIndex:
    """How one index reads its filters and facets from the tables."""

    # filter name -> lookup of the column; those of numbers are listed in `numeric`
    columns: dict[str, str] = {}
    numeric: frozenset[str] = frozenset()

    def base(self, query: Query) -> QuerySet:
        """Everything this person may see."""
        raise NotImplementedError

    def condition(self, name: str, values: tuple[str, ...], at: datetime) -> Q:
        column = self.columns[name]
        return Q(**{f"{column}__in": _numbers(values) if name in self.numeric else list(values)})

    def conditions(self, filters: Filters, at: datetime) -> Q:
        found = Q()
        for name, values in filters.items():
            if values:
                found &= self.condition(name, values, at)
        return found

    def facet(self, hits: QuerySet, name: str, at: datetime) -> list[tuple[str, int]]:
        counted = (
            hits.order_by()
            .values(value=F(self.columns[name]))
            .annotate(hits=Count("pk"))
            .order_by("-hits", "value")
            .values_list("value", "hits")
        )
        return [(str(value), hits) for value, hits in counted if value not in (None, "")]

    def order(self, hits: QuerySet, sort: Sort) -> QuerySet:
        raise NotImplementedError


class SubmissionIndex(SqlIndex):
    columns = {
        "status": "status",
        "kind": "kind",
        "province": "province_id",
        "handler": "handler_id",
        "nature": "entry__nature",
        "system": "entry__system",
        "initiative": "entry__initiative",
        "agency": "entry__lead",
        "decision": "entry__decision",
    }
    numeric = frozenset({"handler", "system", "initiative"})

    def base(self, query: Query) -> QuerySet:
        visible = Submission.objects.visible_to(query.user) if query.user else Submission.objects.none()
        return visible.filter(receipt_code=query.code) if query.code else visible

    def condition(self, name: str, values: tuple[str, ...], at: datetime) -> Q:
        if name != "due":
            return super().condition(name, values, at)
        found = Q(pk=None)
        for value in values:
            found |= due_condition(value, at)
        return found

    def facet(self, hits: QuerySet, name: str, at: datetime) -> list[tuple[str, int]]:
        if name != "due":
            return super().facet(hits, name, at)
        states = {state: Count("pk", filter=due_condition(state, at)) for state in Due}
        counted = hits.order_by().aggregate(**states)
        return [(state, counted[state]) for state in Due if counted[state]]

    def order(self, hits: QuerySet, sort: Sort) -> QuerySet:
        if sort == Sort.DEADLINE:
            still_open = Case(When(status__in=OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
            return hits.order_by(still_open, F("due_at").asc(nulls_last=True), "pk")
        return hits.order_by("-created_at", "-pk")


class AnswerIndex(SqlIndex):
    columns = {"system": "system_id", "agency": "agency__code", "year": "answered_on__year"}
    numeric = frozenset({"system", "year"})

    def base(self, query: Query) -> QuerySet:
        return answers_to_index()

    def facet(self, hits: QuerySet, name: str, at: datetime) -> list[tuple[str, int]]:
        if name != "year":
            return super().facet(hits, name, at)
        counted = hits.order_by().values(value=ExtractYear("answered_on")).annotate(hits=Count("pk")).order_by("-value")
        return [(str(row["value"]), row["hits"]) for row in counted]

    def order(self, hits: QuerySet, sort: Sort) -> QuerySet:
        return hits.order_by("-answered_on", "-pk")


SUBMISSIONS, ANSWERS = SubmissionIndex(), AnswerIndex()


class SqlEngine:
    """Answers queries from the database. Subclasses say how words are matched and ranked."""

    name = ""

    def submissions(self, query: Query) -> Results:
        return self._search(SUBMISSIONS, query)

    def answers(self, query: Query) -> Results:
        return self._search(ANSWERS, query)

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
        if query.sort == Sort.RELEVANCE and query.terms:
            ordered = self.ranked(index, hits, query.terms, width)
        else:
            ordered = index.order(hits, query.sort)
        return Results(
            ids=list(ordered.values_list("pk", flat=True)[query.offset : query.offset + query.size]),
            total=total,
            facets={name: self._facet(index, query, name, width, at) for name in query.facets},
            views=self._views(index, query, at),
            width=width,
            marker=Marker.of(query.terms, width),
        )

    def _hits(self, index: SqlIndex, query: Query, at: datetime) -> tuple[QuerySet, int, Width]:
        """Those that have every word; if there is none, those that have some."""
        filtered = self._filtered(index, query, at)
        if not query.terms:
            return filtered, filtered.count(), Width.ALL
        for width in Width:
            hits = self.matching(index, filtered, query.terms, width)
            if total := hits.count():
                return hits, total, width
        return filtered.none(), 0, Width.ALL

    def _filtered(self, index: SqlIndex, query: Query, at: datetime) -> QuerySet:
        return index.base(query).filter(index.conditions(query.within, at), index.conditions(query.filters, at))

    def _facet(self, index: SqlIndex, query: Query, name: str, width: Width, at: datetime) -> list[tuple[str, int]]:
        hits = self._filtered(index, query.without(name), at)
        if query.terms:
            hits = self.matching(index, hits, query.terms, width)
        return index.facet(hits, name, at)

    def _views(self, index: SqlIndex, query: Query, at: datetime) -> dict[str, int]:
        if not query.views:
            return {}
        counts = {
            name: Count("pk", filter=index.conditions(filters, at) & Q(pk__isnull=False))
            for name, filters in query.views.items()
        }
        return index.base(query).order_by().aggregate(**counts)


def flag(condition: Q) -> Case:
    """1 where the condition holds, else 0: to sort by."""
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())

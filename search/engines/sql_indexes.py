"""How each index reads its filters, facets and orders from the tables."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When
from django.db.models.functions import Coalesce, ExtractYear

from cms.models import AnswerPage
from intake.models import Submission
from intake.workflow import OPEN

from .. import indexes
from ..documents import answers_to_index
from ..indexes import Index
from ..query import Filters, Query, Sort, negated
from .keyset import Key
from .sql_filters import CONDITIONS, FACETS, numbers
from .sql_states import STATES, batched, in_order, state_of


class SqlIndex:
    """How one index reads its filters and facets from the tables."""

    # filter name -> lookup of the column; those of numbers are listed in `numeric`
    columns: dict[str, str] = {}
    numeric: frozenset[str] = frozenset()
    cursors = False

    def base(self, query: Query) -> QuerySet:
        """Everything this person may see."""
        raise NotImplementedError

    def condition(self, name: str, values: tuple[str, ...], at: datetime) -> Q:
        column = self.columns[name]
        return Q(**{f"{column}__in": numbers(values) if name in self.numeric else list(values)})

    def conditions(self, filters: Filters, at: datetime) -> Q:
        found = Q()
        for name, values in filters.items():
            if values:
                plain, excludes = negated(name)
                condition = self.condition(plain, values, at)
                found &= ~condition if excludes else condition
        return found

    def facet(self, hits: QuerySet, name: str, at: datetime) -> list[tuple[str, int]]:
        """Values with their counts, the most first; nothing for a filter whose values nobody can list."""
        if name not in self.columns:
            return []
        counted = (
            hits.order_by()
            .values(value=F(self.columns[name]))
            .annotate(hits=Count("pk"))
            .order_by("-hits", "value")
            .values_list("value", "hits")
        )
        return [(str(value), hits) for value, hits in counted if value not in (None, "")]

    def counts_together(self, name: str) -> bool:
        """Whether a hit has one value of this facet, so that `counted_together` knows it."""
        return False

    def counted_together(self, hits: QuerySet, names: Sequence[str], at: datetime) -> dict[str, list[tuple[str, int]]]:
        raise NotImplementedError

    def annotated(self, hits: QuerySet, sort: Sort) -> QuerySet:
        """With the columns that the keys of this order name."""
        return hits

    def keys(self, sort: Sort) -> tuple[Key, ...]:
        """The columns of an order, the last of them unique."""
        raise NotImplementedError


class SubmissionIndex(SqlIndex):
    cursors = True
    columns = {
        "status": "status",
        "kind": "kind",
        "province": "province_id",
        "nature": "entry__nature",
        "system": "entry__system",
        "initiative": "entry__initiative",
        "decision": "entry__decision",
        "language": "entry__language_form",
        "category": "categories__code",
    }
    numeric = frozenset({"system", "initiative"})

    def base(self, query: Query) -> QuerySet:
        visible = Submission.objects.visible_to(query.user) if query.user else Submission.objects.none()
        return visible.filter(receipt_code=query.code) if query.code else visible

    def condition(self, name: str, values: tuple[str, ...], at: datetime) -> Q:
        special = CONDITIONS.get(name)
        return special(values, at) if special else super().condition(name, values, at)

    def facet(self, hits: QuerySet, name: str, at: datetime) -> list[tuple[str, int]]:
        special = FACETS.get(name)
        return special(hits, at) if special else super().facet(hits, name, at)

    def counts_together(self, name: str) -> bool:
        return name in STATES or (name in self.columns and name != "category")

    def counted_together(self, hits: QuerySet, names: Sequence[str], at: datetime) -> dict[str, list[tuple[str, int]]]:
        """The hits are read once, a narrow row each: each count apart would find and join them all again."""
        columns = [state_of(name, at) if name in STATES else F(self.columns[name]) for name in names]
        rows = hits.order_by().values_list(*columns)
        counts = [Counter[Any]() for _ in names]
        for batch in batched(rows.iterator(chunk_size=20_000), 20_000):
            for counter, values in zip(counts, zip(*batch, strict=True), strict=True):
                counter.update(values)
        return {name: in_order(name, counter) for name, counter in zip(names, counts, strict=True)}

    def annotated(self, hits: QuerySet, sort: Sort) -> QuerySet:
        if sort == Sort.DEADLINE:
            return hits.annotate(shut=Case(When(status__in=OPEN, then=0), default=1, output_field=IntegerField()))
        if sort == Sort.SUPPORT:
            return hits.annotate(supports=Coalesce("entry__supports", 0))
        return hits

    def keys(self, sort: Sort) -> tuple[Key, ...]:
        if sort == Sort.DEADLINE:
            return Key("shut"), Key("due_at", nullable=True), Key("pk")
        if sort == Sort.SUPPORT:
            return Key("supports", descending=True), Key("pk", descending=True)
        if sort == Sort.OLDEST:
            return Key("created_at"), Key("pk")
        return Key("created_at", descending=True), Key("pk", descending=True)


class AnswerIndex(SqlIndex):
    columns = {
        "category": "categories__code",
        "system": "system_id",
        "initiative": "initiative_id",
        "agency": "agency__code",
        "province": "province_id",
        "year": "answered_on__year",
        "outcome": "outcome",
    }
    numeric = frozenset({"system", "initiative", "year"})

    def base(self, query: Query) -> QuerySet:
        return answers_to_index()

    def condition(self, name: str, values: tuple[str, ...], at: datetime) -> Q:
        if name != "category":
            return super().condition(name, values, at)
        links = AnswerPage.categories.through.objects.filter(category__code__in=values)
        return Q(pk__in=links.values("answerpage"))  # not by a join: an answer of two categories is one hit

    def facet(self, hits: QuerySet, name: str, at: datetime) -> list[tuple[str, int]]:
        if name != "year":
            return super().facet(hits, name, at)
        counted = hits.order_by().values(value=ExtractYear("answered_on")).annotate(hits=Count("pk")).order_by("-value")
        return [(str(row["value"]), row["hits"]) for row in counted]

    def keys(self, sort: Sort) -> tuple[Key, ...]:
        return Key("answered_on", descending=True), Key("pk", descending=True)


SUBMISSIONS, ANSWERS = SubmissionIndex(), AnswerIndex()
TABLES: dict[Index, SqlIndex] = {indexes.SUBMISSIONS: SUBMISSIONS, indexes.ANSWERS: ANSWERS}

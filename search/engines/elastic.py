"""Elasticsearch: the same documents and the same words, counted and ranked by a search server.

The text comes prepared (search.analysis), so the bare server, the full distribution and FTS5 agree
on what a word is. Whatever the server or the line to it does wrong is `SearchAway` for the callers.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import now
from elasticsearch import Elasticsearch

from intake.models import Membership
from intake.models.officer import HANDLING, Role
from intake.templatetags.deadlines import SOON

from ..analysis import Phrase, Terms, Unit, Width, is_accented
from ..indexes import ANSWERS, SUBMISSIONS, Index
from ..marks import Marker
from ..query import DEEPEST, Due, Filters, Query, Results, SearchAway, Sort
from .elastic_server import answering

MOST_BUCKETS = 200
# What a word counts for in each field: the exact word and the title more.
FIELDS = {"title": 6.0, "body": 2.0, "title_folded": 3.0, "body_folded": 1.0}
EXACT, FOLDED = ("title", "body"), ("title_folded", "body_folded")
# Above any sum of word scores: a hit with every mark the reader typed stands before all without.
TIER = 10_000.0

Clause = dict[str, Any]


# --- words ----------------------------------------------------------------------------------


def _any(clauses: Sequence[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def _all(clauses: Sequence[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"bool": {"must": list(clauses)}}


def _has(words: tuple[str, ...], fields: Sequence[str]) -> Clause:
    if len(words) == 1:
        return _any([{"term": {name: {"value": words[0], "boost": FIELDS[name]}}} for name in fields])
    return _any([{"match_phrase": {name: {"query": " ".join(words), "boost": FIELDS[name]}}} for name in fields])


def _word(word: str) -> Clause:
    plain = _has(Phrase((word,)).folded, FOLDED)
    if not is_accented(word):
        return plain
    return {"bool": {"must": [plain], "should": [_has((word,), EXACT)]}}


def _phrase(phrase: Phrase) -> Clause:
    return _has(phrase.folded, FOLDED)


def _unit(unit: Unit, word: Callable[[str], Clause] = _word) -> Clause:
    return _any([_all([word(one) for one in unit.words]), *map(_phrase, unit.also)])


def _exact_word(word: str) -> Clause:
    return _has((word,), EXACT) if is_accented(word) else _has((word,), FOLDED)


def words_clause(terms: Terms, width: Width) -> Clause | None:
    """What a hit must have; what stands together adds to the score. None: nothing can match."""
    if width == Width.PAIR:
        parts = list(map(_phrase, [*terms.pairs, *terms.others]))
        return _any(parts) if parts else None
    units = [_unit(unit) for unit in terms.required(width)]
    if not units:
        return None
    if width == Width.ANY:
        return _any(units)
    should = list(map(_phrase, terms.pairs))
    if terms.phrase:
        should += [_phrase(terms.phrase), _has(terms.phrase.words, EXACT)]
    if terms.accented and width == Width.ALL:
        exact = _all([_unit(unit, _exact_word) for unit in terms.units])
        should.append({"constant_score": {"filter": exact, "boost": TIER}})
    return {"bool": {"must": units, "should": should}}


# --- filters --------------------------------------------------------------------------------


def _numbers(values: Sequence[str]) -> list[int]:
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10]


def _due(state: str, at: datetime) -> Clause:
    running = [{"term": {"open": True}}, {"exists": {"field": "due_at"}}]
    soon = at + SOON
    spans = {
        Due.OVERDUE: {"lt": at.isoformat()},
        Due.SOON: {"gte": at.isoformat(), "lt": soon.isoformat()},
        Due.LATER: {"gte": soon.isoformat()},
    }
    if state == Due.NONE:
        return {"bool": {"must_not": [{"bool": {"filter": running}}]}}
    if state in spans:
        return {"bool": {"filter": [*running, {"range": {"due_at": spans[Due(state)]}}]}}
    return {"match_none": {}}


class _Fields:
    """How one index reads its filters."""

    def __init__(self, index: Index, fields: Mapping[str, str], newest: list[Clause]) -> None:
        self.index, self.fields, self.newest = index, fields, newest

    def condition(self, name: str, values: tuple[str, ...], at: datetime) -> Clause:
        if name == "due":
            return _any([_due(value, at) for value in values])
        field = self.fields[name]
        is_number = self.index.properties[field]["type"] == "long"
        return {"terms": {field: _numbers(values) if is_number else list(values)}}

    def conditions(self, filters: Filters, at: datetime) -> list[Clause]:
        return [self.condition(name, values, at) for name, values in filters.items() if values]

    def aggregation(self, name: str, at: datetime) -> Clause:
        if name == "due":
            return {"filters": {"filters": {state.value: _due(state, at) for state in Due}}}
        order = [{"_key": "desc"}] if name == "year" else [{"_count": "desc"}, {"_key": "asc"}]
        return {"terms": {"field": self.fields[name], "size": MOST_BUCKETS, "order": order}}

    def facet(self, name: str, answer: Mapping[str, Any]) -> list[tuple[str, int]]:
        buckets = answer["buckets"]
        if name == "due":
            return [(state, buckets[state]["doc_count"]) for state in Due if buckets[state]["doc_count"]]
        return [(str(one["key"]), one["doc_count"]) for one in buckets if one["key"] != ""]

    def order(self, query: Query) -> list[Clause]:
        if query.sort == Sort.RELEVANCE and query.terms:
            return [{"_score": "desc"}, {"id": "desc"}]
        if query.sort == Sort.DEADLINE and self.index is SUBMISSIONS:
            return [{"open": "desc"}, {"due_at": {"order": "asc", "missing": "_last"}}, {"id": "asc"}]
        return self.newest


_SUBMISSIONS = _Fields(
    SUBMISSIONS,
    {name: name for name in ("status", "kind", "province", "handler", "nature", "system", "initiative", "decision")}
    | {"agency": "lead"},
    [{"created_at": "desc"}, {"id": "desc"}],
)
_ANSWERS = _Fields(
    ANSWERS, {name: name for name in ("system", "agency", "year")}, [{"answered_on": "desc"}, {"id": "desc"}]
)


def readable_by(user: Any) -> Clause:
    """`Submission.objects.visible_to(user)` as a filter; sealed submissions are in no index."""
    if user is None or not user.is_authenticated or not user.is_active:
        return {"match_none": {}}
    member = Membership.of(user)
    if member is None or member.role not in HANDLING:
        return {"match_none": {}}
    if member.role == Role.COORDINATOR:
        return {"match_all": {}}
    return {"term": {"agencies": member.agency.code}}


class ElasticEngine:
    """Answers queries; one round trip, or one for each way to ask for less when nothing has it all."""

    name = "elasticsearch"

    def submissions(self, query: Query) -> Results:
        base = [readable_by(query.user)]
        if query.code:
            base.append({"term": {"code": query.code}})
        return self._search(_SUBMISSIONS, query, base)

    def answers(self, query: Query) -> Results:
        return self._search(_ANSWERS, query, [])

    def check(self) -> None:
        """The cluster answers, is not red, and both indices are there."""
        with answering() as server:
            if server.cluster.health(timeout="1s", wait_for_status="yellow")["timed_out"]:
                raise SearchAway("red")
            for index in (SUBMISSIONS, ANSWERS):
                server.search(index=index.alias, size=0, terminate_after=1)

    def _search(self, fields: _Fields, query: Query, base: list[Clause]) -> Results:
        at = now()
        widths = list(Width) if query.terms else [Width.ALL]
        for width in widths:
            wanted = words_clause(query.terms, width) if query.terms else {"match_all": {}}
            if wanted is None:
                continue
            results = self._ask(fields, query, base, wanted, width, at)
            if results.total:
                return results
        return self._ask(fields, query, base, {"match_none": {}}, Width.ALL, at) if query.terms else results

    def _ask(
        self, fields: _Fields, query: Query, base: list[Clause], wanted: Clause, width: Width, at: datetime
    ) -> Results:
        lifted = {name: fields.condition(name, values, at) for name, values in query.filters.items() if values}
        within = fields.conditions(query.within, at)
        aggregations = {
            f"facet-{name}": {
                "filter": {"bool": {"filter": [clause for other, clause in lifted.items() if other != name]}},
                "aggs": {"values": fields.aggregation(name, at)},
            }
            for name in query.facets
        }
        body: dict[str, Any] = {
            "query": {"bool": {"must": [wanted], "filter": [*base, *within]}},
            "post_filter": {"bool": {"filter": list(lifted.values())}},
            "from_": min(query.offset, DEEPEST - query.size),
            "size": query.size,
            "sort": fields.order(query),
            "track_total_hits": True,
            "source": False,
        }
        if aggregations:
            body["aggregations"] = aggregations
        with answering() as server:
            answer = server.search(index=fields.index.alias, **body)
            views = self._views(server, fields, query, base, at)
        return Results(
            ids=[int(hit["_id"]) for hit in answer["hits"]["hits"]],
            total=answer["hits"]["total"]["value"],
            facets={
                name: fields.facet(name, answer["aggregations"][f"facet-{name}"]["values"]) for name in query.facets
            },
            views=views,
            width=width,
            marker=Marker.of(query.terms, width),
        )

    def _views(
        self, server: Elasticsearch, fields: _Fields, query: Query, base: list[Clause], at: datetime
    ) -> dict[str, int]:
        if not query.views:
            return {}
        filters = {
            name: {"bool": {"filter": fields.conditions(conditions, at)}} for name, conditions in query.views.items()
        }
        answer = server.search(
            index=fields.index.alias,
            query={"bool": {"filter": base}},
            size=0,
            aggregations={"views": {"filters": {"filters": filters}}},
        )
        return {name: one["doc_count"] for name, one in answer["aggregations"]["views"]["buckets"].items()}

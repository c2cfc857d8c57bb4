"""The filters, facets and orders of both indices, in Elasticsearch's own words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from intake.templatetags.deadlines import SOON
from intake.workflow import Status

from ..filters import AGES, BANDS, NOBODY, Age, Band, Files, age_span, approver_of, dates, shares
from ..indexes import ANSWERS, SUBMISSIONS, Index
from ..query import Due, Filters, Query, Sort, negated

MOST_BUCKETS = 200
Clause = dict[str, Any]
NOTHING: Clause = {"match_none": {}}


def any_of(clauses: Sequence[Clause]) -> Clause:
    if not clauses:
        return NOTHING
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def without(clause: Clause) -> Clause:
    return {"bool": {"must_not": [clause]}}


def _numbers(values: Sequence[str]) -> list[int]:
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10]


def _range(field: str, **ends: Any) -> Clause:
    given = {name: value for name, value in ends.items() if value is not None}
    return {"range": {field: {k: v.isoformat() if isinstance(v, datetime) else v for k, v in given.items()}}}


def _due(state: str, at: datetime) -> Clause:
    running = [{"term": {"open": True}}, {"exists": {"field": "due_at"}}]
    spans: dict[str, Clause] = {
        Due.OVERDUE: _range("due_at", lt=at),
        Due.SOON: _range("due_at", gte=at, lt=at + SOON),
        Due.LATER: _range("due_at", gte=at + SOON),
    }
    if state == Due.NONE:
        return without({"bool": {"filter": running}})
    return {"bool": {"filter": [*running, spans[state]]}} if state in spans else NOTHING


def _age(value: str, at: datetime) -> Clause:
    if value not in set(AGES):
        return NOTHING
    after, until = age_span(Age(value), at)
    return _range("created_at", gt=after, lte=until)


def _band(value: str, at: datetime) -> Clause:
    if value == Band.NONE:
        return without({"exists": {"field": "p_initiative"}})
    if value not in set(BANDS):
        return NOTHING
    first, last = BANDS[Band(value)]
    return _range("p_initiative", gte=first, lt=last)


def _files(value: str, at: datetime) -> Clause:
    return {"term": {"files": value == Files.YES}} if value in set(Files) else NOTHING


def _handler(value: str, at: datetime) -> Clause:
    return without({"exists": {"field": "handler"}}) if value == NOBODY else {"terms": {"handler": _numbers([value])}}


def _approver(value: str, at: datetime) -> Clause:
    asked = approver_of(value)
    if asked is None:
        return NOTHING
    agency, user = asked
    leads = [{"term": {"status": Status.AWAITING_APPROVAL.value}}, {"term": {"lead": agency}}]
    return {"bool": {"filter": leads, "must_not": [{"term": {"authors": user}}]}}


UNASSIGNED: Clause = {"bool": {"must_not": [{"exists": {"field": "agencies"}}]}}


def _suggested(value: str, at: datetime) -> Clause:
    return {"bool": {"filter": [{"term": {"lead": value}}, UNASSIGNED]}}


def _received(value: str, at: datetime) -> Clause:
    return any_of([_range("created_at", gte=first, lt=last) for first, last in dates((value,))])


def _deadline(value: str, at: datetime) -> Clause:
    return any_of([_range("due_at", gte=first, lt=last) for first, last in dates((value,))])


def _confidence(value: str, at: datetime) -> Clause:
    return any_of([_range("p_initiative", gte=first, lte=last) for first, last in shares((value,))])


CONDITIONS: dict[str, Callable[[str, datetime], Clause]] = {
    "due": _due,
    "age": _age,
    "band": _band,
    "files": _files,
    "handler": _handler,
    "approver": _approver,
    "suggested": _suggested,
    "received": _received,
    "deadline": _deadline,
    "confidence": _confidence,
}
# Facets whose values are conditions of ours, not values of a field.
STATES: dict[str, Sequence[str]] = {"due": list(Due), "age": list(Age), "band": list(Band), "files": list(Files)}


class Fields:
    """How one index reads its filters."""

    def __init__(self, index: Index, fields: Mapping[str, str], newest: list[Clause]) -> None:
        self.index, self.fields, self.newest = index, fields, newest

    def condition(self, name: str, values: tuple[str, ...], at: datetime) -> Clause:
        plain, excludes = negated(name)
        found = self._condition(plain, values, at)
        return without(found) if excludes else found

    def _condition(self, name: str, values: tuple[str, ...], at: datetime) -> Clause:
        if name in CONDITIONS:
            return any_of([CONDITIONS[name](value, at) for value in values])
        field = self.fields[name]
        is_number = self.index.properties[field]["type"] == "long"
        return {"terms": {field: _numbers(values) if is_number else list(values)}}

    def conditions(self, filters: Filters, at: datetime) -> list[Clause]:
        return [self.condition(name, values, at) for name, values in filters.items() if values]

    def has_facet(self, name: str) -> bool:
        """Not of a filter whose values nobody can list."""
        return name in STATES or name in self.fields or name == "suggested"

    def aggregation(self, name: str, at: datetime) -> Clause:
        if name in STATES:
            return {"filters": {"filters": {state: CONDITIONS[name](state, at) for state in STATES[name]}}}
        if name == "suggested":
            return {"filter": UNASSIGNED, "aggs": {"values": {"terms": {"field": "lead", "size": MOST_BUCKETS}}}}
        order = [{"_key": "desc"}] if name == "year" else [{"_count": "desc"}, {"_key": "asc"}]
        missing = {"missing": 0} if name == "handler" else {}
        return {"terms": {"field": self.fields[name], "size": MOST_BUCKETS, "order": order, **missing}}

    def facet(self, name: str, answer: Mapping[str, Any]) -> list[tuple[str, int]]:
        buckets = answer.get("values", answer)["buckets"]
        if name in STATES:
            return [(state, buckets[state]["doc_count"]) for state in STATES[name] if buckets[state]["doc_count"]]
        named = ((NOBODY if name == "handler" and one["key"] == 0 else str(one["key"]), one) for one in buckets)
        return [(value, one["doc_count"]) for value, one in named if value != ""]

    def order(self, query: Query) -> list[Clause]:
        if query.sort == Sort.RELEVANCE and query.terms:
            return [{"_score": "desc"}, {"id": "desc"}]
        if self.index is SUBMISSIONS and query.sort == Sort.DEADLINE:
            return [{"turn": "asc"}, {"id": "asc"}]
        if self.index is SUBMISSIONS and query.sort == Sort.SUPPORT:
            return [{"supports": {"order": "desc", "missing": 0}}, {"id": "desc"}]
        if self.index is SUBMISSIONS and query.sort == Sort.OLDEST:
            return [{"created_at": "asc"}, {"id": "asc"}]
        return self.newest


_SAME = ("status", "kind", "province", "handler", "nature", "system", "initiative", "decision")
SUBMISSION_FIELDS = Fields(
    SUBMISSIONS,
    {name: name for name in _SAME} | {"agency": "agencies", "category": "categories", "language": "language_form"},
    [{"created_at": "desc"}, {"id": "desc"}],
)
ANSWER_FIELDS = Fields(
    ANSWERS,
    {name: name for name in ("system", "initiative", "agency", "province", "year", "outcome")}
    | {"category": "categories"},
    [{"answered_on": "desc"}, {"id": "desc"}],
)

"""One question as up to three searches in one request: the rows, the counts of facets, those of the views.

Rows are cut off where the best are known; those of words count up to `DEEPEST` hits on the way. Counts
are exact, and carry nothing that changes from one moment to the next, so that Elasticsearch answers them
from its cache until a document changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch

from ..query import DEEPEST, Query, SearchAway, lifted, negated
from .elastic_filters import Clause, Fields

# What is needed of an answer: most of one is the engine's own bookkeeping. What is empty is left out.
NEEDED = [
    "responses.status",
    "responses.error.type",
    "responses.hits.total",
    "responses.hits.hits._id",
    "responses.hits.hits.sort",
    "responses.aggregations",
]
LOOKED_AT_AGAIN = 1_000  # of the hits, the best
ROWS, COUNTS, VIEWS = "rows", "counts", "views"
_OWN = "own-"  # a facet whose filter is on: counted under all the others


@dataclass(frozen=True)
class Asked:
    """The conditions of one question, in the engine's words."""

    fields: Fields
    query: Query
    base: Sequence[Clause]  # what this person may see, and the keys asked for
    at: datetime

    def searches(
        self, wanted: Clause, nudges: Sequence[Clause], paging: Mapping[str, Any], *, views: bool
    ) -> dict[str, Clause]:
        """`wanted`: what a hit must have in words; `nudges`: what puts one before another that has it too."""
        found: dict[str, Clause] = {}
        counted = bool(self.query.facets) or not self.query.size or not (self.query.terms or self.query.uncounted)
        if self.query.size:
            up_to = False if counted or self.query.uncounted else DEEPEST
            found[ROWS] = self._rows(wanted, nudges, {"track_total_hits": up_to, **paging})
        if counted:
            found[COUNTS] = self.counts(wanted)
        if views and self.query.views:
            found[VIEWS] = self._views()
        return found

    @property
    def _conditions(self) -> dict[str, Clause]:
        return {name: self.fields.condition(name, held, self.at) for name, held in self.query.filters.items() if held}

    @property
    def _always(self) -> list[Clause]:
        return [*self.base, *self.fields.conditions(self.query.within, self.at)]

    def _rows(self, wanted: Clause, nudges: Sequence[Clause], paging: Mapping[str, Any]) -> Clause:
        """By fit the nudges are looked for among the best by words alone: in all hits they cost four times the rest."""
        conditions = [*self._always, *self._conditions.values()]
        body = {"query": {"bool": {"must": [wanted], "filter": conditions}}, **paging}
        if nudges and "_score" in body["sort"][0]:
            del body["sort"]
            again = {"rescore_query": {"bool": {"should": list(nudges)}}}
            body["rescore"] = {"window_size": LOOKED_AT_AGAIN, "query": again}
        return body

    def counts(self, wanted: Clause) -> Clause:
        """Conditions that no facet lifts stand in the query, the others around each count."""
        conditions, facets = self._conditions, [name for name in self.query.facets if self.fields.has_facet(name)]
        moving = {name: clause for name, clause in conditions.items() if negated(name)[0] in facets}
        fixed = [clause for name, clause in conditions.items() if name not in moving]
        plain = {name: self.fields.aggregation(name, self.at) for name in facets if lifted(moving, name) == moving}
        own = {name: self._under(lifted(moving, name), name) for name in facets if name not in plain}
        if moving:
            plain = {"all": {"filter": {"bool": {"filter": list(moving.values())}}, "aggs": plain}}
        body: Clause = {
            "query": {"bool": {"filter": [wanted, *self._always, *fixed]}},
            "size": 0,
            "track_total_hits": True,
        }
        aggregations = plain | {f"{_OWN}{name}": clause for name, clause in own.items()}
        return body | ({"aggs": aggregations} if aggregations else {})

    def _under(self, conditions: Mapping[str, Clause], name: str) -> Clause:
        values = self.fields.aggregation(name, self.at)
        return {"filter": {"bool": {"filter": list(conditions.values())}}, "aggs": {"values": values}}

    def _views(self) -> Clause:
        filters = {
            name: {"bool": {"filter": self.fields.conditions(held, self.at) or [{"match_all": {}}]}}
            for name, held in self.query.views.items()
        }
        return {
            "query": {"bool": {"filter": list(self.base) or [{"match_all": {}}]}},
            "size": 0,
            "track_total_hits": False,
            "aggs": {"views": {"filters": {"filters": filters}}},
        }

    def total(self, answers: Mapping[str, Any]) -> int:
        if COUNTS not in answers:
            hits = answers[ROWS].get("hits", {})
            return int(hits["total"]["value"] if "total" in hits else len(hits.get("hits", ())))
        under = answers[COUNTS].get("aggregations", {}).get("all")
        return int(under["doc_count"] if under else answers[COUNTS]["hits"]["total"]["value"])

    def facets(self, answers: Mapping[str, Any]) -> dict[str, list[tuple[str, int]]]:
        found = answers.get(COUNTS, {}).get("aggregations", {})
        inside = found.get("all", found)
        facets: dict[str, list[tuple[str, int]]] = {}
        for name in self.query.facets:
            held = found[_OWN + name]["values"] if _OWN + name in found else inside.get(name)
            facets[name] = self.fields.facet(name, {"buckets": [], **held}) if held else []
        return facets


def ask_together(server: Elasticsearch, alias: str, searches: Mapping[str, Clause], user: Any) -> dict[str, Any]:
    """The answers by the names of the searches. A part of the index that does not answer is no answer.

    One person is answered by the same copies of the index, so that equals keep their order from page to page.
    """
    header = {"index": alias, "allow_partial_search_results": False}
    if user is not None:
        header["preference"] = f"user-{user.pk}"
    lines = [line for body in searches.values() for line in (header, {"_source": False, **body})]
    answers = server.msearch(searches=lines, filter_path=NEEDED)["responses"]
    for answer in answers:
        if "error" in answer:
            raise SearchAway(f"{answer['status']} {answer['error']['type']}"[:80])
    return dict(zip(searches, answers, strict=True))


def is_counted(answers: Mapping[str, Any]) -> bool:
    """Whether the number of hits is known: not where the rows stopped counting."""
    total = answers[ROWS].get("hits", {}).get("total", {}) if ROWS in answers else {}
    return COUNTS in answers or total.get("relation", "eq") == "eq"


def agreed(total: int, rows: int, query: Query) -> int:
    """The number of hits by the rows where those tell it: the two are read a moment apart."""
    seen = query.offset + rows
    if not query.size or query.after or query.before or seen > DEEPEST - query.size:
        return total
    if not rows:
        return total if query.offset else 0
    return seen if rows < query.size else max(total, seen)


def views_of(answer: Mapping[str, Any]) -> dict[str, int]:
    return {name: one["doc_count"] for name, one in answer["aggregations"]["views"]["buckets"].items()}

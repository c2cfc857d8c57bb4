"""Elasticsearch: the same documents and the same words, counted and ranked by a search server.

The text comes prepared (search.analysis), so the bare server, the full distribution and FTS5 agree
on what a word is. Whatever the server or the line to it does wrong is `SearchAway` for the callers.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.timezone import now

from intake.models import Membership
from intake.models.officer import HANDLING, Role

from ..analysis import Phrase, Terms, Unit, Width, is_accented
from ..indexes import ANSWERS, SUBMISSIONS, Index
from ..marks import Marker
from ..query import Query, Results, SearchAway
from .elastic_asking import COUNTS, ROWS, VIEWS, Asked, agreed, ask_together, is_counted, views_of
from .elastic_filters import ANSWER_FIELDS, SUBMISSION_FIELDS, Clause, Fields, any_of
from .elastic_paging import Paging
from .elastic_server import answering

# What a word counts for in each field: the exact word and the title more.
FIELDS = {"title": 6.0, "body": 2.0, "title_folded": 3.0, "body_folded": 1.0}
EXACT, FOLDED = ("title", "body"), ("title_folded", "body_folded")
# Above any sum of word scores: a hit with every mark the reader typed stands before all without.
TIER = 10_000.0


# --- words ----------------------------------------------------------------------------------


def _all(clauses: Sequence[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"bool": {"must": list(clauses)}}


def _has(words: tuple[str, ...], fields: Sequence[str]) -> Clause:
    if len(words) == 1:
        return any_of([{"term": {name: {"value": words[0], "boost": FIELDS[name]}}} for name in fields])
    return any_of([{"match_phrase": {name: {"query": " ".join(words), "boost": FIELDS[name]}}} for name in fields])


def _word(word: str) -> Clause:
    plain = _has(Phrase((word,)).folded, FOLDED)
    if not is_accented(word):
        return plain
    return {"bool": {"must": [plain], "should": [_has((word,), EXACT)]}}


def _phrase(phrase: Phrase) -> Clause:
    return _has(phrase.folded, FOLDED)


def _unit(unit: Unit, word: Callable[[str], Clause] = _word) -> Clause:
    typed = _all([*map(word, unit.words), *map(_phrase, unit.together)])
    return any_of([typed, *map(_phrase, [*unit.also, *unit.near])])


def _exact_word(word: str) -> Clause:
    return _has((word,), EXACT) if is_accented(word) else _has((word,), FOLDED)


def words_clause(terms: Terms, width: Width) -> Clause | None:
    """What a hit must have, and the marks that put it in a tier above. None: nothing can match."""
    if width == Width.PAIR:
        parts = list(map(_phrase, [*terms.pairs, *terms.others]))
        return any_of(parts) if parts else None
    units = [_unit(unit) for unit in terms.required(width)]
    if not units:
        return None
    if width == Width.ANY:
        return any_of(units)
    should = []
    if terms.accented and width == Width.ALL:
        exact = _all([_unit(unit, _exact_word) for unit in terms.as_typed.units])
        should.append({"constant_score": {"filter": exact, "boost": 2 * TIER}})
    if terms.near and width == Width.ALL:
        typed = _all([_unit(unit) for unit in terms.as_typed.units])
        should.append({"constant_score": {"filter": typed, "boost": TIER}})
    return {"bool": {"must": units, "should": should}}


def nudges(terms: Terms, width: Width) -> list[Clause]:
    """What adds to the score of a hit: words that stand together as they were typed."""
    if width not in {Width.ALL, Width.CONTENT}:
        return []
    found = list(map(_phrase, terms.pairs))
    if terms.phrase:
        found += [_phrase(terms.phrase), _has(terms.phrase.words, EXACT)]
    return found


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


CANDIDATES = 150  # vectors that each shard looks at


def _only(query: Query) -> list[Clause]:
    """The conditions on keys."""
    wanted: list[Clause] = [] if query.only is None else [{"terms": {"id": list(query.only)}}]
    if query.excluding:
        wanted.append({"bool": {"must_not": [{"terms": {"id": list(query.excluding)}}]}})
    return wanted


class ElasticEngine:
    """Answers queries; one round trip, or one for each way to ask for less when nothing has it all.

    One more where words have more than `DEEPEST` hits and nobody asked for facets.
    """

    name = "elasticsearch"

    def submissions(self, query: Query) -> Results:
        base = [readable_by(query.user), *_only(query)]
        if query.code:
            base.append({"term": {"code": query.code}})
        return self._search(SUBMISSION_FIELDS, query, base)

    def answers(self, query: Query) -> Results:
        return self._search(ANSWER_FIELDS, query, _only(query))

    def nearest(self, index: Index, vector: Any, query: Query, k: int) -> list[tuple[int, float]]:
        fields, readable = (
            (SUBMISSION_FIELDS, [readable_by(query.user)]) if index is SUBMISSIONS else (ANSWER_FIELDS, [])
        )
        with answering() as server:
            answer = server.search(
                index=index.alias,
                knn={
                    "field": "vector",
                    "query_vector": vector.tolist(),
                    "k": k,
                    "num_candidates": max(CANDIDATES, 2 * k),
                    "filter": [*readable, *fields.conditions(query.within, now())],
                },
                size=k,
                source=False,
                track_total_hits=False,
            )
        return [(int(hit["_id"]), 2 * hit["_score"] - 1) for hit in answer["hits"]["hits"]]

    def titles_with(self, words: tuple[str, ...], index: Index, user: Any, size: int) -> list[int]:
        readable = [readable_by(user)] if index is SUBMISSIONS else []
        wanted = {"match_phrase_prefix": {"title_folded": {"query": " ".join(words), "max_expansions": 100}}}
        with answering() as server:
            answer = server.search(
                index=index.alias,
                query={"bool": {"filter": [wanted, *readable]}},
                sort=[{"id": "desc"}],
                size=size,
                source=False,
                track_total_hits=False,
            )
        return [int(hit["_id"]) for hit in answer["hits"]["hits"]]

    def check(self) -> None:
        """The cluster answers, is not red, and both indices are there."""
        with answering() as server:
            if server.cluster.health(timeout="1s", wait_for_status="yellow")["timed_out"]:
                raise SearchAway("red")
            for index in (SUBMISSIONS, ANSWERS):
                server.search(index=index.alias, size=0, terminate_after=1)

    def _search(self, fields: Fields, query: Query, base: list[Clause]) -> Results:
        # To the minute: what is asked again within it is answered from the engine's cache.
        asked = Asked(fields, query, base, now().replace(second=0, microsecond=0))
        views: dict[str, int] | None = None
        nothing: Results | None = None  # its facets say which filter to lift
        for width in query.widths if query.terms else (Width.ALL,):
            wanted = words_clause(query.terms, width) if query.terms else {"match_all": {}}
            if wanted is None:
                continue
            results = self._ask(asked, wanted, width, views)
            if results.total or not query.terms:
                return results
            views = dict(results.views)
            nothing = nothing or results
        return nothing or self._ask(asked, {"match_none": {}}, Width.ALL, views)

    def _ask(self, asked: Asked, wanted: Clause, width: Width, views: dict[str, int] | None) -> Results:
        """`views`: their counts, if they are known already."""
        query, fields = asked.query, asked.fields
        paging = Paging.of(query, fields.order(query))
        with answering() as server:
            searches = asked.searches(wanted, nudges(query.terms, width), paging.body, views=views is None)
            answers = ask_together(server, fields.index.alias, searches, query.user)
            if not is_counted(answers):
                answers |= ask_together(server, fields.index.alias, {COUNTS: asked.counts(wanted)}, query.user)
        hits = paging.in_order(answers[ROWS].get("hits", {}).get("hits", [])) if ROWS in answers else []
        return Results(
            ids=[int(hit["_id"]) for hit in hits],
            ends=paging.ends(hits),
            total=agreed(asked.total(answers), len(hits), query),
            facets=asked.facets(answers),
            views=views_of(answers[VIEWS]) if VIEWS in answers else views or {},
            width=width,
            marker=Marker.of(query.terms, width),
        )

"""The questions of `bench/search.py` asked of the engine itself, as its manual would have one write them.

One request (Elasticsearch), or one statement each for rows, number and counts (SQL): the same words,
conditions, order, size and counts as ours, ready made before the clock starts.
"""

import time
from collections.abc import Callable
from itertools import islice

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from intake.models import Membership, Role
from search.analysis import Terms, Width
from search.documents import submission_document, submissions_to_index
from search.indexes import SUBMISSIONS
from search.query import Query, Sort

Run = Callable[[], object]
SAMPLE = 10_000  # documents of the bare load


def bare(query: Query) -> Run:
    return bare_elastic(query) if settings.ELASTICSEARCH_URL else bare_fts5(query)


def bare_elastic(query: Query) -> Run:
    from search.engines.elastic import nudges, readable_by, words_clause
    from search.engines.elastic_filters import SUBMISSION_FIELDS
    from search.engines.elastic_server import client

    fields, at = SUBMISSION_FIELDS, now()
    wanted = words_clause(query.terms, Width.ALL) if query.terms else None
    base = [readable_by(query.user)]
    aggregations = {name: fields.aggregation(name, at) for name in query.facets if fields.has_facet(name)}
    if query.views:
        views = {name: {"bool": {"filter": fields.conditions(held, at)}} for name, held in query.views.items()}
        counted = {"filter": {"bool": {"filter": base}}, "aggs": {"views": {"filters": {"filters": views}}}}
        aggregations["everything"] = {"global": {}, "aggs": {"mine": counted}}
    body = {
        "query": {
            "bool": {
                "must": [wanted or {"match_all": {}}],
                "should": nudges(query.terms, Width.ALL),
                "filter": [*base, *fields.conditions(query.within, at), *fields.conditions(query.filters, at)],
            }
        },
        "sort": fields.order(query),
        "from_": query.offset,
        "size": query.size,
        "source": False,
        "track_total_hits": True,
    }
    if aggregations:
        body["aggregations"] = aggregations
    server = client()
    return lambda: server.search(index=SUBMISSIONS.alias, **body)


def _plain(terms: Terms) -> str:
    """The same words asked for without ranks, phrases or other ways of writing."""
    from search.engines.fts5 import _unit

    return " AND ".join(map(_unit, terms.units))


_COLUMNS = {"status": "s.status", "kind": "s.kind", "system": "e.system", "suggested": "e.lead", "nature": "e.nature"}
_ORDER = {
    Sort.RELEVANCE: "bm25(search_submission_words)",
    Sort.DEADLINE: "s.due_at",
    Sort.NEWEST: "s.created_at DESC",
}


def bare_fts5(query: Query) -> Run:
    """Hand-written SQL for the same hits, their number, and a count by value for each facet that is a column."""
    where, params = ["s.visibility <> 'sealed'"], []
    tables = "intake_submission s JOIN search_submissionentry e ON e.submission_id = s.id"
    if query.terms:
        tables = f"search_submission_words w JOIN {tables.replace(' JOIN', ' ON s.id = w.rowid JOIN', 1)}"
        where.append("search_submission_words MATCH %s")
        params.append(_plain(query.terms))
    member = Membership.of(query.user)
    if member.role != Role.COORDINATOR:
        tables += " JOIN intake_assignment a ON a.submission_id = s.id AND a.ended_at IS NULL"
        where.append(f"a.agency_id = {member.agency_id}")
    for name, values in [*query.filters.items(), *query.within.items()]:
        where.append(f"{_COLUMNS[name]} IN ({', '.join(['%s'] * len(values))})")
        params += values
    hits = f"FROM {tables} WHERE {' AND '.join(where)}"
    statements = [
        f"SELECT count(*) {hits}",
        f"SELECT s.id {hits} ORDER BY {_ORDER[query.sort]} LIMIT {query.size} OFFSET {query.offset}",
        *(f"SELECT {_COLUMNS[name]}, count(*) {hits} GROUP BY 1" for name in query.facets if name in _COLUMNS),
    ]

    def run() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, params)
                cursor.fetchall()

    return run


def bare_load() -> float:
    """Documents a second that the engine takes when they are ready made."""
    documents = [submission_document(one) for one in islice(submissions_to_index()[:SAMPLE], SAMPLE)]
    return (_load_elastic if settings.ELASTICSEARCH_URL else _load_fts5)(documents)


def _load_elastic(documents: list) -> float:
    from elasticsearch.helpers import streaming_bulk

    from search.engines.elastic_server import ElasticServer, client, source

    build = ElasticServer().begin(SUBMISSIONS)
    ready = [{"_index": build.name, "_id": one.id, "_source": source(one)} for one in documents]
    began = time.perf_counter()
    for _ in streaming_bulk(client().options(request_timeout=60), ready):
        pass
    client().options(request_timeout=60).indices.refresh(index=build.name)
    took = time.perf_counter() - began
    client().indices.delete(index=build.name)
    return len(documents) / took


def _load_fts5(documents: list) -> float:
    rows = [(one.id, one.title, one.body, one.title_folded, one.body_folded) for one in documents]
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE bare USING fts5(title, body, title_folded, body_folded)")
        began = time.perf_counter()
        cursor.execute("BEGIN")
        sql = "INSERT INTO bare(rowid, title, body, title_folded, body_folded) VALUES (%s, %s, %s, %s, %s)"
        cursor.executemany(sql, rows)
        cursor.execute("COMMIT")
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return len(documents) / took

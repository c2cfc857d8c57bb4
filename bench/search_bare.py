"""The questions of `bench/search.py` asked of the engine itself, as its manual would have one write them.

One request (Elasticsearch), or one statement each for rows, number and counts (SQL): the same words,
conditions, order, size and counts as ours, ready made before the clock starts.
"""

import time
from collections.abc import Callable
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from intake.models import Membership, Role
from intake.templatetags.deadlines import SOON
from intake.workflow import OPEN
from search.analysis import Terms, Width
from search.documents import submission_document, submissions_to_index
from search.indexes import SUBMISSIONS
from search.query import Due, Filters, Query, Sort

Run = Callable[[], object]
SAMPLE = 10_000  # documents of the bare load


def processor_ms(run: Run, times: int = 10) -> float:
    """Of one run, ours and Elasticsearch's together, milliseconds: what other work on the machine hardly changes."""

    def spent() -> float:
        return 1_000 * time.process_time() + _spent_by_nodes()

    began = spent()
    for _ in range(times):
        run()
    return (spent() - began) / times


def _spent_by_nodes() -> float:
    if not settings.ELASTICSEARCH_URL:
        return 0.0
    from search.engines.elastic_server import client

    nodes = client().nodes.stats(metric="process")["nodes"].values()
    return float(sum(node["process"]["cpu"]["total_in_millis"] for node in nodes))


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


_COLUMNS = {
    "status": "s.status",
    "kind": "s.kind",
    "system": "e.system",
    "suggested": "e.lead",
    "nature": "e.nature",
    "decision": "e.decision",
    "handler": "s.handler_id",
}
_ORDER = {
    Sort.RELEVANCE: "bm25(search_submission_words)",
    Sort.DEADLINE: "s.due_at",
    Sort.NEWEST: "s.created_at DESC",
}
_TABLES = "intake_submission s JOIN search_submissionentry e ON e.submission_id = s.id"


def _where(filters: Filters, at: datetime) -> tuple[list[str], list[object]]:
    """Conditions on values of columns, and the two deadlines that a view counts."""
    where, params = ["s.visibility <> 'sealed'"], []
    for name, values in filters.items():
        column = "s.status" if name == "due" else _COLUMNS[name]
        given = sorted(OPEN) if name == "due" else values
        where.append(f"{column} IN ({', '.join(['%s'] * len(given))})")
        params += given
    if "due" in filters:
        overdue = filters["due"] == (Due.OVERDUE,)
        where.append("s.due_at < %s" if overdue else "s.due_at BETWEEN %s AND %s")
        params += [at] if overdue else [at, at + SOON]
    return where, params


def bare_fts5(query: Query) -> Run:
    """Hand-written SQL: rows, number, a count by value for each facet that is a column, a number for each view."""
    tables, own, at = _TABLES, "", now()
    where, params = _where(query.within | query.filters, at)
    if query.terms:
        tables = f"search_submission_words w JOIN {tables.replace(' JOIN', ' ON s.id = w.rowid JOIN', 1)}"
        where.append("search_submission_words MATCH %s")
        params.append(_plain(query.terms))
    member = Membership.of(query.user)
    if member.role != Role.COORDINATOR:
        own = " JOIN intake_assignment a ON a.submission_id = s.id AND a.ended_at IS NULL"
        own += f" AND a.agency_id = {member.agency_id}"
    hits = f"FROM {tables}{own} WHERE {' AND '.join(where)}"
    order = f"ORDER BY {_ORDER[query.sort]} LIMIT {query.size} OFFSET {query.offset}"
    statements = [
        (f"SELECT count(*) {hits}", params),
        (f"SELECT s.id {hits} {order}", params),
        *(
            (f"SELECT {_COLUMNS[name]}, count(*) {hits} GROUP BY 1", params)
            for name in query.facets
            if name in _COLUMNS
        ),
    ]
    for held in query.views.values():
        conditions, values = _where(held, at)
        statements.append((f"SELECT count(*) FROM {_TABLES}{own} WHERE {' AND '.join(conditions)}", values))  # noqa: S608

    def run() -> None:
        with connection.cursor() as cursor:
            for statement, values in statements:
                cursor.execute(statement, values)
                cursor.fetchall()

    return run


def bare_load() -> float:
    """Documents a second that the engine takes when they are ready made."""
    documents = [submission_document(one) for one in islice(submissions_to_index()[:SAMPLE], SAMPLE)]
    return (_load_elastic if settings.ELASTICSEARCH_URL else _load_fts5)(documents)


def _load_elastic(documents: list) -> float:
    from elasticsearch.helpers import streaming_bulk

    from search.engines.elastic_bulk import source
    from search.engines.elastic_server import ElasticServer, client

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

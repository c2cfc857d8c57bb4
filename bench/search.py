"""How fast search is, and what our code adds to the engine: `python bench/search.py --sizes 10000,100000`.

Ten usual queries at each size, through our code and bare against the engine of the environment
(FTS5, or Elasticsearch where ELASTICSEARCH_URL is set), on generated submissions with the words of
the training corpus. The database and the indices are made for the run and dropped after it. The last
line is one JSON object; times in milliseconds, `rebuild_ratio` in documents a second, ours to bare.
"""

import argparse
import json
import logging
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["SEARCH_PREFIX"] = f"bench-{os.getpid()}"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils.timezone import now  # noqa: E402

from intake.directories.loader import load  # noqa: E402
from intake.models import Agency, Assignment, Membership, Role, Submission  # noqa: E402
from intake.workflow import Status  # noqa: E402
from search import sync  # noqa: E402
from search.abbreviations import synonyms  # noqa: E402
from search.analysis import Terms, Width, parse  # noqa: E402
from search.documents import submission_document, submissions_to_index  # noqa: E402
from search.engines import engine  # noqa: E402
from search.indexes import SUBMISSIONS  # noqa: E402
from search.query import SUBMISSION_FILTERS, Query, Sort  # noqa: E402
from search.rebuild import rebuild  # noqa: E402

SIZE = 25
FACETS = tuple(name for name in SUBMISSION_FILTERS if name not in {"decision", "handler"})


def chain(rng: random.Random) -> Callable[[int], str]:
    """Texts whose neighbouring words are neighbours in the corpus: words come as often as there."""
    follows: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "classifier" / "corpus").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            words = json.loads(line).get("text", "").split()
            for one, other in zip(words, words[1:], strict=False):
                follows[one].append(other)
    starts = list(follows)

    def text(length: int) -> str:
        words = [rng.choice(starts)]
        while len(words) < length:
            words.append(rng.choice(follows.get(words[-1]) or starts))
        return " ".join(words)

    return text


def fill(count: int, rng: random.Random, text: Callable[[int], str], agencies: list[Agency]) -> None:
    """Bring the table to this many submissions, half of them assigned."""
    moment, there = now(), Submission.objects.count()
    while there < count:
        batch = []
        for _ in range(min(5_000, count - there)):
            title, body = text(rng.randint(6, 14)), text(rng.randint(40, 220))
            status = rng.choice([Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS, Status.CLOSED, Status.CLOSED])
            sent = moment - timedelta(minutes=rng.randint(0, 500_000))
            batch.append(
                Submission(
                    kind="feedback",
                    kind_sent="feedback",
                    title=title[:200],
                    body=body,
                    redacted_title=title[:200],
                    redacted_body=body,
                    status=status,
                    nature="in_scope" if status != Status.RECEIVED else "",
                    system_id=rng.randint(1, 6) if status != Status.RECEIVED else None,
                    created_at=sent,
                    due_at=sent + timedelta(days=rng.randint(1, 400)),
                )
            )
        made = Submission.objects.bulk_create(batch, batch_size=500)
        Assignment.objects.bulk_create(
            [
                Assignment(submission=one, agency=rng.choice(agencies), role="lead")
                for one in made
                if one.status != Status.RECEIVED
            ],
            batch_size=1_000,
        )
        there += len(batch)


def queries(coordinator: User, officer: User) -> dict[str, Query]:
    """What people at a desk ask all day."""
    known = synonyms()

    def asked(text: str, user: User = coordinator, **changes) -> Query:
        sort = Sort.RELEVANCE if text else Sort.DEADLINE
        return replace(Query(terms=parse(text, known), user=user, sort=sort, size=SIZE), **changes)

    return {
        "unaccented": asked("chuyen doi so"),
        "accented": asked("chuyển đổi số"),
        "four syllables": asked("bệnh án điện tử"),
        "abbreviation": asked("KHCN"),
        "a sentence": asked("nộp hồ sơ trực tuyến ở xã"),
        "a common word": asked("dữ liệu"),
        "words and a filter": asked("hồ sơ đất đai", filters={"system": ("2",)}),
        "an officer's own": asked("phần mềm", officer),
        "what waits": asked("", filters={"status": (Status.RECEIVED,)}),
        "page 40": asked("", sort=Sort.NEWEST, page=40),
    }


def timed(run: Callable[[], object], repeats: int) -> list[float]:
    run()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        times.append((time.perf_counter() - began) * 1_000)
    return times


def p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, round(0.95 * (len(times) - 1)))]


# --- bare against the engine -------------------------------------------------------------------


def _plain(terms: Terms) -> str:
    """The same words asked for without ranks, phrases or other ways of writing."""
    from search.engines.fts5 import _unit

    return " AND ".join(map(_unit, terms.units))


def bare_fts5(query: Query) -> Callable[[], object]:
    """Hand-written SQL for the same hits and their number."""
    where, params = ["s.visibility <> 'sealed'"], []
    tables = "intake_submission s"
    if query.terms:
        tables = "search_submission_words w JOIN intake_submission s ON s.id = w.rowid"
        where.append("search_submission_words MATCH %s")
        params.append(_plain(query.terms))
    member = Membership.of(query.user)
    if member.role != Role.COORDINATOR:
        tables += " JOIN intake_assignment a ON a.submission_id = s.id AND a.ended_at IS NULL AND a.agency_id = %s"
        params.insert(0, member.agency_id)
    if "status" in query.filters:
        where.append("s.status = 'received'")
    if "system" in query.filters:
        tables += " JOIN search_submissionentry e ON e.submission_id = s.id"
        where.append("e.system = 2")
    order = {
        Sort.RELEVANCE: "bm25(search_submission_words)",
        Sort.DEADLINE: "s.due_at",
        Sort.NEWEST: "s.created_at DESC",
    }
    hits = f"FROM {tables} WHERE {' AND '.join(where)}"  # noqa: S608 (no input but our own)
    rows = f"SELECT s.id {hits} ORDER BY {order[query.sort]} LIMIT {SIZE} OFFSET {query.offset}"

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {hits}", params)
            cursor.fetchone()
            cursor.execute(rows, params)
            cursor.fetchall()

    return run


def bare_elastic(query: Query) -> Callable[[], object]:
    """One request with the same words and filters, as the client's manual would write it."""
    from search.engines.elastic import _SUBMISSIONS, _unit, readable_by
    from search.engines.elastic_server import client

    must = [_unit(unit) for unit in query.terms.units] or [{"match_all": {}}]
    body = {
        "query": {
            "bool": {"must": must, "filter": [readable_by(query.user), *_SUBMISSIONS.conditions(query.filters, now())]}
        },
        "sort": _SUBMISSIONS.order(query),
        "from_": query.offset,
        "size": SIZE,
        "source": False,
        "track_total_hits": True,
    }
    return lambda: client().search(index=SUBMISSIONS.alias, **body)


def bare_bulk() -> float:
    """Documents a second that the engine takes when they are ready made."""
    documents = [submission_document(one) for one in submissions_to_index()[:10_000]]
    if settings.ELASTICSEARCH_URL:
        from elasticsearch.helpers import streaming_bulk

        from search.engines.elastic_server import ElasticServer, client, source

        build = ElasticServer().begin(SUBMISSIONS)
        ready = [{"_index": build.name, "_id": one.id, "_source": source(one)} for one in documents]
        began = time.perf_counter()
        for _ in streaming_bulk(client().options(request_timeout=60), ready):
            pass
        client().indices.refresh(index=build.name)
        took = time.perf_counter() - began
        client().indices.delete(index=build.name)
        return len(documents) / took
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


# --- the run -----------------------------------------------------------------------------------


def measure(count: int, people: tuple[User, User], repeats: int) -> dict[str, float]:
    began = time.perf_counter()
    rebuild(SUBMISSIONS)
    speed = count / (time.perf_counter() - began)
    chosen = engine()
    bare = bare_elastic if settings.ELASTICSEARCH_URL else bare_fts5
    worst = {"p50_ms": 0.0, "p95_ms": 0.0, "ratio_p95": 0.0, "page_p95_ms": 0.0}
    print(f"\n{count} submissions, {chosen.name}: {speed:.0f} documents/s built")
    print(f"{'':20}{'hits':>9}{'p50':>9}{'p95':>9}{'bare p95':>10}{'ratio':>7}{'with counts p95':>17}")
    for name, query in queries(*people).items():
        found = chosen.submissions(query)
        ours = timed(lambda query=query: chosen.submissions(query), repeats)
        plain = timed(bare(query), repeats)
        page = timed(lambda query=query: chosen.submissions(replace(query, facets=FACETS)), max(5, repeats // 4))
        figures = {
            "p50_ms": statistics.median(ours),
            "p95_ms": p95(ours),
            "ratio_p95": p95(ours) / p95(plain),
            "page_p95_ms": p95(page),
        }
        worst = {key: max(value, figures[key]) for key, value in worst.items()}
        marker = "" if found.width == Width.ALL else f"  ({found.width})"
        print(
            f"{name:20}{found.total:9}{figures['p50_ms']:9.1f}{figures['p95_ms']:9.1f}{p95(plain):10.1f}"
            f"{figures['ratio_p95']:7.2f}{figures['page_p95_ms']:17.1f}{marker}"
        )
    return worst | {"docs_per_second": speed, "rebuild_ratio": speed / bare_bulk()}


def people() -> tuple[User, User]:
    """A coordinator, and an officer of one agency."""
    home = Agency.objects.get(code="BKHCN")
    made = []
    for role in (Role.COORDINATOR, Role.OFFICER):
        user = User.objects.create_user(role)
        Membership.objects.create(user=user, role=role, agency=home)
        made.append(user)
    return made[0], made[1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sizes", default="10000", help="how many submissions, smallest first")
    options.add_argument("--repeats", type=int, default=20)
    given = options.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    logging.disable(logging.WARNING)
    rng = random.Random(57)
    real_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        load()
        text, who = chain(rng), people()
        agencies = list(Agency.objects.filter(kind="government"))
        found = {}
        for size in sizes:
            fill(size, rng, text, agencies)
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")
            found[size] = measure(size, who, given.repeats)
    finally:
        for server in sync.servers():
            server.drop(SUBMISSIONS)
        connection.creation.destroy_test_db(real_name, verbosity=0)
    first, last = found[sizes[0]], found[sizes[-1]]
    summary = {key: round(value, 3) for key, value in last.items()}
    print(
        json.dumps(
            {"sizes": sizes, "engine": engine().name, "growth": round(last["p95_ms"] / first["p95_ms"], 3)} | summary
        )
    )


if __name__ == "__main__":
    main()

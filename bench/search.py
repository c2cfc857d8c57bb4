"""How fast search is, and what our code adds to the engine: `python bench/search.py --sizes 10000,100000`.

Ten usual questions of the officers' desk at each size, through our code and bare against the engine of
the environment (FTS5, or Elasticsearch where ELASTICSEARCH_URL is set), in turn, on generated texts
(`search_data.py`), one in ten with a sentence vector. Then suggestions while typing, submissions like a
given one, the first page of the queue as a browser gets it, the size of the index, and a rebuild against
a bare load before and after it. Database and indices are made for the run and dropped after it; `--keep`
leaves them for a next run with `--keep`, which then begins from their size. The last line is one JSON
object; times in milliseconds (`cpu_ms`: of processors, ours and the engine's), ratios ours to bare,
`growth` the worst p95 at the last size to the first.
"""

import argparse
import json
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # before this folder, whose search.py is not the room
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["SEARCH_PREFIX"] = "kept" if "--keep" in sys.argv else f"bench-{os.getpid()}"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from search_bare import Run, bare, bare_load, processor_ms  # noqa: E402
from search_data import fill  # noqa: E402

from intake.directories.loader import load  # noqa: E402
from intake.models import Agency, Membership, Role, Submission  # noqa: E402
from intake.workflow import Status  # noqa: E402
from search.abbreviations import synonyms  # noqa: E402
from search.analysis import Width, parse  # noqa: E402
from search.engines import engine, search_submissions  # noqa: E402
from search.indexes import SUBMISSIONS, servers  # noqa: E402
from search.listing import FACETS, views_for  # noqa: E402
from search.query import Query, Sort  # noqa: E402
from search.rebuild import rebuild  # noqa: E402
from search.similar import nearest  # noqa: E402
from search.suggest import suggest  # noqa: E402
from search.vocabulary import recount  # noqa: E402

SIZE = 25
WARM = 5  # runs before any is measured: Java compiles what it runs often
PREFIXES = ("ch", "chuyển đ", "chuyen doi s", "ho so dat", "dữ li", "nộp hồ sơ tr", "phan m", "bộ khoa")
Ask = Callable[[], Query]


def questions(coordinator: User, officer: User) -> dict[str, Ask]:
    """What people at a desk ask all day: every one with the counts of the views, two with the filters open."""

    def asked(text: str, user: User = coordinator, **changes) -> Ask:
        views = {view.key: view.within for view in views_for(Membership.of(user))}
        sort = Sort.RELEVANCE if text else Sort.DEADLINE

        def ask() -> Query:
            query = Query(terms=parse(text, synonyms()), user=user, sort=sort, size=SIZE, views=views)
            return replace(query, **changes)

        return ask

    return {
        "unaccented": asked("chuyen doi so"),
        "accented": asked("chuyển đổi số"),
        "abbreviation": asked("KHCN"),
        "a sentence": asked("nộp hồ sơ trực tuyến ở xã"),
        "a common word": asked("dữ liệu"),
        "words and a filter": asked("hồ sơ đất đai", filters={"system": ("2",)}, facets=FACETS),
        "an officer's own": asked("phần mềm", officer),
        "what waits": asked("", within={"status": (Status.RECEIVED,)}, facets=FACETS),
        "by deadline": asked(""),
        "page 40": asked("", sort=Sort.NEWEST, page=40),
    }


def in_turn(runs: list[Run], repeats: int) -> list[list[float]]:
    """Milliseconds of each, run one after the other in rounds: a busy moment of the machine hits all."""
    times: list[list[float]] = [[] for _ in runs]
    for run in runs * WARM:
        run()
    for turn in range(repeats):
        pairs = list(zip(runs, times, strict=True))
        for run, took in pairs if turn % 2 else pairs[::-1]:
            began = time.perf_counter()
            run()
            took.append((time.perf_counter() - began) * 1_000)
    return times


def p95(times: list[float]) -> float:
    return sorted(times)[round(0.95 * (len(times) - 1))]


def measure_questions(people: tuple[User, User], repeats: int) -> dict[str, float]:
    worst: dict[str, float] = {}
    print(
        f"{'':20}{'hits':>9}{'p50':>9}{'p95':>9}{'bare p50':>10}{'bare p95':>10}{'ratio':>7}{'cpu':>7}{'bare cpu':>9}"
    )
    for name, ask in questions(*people).items():
        found = search_submissions(ask())
        runs: list[Run] = [lambda ask=ask: search_submissions(ask()), bare(ask())]
        ours, plain = in_turn(runs, repeats)
        cpu, plain_cpu = map(processor_ms, runs)
        figures = {
            "p50_ms": statistics.median(ours),
            "p95_ms": p95(ours),
            "ratio_p50": statistics.median(ours) / statistics.median(plain),
            "ratio_p95": p95(ours) / p95(plain),
            "cpu_ms": cpu,
            "ratio_cpu": cpu / plain_cpu,
        }
        worst = {key: max(value, worst.get(key, 0.0)) for key, value in figures.items()}
        marker = "" if found.width == Width.ALL else f"  ({found.width})"
        print(
            f"{name:20}{found.total:9}{figures['p50_ms']:9.1f}{figures['p95_ms']:9.1f}"
            f"{statistics.median(plain):10.1f}{p95(plain):10.1f}{figures['ratio_p95']:7.2f}"
            f"{cpu:7.1f}{plain_cpu:9.1f}{marker}",
            flush=True,
        )
    return worst


def measure_others(user: User, repeats: int) -> dict[str, float]:
    """What is offered while somebody types, and submissions like one with a vector, another each time."""
    typed, meant = cycle(PREFIXES), Submission.objects.filter(triages__vector__isnull=False).order_by("-pk")
    like = cycle(meant[: WARM + repeats])
    (suggesting,) = in_turn([lambda: suggest(next(typed), user, SUBMISSIONS)], repeats)
    (finding,) = in_turn([lambda: nearest(next(like), user)], repeats)
    return {"suggest_p95_ms": p95(suggesting), "similar_p95_ms": p95(finding)}


def measure_page(user: User, repeats: int) -> dict[str, float]:
    """The first page of the queue: bytes, statements to the database, time."""
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(user)
    run: Run = lambda: browser.get("/can-bo/")  # noqa: E731
    (times,) = in_turn([run], max(5, repeats // 4))
    with CaptureQueriesContext(connection) as statements:
        page = browser.get("/can-bo/")
    assert page.status_code == 200, page.status_code
    return {"page_bytes": len(page.content), "page_queries": len(statements), "page_p95_ms": p95(times)}


def index_bytes() -> int:
    if settings.ELASTICSEARCH_URL:
        from search.engines.elastic_server import client

        return client().indices.stats(index=SUBMISSIONS.alias)["_all"]["primaries"]["store"]["size_in_bytes"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_submission%'")
        return cursor.fetchone()[0] or 0


def held() -> int:
    """Documents the index has now; 0 where there is none."""
    return engine().submissions(Query(user=User.objects.get(username=Role.COORDINATOR), size=0)).total


def measure(count: int, people: tuple[User, User], repeats: int) -> dict[str, float]:
    found: dict[str, float] = {}
    if not any(server.has(SUBMISSIONS) for server in servers()) or held() != count:
        before, began = bare_load(), time.perf_counter()
        rebuild(SUBMISSIONS)
        speed = count / (time.perf_counter() - began)
        plain = statistics.mean((before, bare_load()))
        found = {"docs_per_second": speed, "bare_docs_per_second": plain, "rebuild_ratio": speed / plain}
        print(f"built at {speed:.0f} documents/s, bare load {plain:.0f}", flush=True)
    recount(SUBMISSIONS, force=True)
    for ask in questions(*people).values():
        in_turn([lambda ask=ask: search_submissions(ask()), bare(ask())], WARM)
    found |= measure_questions(people, repeats) | measure_others(people[0], repeats)
    found |= measure_page(people[0], repeats)
    # What else the machine was doing: processes that wanted to run, of the last five minutes.
    return found | {"index_mb": index_bytes() / 1e6, "load": os.getloadavg()[1]}


def people() -> tuple[User, User]:
    """A coordinator, and an officer of one agency."""
    home = Agency.objects.get(code="BKHCN")
    made = []
    for role in (Role.COORDINATOR, Role.OFFICER):
        user, fresh = User.objects.get_or_create(username=role)
        if fresh:
            Membership.objects.create(user=user, role=role, agency=home)
        made.append(user)
    return made[0], made[1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sizes", default="10000", help="how many submissions, smallest first")
    options.add_argument("--repeats", type=int, default=100)
    options.add_argument("--keep", action="store_true")
    given = options.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    logging.disable(logging.WARNING)
    real_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=given.keep)
    found = {}
    try:
        load()
        who = people()
        for size in sizes:
            began = time.perf_counter()
            fill(size)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
            print(f"\n{size} submissions, {engine().name} (made in {time.perf_counter() - began:.0f} s)", flush=True)
            found[size] = measure(size, who, given.repeats)
    finally:
        if not given.keep:
            for server in servers():
                server.drop(SUBMISSIONS)
            connection.creation.destroy_test_db(real_name, verbosity=0)
    first, last = found[sizes[0]], found[sizes[-1]]
    summary = {key: round(value, 3) for key, value in last.items()}
    growth = round(last["p95_ms"] / first["p95_ms"], 3)
    print(json.dumps({"sizes": sizes, "engine": engine().name, "growth": growth} | summary))


if __name__ == "__main__":
    main()

"""How well search finds what was meant: `python bench/relevance.py` on the engine of the environment.

The judged queries of `tests/search/relevance` over the example answers and submissions, by words alone
and fused with meaning. The database and the indices are made for the run and dropped after it. The last
line is one JSON object: means of nDCG@10 and recall@5 (0 to 1), over all queries, over those that share
no content word with what answers them, and by who asks; `query_ms` is the median wait of a fused query.
`--items FILE` (JSON lines with `id` and `text`): also the queries judged over those petitions, which then
lie among the example submissions.
"""

import argparse
import json
import logging
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["SEARCH_PREFIX"] = f"bench-{os.getpid()}"

import django  # noqa: E402

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402

from intake.directories.loader import load  # noqa: E402
from intake.models import Agency, Membership, Role  # noqa: E402
from search import meaning  # noqa: E402
from search.engines import engine  # noqa: E402
from search.indexes import ANSWERS, SUBMISSIONS, servers  # noqa: E402
from tests.search.relevance.collection import Collection  # noqa: E402
from tests.search.relevance.measures import ITEMS, judged  # noqa: E402
from tests.search.relevance.recorded import Keeping  # noqa: E402


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--write", action="store_true", help="keep the vectors for the test of relevance")
    options.add_argument("--items", type=Path)
    given = options.parse_args()
    keeping = Keeping() if given.write else None
    if keeping:
        meaning.encoder = lambda: keeping
    logging.disable(logging.WARNING)
    real_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        print(json.dumps(measured(given.items), ensure_ascii=False))
        if keeping:
            keeping.write()
    finally:
        for server in servers():
            for index in (ANSWERS, SUBMISSIONS):
                server.drop(index)
        connection.creation.destroy_test_db(real_name, verbosity=0)


def measured(items: Path | None) -> dict[str, object]:
    load()
    for server in servers():
        for index in (ANSWERS, SUBMISSIONS):
            server.begin(index).finish()
    collection, queries = Collection(), judged()
    for server in servers():
        server.refresh()
    user = User.objects.create_user("coordinator")
    Membership.objects.create(user=user, role=Role.COORDINATOR, agency=Agency.objects.get(code="VPTW"))
    chosen, waits = engine(), []
    words = collection.measure(chosen, queries, user, meaning=False)
    fused = collection.measure(chosen, queries, user)
    for one in queries:
        began = time.perf_counter()
        collection.found(chosen, one, user)
        waits.append((time.perf_counter() - began) * 1_000)
    found: dict[str, object] = {
        "engine": chosen.name,
        "queries": len(queries),
        "words": words,
        "fused": fused,
        "query_ms": round(statistics.median(waits), 1),
    }
    if items:
        collection.add_items([json.loads(line) for line in items.read_text(encoding="utf-8").splitlines()])
        for server in servers():
            server.refresh()
        over = judged(ITEMS)
        found["items"] = {
            "queries": len(over),
            "words": collection.measure(chosen, over, user, meaning=False),
            "fused": collection.measure(chosen, over, user),
        }
    return found


if __name__ == "__main__":
    main()

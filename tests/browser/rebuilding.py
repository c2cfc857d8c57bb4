"""Run inside an installation by `test_rebuild_live.py`: a rebuild, a hundred changes and a reader, all at once.

Prints one JSON object: what the reader saw, and how index and database differ at the end.
"""

import json
import random
import threading
import time

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F

from intake import services
from intake.models import Agency, Event, Submission
from intake.services import NewSubmission, Sender
from search import rebuild as rebuilding
from search.abbreviations import synonyms
from search.analysis import parse
from search.engines import search_submissions
from search.indexes import SUBMISSIONS, servers
from search.models import Owed
from search.query import Query, SearchAway
from search.sync import sync
from search.verify import verify

WORD = "quạchdựng"
CHANGES = 100
rng = random.Random(57)
user = User.objects.get(username="dieuphoi")
agency = Agency.objects.get(code="BKHCN")
seen: list[list[int]] = []
degraded: list[bool] = []
failures: list[str] = []
over = threading.Event()


def send(number: int) -> Submission:
    sender = Sender(name="Người Thử", address="Số 1 đường Thử", phone="0912 345 678", email="thu@vidu.vn")
    return services.submit(NewSubmission(title=f"Phiếu {number}", body=f"{WORD} lá đơn số {number}", sender=sender))


def change(movable: list[Submission]) -> None:
    """A new one, one assigned, or one sealed: what an index knows as a deletion."""
    one = rng.choice(movable)
    one.refresh_from_db()
    match rng.randrange(3):
        case 0 if one.status == "received" and one.visibility != "sealed":
            services.assign(one, lead=agency, actor=user)
        case 1:
            Submission.objects.filter(pk=one.pk).update(visibility="sealed", version=F("version") + 1)
        case _:
            one = send(len(movable))
            movable.append(one)
    sync(SUBMISSIONS, [one.pk])


def guarded(work) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001 (reported by the test)
        failures.append(f"{type(error).__name__} {error}")
    finally:
        connection.close()


def read() -> None:
    while not over.is_set():
        found = search_submissions(Query(terms=parse(WORD, synonyms()), user=user, size=500))
        seen.append(found.ids)
        degraded.append(found.degraded)
        time.sleep(0.02)


def write() -> None:
    try:
        for _ in range(CHANGES):
            change(movable)
    finally:
        over.set()


def settled() -> bool:
    """The machine has read all there is, and the index has heard of it."""
    unread = Submission.objects.exclude(visibility="sealed").filter(triages=None)
    return not (unread.exists() or Event.objects.filter(dispatched_at=None).exists() or Owed.objects.exists())


lasting = [send(number) for number in range(20)]
movable = [send(number) for number in range(40)]
sync(SUBMISSIONS, [one.pk for one in [*lasting, *movable]])
for server in servers():
    server.refresh()
rebuilding.CHUNK = 5
threads = [threading.Thread(target=guarded, args=(work,)) for work in (read, write)]
for thread in threads:
    thread.start()
rebuilds = 0
while not over.is_set() or not rebuilds:
    try:
        rebuilding.rebuild(SUBMISSIONS)
        rebuilds += 1
    except (rebuilding.AlreadyRunning, SearchAway) as error:
        failures.append(str(error))
        break
over.wait(120)
for thread in threads:
    thread.join(60)
give_up = time.monotonic() + 180
while not settled() and time.monotonic() < give_up:
    time.sleep(0.5)
for server in servers():
    server.refresh()
found = verify(SUBMISSIONS)
wanted = {one.pk for one in lasting}
result = {
    "rebuilds": rebuilds,
    "reads": len(seen),
    "lacking": sum(not wanted <= set(ids) for ids in seen),
    "doubled": sum(len(ids) != len(set(ids)) for ids in seen),
    "degraded": sum(degraded),
    "failures": failures,
    "missing": sorted(found.missing),
    "stale": sorted(found.stale),
    "extra": sorted(found.extra),
    "broken": found.broken,
}
print(json.dumps(result))

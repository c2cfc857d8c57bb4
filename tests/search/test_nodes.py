"""Three real Elasticsearch nodes on this machine, the elected one killed while people work."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake import services
from intake.models import Submission
from search.engines import elastic_server, search_submissions
from search.engines.elastic import ElasticEngine
from search.engines.elastic_server import ElasticServer, client
from search.indexes import ANSWERS, SUBMISSIONS
from search.models import Owed
from search.query import Query, SearchAway, rest
from search.rebuild import rebuild
from search.sync import BATCH, settle, sync
from search.verify import verify
from tests.conftest import make_submission

pytestmark = pytest.mark.cluster
ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS, KILLED_AT = 60, 15


def forget_lines() -> None:
    client.cache_clear()
    elastic_server.protect.cache_clear()


@pytest.fixture
def nodes(tmp_path: Path, settings) -> Iterator[dict]:
    """Three nodes of their own, and the settings that lead to them; gone afterwards."""
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "ELASTICSEARCH_NODES": "3",
        "ES_JAVA_OPTS": "-Xms512m -Xmx512m",
    }
    run = [sys.executable, "-m", "config.services"]
    try:
        subprocess.run([*run, "up"], cwd=ROOT, env=environment, check=True, capture_output=True, timeout=300)
        written = dict(
            line.split("=", 1) for line in (tmp_path / "services.env").read_text().splitlines() if "=" in line
        )
        settings.ELASTICSEARCH_URL = written["ELASTICSEARCH_URL"].strip('"')
        settings.ELASTICSEARCH_SHARDS, settings.ELASTICSEARCH_REPLICAS = 2, 1
        forget_lines()
        yield json.loads((tmp_path / "services" / "state.json").read_text())
    finally:
        subprocess.run([*run, "down"], cwd=ROOT, env=environment, check=False, capture_output=True, timeout=120)
        forget_lines()


def elected() -> str:
    state = client().options(request_timeout=30).cluster.state(metric=["master_node", "nodes"])
    return state["nodes"][state["master_node"]]["name"]


def settle_all(seconds: float) -> None:
    """What the worker's sweep does, until nothing is owed."""
    deadline = time.monotonic() + seconds
    while owed := list(Owed.objects.all()[:BATCH]):
        assert time.monotonic() < deadline, f"{len(owed)} objects are still owed"
        try:
            settle(owed)
        except SearchAway:
            time.sleep(1)


def test_one_of_three_killed_during_work_loses_nothing(nodes, coordinator, ministry):
    made = [make_submission(body=f"lá đơn số {number}") for number in range(40)]
    for index in (SUBMISSIONS, ANSWERS):
        rebuild(index)
    health = client().options(request_timeout=60).cluster.health(wait_for_status="green", timeout="50s")
    assert (health["number_of_nodes"], health["status"], health["active_shards"]) == (3, "green", 8)

    rng, asked, degraded, longest = random.Random(57), 0, 0, 0.0
    for number in range(ROUNDS):
        if number == KILLED_AT:
            victim = elected()
            os.killpg(nodes[victim]["process"]["pid"], signal.SIGKILL)
        one = rng.choice(made)
        one.refresh_from_db()
        if one.status == "received" and rng.random() < 0.5:
            services.assign(one, lead=ministry, actor=coordinator)
        else:
            one = make_submission(body=f"lá đơn mới {number}")
            made.append(one)
        Owed.objects.owe("submission", one.pk)
        try:
            sync(SUBMISSIONS, [one.pk])
            Owed.objects.filter(object_id=one.pk).delete()
        except SearchAway:
            pass  # the row stays, and the sweep comes
        began = time.monotonic()
        found = search_submissions(Query(user=coordinator, size=200))
        longest = max(longest, time.monotonic() - began)
        asked, degraded = asked + 1, degraded + found.degraded
        assert len(found.ids) == len(set(found.ids)) == found.total >= 40

    settle_all(60)
    rest.end()
    health = client().options(request_timeout=60).cluster.health(wait_for_nodes="2", timeout="30s")
    assert health["number_of_nodes"] == 2 and health["status"] != "red"
    ElasticServer().refresh()
    assert not verify(SUBMISSIONS)
    ids = ElasticEngine().submissions(Query(user=coordinator, size=500)).ids
    assert set(ids) == set(Submission.objects.values_list("pk", flat=True))
    print(f"{asked} questions, {degraded} answered by the database, the longest {longest:.1f} s")

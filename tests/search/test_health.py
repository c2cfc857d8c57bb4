"""/healthz: 200 only when all that the profile needs works; says what does not, never a secret."""

import time

import pytest
from django.conf import settings as real
from django.db import connection

from search import health, heartbeat
from search.models import SubmissionEntry

pytestmark = pytest.mark.usefixtures("_server")


@pytest.fixture
def well(db, monkeypatch):
    """Everything works: a worker has just been heard of, and a model is there."""
    monkeypatch.setattr(health, "model", lambda: {"version": "t"})
    heartbeat.beat()


def test_all_is_well(client, well):
    response = client.get("/healthz")
    report = response.json()
    assert (response.status_code, report["status"]) == (200, "ok")
    assert {part: report[part]["ok"] for part in ("database", "queue", "search", "model")} == dict.fromkeys(
        ("database", "queue", "search", "model"), True
    )
    assert report["profile"] in {"embedded", "cluster", "mixed"}
    assert (report["pending_events"], report["oldest_pending_seconds"]) == (0, 0)


def test_it_counts_what_nobody_has_heard_of(client, well, submission):
    report = client.get("/healthz").json()
    assert report["pending_events"] == 1
    assert report["oldest_pending_seconds"] >= 0


def test_a_worker_that_fell_silent_is_missed(client, well, monkeypatch):
    later = time.time() + 100
    monkeypatch.setattr(heartbeat.time, "time", lambda: later)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["queue"]["ok"] is False


def test_no_worker_ever(client, well, monkeypatch):
    monkeypatch.setattr(heartbeat, "age", lambda: None)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["queue"]["heartbeat_seconds"]) == (503, None)


def test_a_broker_that_is_away_is_said_without_its_password(client, well, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionError("redis://:secret@host refused")

    monkeypatch.setattr(health.current_app, "connection_for_write", refuse)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["queue"] == {"ok": False, "error": "ConnectionError"}
    assert "secret" not in response.content.decode()


def test_a_model_that_is_missing_is_missed(client, db, monkeypatch, tmp_path):
    monkeypatch.setattr(health.triage, "model_folder", lambda: tmp_path / "none")
    heartbeat.beat()
    response = client.get("/healthz")
    assert (response.status_code, response.json()["model"]) == (503, {"ok": False, "error": "FileNotFoundError"})


@pytest.mark.skipif(bool(real.ELASTICSEARCH_URL), reason="the full-text tables are not what answers here")
def test_full_text_tables_without_their_triggers_are_missed(client, well):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER search_submission_words_update")
    response = client.get("/healthz")
    assert (response.status_code, response.json()["search"]["error"]) == (503, "LookupError")
    assert not SubmissionEntry.objects.exists()


def test_it_loads_no_model_and_asks_little_of_the_database(client, well, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        client.get("/healthz")


def test_it_is_not_kept_by_anybody(client, well):
    assert "no-store" in client.get("/healthz").headers["Cache-Control"]

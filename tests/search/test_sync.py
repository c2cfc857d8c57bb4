"""The index follows the database: owed rows, repeated and late messages, pages that come and go."""

import random
import time

import pytest
from django.conf import settings
from django.db import transaction

from intake import services
from intake.models import Event, Submission
from intake.outbox import event_recorded
from search import sync as syncing
from search.engines import local_engine
from search.indexes import SUBMISSIONS, Gone
from search.models import Owed, SubmissionEntry
from search.query import Query, SearchAway, SearchSilent
from search.tasks import sweep, sync
from tests.conftest import make_submission
from tests.search.conftest import ask, index, refresh


def dispatch(submission: Submission) -> None:
    for event in submission.events.all():
        event_recorded.send(sender=Event, event=event)


def settle_everything() -> None:
    for pk in list(Owed.objects.values_list("pk", flat=True)):
        sync(pk)
    refresh()


def test_an_event_owes_and_the_task_settles(
    submission, queue, coordinator, _server, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        dispatch(submission)
    owed = Owed.objects.get()
    assert (owed.kind, owed.object_id) == ("submission", submission.pk)
    assert ("search.tasks.sync", (owed.pk,)) in queue
    sync(owed.pk)
    assert not Owed.objects.exists()
    assert ask(local_engine(), coordinator, "mot cua").ids == [submission.pk]


def test_owing_twice_is_owing_once(submission):
    for turn in (1, 2, 3):
        assert Owed.objects.owe("submission", submission.pk).turn == turn
    assert Owed.objects.count() == 1


def test_what_happens_during_a_sync_stays_owed(submission, monkeypatch, _server):
    owed = Owed.objects.owe("submission", submission.pk)
    write = syncing.write_entries

    def slowly(index, ids):
        found = write(index, ids)
        Owed.objects.owe("submission", submission.pk)
        return found

    monkeypatch.setattr(syncing, "write_entries", slowly)
    sync(owed.pk)
    assert Owed.objects.get().turn == 2


def test_a_task_that_comes_late_or_again_changes_nothing(submission, _server):
    owed = Owed.objects.owe("submission", submission.pk)
    sync(owed.pk)
    before = SubmissionEntry.objects.values().get()
    sync(owed.pk)
    sync(999)
    index(submission)
    assert SubmissionEntry.objects.values().get() == before


def test_messages_in_any_order_end_in_the_newest_state(coordinator, ministry, _server):
    made = [make_submission(body=f"lá đơn số {n}") for n in range(6)]
    messages = [Owed.objects.owe("submission", one.pk).pk for one in made]
    for one in made[::2]:
        services.assign(one, lead=ministry, actor=coordinator)
    Submission.objects.filter(pk=made[5].pk).update(visibility="sealed")
    shuffled = messages * 34
    random.Random(57).shuffle(shuffled)
    assert len(shuffled) > 200
    for pk in shuffled:
        sync(pk)
    for one in made:
        dispatch(one)
    settle_everything()
    entries = {entry.pk: entry for entry in SubmissionEntry.objects.all()}
    assert set(entries) == {one.pk for one in made[:5]}
    assert {pk for pk, entry in entries.items() if entry.lead == "BKHCN"} == {one.pk for one in made[:5:2]}


@pytest.mark.skipif(not settings.ELASTICSEARCH_URL, reason="no search server here")
def test_the_newest_of_200_shuffled_documents_wins_on_the_server(submission, coordinator, ministry, officer, _server):
    """As if workers had read it at different times and wrote in any order, each more than once."""
    from search.engines.elastic_server import ElasticServer, client

    read = []
    for change in (
        lambda: None,
        lambda: services.assign(submission, lead=ministry, actor=coordinator),
        lambda: services.accept(submission, actor=officer),
        lambda: services.ask(submission, actor=officer, text="Xin cho biết thêm?"),
    ):
        change()
        read += syncing.write_entries(SUBMISSIONS, [submission.pk])[0]
    messages = read * 50
    random.Random(57).shuffle(messages)
    for document in messages:
        ElasticServer().write(SUBMISSIONS, [document], [])
    held = client().get(index=SUBMISSIONS.alias, id=str(submission.pk))["_source"]
    assert (held["version"], held["status"]) == (read[-1].version, "needs_info")
    ElasticServer().write(SUBMISSIONS, [], [Gone(submission.pk, read[-1].version + 1)])
    for document in read:
        ElasticServer().write(SUBMISSIONS, [document], [])
    assert not client().exists(index=SUBMISSIONS.alias, id=str(submission.pk))


def test_a_change_is_found_within_two_seconds(submission, coordinator, _server):
    """From the worker's task on; nobody asks the server to hurry."""
    from search.engines import engine

    owed = Owed.objects.owe("submission", submission.pk)
    began = time.monotonic()
    sync(owed.pk)
    while not engine().submissions(Query(user=coordinator)).total:
        assert time.monotonic() - began < 2.0
        time.sleep(0.05)


def test_a_search_server_that_is_away_costs_freshness_alone(submission, monkeypatch, caplog):
    class Away:
        def write(self, index, documents, gone):
            raise SearchAway("ConnectionError")

    monkeypatch.setattr(syncing, "servers", lambda: [Away()])
    monkeypatch.setattr("search.tasks.to_build", lambda: [])
    owed = Owed.objects.owe("submission", submission.pk)
    Owed.objects.update(since="2026-01-01T00:00Z")
    sync(owed.pk)
    sweep()
    assert Owed.objects.count() == 1
    # The copies in the database are fresh meanwhile.
    assert SubmissionEntry.objects.filter(pk=submission.pk).exists()
    monkeypatch.setattr(syncing, "servers", lambda: [])
    sweep()
    assert not Owed.objects.exists()


def test_after_silence_the_tasks_rest_and_the_rows_stay(submission, monkeypatch):
    tries = []

    class Silent:
        def write(self, index, documents, gone):
            tries.append(index)
            raise SearchSilent("ConnectionTimeout")

    monkeypatch.setattr(syncing, "servers", lambda: [Silent()])
    owed = Owed.objects.owe("submission", submission.pk)
    for _ in range(5):
        sync(owed.pk)
    assert (len(tries), Owed.objects.count()) == (1, 1)


def test_the_sweep_leaves_fresh_rows_to_their_tasks(submission):
    Owed.objects.owe("submission", submission.pk)
    sweep()
    assert Owed.objects.count() == 1


def test_a_sealed_submission_has_no_copy(coordinator, _server):
    sealed = make_submission(body="TUYỆT MẬT\nkế hoạch")
    index(sealed)
    assert not SubmissionEntry.objects.exists()


def test_one_sealed_later_leaves_no_copy(submission, _server):
    index(submission)
    Submission.objects.filter(pk=submission.pk).update(visibility="sealed")
    index(submission)
    assert not SubmissionEntry.objects.exists()


def test_a_copy_that_goes_takes_its_words_along(submission, _server):
    index(submission)
    SubmissionEntry.objects.all().delete()
    assert local_engine().name != "fts5" or _rows_of_words() == 0


def _rows_of_words() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_submission_words WHERE search_submission_words MATCH 'phan'")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_rolled_back_change_owes_nothing():
    with pytest.raises(RuntimeError), transaction.atomic():
        Owed.objects.owe("submission", 1)
        raise RuntimeError
    assert not Owed.objects.exists()


def test_the_version_grows_with_every_change(submission, coordinator, ministry, officer, _server):
    versions = []
    for change in (
        lambda: None,
        lambda: services.assign(submission, lead=ministry, actor=coordinator),
        lambda: services.accept(submission, actor=officer),
        lambda: services.ask(submission, actor=officer, text="Xin cho biết thêm?"),
    ):
        change()
        documents, _ = syncing.write_entries(SUBMISSIONS, [submission.pk])
        versions.append(documents[0].version)
    assert versions == sorted(set(versions))

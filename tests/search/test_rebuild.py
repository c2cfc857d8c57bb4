"""Rebuilding while people work, and verifying."""

import random
from hashlib import sha256
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from intake import services
from intake.models import Submission
from search import rebuild as rebuilding
from search.analysis import VERSION, prepare
from search.copies import up_to_date
from search.documents import submission_document, submissions_to_index
from search.engines import engine
from search.indexes import SUBMISSIONS
from search.models import Rebuild, SubmissionEntry
from search.query import Query
from search.rebuild import AlreadyRunning, done, rebuild, to_build
from search.sync import write_entries
from search.verify import repair, verify
from tests.conftest import make_submission
from tests.search.conftest import index, refresh

pytestmark = pytest.mark.usefixtures("_server")


def test_a_rebuild_writes_all_and_takes_away_the_rest(db):
    made = [make_submission() for _ in range(3)]
    sealed = make_submission(body="TUYỆT MẬT\nkế hoạch")
    SubmissionEntry.objects.create(submission=sealed, version=1, title="x", title_folded="x", body="x", body_folded="x")
    assert rebuild(SUBMISSIONS) == 3
    assert set(SubmissionEntry.objects.values_list("pk", flat=True)) == {one.pk for one in made}
    assert not verify(SUBMISSIONS)


def test_people_work_on_while_it_runs(coordinator, ministry, monkeypatch):
    """After every batch something is sent, assigned, sealed; readers see neither nothing nor anything twice."""
    monkeypatch.setattr("search.rebuild.CHUNK", 3)
    rng = random.Random(57)
    made = [make_submission(body=f"lá đơn {n}") for n in range(20)]
    index(*made)
    seen = []

    def meanwhile(_):
        for one in rng.sample(made, 4):
            one.refresh_from_db()
            match rng.randrange(3):
                case 0 if one.status == "received":
                    services.assign(one, lead=ministry, actor=coordinator)
                case 1:
                    Submission.objects.filter(pk=one.pk).update(visibility="sealed", version=F("version") + 1)
                case 2:
                    made.append(make_submission(body="lá đơn mới"))
                    one = made[-1]
            index(one)
        seen.append(engine().submissions(Query(user=coordinator, size=100)))

    rebuild(SUBMISSIONS, meanwhile)
    refresh()
    assert not verify(SUBMISSIONS)
    assert len(seen) >= 7
    for results in seen:
        assert 0 < results.total == len(results.ids) == len(set(results.ids))
    wanted = Submission.objects.visible_to(coordinator).values_list("pk", flat=True)
    assert set(engine().submissions(Query(user=coordinator, size=100)).ids) == set(wanted)


def test_verify_finds_what_differs_and_repair_mends_it(db):
    lost, changed, fine, late = (make_submission() for _ in range(4))
    index(lost, changed, fine)
    SubmissionEntry.objects.filter(pk=lost.pk).delete()
    SubmissionEntry.objects.filter(pk=changed.pk).update(title=" khac ", title_folded=" khac ")
    found = verify(SUBMISSIONS)
    assert (found.checked, found.missing, found.stale, found.extra) == (4, {lost.pk, late.pk}, {changed.pk}, set())
    repair(SUBMISSIONS, found)
    assert not verify(SUBMISSIONS)


class Stopped(Exception):
    """The process ends here."""


def stop_at(chunk: int):
    seen = []

    def progress(n: int) -> None:
        seen.append(n)
        if len(seen) == chunk:
            raise Stopped

    return progress


def test_broken_off_it_goes_on_where_it_was(db, monkeypatch):
    monkeypatch.setattr(rebuilding, "CHUNK", 2)
    made = [make_submission() for _ in range(7)]
    index(*made)
    with pytest.raises(Stopped):
        rebuild(SUBMISSIONS, stop_at(2))
    assert done(SUBMISSIONS) == 4
    assert to_build() == [SUBMISSIONS]
    later, seen = make_submission(), []
    index(later)
    refresh()
    assert rebuild(SUBMISSIONS, seen.append) == 8
    assert sum(seen) == 4
    assert (done(SUBMISSIONS), to_build(), Rebuild.objects.count()) == (0, [], 0)
    assert not verify(SUBMISSIONS)


def test_what_changed_behind_a_broken_off_rebuild_is_not_missed(coordinator, ministry, monkeypatch):
    monkeypatch.setattr(rebuilding, "CHUNK", 2)
    made = [make_submission() for _ in range(6)]
    index(*made)
    with pytest.raises(Stopped):
        rebuild(SUBMISSIONS, stop_at(2))
    services.assign(made[0], lead=ministry, actor=coordinator)
    Submission.objects.filter(pk=made[1].pk).update(visibility="sealed", version=F("version") + 1)
    index(made[0], made[1])
    rebuild(SUBMISSIONS)
    refresh()
    assert not verify(SUBMISSIONS)
    found = engine().submissions(Query(user=coordinator, size=50, filters={"status": ("assigned",)}))
    assert (found.ids, found.total) == ([made[0].pk], 1)


def test_two_do_not_build_the_same(db, monkeypatch):
    """One that moves is left alone; one that has not moved for long, or whose process is gone, is followed."""
    make_submission()
    Rebuild.objects.create(kind="submission", runner="another-host 1")
    with pytest.raises(AlreadyRunning):
        rebuild(SUBMISSIONS)
    with pytest.raises(CommandError, match="another-host"):
        call_command("rebuild_search", "submissions", stdout=StringIO(), stderr=StringIO())
    assert SUBMISSIONS not in to_build()
    Rebuild.objects.update(moved_at="2026-01-01T00:00Z")
    assert rebuild(SUBMISSIONS) == 1
    monkeypatch.setattr(rebuilding, "_is_there", lambda runner: False)
    Rebuild.objects.create(kind="submission", runner="another-host 1")
    assert SUBMISSIONS in to_build()
    assert rebuild(SUBMISSIONS) == 1


def test_a_document_from_a_copy_is_the_document(coordinator, ministry, officer):
    made = [make_submission(body=f"lá đơn {n}") for n in range(4)]
    services.assign(made[0], lead=ministry, actor=coordinator)
    services.assign(made[1], lead=ministry, actor=coordinator)
    services.accept(made[1], actor=officer)
    services.draft_answer(made[1], actor=officer, agency=ministry, text="Đã sửa cổng dịch vụ.", outcome="resolved")
    services.propose_answer(made[1], actor=officer)
    ids = [one.pk for one in made]
    write_entries(SUBMISSIONS, ids)
    read = {document.id: document for document in map(submission_document, submissions_to_index(ids))}
    assert read[made[1].pk].authors == [officer.pk]
    assert {document.id: document for document in up_to_date(SUBMISSIONS, ids[0], ids[-1])} == read


def test_a_copy_that_is_not_current_is_made_anew(submission, coordinator, ministry):
    index(submission)
    assert len(up_to_date(SUBMISSIONS, submission.pk, submission.pk)) == 1
    services.assign(submission, lead=ministry, actor=coordinator)
    assert up_to_date(SUBMISSIONS, submission.pk, submission.pk) == []
    index(submission)
    SubmissionEntry.objects.update(analysis=VERSION - 1)
    assert up_to_date(SUBMISSIONS, submission.pk, submission.pk) == []
    rebuild(SUBMISSIONS)
    assert SubmissionEntry.objects.get().analysis == VERSION


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 is SQLite's")
def test_a_damaged_full_text_table_is_found_and_made_again(coordinator):
    made = [make_submission(body=f"lá đơn {n}") for n in range(3)]
    index(*made)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_submission_words(search_submission_words) VALUES ('delete-all')")
    found = verify(SUBMISSIONS)
    assert found.broken == ["search_submission_words"]
    repair(SUBMISSIONS, found)
    assert not verify(SUBMISSIONS)


@pytest.mark.skipif(not settings.ELASTICSEARCH_URL, reason="no search server here")
def test_a_damaged_index_is_found_and_mended(coordinator):
    from search.engines.elastic_server import client

    lost, changed, fine = (make_submission(body=f"lá đơn {n}") for n in range(3))
    index(lost, changed, fine)
    server = client()
    server.delete(index=SUBMISSIONS.alias, id=str(lost.pk))
    server.update(index=SUBMISSIONS.alias, id=str(changed.pk), doc={"status": "closed"})
    held = server.get(index=SUBMISSIONS.alias, id=str(fine.pk))["_source"]
    server.index(index=SUBMISSIONS.alias, id="999999", document=held | {"id": 999999}, refresh=True)
    found = verify(SUBMISSIONS)
    assert (found.missing, found.stale, found.extra) == ({lost.pk}, {changed.pk}, {999999})
    repair(SUBMISSIONS, found)
    refresh()
    assert not verify(SUBMISSIONS)
    assert engine().submissions(Query(user=coordinator)).total == 3


def test_what_is_owed_is_no_difference(db):
    from search.models import Owed

    one = make_submission()
    Owed.objects.owe("submission", one.pk)
    found = verify(SUBMISSIONS)
    assert not found
    assert found.owed == {one.pk}


def test_the_commands_say_what_they_did(db):
    make_submission()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_search", stdout=out, stderr=StringIO())
    call_command("rebuild_search", stdout=out, stderr=StringIO())
    call_command("verify_search", "--repair", stdout=out, stderr=StringIO())
    assert "submissions: 1 checked, 0 missing, 0 stale, 0 extra, 0 owed" in out.getvalue()


def test_whoever_changes_the_analysis_raises_its_version():
    """Else copies prepared before the change would be taken for current. Then put the new digest here."""
    texts = [
        "Hoà Bình, ĐỔI mới; KH&CN 4.0",
        "chuyeenr ddooir soos",
        "thuý\u0309 Ðắk Lắk e\u0302\u0301",
        "số 12/2026/NĐ-CP",
    ]
    words = "|".join(f"{one.exact}{one.folded}" for one in map(prepare, texts))
    assert (VERSION, sha256(words.encode()).hexdigest()[:12]) == (1, "9d0a3d646a8a")

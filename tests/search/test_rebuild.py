"""Rebuilding while people work, and verifying."""

import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from intake import services
from intake.models import Submission
from search.engines import engine
from search.indexes import SUBMISSIONS
from search.models import SubmissionEntry
from search.query import Query
from search.rebuild import rebuild, repair, verify
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
    monkeypatch.setattr("search.rebuild.BATCH", 3)
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

"""A sender may object to being read by a machine: on the form, or later where the submission is followed."""

import pytest

from intake import consents, services, tasks, triage
from intake.learning import picks, why
from intake.learning.decisions import REJECTED_AS, decided
from intake.models import RejectionReason, Submission
from tests.conftest import make_submission
from tests.intake.learning import decision
from tests.intake.test_citizen_views import filled
from tests.intake.test_rights import names, opened

pytestmark = pytest.mark.django_db


def test_it_works(client, submission, coordinator):
    triage.triage([submission])
    assert submission.triages.get().vector is not None
    url = opened(client, submission)
    for _ in range(2):
        assert client.post(f"{url}khong-may-doc/").status_code == 302
    submission.refresh_from_db()
    assert submission.by_hand and not submission.triages.exists()
    assert names(submission).count("machine_declined") == 1
    assert "chỉ có người đọc" in client.get(url).content.decode()
    client.force_login(coordinator)
    assert "Đọc bằng người" in client.get(f"/can-bo/phieu/{submission.receipt_code}/").content.decode()


def test_on_the_form(client):
    client.post("/gui/", filled(by_hand="on"))
    submission = Submission.objects.get()
    assert submission.by_hand and names(submission) == ["received", "machine_declined"]
    tasks.triage_submission(submission.pk)
    assert not submission.triages.exists() and not Submission.objects.untriaged().exists()


def test_an_objection_during_the_reading_is_heard(submission):
    seen = Submission.objects.get()
    consents.decline_machine(submission)
    triage.triage([seen])
    assert not submission.triages.exists()


def test_nothing_is_learnt_from_it(submission, coordinator):
    decision(submission, 16, actor=coordinator)
    assert len(decided()) == 1
    consents.decline_machine(submission)
    assert decided() == []


def test_it_holds_for_what_is_split(submission, coordinator):
    early = services.split(submission, actor=coordinator, title="Việc thứ hai", body="Việc thứ hai của phiếu này.")
    consents.decline_machine(early)
    late = services.split(
        Submission.objects.get(pk=submission.pk), actor=coordinator, title="Việc thứ ba", body="Việc thứ ba đây."
    )
    assert all(Submission.objects.values_list("by_hand", flat=True)) and late.by_hand


def test_another_browser_cannot_object(client, submission):
    client.post(f"/tra-cuu/{submission.receipt_code}/khong-may-doc/")
    submission.refresh_from_db()
    assert not submission.by_hand


def test_others_are_read_as_before(submission):
    consents.decline_machine(make_submission(title="Phiếu khác"))
    tasks.triage_submission(submission.pk)
    assert submission.triages.count() == 1


def test_nor_from_its_refusal(submission, coordinator):
    services.reject(submission, actor=coordinator, reason=RejectionReason.objects.get(code=next(iter(REJECTED_AS))))
    assert len(decided()) == 1
    consents.decline_machine(submission)
    assert decided() == []


def test_it_is_not_offered_for_labelling_nor_shown_as_alike(submission, coordinator):
    consents.decline_machine(submission)
    assert list(picks.undecided()) == [] and picks.why_empty("margin") == "Không có phiếu nào đang chờ phân loại."
    for one in (submission, other := make_submission(title=submission.title, body=submission.body)):
        decision(one, 16, actor=coordinator)
    assert submission not in [near.submission for near in why.nearest(other, coordinator)]


def test_what_was_asked_for_before_the_objection_is_not_read(submission, monkeypatch):
    monkeypatch.setattr(triage, "triage", lambda submissions: pytest.fail("read"))
    consents.decline_machine(submission)
    tasks.triage_submission(submission.pk)

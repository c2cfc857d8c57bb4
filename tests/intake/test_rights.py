"""What a sender takes back: agreements, name and contacts; and letters to one address are few."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils.timezone import now

from intake import consents, services, tasks
from intake.access import may
from intake.limits import LETTERS
from intake.models import Email, Membership, RejectionReason, Submitter
from tests.conftest import SENDER, make_submission

pytestmark = pytest.mark.django_db
AGREED = ("publish", "show_name", "contact")


def names(submission) -> list[str]:
    return [event.name for event in submission.events.all()]


def dispatch(submission) -> None:
    for pk in submission.events.filter(dispatched_at=None).values_list("pk", flat=True):
        tasks.dispatch_event(pk)


def send_all() -> None:
    for pk in Email.objects.filter(sent_at=None).values_list("pk", flat=True):
        tasks.send_email(pk)


def opened(client, submission) -> str:
    client.post("/tra-cuu/", {"code": submission.receipt_code, "key": submission.lookup_key})
    return f"/tra-cuu/{submission.receipt_code}/"


def test_an_agreement_is_taken_back_once(client):
    submission = make_submission(consents=AGREED)
    url = opened(client, submission)
    for _ in range(2):
        assert client.post(f"{url}rut-dong-y/", {"purpose": "publish"}).status_code == 302
    assert submission.consents.get(purpose="publish").withdrawn_at
    assert submission.consents.filter(withdrawn_at=None).count() == 2
    assert names(submission).count("consent_withdrawn") == 1
    assert submission.events.last().data == {"purpose": "publish"}
    assert "Đã rút lại ngày" in client.get(url).content.decode()


def test_what_was_never_agreed_is_not_taken_back(client, submission):
    url = opened(client, submission)
    for purpose in ("publish", "", "x" * 300, "\0"):
        assert client.post(f"{url}rut-dong-y/", {"purpose": purpose}).status_code == 302
    assert names(submission) == ["received"]


def test_another_browser_takes_nothing_back(client):
    submission = make_submission(consents=AGREED)
    url = f"/tra-cuu/{submission.receipt_code}/"
    client.post(f"{url}rut-dong-y/", {"purpose": "publish"})
    client.post(f"{url}xoa-lien-he/")
    assert names(submission) == ["received"]
    assert submission.submitter.name


def test_contacts_of_an_open_case_are_blocked_and_erased_at_its_end(client, accepted, officer, ministry, approver):
    url = opened(client, accepted)
    client.post(f"{url}xoa-lien-he/")
    client.post(f"{url}xoa-lien-he/")
    assert names(accepted).count("contact_blocked") == 1
    assert accepted.submitter.phone  # blocked, not yet erased
    assert not may(Membership.of(officer), "contact", accepted)
    client.force_login(officer)
    assert client.post(f"/can-bo/phieu/{accepted.receipt_code}/lien-he/").status_code == 403

    services.draft_answer(accepted, actor=officer, agency=ministry, text="Đã xem xét.", outcome="explained")
    services.propose_answer(accepted, actor=officer)
    services.approve_answer(accepted, actor=approver)
    dispatch(accepted)
    send_all()
    sender = Submitter.objects.get(submission=accepted)
    assert sender.anonymised_at
    assert {getattr(sender, field) for field in consents.CONTACTS} == {""}
    assert names(accepted)[-1] == "contact_erased"
    assert outbox.outbox == []
    client.logout()
    assert "Đã xóa ngày" in client.get(opened(client, accepted)).content.decode()


def test_contacts_of_a_closed_case_are_erased_at_once(client, answered):
    client.post(f"{opened(client, answered)}xoa-lien-he/")
    sender = Submitter.objects.get(submission=answered)
    assert (sender.name, sender.email) == ("", "")
    assert names(answered)[-2:] == ["contact_blocked", "contact_erased"]


def test_erasing_takes_back_the_name_and_the_surveys_but_not_the_publication():
    submission = make_submission(consents=AGREED)
    consents.block_contact(submission)
    assert [c.purpose for c in submission.consents.filter(withdrawn_at=None)] == ["publish"]


def test_the_end_of_other_cases_erases_nothing(answered):
    dispatch(answered)
    assert Submitter.objects.get(submission=answered).name


def test_one_address_gets_few_letters_an_hour_and_none_is_lost():
    for number in range(LETTERS + 2):
        address = f"{'THU' if number % 2 else 'thu'}+{number}@vidu.vn"
        dispatch(make_submission(sender=replace(SENDER, email=address)))
    dispatch(make_submission(sender=replace(SENDER, email="khac@vidu.vn")))
    send_all()
    to = [letter.to[0] for letter in outbox.outbox]
    assert len(to) == LETTERS + 1 and "khac@vidu.vn" in to
    waiting = Email.objects.filter(sent_at=None)
    assert {(email.attempts, email.failure) for email in waiting} == {(0, "too many to one address")}


def test_a_letter_that_waited_goes_out_in_the_next_hour(settings):
    from django.core.cache import cache

    for _ in range(LETTERS + 1):
        dispatch(make_submission())
    send_all()
    cache.clear()  # the hour is over
    Email.objects.filter(sent_at=None).update(claimed_until=now() - timedelta(seconds=1))
    send_all()
    assert len(outbox.outbox) == LETTERS + 1
    assert not Email.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize("state", ["agreed", "withdrawn", "blocked", "none"])
def test_the_page_says_what_stands(client, state):
    submission = make_submission(consents=() if state == "none" else AGREED)
    if state == "withdrawn":
        consents.withdraw_consent(submission, purpose="publish")
    if state == "blocked":
        consents.block_contact(submission)
    page = client.get(opened(client, submission)).content.decode()
    assert ("Rút sự đồng ý này" in page) == (state != "none")
    assert ("Xóa, không lấy lại được" in page) == (state != "blocked")


def test_a_merged_case_has_not_ended(submission, coordinator):
    consents.block_contact(submission)
    services.merge(submission, into=make_submission(), actor=coordinator)
    dispatch(submission)
    assert Submitter.objects.get(submission=submission).name


@pytest.fixture
def part(coordinator):
    first = make_submission(consents=AGREED)
    return services.split(first, actor=coordinator, title="Việc thứ hai", body="Đề nghị số hóa hồ sơ đất đai.")


@pytest.mark.parametrize("asked", ["first", "part", "part of the part"])
def test_taking_back_holds_for_every_part(part, coordinator, asked):
    third = services.split(part, actor=coordinator, title="Việc thứ ba", body="Đề nghị lắp thêm máy ở xã.")
    family = [part.split_from, part, third]
    one = family[["first", "part", "part of the part"].index(asked)]
    consents.withdraw_consent(one, purpose="publish")
    assert [names(each).count("consent_withdrawn") for each in family] == [1, 1, 1]
    services.reject(third, actor=coordinator, reason=RejectionReason.objects.first())
    consents.block_contact(one)
    assert [names(each).count("contact_blocked") for each in family] == [1, 1, 1]
    assert not any(each.consents.filter(withdrawn_at=None).exists() for each in family)
    assert [bool(Submitter.objects.get(submission=each).phone) for each in family] == [True, True, False]
    assert consents.block_contact(one) == []


def test_the_sender_is_told_of_the_part_and_opens_it_with_the_same_key(client, part):
    page = client.get(opened(client, part.split_from)).content.decode()
    address = f"/tra-cuu/{part.receipt_code}/"
    assert address in page
    assert "Đã tách thành phiếu riêng" in page
    assert client.get(address).status_code == 200


def test_the_key_of_a_part_opens_nothing_else(client, part):
    opened(client, part)
    assert client.get(f"/tra-cuu/{part.split_from.receipt_code}/").status_code == 302

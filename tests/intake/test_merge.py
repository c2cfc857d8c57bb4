"""Merging and splitting: one answer for all, nobody forgotten, and every step can be taken back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.timezone import now

from intake import consents, services, tasks
from intake.models import Agency, Email, Event, RejectionReason, Submission, Submitter
from intake.outbox import event_recorded
from intake.workflow import MERGEABLE, OPEN, InvalidTransition, StaleSubmission, Status
from tests.conftest import ANSWER, SENDER, make_submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def second() -> Submission:
    return make_submission(title="Cũng phần mềm ấy treo")


@pytest.fixture
def merged(submission, second, coordinator) -> Submission:
    services.merge(second, into=submission, actor=coordinator)
    submission.refresh_from_db()
    return second


def answer(principal, ministry, officer, approver) -> None:
    services.accept(principal, actor=officer)
    services.draft_answer(principal, actor=officer, agency=ministry, text=ANSWER, outcome="resolved")
    services.propose_answer(principal, actor=officer)
    services.approve_answer(principal, actor=approver)


def test_it_stands_behind_the_other_and_both_trails_say_so(submission, merged):
    assert (merged.status, merged.merged_into, merged.due_at) == (Status.MERGED, submission, None)
    assert merged.events.last().data["into"] == submission.receipt_code
    assert submission.events.last().data == {"merged": merged.receipt_code}
    assert not merged.is_open


@pytest.mark.parametrize("status", sorted(set(Status) - MERGEABLE))
def test_what_is_beyond_merging_is_refused(submission, second, coordinator, status):
    Submission.objects.filter(pk=second.pk).update(status=status)
    second.refresh_from_db()
    with pytest.raises(InvalidTransition):
        services.merge(second, into=submission, actor=coordinator)


@pytest.mark.parametrize("status", sorted(set(Status) - OPEN))
def test_what_has_ended_takes_nothing_in(submission, second, coordinator, status):
    Submission.objects.filter(pk=submission.pk).update(status=status)
    submission.refresh_from_db()
    with pytest.raises(InvalidTransition):
        services.merge(second, into=submission, actor=coordinator)


def test_not_into_itself_nor_in_a_chain(submission, merged, coordinator):
    third = make_submission()
    with pytest.raises(InvalidTransition):
        services.merge(third, into=third, actor=coordinator)
    with pytest.raises(InvalidTransition):
        services.merge(third, into=merged, actor=coordinator)
    with pytest.raises(InvalidTransition):
        services.merge(submission, into=third, actor=coordinator)


def test_the_second_of_two_coordinators_is_told(submission, second, coordinator):
    mine = Submission.objects.get(pk=second.pk)
    services.assign(second, lead=Agency.objects.get(code="BYT"), actor=coordinator)
    with pytest.raises(StaleSubmission):
        services.merge(mine, into=submission, actor=coordinator)
    second.refresh_from_db()
    assert second.status == Status.ASSIGNED


def test_who_handles_the_one_reads_the_other(submission, merged, ministry, coordinator, officer, stranger):
    services.assign(submission, lead=ministry, actor=coordinator)
    assert merged in Submission.objects.visible_to(officer)
    services.assign(submission, lead=Agency.objects.get(code="BYT"), actor=coordinator)
    assert merged not in Submission.objects.visible_to(officer)
    assert merged in Submission.objects.visible_to(stranger)


def test_the_answer_goes_to_every_sender(submission, merged, ministry, coordinator, officer, approver):
    services.assign(submission, lead=ministry, actor=coordinator)
    answer(submission, ministry, officer, approver)
    merged.refresh_from_db()
    assert (merged.status, merged.outcome) == (Status.ANSWERED, "resolved")
    for event in Event.objects.filter(name__in=["answered", "merged"]):
        event_recorded.send(sender=Event, event=event)
    for email in Email.objects.all():
        tasks.send_email(email.pk)
    letters = [letter for letter in mail.outbox if merged.receipt_code in letter.body]
    assert len(letters) == 2  # that it was merged, and the answer
    assert ANSWER in letters[-1].body
    assert submission.receipt_code not in letters[0].body


def test_the_refusal_reaches_every_sender(submission, merged, coordinator):
    services.reject(submission, actor=coordinator, reason=RejectionReason.objects.first())
    merged.refresh_from_db()
    assert (merged.status, merged.rejection.reason) == (Status.REJECTED, RejectionReason.objects.first())


def test_without_an_answer_each_is_looked_at_again(submission, merged, coordinator):
    services.ask(submission, actor=coordinator, text="Xã nào?")
    Submission.objects.filter(pk=submission.pk).update(due_at=now() - timedelta(days=1))
    tasks.close_silent()
    submission.refresh_from_db()
    merged.refresh_from_db()
    assert (submission.status, merged.status, merged.merged_into) == (Status.CLOSED, Status.RECEIVED, None)


def test_sealing_the_one_frees_the_other(submission, merged, coordinator):
    services.seal(submission, actor=coordinator)
    merged.refresh_from_db()
    assert (merged.status, merged.visibility) == (Status.RECEIVED, "private")


def test_undone_everything_is_as_before(submission, second, ministry, coordinator, officer):
    services.assign(second, lead=ministry, actor=coordinator)
    services.accept(second, actor=officer)
    due = second.due_at
    services.merge(second, into=submission, actor=coordinator)
    assert not second.assignments.filter(ended_at=None).exists()
    services.unmerge(second, actor=coordinator)
    assert (second.status, second.due_at, second.handler, second.merged_into) == (
        Status.IN_PROGRESS,
        due,
        officer,
        None,
    )
    assert [one.agency for one in second.assignments.filter(ended_at=None)] == [ministry]
    assert submission.events.last().name == "unmerged"


def test_by_hand_on_its_page(client, merged, coordinator):
    client.force_login(coordinator)
    page = client.get(reverse("intake:submission", args=[merged.receipt_code])).content.decode()
    assert "Bỏ gộp" in page
    client.post(reverse("intake:unmerge", args=[merged.receipt_code]), {"version": merged.version})
    merged.refresh_from_db()
    assert merged.status == Status.RECEIVED


# --- splitting ------------------------------------------------------------------------------


def split(submission, actor) -> Submission:
    return services.split(submission, actor=actor, title="Việc thứ hai", body="Đề nghị số hóa hồ sơ đất đai.")


def test_the_second_subject_has_a_code_of_its_own_and_the_same_sender(submission, coordinator):
    submission.consents.create(purpose="publish", text_version="t")
    part = split(submission, coordinator)
    assert part.receipt_code != submission.receipt_code
    assert part.lookup_key != submission.lookup_key
    assert (part.submitter.name, part.submitter.email) == (SENDER.name, SENDER.email)
    assert part.submitter.pk != submission.submitter.pk
    assert (part.split_from, part.status) == (submission, Status.RECEIVED)
    assert part.consents.get().purpose == "publish"
    assert (submission.events.last().name, submission.events.last().data) == ("split", {"part": part.receipt_code})
    assert part.events.first().name == "received"


def test_the_parent_keeps_its_text_and_goes_on(submission, coordinator):
    before = submission.body
    split(submission, coordinator)
    submission.refresh_from_db()
    assert (submission.body, submission.status) == (before, Status.RECEIVED)


def test_what_is_answered_is_not_split(answered, coordinator):
    with pytest.raises(InvalidTransition):
        split(answered, coordinator)


def test_the_part_is_masked_like_any_other(submission, coordinator):
    part = services.split(submission, actor=coordinator, title="Gọi 0912 345 678", body="Gọi tôi số 0912 345 678 nhé.")
    assert "0912" not in part.redacted_title + part.redacted_body


def test_on_its_page_the_text_is_there_to_be_cut(client, submission, coordinator):
    client.force_login(coordinator)
    page = client.get(reverse("intake:split_form", args=[submission.receipt_code])).content.decode()
    assert submission.body in page
    data = {"version": submission.version, "title": "Việc hai", "kind": "petition", "body": "Đề nghị số hóa hồ sơ."}
    response = client.post(reverse("intake:split", args=[submission.receipt_code]), data)
    part = Submission.objects.get(title="Việc hai")
    assert part.receipt_code in client.get(response.url).content.decode()
    short = client.post(reverse("intake:split", args=[submission.receipt_code]), data | {"body": "x"})
    assert short.status_code == 422


def test_taking_back_is_for_what_nobody_took_on(assigned, coordinator, officer):
    services.take_back(assigned, actor=coordinator)
    assert (assigned.status, assigned.handler) == (Status.RECEIVED, None)
    with pytest.raises(InvalidTransition):
        services.take_back(assigned, actor=coordinator)


def test_one_answer_is_one_public_page(submission, merged, ministry, coordinator, officer, approver):
    from cms.models import AnswerPage
    from cms.site import ensure_site

    ensure_site()
    for one in (submission, merged):
        one.consents.create(purpose="publish", text_version="t")
    services.assign(submission, lead=ministry, actor=coordinator)
    answer(submission, ministry, officer, approver)
    for event in Event.objects.filter(name="answered"):
        results = event_recorded.send_robust(sender=Event, event=event)
        assert not [error for _, error in results if isinstance(error, Exception)]
    assert [page.submission for page in AnswerPage.objects.all()] == [submission]


def test_the_merged_sender_reads_the_answer_by_the_own_code(
    client, submission, merged, ministry, coordinator, officer, approver
):
    def page() -> str:
        key = {"code": merged.receipt_code, "key": merged.lookup_key}
        return client.post(reverse("intake:track"), key, follow=True).content.decode()

    assert "Đang xử lý cùng một phiếu giống" in page()
    services.assign(submission, lead=ministry, actor=coordinator)
    answer(submission, ministry, officer, approver)
    services.rate(submission, score=2)
    shown = page()
    assert ANSWER in shown
    assert "2/5" not in shown  # another's verdict
    assert submission.receipt_code not in shown
    assert reverse("intake:rate", args=[merged.receipt_code]) not in shown


TO_ONE = f"Kính gửi ông {SENDER.name}, {SENDER.address}, điện thoại {SENDER.phone}. Phần mềm đã được sửa."


def letters_to(submission) -> str:
    for event in Event.objects.filter(submission=submission, name__in=["answered", "rejected"]):
        event_recorded.send(sender=Event, event=event)
    for email in Email.objects.filter(event__submission=submission):
        tasks.send_email(email.pk)
    return "".join(letter.body + letter.alternatives[0].content for letter in mail.outbox)


@pytest.mark.parametrize("ends", ["answered", "rejected"])
def test_another_sender_reads_nobodys_name_or_contacts(
    client, submission, merged, ministry, coordinator, officer, approver, ends
):
    services.assign(submission, lead=ministry, actor=coordinator)
    if ends == "answered":
        services.accept(submission, actor=officer)
        services.draft_answer(submission, actor=officer, agency=ministry, text=TO_ONE, outcome="resolved")
        services.propose_answer(submission, actor=officer)
        services.approve_answer(submission, actor=approver)
    else:
        services.reject(submission, actor=coordinator, reason=RejectionReason.objects.first(), note=TO_ONE)
    consents.block_contact(submission)  # what is erased cannot be looked for in the text any more
    key = {"code": merged.receipt_code, "key": merged.lookup_key}
    page = client.post(reverse("intake:track"), key, follow=True).content.decode()
    Submitter.objects.filter(submission=merged).update(name="Người Khác")
    for shown in (page, letters_to(merged)):
        assert "Phần mềm đã được sửa" in shown
        assert not [word for word in (SENDER.name, SENDER.address, SENDER.phone) if word in shown]
    key = {"code": submission.receipt_code, "key": submission.lookup_key}
    assert SENDER.name in client.post(reverse("intake:track"), key, follow=True).content.decode()


def test_the_verdict_is_the_first_senders_alone(submission, merged, ministry, coordinator, officer, approver):
    services.assign(submission, lead=ministry, actor=coordinator)
    answer(submission, ministry, officer, approver)
    merged.refresh_from_db()
    with pytest.raises(InvalidTransition):
        services.rate(merged, score=1)

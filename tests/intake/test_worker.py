"""What the worker does: dispatch, letters, sweep. Each may run twice and late."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils.timezone import now

from intake import services, tasks
from intake.models import Email, Event, Submission
from intake.outbox import event_recorded
from tests.conftest import SENDER, make_submission

pytestmark = pytest.mark.django_db


def dispatch(submission: Submission) -> None:
    for event_id in submission.events.filter(dispatched_at=None).values_list("pk", flat=True):
        tasks.dispatch_event(event_id)


def send_all() -> None:
    for email_id in Email.objects.filter(sent_at=None).values_list("pk", flat=True):
        tasks.send_email(email_id)


def test_dispatching_owes_the_receipt_and_has_it_triaged(submission, queue):
    dispatch(submission)
    assert submission.events.get().dispatched_at
    assert [e.template for e in Email.objects.all()] == ["receipt"]
    assert ("intake.tasks.triage_submission", (submission.pk,)) in queue


def test_dispatching_twice_owes_one_letter(submission):
    event = submission.events.get()
    tasks.dispatch_event(event.pk)
    event_recorded.send(sender=Event, event=event)
    assert Email.objects.count() == 1


def test_a_receiver_that_fails_leaves_the_event_pending_and_hinders_no_other(submission):
    def broken(sender, event, **kwargs):
        raise RuntimeError("away")

    event_recorded.connect(broken)
    try:
        dispatch(submission)
    finally:
        event_recorded.disconnect(broken)
    assert submission.events.get().dispatched_at is None
    assert Email.objects.count() == 1


def test_the_receipt_letter_holds_code_and_key_and_goes_out_once(submission):
    dispatch(submission)
    send_all()
    send_all()
    (letter,) = outbox.outbox
    assert letter.to == ["thu@vidu.vn"]
    assert submission.receipt_code in letter.body and submission.lookup_key in letter.body


def test_no_address_no_letter():
    from dataclasses import replace

    submission = make_submission(sender=replace(SENDER, email=""))
    dispatch(submission)
    send_all()
    assert outbox.outbox == []
    assert Email.objects.get().sent_at


def test_a_dead_mail_server_is_tried_again_later(submission, monkeypatch):
    dispatch(submission)

    def refuse(self):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        send_all()
    email = Email.objects.get()
    assert (email.sent_at, email.failure) == (None, "ConnectionRefusedError")
    send_all()  # still claimed: nothing happens
    assert outbox.outbox == []
    Email.objects.update(claimed_until=now() - timedelta(seconds=1))
    send_all()
    assert len(outbox.outbox) == 1


def test_a_claimed_letter_is_left_to_its_worker(submission):
    dispatch(submission)
    Email.objects.update(claimed_until=now() + timedelta(minutes=1))
    send_all()
    assert outbox.outbox == []


def test_every_letter_renders_in_both_languages(answered, officer):
    dispatch(answered)
    send_all()
    subjects = [letter.subject for letter in outbox.outbox]
    assert len(subjects) == 2
    assert all(answered.receipt_code in subject for subject in subjects)
    answered.submitter.language = "en"
    answered.submitter.save()
    from intake.mail import message

    for email in Email.objects.all():
        assert answered.receipt_code in message(email).body


def test_the_sweep_does_what_was_lost_and_leaves_what_is_young(submission):
    tasks.sweep()
    assert submission.events.get().dispatched_at is None
    Event.objects.bulk_create([Event(submission=submission, name="received", created_at=now() - timedelta(minutes=2))])
    Submission.objects.update(created_at=now() - timedelta(minutes=2))
    tasks.sweep()
    assert submission.events.filter(dispatched_at=None).exclude(name="triaged").count() == 1
    assert submission.triages.count() == 1


def test_a_second_sweep_changes_nothing(submission):
    Submission.objects.update(created_at=now() - timedelta(minutes=2))
    tasks.sweep()
    tasks.sweep()
    assert submission.triages.count() == 1
    assert submission.events.filter(name="triaged").count() == 1


def test_silence_closes_an_answer(answered):
    tasks.close_silent()
    answered.refresh_from_db()
    assert answered.status == "answered"
    Submission.objects.update(answered_at=now() - timedelta(days=31))
    tasks.close_silent()
    answered.refresh_from_db()
    assert (answered.status, answered.events.last().name) == ("closed", "closed")


def test_a_sealed_submission_is_never_triaged(queue):
    sealed = make_submission(body="TUYỆT MẬT\nNội dung giả định của tài liệu mật.")
    tasks.triage_submission(sealed.pk)
    assert not sealed.triages.exists()


def test_a_reply_dispatches(accepted, officer):
    services.ask(accepted, actor=officer, text="Xã nào?")
    services.reply(accepted, text="Xã Ví Dụ")
    dispatch(accepted)
    assert "question" in set(Email.objects.values_list("template", flat=True))


def test_a_question_nobody_answers_closes(accepted, officer):
    services.ask(accepted, actor=officer, text="Xã nào?")
    Submission.objects.update(due_at=now() - timedelta(minutes=1))
    tasks.close_silent()
    accepted.refresh_from_db()
    assert (accepted.status, accepted.outcome) == ("closed", "no_reply")


def test_one_bad_address_stops_no_other_letter(submission):
    from dataclasses import replace

    bad = make_submission(sender=replace(SENDER, email="nguyen@\u200d.vn"))
    dispatch(bad)
    dispatch(submission)
    send_all()
    assert len(outbox.outbox) == 1

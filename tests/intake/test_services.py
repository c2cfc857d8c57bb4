"""The life of a submission: what works, and one refusal a test."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from intake import services
from intake.models import Agency, Event, Submission
from intake.workflow import TRANSITIONS, InvalidTransition, StaleSubmission, Status, Visibility
from tests.conftest import ANSWER, make_submission

pytestmark = pytest.mark.django_db


def names(submission: Submission) -> list[str]:
    return list(submission.events.values_list("name", flat=True))


def test_it_goes_from_form_to_rated_answer(answered):
    services.rate(answered, score=4, comment="Rõ ràng")
    assert names(answered) == [
        "received", "assigned", "accepted", "answer_drafted", "answer_proposed", "answered", "rated",
    ]  # fmt: skip
    assert (answered.status, answered.outcome) == ("answered", "resolved")


def test_the_first_event_is_written_with_the_submission(submission):
    event = submission.events.get()
    assert (event.name, event.to_status, event.dispatched_at) == ("received", "received", None)


def test_the_event_is_enqueued_after_commit(queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        submission = make_submission()
        assert queue == []
    assert queue == [("intake.tasks.dispatch_event", (submission.events.get().pk,))]


def test_a_dead_broker_loses_nothing(monkeypatch, django_capture_on_commit_callbacks):
    def refuse(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("celery.app.task.Task.delay", refuse)
    monkeypatch.setattr("intake.outbox._broker_refused_at", 0.0)
    with django_capture_on_commit_callbacks(execute=True):
        submission = make_submission()
    assert submission.events.get().dispatched_at is None


def test_the_same_form_twice_is_one_submission():
    token = uuid.uuid4()
    assert make_submission(form_token=token).pk == make_submission(form_token=token).pk
    assert Submission.objects.count() == 1


def test_every_arrow_of_the_table_leads_to_a_known_status():
    assert set(TRANSITIONS) == set(Status)
    assert all(to in Status for targets in TRANSITIONS.values() for to in targets)


@pytest.mark.parametrize("start", Status.values)
@pytest.mark.parametrize("to", Status.values)
def test_move_follows_the_table_and_nothing_else(submission, start, to):
    Submission.objects.filter(pk=submission.pk).update(status=start)
    submission.refresh_from_db()
    if to in TRANSITIONS[start]:
        services.move(submission, to, event=Event.Name.ASSIGNED)
        assert submission.status == to
    else:
        with pytest.raises(InvalidTransition):
            services.move(submission, to, event=Event.Name.ASSIGNED)


def test_the_second_of_two_coordinators_is_told(submission, ministry, coordinator):
    mine, theirs = (Submission.objects.get(pk=submission.pk) for _ in range(2))
    services.assign(theirs, lead=Agency.objects.get(code="BYT"), actor=coordinator)
    with pytest.raises(StaleSubmission):
        services.assign(mine, lead=ministry, actor=coordinator)
    assert submission.assignments.get().agency.code == "BYT"


def test_reassigning_ends_the_earlier_assignment(assigned, coordinator):
    services.assign(assigned, lead=Agency.objects.get(code="BYT"), actor=coordinator)
    current = assigned.assignments.filter(ended_at=None)
    assert [a.agency.code for a in current] == ["BYT"]
    assert assigned.assignments.count() == 2


def test_a_failed_step_leaves_neither_status_nor_event(accepted, approver):
    with pytest.raises(InvalidTransition), transaction.atomic():
        services.propose_answer(accepted, actor=approver)
    assert accepted.status == Status.IN_PROGRESS
    assert "answer_proposed" not in names(accepted)


def test_the_drafter_cannot_approve(accepted, ministry, approver):
    services.draft_answer(accepted, actor=approver, agency=ministry, text=ANSWER, outcome="resolved")
    services.propose_answer(accepted, actor=approver)
    with pytest.raises(InvalidTransition):
        services.approve_answer(accepted, actor=approver)


def test_a_question_stops_the_clock_and_the_reply_gives_the_time_back(accepted, officer):
    due = accepted.due_at
    services.ask(accepted, actor=officer, text="Xã nào?")
    assert accepted.status == Status.NEEDS_INFO
    services.reply(accepted, text="Xã Ví Dụ")
    assert accepted.status == Status.IN_PROGRESS
    assert accepted.due_at == due


def test_a_second_rating_is_refused(answered):
    services.rate(answered, score=5)
    with pytest.raises(StaleSubmission):
        services.rate(answered, score=1)


def test_a_secret_marking_seals_it(coordinator):
    sealed = make_submission(body="TỐI MẬT\nKế hoạch bố trí trạm thu phát, đề nghị xem xét phương án.")
    assert sealed.visibility == Visibility.SEALED
    assert not Submission.objects.visible_to(coordinator).exists()
    assert not Submission.objects.untriaged().exists()


def test_personal_data_is_masked_in_the_copy_that_others_read():
    submission = make_submission(body="Liên hệ tôi theo số 0912 345 678 hoặc thu@vidu.vn để biết thêm về việc này.")
    assert "0912" in submission.body
    assert "0912" not in submission.redacted_body
    assert "@" not in submission.redacted_body


def test_people_are_encrypted_in_the_database(submission):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, email FROM intake_submitter")
        stored = "".join(cursor.fetchone())
    assert "Thử" not in stored and "0912" not in stored and "vidu" not in stored
    assert submission.submitter.name == "Người Thử Nghiệm"


@pytest.mark.parametrize(
    "change", [{"note": "khác"}, {"name": "rejected"}, {"dispatched_at": None, "to_status": "closed"}]
)
def test_the_database_refuses_to_edit_an_event(submission, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(submission=submission).update(**change)


def test_the_database_refuses_to_delete_an_event(submission):
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(submission=submission)._raw_delete("default")


def test_hostile_characters_are_taken_out_not_refused():
    submission = make_submission(title="A\x00B\ud800C", body="Dòng một\x00\r\nDòng hai \udfff và thêm vài chữ")
    assert submission.title == "ABC"
    assert submission.body == "Dòng một\nDòng hai  và thêm vài chữ"


def test_an_agency_sees_only_what_is_routed_to_it(assigned, officer, stranger, coordinator):
    assert Submission.objects.visible_to(officer).get() == assigned
    assert Submission.objects.visible_to(coordinator).get() == assigned
    assert not Submission.objects.visible_to(stranger).exists()


def test_a_question_can_be_withdrawn(accepted, officer):
    services.ask(accepted, actor=officer, text="Xã nào?")
    services.withdraw_question(accepted, actor=officer)
    assert (accepted.status, accepted.questions.filter(replied_at=None).count()) == (Status.IN_PROGRESS, 0)


def test_no_deadline_falls_on_a_day_off(accepted, officer):
    """Asked before Tết 2027, answered in the middle of it."""
    import datetime as dt
    from unittest.mock import patch

    zone = dt.timezone(dt.timedelta(hours=7))
    asked, replied = dt.datetime(2027, 1, 18, 9, tzinfo=zone), dt.datetime(2027, 2, 6, 23, 30, tzinfo=zone)
    Submission.objects.filter(pk=accepted.pk).update(due_at=dt.datetime(2027, 1, 20, 17, tzinfo=zone))
    accepted.refresh_from_db()
    with patch("intake.models.event.now", return_value=asked), patch("intake.services.asking.now", return_value=asked):
        services.ask(accepted, actor=officer, text="Xã nào?")
    with patch("intake.services.asking.now", return_value=replied):
        asked_at = accepted.events.get(name="question_asked").created_at
        services.reply(accepted, text="Xã Ví Dụ")
    due = accepted.due_at.astimezone(zone)
    from intake.calendars import is_working_day

    assert asked_at < replied and is_working_day(due.date()) and due.hour == 17


def test_handing_on_gives_no_new_time(assigned, officer, coordinator, ministry):
    first = assigned.due_at
    services.assign(assigned, lead=Agency.objects.get(code="BYT"), actor=coordinator)
    assert assigned.due_at == first
    services.hand_back(assigned, actor=coordinator, note="Không thuộc Bộ")
    services.assign(assigned, lead=ministry, actor=coordinator)
    assert assigned.due_at == first


def test_whoever_wrote_on_the_draft_cannot_approve_it(accepted, ministry, officer, approver):
    services.draft_answer(accepted, actor=approver, agency=ministry, text=ANSWER, outcome="resolved")
    services.draft_answer(accepted, actor=officer, agency=ministry, text=ANSWER, outcome="resolved")
    services.propose_answer(accepted, actor=officer)
    with pytest.raises(InvalidTransition):
        services.approve_answer(accepted, actor=approver)


def test_the_second_approval_is_told(answered, approver):
    with pytest.raises(StaleSubmission):
        services.approve_answer(answered, actor=approver)


def test_sealing_takes_it_out_of_everybodys_sight(assigned, officer, coordinator):
    services.seal(assigned, actor=coordinator)
    assert not Submission.objects.visible_to(officer).exists()
    assert not Submission.objects.visible_to(coordinator).exists()
    assert services.seal(assigned, actor=coordinator) is None


def test_a_secret_marking_in_a_reply_seals_it(accepted, officer):
    services.ask(accepted, actor=officer, text="Văn bản nào?")
    services.reply(accepted, text="Văn bản đóng dấu TUYỆT MẬT số giả định")
    assert accepted.visibility == Visibility.SEALED

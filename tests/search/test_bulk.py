"""Work on many submissions at once: previewed, done once each, reported, undone."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from intake import services
from intake.models import Agency, Event, Membership, Opening, QuestionTemplate, RejectionReason, Submission
from intake.workflow import Status
from search.bulk import jobs, tasks
from search.bulk.foresight import Foresight
from search.models import BulkItem, BulkJob
from tests.conftest import make_submission
from tests.search.conftest import index
from tests.search.test_contract import triage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_server")]
BEGIN = "/can-bo/hang-loat/"


def many(count: int) -> list[Submission]:
    made = [make_submission(title=f"Phiếu số {n}") for n in range(count)]
    index(*made)
    return made


def begin(client, action: str, *chosen: Submission, **more) -> BulkJob:
    data = {"viec": action, "chon": [one.receipt_code for one in chosen]} | more
    response = client.post(BEGIN, data)
    assert response.status_code == 302, response.content.decode()[:500]
    return BulkJob.objects.get(token=response.url.split("/")[-2])


def page(job: BulkJob) -> str:
    return reverse("search:bulk_job", args=[job.token])


def foreseen(client, job: BulkJob, **data) -> dict[str, str]:
    """What the page says would become of each."""
    return {one.submission.title: f"{one.before} > {one.after}" for one in look(client, job, **data).changes}


def look(client, job: BulkJob, **data) -> Foresight:
    return client.post(page(job), data).context["seen"]


def press(client, job: BulkJob, **data) -> None:
    """Look at what would be done, and have it done."""
    assert client.post(page(job), data | {"da-xem": look(client, job, **data).mark}).status_code == 302


def done(client, job: BulkJob, **data) -> BulkJob:
    press(client, job, **data)
    while not jobs.run(job.pk):
        pass
    job.refresh_from_db()
    return job


def outcomes(job: BulkJob) -> dict[str, str]:
    return {item.submission.title: item.reason or item.outcome for item in job.items.select_related("submission")}


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def test_fifty_are_assigned_each_with_its_own_event(desk, coordinator):
    made = many(50)
    job = done(desk, begin(desk, "assign", *made), lead="BYT")
    assert job.state == "done"
    assert set(Submission.objects.values_list("status", flat=True)) == {Status.ASSIGNED}
    assert Event.objects.filter(name="assigned", actor=coordinator).count() == 50
    assert "50" in desk.get(page(job)).content.decode()


def test_all_that_match_are_taken_beyond_the_page(desk):
    many(30)
    job = begin(desk, "assign", tu="goc=all", **{"tat-ca": "1"})
    assert job.items.count() == job.matched == 30


def test_no_more_than_five_hundred_and_the_rest_is_named(desk, monkeypatch):
    many(12)
    monkeypatch.setattr(jobs, "MOST", 10)
    job = begin(desk, "assign", tu="goc=all", **{"tat-ca": "1"})
    assert (job.items.count(), job.matched) == (10, 12)
    assert "còn 2 phiếu cho lượt sau" in desk.get(page(job)).content.decode()


def test_the_preview_says_what_will_not_be_done_and_changes_nothing(desk, coordinator, ministry):
    free, closed = many(2)
    services.reject(closed, actor=coordinator, reason=RejectionReason.objects.first())
    job = begin(desk, "assign", free, closed)
    shown = desk.get(page(job)).content.decode()
    assert "đang ở bước khác" in shown
    assert closed.receipt_code in shown
    free.refresh_from_db()
    assert free.status == Status.RECEIVED


def test_the_preview_costs_the_same_for_few_and_many(desk, django_assert_max_num_queries):
    few, lots = begin(desk, "assign", *many(2)), begin(desk, "assign", *many(60))
    for job in (few, lots):
        with django_assert_max_num_queries(20):
            desk.get(page(job))
        with django_assert_max_num_queries(24):
            look(desk, job, lead="BYT", confirm="on")


def test_nothing_is_done_before_it_was_shown_nor_otherwise_than_shown(desk, coordinator):
    (one,) = many(1)
    job = begin(desk, "assign", one)
    mark = look(desk, job, lead="BYT").mark
    again = desk.post(page(job), {"lead": "BCA", "da-xem": mark})
    assert again.status_code == 200 and "xin xem lại" in again.content.decode()
    job.refresh_from_db()
    assert job.state == "draft"


def test_the_preview_says_of_each_what_it_becomes(desk, coordinator, ministry):
    sure, unsure, theirs, same = many(4)
    triage(sure, initiative=3, agency="BYT")
    triage(unsure, initiative=3, agency="BCA", decision="abstain")
    services.assign(theirs, lead=ministry, actor=coordinator)
    services.assign(same, lead=Agency.objects.get(code="BYT"), actor=coordinator)
    job = begin(desk, "assign", sure, unsure, theirs, same)
    by_machine = desk.post(page(job), {"lead": "", "confirm": "on"})
    assert [(one.submission, one.before) for one in by_machine.context["seen"].changes] == [(sure, "chưa chuyển")]
    assert "Bộ Y tế, SK 3" in by_machine.context["seen"].changes[0].after
    shown = by_machine.content.decode()
    assert "máy không đủ chắc" in shown and "Chuyển cơ quan 1 phiếu" in shown
    assert foreseen(desk, job, lead="BYT")["Phiếu số 2"] == "Bộ KH&CN > Bộ Y tế"
    assert "đã như vậy sẵn" in desk.post(page(job), {"lead": "BYT"}).content.decode()
    assert outcomes(done(desk, job, lead="BYT"))["Phiếu số 3"] == "same"


def test_labels_refusals_and_merging_are_foreseen_too(desk):
    old, new = many(2)
    labels = begin(desk, "label", old)
    assert foreseen(desk, labels, nature="in_scope", initiative="2")["Phiếu số 0"].startswith("chưa có nhãn > SK 2")
    reason = RejectionReason.objects.first()
    refusing = begin(desk, "reject", old)
    assert str(reason) in foreseen(desk, refusing, reason=reason.code)["Phiếu số 0"]
    assert reason.public_text[:40] in desk.post(page(refusing), {"reason": reason.code}).content.decode()
    merging = begin(desk, "merge", old, new)
    assert foreseen(desk, merging, into=old.receipt_code) == {
        "Phiếu số 1": f"Chờ phân loại > gộp vào {old.receipt_code}"
    }


def test_what_a_template_will_say_is_shown_before_it_is_sent(desk):
    template = QuestionTemplate.objects.get(code="place")
    job = begin(desk, "ask", *many(1))
    assert template.text in desk.post(page(job), {"template": "place", "text": ""}).content.decode()
    assert job.state == "draft"


def test_a_second_press_starts_nothing(desk, coordinator):
    (one,) = many(1)
    job = begin(desk, "ask", one)
    asked = {"text": "Xã nào, vào ngày nào?"}
    asked["da-xem"] = look(desk, job, **asked).mark
    for _press in range(2):
        assert desk.post(page(job), asked).status_code == 302
    while not jobs.run(job.pk):
        pass
    jobs.run(job.pk)
    assert one.questions.count() == 1
    assert one.events.filter(name="question_asked").count() == 1


def test_a_killed_worker_is_carried_on_and_nothing_is_done_twice(desk, monkeypatch):
    made = many(6)
    job = begin(desk, "assign", *made)
    press(desk, job, lead="BYT")
    real, calls = services.assign, []

    def dies_at_the_fourth(*args, **given):
        calls.append(args)
        if len(calls) == 4:
            raise KeyboardInterrupt  # what a killed process looks like from inside
        return real(*args, **given)

    monkeypatch.setattr("intake.services.assign", dies_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(job.pk)
    assert job.items.filter(outcome="done").count() == 3
    monkeypatch.setattr("intake.services.assign", real)
    assert jobs.unfinished() == []  # the dead worker's claim still holds
    BulkJob.objects.update(claimed_until=None, created_at="2026-01-01T00:00:00Z")
    assert jobs.unfinished() == [job.pk]
    while not jobs.run(job.pk):
        pass
    assert Event.objects.filter(name="assigned").count() == 6
    assert set(job.items.values_list("outcome", flat=True)) == {"done"}


def test_slices_let_others_work_between(desk, queue):
    job = begin(desk, "assign", *many(3))
    press(desk, job, lead="BYT")
    assert jobs.run(job.pk, seconds=-1) is False
    queue.clear()
    tasks.run_bulk(job.pk)
    assert queue == []
    job.refresh_from_db()
    assert job.state == "done"


def test_what_another_did_meanwhile_is_reported(desk, coordinator, ministry):
    first, second = many(2)
    job = begin(desk, "assign", first, second)
    press(desk, job, lead="BYT")
    services.reject(first, actor=coordinator, reason=RejectionReason.objects.first())
    while not jobs.run(job.pk):
        pass
    assert outcomes(job) == {"Phiếu số 0": "status", "Phiếu số 1": "done"}
    shown = desk.get(page(job)).content.decode()
    assert first.receipt_code in shown
    assert "đang ở bước khác" in shown


def test_a_fault_nobody_foresaw_holds_up_one_and_not_the_rest(desk, monkeypatch):
    first, second = many(2)
    job = begin(desk, "assign", first, second)
    assign = services.assign

    def faulty(submission, **given):
        if submission.pk == first.pk:
            raise RuntimeError("nobody foresaw this")
        return assign(submission, **given)

    monkeypatch.setattr(services, "assign", faulty)
    done(desk, job, lead="BYT")
    assert outcomes(job) == {"Phiếu số 0": "later", "Phiếu số 1": "done"}
    assert not first.assignments.exists()


def test_each_goes_where_the_machine_suggests(desk):
    sure, unsure, unread = many(3)
    triage(sure, initiative=3, agency="BYT")
    triage(unsure, initiative=3, agency="BCA", decision="abstain")
    job = done(desk, begin(desk, "assign", sure, unsure, unread), lead="", confirm="on")
    assert outcomes(job) == {
        "Phiếu số 0": "done",
        "Phiếu số 1": "no_suggestion",
        "Phiếu số 2": "no_suggestion",
    }
    sure.refresh_from_db()
    assert (sure.nature, sure.initiative_id) == ("in_scope", 3)
    assert sure.routing_decisions.get().learning == "held"  # nobody has read it
    assert sure.assignments.get().agency.code == "BYT"


def test_labels_are_set_and_taken_back(desk):
    made = many(3)
    job = done(desk, begin(desk, "label", *made), nature="in_scope", initiative="2")
    assert set(Submission.objects.values_list("nature", "initiative")) == {("in_scope", 2)}
    back = desk.post(reverse("search:bulk_undo", args=[job.token]))
    undone = BulkJob.objects.get(token=back.url.split("/")[-2])
    while not jobs.run(undone.pk):
        pass
    assert set(Submission.objects.values_list("nature", "initiative")) == {("", None)}
    assert Event.objects.filter(name="routing_withdrawn").count() == 3


def test_a_secret_is_never_sealed_in_bulk(desk):
    job = begin(desk, "label", *many(1))
    assert desk.post(page(job), {"nature": "secret"}).status_code == 422


def test_undoing_an_assignment_leaves_alone_what_went_on(desk, officer, ministry):
    stays, goes_on, noted = many(3)
    due = stays.due_at
    job = done(desk, begin(desk, "assign", stays, goes_on, noted), lead="BKHCN")
    goes_on.refresh_from_db()
    noted.refresh_from_db()
    services.assign(noted, lead=ministry, actor=job.user, note="xem lại")
    services.accept(goes_on, actor=officer)
    back = jobs.undo(job, job.user)
    while not jobs.run(back.pk):
        pass
    stays.refresh_from_db()
    assert (stays.status, stays.due_at) == (Status.RECEIVED, due)
    assert not stays.assignments.filter(ended_at=None).exists()
    assert outcomes(back) == {"Phiếu số 0": "done", "Phiếu số 1": "status", "Phiếu số 2": "changed"}
    assert jobs.undo(job, job.user) is None  # once


def test_an_assignment_that_replaced_another_goes_back_to_it(desk, coordinator, ministry):
    (one,) = many(1)
    services.assign(one, lead=ministry, actor=coordinator)
    job = done(desk, begin(desk, "assign", one), lead="BYT", co_agencies=["BCA"])
    back = jobs.undo(job, coordinator)
    while not jobs.run(back.pk):
        pass
    assert [one.agency.code for one in one.assignments.filter(ended_at=None)] == ["BKHCN"]


def test_a_template_is_asked_and_the_text_is_not_kept_in_the_job(desk):
    made = many(2)
    template = QuestionTemplate.objects.get(code="place")
    job = done(desk, begin(desk, "ask", *made), template="place", text="")
    assert {question.text for one in made for question in one.questions.all()} == {template.text}
    assert job.text == ""


def test_questions_asked_by_mistake_are_withdrawn(desk, coordinator):
    waits, answered = many(2)
    job = done(desk, begin(desk, "ask", waits, answered), text="Xã nào, vào ngày nào?")
    assert "Hoàn tác tất cả" in desk.get(page(job)).content.decode()
    answered.refresh_from_db()
    services.reply(answered, text="Xã Vẽ, hôm qua.")
    back = jobs.undo(job, coordinator)
    while not jobs.run(back.pk):
        pass
    assert outcomes(back) == {"Phiếu số 0": "done", "Phiếu số 1": "status"}
    waits.refresh_from_db()
    assert waits.status == Status.RECEIVED


def test_what_was_done_is_found_again_from_the_desk(desk, client, approver):
    recent = reverse("search:bulk_recent")
    assert recent in desk.get("/can-bo/").content.decode()
    job, draft = done(desk, begin(desk, "assign", *many(2)), lead="BYT"), begin(desk, "label", *many(1))
    shown = desk.get(recent).content.decode()
    assert page(job) in shown and "đã làm 2 trong 2 phiếu" in shown and page(draft) not in shown
    client.force_login(approver)
    assert page(job) not in client.get(recent).content.decode()


def test_a_question_must_say_something(desk):
    job = begin(desk, "ask", *many(1))
    assert "Hãy viết câu hỏi" in desk.post(page(job), {"text": " "}).content.decode()


def test_refusing_many_needs_a_reason(desk):
    made = many(2)
    job = begin(desk, "reject", *made)
    assert desk.post(page(job), {}).status_code == 422
    done(desk, job, reason=RejectionReason.objects.first().code)
    assert set(Submission.objects.values_list("status", flat=True)) == {Status.REJECTED}


def test_two_are_merged_and_parted_again(desk, coordinator):
    old, new = many(2)
    job = done(desk, begin(desk, "merge", old, new), into=old.receipt_code)
    new.refresh_from_db()
    assert (new.status, new.merged_into) == (Status.MERGED, old)
    assert outcomes(job) == {"Phiếu số 1": "done"}
    back = jobs.undo(job, coordinator)
    while not jobs.run(back.pk):
        pass
    new.refresh_from_db()
    assert (new.status, new.merged_into) == (Status.RECEIVED, None)


def test_an_officer_is_not_offered_and_cannot_do_what_is_the_coordinators(client, officer, coordinator, ministry):
    (one,) = many(1)
    services.assign(one, lead=ministry, actor=coordinator)
    index(one)
    client.force_login(officer)
    assert 'value="assign"' not in client.get("/can-bo/").content.decode()
    job = begin(client, "assign", one)
    client.post(page(job), {"lead": "BYT"})
    job.refresh_from_db()
    assert job.state == "draft"
    assert one.assignments.get().agency.code == "BKHCN"


def test_what_a_person_may_not_see_cannot_be_chosen(client, stranger):
    (one,) = many(1)
    client.force_login(stranger)
    response = client.post(BEGIN, {"viec": "ask", "chon": [one.receipt_code]})
    assert response.url == "/can-bo/"
    assert not BulkJob.objects.exists()


def test_whose_right_has_ended_before_it_ran_does_nothing(desk, coordinator):
    made = many(2)
    job = begin(desk, "assign", *made)
    press(desk, job, lead="BYT")
    Membership.objects.filter(user=coordinator).delete()
    while not jobs.run(job.pk):
        pass
    assert set(outcomes(job).values()) == {"permission"}
    assert set(Submission.objects.values_list("status", flat=True)) == {Status.RECEIVED}


def test_what_was_sealed_before_it_ran_is_not_touched(desk):
    sealed, other = many(2)
    job = begin(desk, "assign", sealed, other)
    press(desk, job, lead="BYT")
    Submission.objects.filter(pk=sealed.pk).update(visibility="sealed")
    while not jobs.run(job.pk):
        pass
    assert outcomes(job) == {"Phiếu số 0": "gone", "Phiếu số 1": "done"}
    assert not sealed.assignments.exists()


def test_another_officers_job_does_not_exist_for_me(desk, client, approver):
    job = begin(desk, "assign", *many(1))
    client.force_login(approver)
    assert client.get(page(job)).status_code == 404
    assert client.post(reverse("search:bulk_undo", args=[job.token])).status_code == 404
    assert client.get(reverse("search:bulk_job", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize(
    "given", [{"viec": "drop"}, {"viec": ""}, {"viec": "undo"}, {"viec": "assign", "chon": ["x\0"]}]
)
def test_garbage_begins_nothing(desk, given):
    many(1)
    assert desk.post(BEGIN, given).status_code == 302
    assert not BulkJob.objects.exists()


def test_of_two_officers_the_second_overwrites_nothing(desk, django_user_model, queue):
    from tests.conftest import person

    other = person("dieu phoi hai", "coordinator", "VPTW")
    made = many(3)
    mine = begin(desk, "assign", *made)
    desk.force_login(other)
    theirs = begin(desk, "assign", *made[:2])
    done(desk, theirs, lead="BCA")
    desk.force_login(mine.user)
    assert "đã có người xử lý tiếp" in desk.get(page(mine)).content.decode()
    done(desk, mine, lead="BYT")
    assert outcomes(mine) == {"Phiếu số 0": "changed", "Phiếu số 1": "changed", "Phiếu số 2": "done"}
    assert {one.assignments.get(ended_at=None).agency.code for one in made[:2]} == {"BCA"}


def test_two_workers_do_not_work_on_one_job(desk):
    job = begin(desk, "assign", *many(2))
    press(desk, job, lead="BYT")
    BulkJob.objects.update(claimed_until="2999-01-01T00:00:00Z")
    assert jobs.run(job.pk) is False
    assert set(job.items.values_list("outcome", flat=True)) == {"waiting"}


def test_five_hundred_at_once(desk, coordinator):
    made = Submission.objects.bulk_create(
        Submission(title=f"Phiếu {n}", body="x", redacted_title=f"Phiếu {n}", redacted_body="x", kind="feedback")
        for n in range(500)
    )
    job = jobs.begin(coordinator, "assign", [one.pk for one in made], matched=500, came_from="", data={})
    done(desk, job, lead="BYT")
    assert job.items.filter(outcome="done").count() == Event.objects.filter(name="assigned").count() == 500
    assert len(desk.get(page(job)).content) < 60_000


def test_progress_is_asked_for_until_it_is_done(desk):
    job = begin(desk, "assign", *many(2))
    press(desk, job, lead="BYT")
    part = reverse("search:bulk_progress", args=[job.token])
    assert 'hx-trigger="every 1s"' in desk.get(part).content.decode()
    while not jobs.run(job.pk):
        pass
    assert "hx-trigger" not in desk.get(part).content.decode()


def test_old_drafts_and_openings_are_dropped(desk):
    made = many(2)
    job = begin(desk, "assign", made[0])
    BulkJob.objects.update(created_at="2026-01-01T00:00:00Z")
    for one in made:
        desk.get(f"/can-bo/phieu/{one.receipt_code}/")
    Opening.objects.filter(submission=made[0]).update(opened_at="2026-01-01T00:00:00Z")
    fresh = begin(desk, "assign", made[1])
    tasks.tidy_desk()
    assert list(BulkJob.objects.all()) == [fresh]
    assert not BulkItem.objects.filter(job=job.pk).exists()
    assert [opening.submission for opening in Opening.objects.all()] == [made[1]]


def test_my_own_work_is_no_news_to_me(desk, coordinator):
    (one,) = many(1)
    desk.get(f"/can-bo/phieu/{one.receipt_code}/")
    done(desk, begin(desk, "assign", one), lead="BYT")
    row = one.openings.get(user=User.objects.get(pk=coordinator.pk))
    one.refresh_from_db()
    assert row.version == one.version


def test_a_state_with_a_nul_is_kept_without_it(desk):
    job = begin(desk, "assign", *many(1), tu="goc=all\0")
    assert job.came_from == "goc=all"


def beside(client, principal: Submission, *chosen: Submission) -> BulkJob:
    """From the panel of what is like it: merge these into the one that is open."""
    return begin(client, "merge", *chosen, vao=principal.receipt_code)


def test_what_waits_for_its_sender_takes_the_others_in(desk, coordinator):
    principal, one, two = many(3)
    services.ask(principal, actor=coordinator, text="Xã nào?")
    job = beside(desk, principal, one, two)
    form = desk.get(page(job)).context["form"]
    assert form["into"].value() == principal.receipt_code
    done(desk, job, into=principal.receipt_code)
    assert set(Submission.objects.exclude(merged_into=None).values_list("title", "merged_into")) == {
        ("Phiếu số 1", principal.pk),
        ("Phiếu số 2", principal.pk),
    }


def test_what_cannot_take_them_in_is_not_replaced_by_another(desk, coordinator):
    principal, one, two = many(3)
    services.reject(principal, actor=coordinator, reason=RejectionReason.objects.first())
    job = beside(desk, principal, one, two)
    shown = desk.get(page(job))
    assert shown.context["form"]["into"].value() == ""
    assert f"Phiếu {principal.receipt_code} không nhận gộp thêm được" in shown.content.decode()
    assert desk.post(page(job), {"into": ""}).status_code == 422
    assert not Submission.objects.filter(status=Status.MERGED).exists()


def test_work_that_was_interrupted_is_named_before_and_not_called_undone(desk, coordinator, officer, ministry):
    worked_on, free = many(2)
    services.assign(worked_on, lead=ministry, actor=coordinator)
    services.accept(worked_on, actor=officer)
    job = begin(desk, "assign", worked_on, free)
    assert "1 phiếu đang có người xử lý" in desk.get(page(job)).content.decode()
    done(desk, job, lead="BYT")
    back = jobs.undo(job, coordinator)
    while not jobs.run(back.pk):
        pass
    assert outcomes(back) == {"Phiếu số 0": "interrupted", "Phiếu số 1": "done"}
    worked_on.refresh_from_db()
    assert worked_on.assignments.get(ended_at=None).agency.code == "BYT"
    assert "việc đang xử lý đã bị ngắt" in desk.get(page(back)).content.decode()


def test_ticks_beyond_five_hundred_are_said_not_refused(desk, monkeypatch):
    made = many(3)
    monkeypatch.setattr(jobs, "MOST", 2)
    job = begin(desk, "assign", *made)
    assert (job.items.count(), job.matched) == (2, 3)
    monkeypatch.setattr(jobs, "MOST", 500)
    assert desk.post(BEGIN, {"viec": "assign", "chon": [made[0].receipt_code] * 600}).status_code == 302


def refused_unseen(client, job: BulkJob, mark: str, **data) -> bool:
    again = client.post(page(job), data | {"da-xem": mark})
    job.refresh_from_db()
    return again.status_code == 200 and "xin xem lại" in again.content.decode() and job.state == "draft"


def test_what_became_otherwise_since_it_was_shown_is_shown_again(desk, coordinator):
    first, second = many(2)
    triage(first, initiative=3, agency="BYT")
    triage(second, initiative=3, agency="BYT")
    job = begin(desk, "assign", first, second)
    by_machine = {"lead": ""}
    mark = look(desk, job, **by_machine).mark
    first.triages.all().delete()
    triage(first, initiative=3, agency="BCA")  # read again meanwhile: another agency, the same submission
    assert refused_unseen(desk, job, mark, **by_machine)
    mark = look(desk, job, **by_machine).mark
    services.reject(second, actor=coordinator, reason=RejectionReason.objects.first())
    assert refused_unseen(desk, job, mark, **by_machine)


def test_another_letter_than_the_one_that_was_shown_is_shown_first(desk):
    job = begin(desk, "ask", *many(1))
    mark = look(desk, job, text="Xã nào, vào ngày nào?").mark
    assert refused_unseen(desk, job, mark, text="Một câu khác hẳn, chưa ai xem?")


def test_another_choice_than_the_one_that_was_shown_is_shown_first(desk):
    """Also where it changes nothing for those chosen: nothing was guessed, so nothing is confirmed."""
    job = begin(desk, "assign", *many(1))
    mark = look(desk, job, lead="BYT").mark
    assert refused_unseen(desk, job, mark, lead="BYT", confirm="on")

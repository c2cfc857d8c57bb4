"""The desk's page of a submission: who may do what, and what happens when two do it at once."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from intake import services
from intake.models import QuestionTemplate, RejectionReason, RoutingDecision, Submission, Submitter
from tests.conftest import make_submission

pytestmark = pytest.mark.django_db


def url(submission: Submission, name: str = "submission") -> str:
    return reverse(f"intake:{name}", args=[submission.receipt_code])


def page(response) -> str:
    return response.content.decode()


def routed(submission: Submission, **changes) -> dict:
    return {
        "version": submission.version,
        "nature": "in_scope",
        "initiative": "2",
        "lead": "BKHCN",
        "reason": "agreed",
    } | changes


def test_a_coordinator_confirms_and_assigns_in_one_step(client, submission, coordinator):
    client.force_login(coordinator)
    response = client.post(url(submission, "route"), routed(submission, co_agencies=["BCA"], reason="wrong_subject"))
    assert response.status_code == 302
    submission.refresh_from_db()
    assert (submission.status, submission.system_id, submission.initiative_id) == ("assigned", 1, 2)
    assert {(a.agency.code, a.role) for a in submission.assignments.all()} == {("BKHCN", "lead"), ("BCA", "co")}
    assert RoutingDecision.objects.get().reason == "wrong_subject"


def test_the_second_of_two_coordinators_is_told_kindly_and_keeps_the_note(
    client, submission, coordinator, django_user_model
):
    client.force_login(coordinator)
    stale = routed(submission, lead="BYT", note="ghi chú của tôi")
    client.post(url(submission, "route"), routed(submission))
    response = client.post(url(submission, "route"), stale)
    assert response.status_code == 409
    assert "vừa xử lý phiếu này trước" in page(response)
    assert "ghi chú của tôi" in page(response)
    assert submission.assignments.filter(ended_at=None).get().agency.code == "BKHCN"


def test_within_the_scope_something_must_be_chosen(client, submission, coordinator):
    client.force_login(coordinator)
    response = client.post(url(submission, "route"), routed(submission, initiative=""))
    assert response.status_code == 422
    submission.refresh_from_db()
    assert submission.status == "received"


def test_an_officer_of_another_agency_finds_nothing(client, assigned, stranger):
    client.force_login(stranger)
    assert client.get(url(assigned)).status_code == 404
    assert client.post(url(assigned, "accept"), {"version": assigned.version}).status_code == 404
    assert client.post(url(assigned, "contact")).status_code == 404


def test_an_officer_cannot_route(client, assigned, officer):
    client.force_login(officer)
    client.post(url(assigned, "route"), routed(assigned, lead="BYT"))
    assert assigned.assignments.get().agency.code == "BKHCN"


def test_a_co_agency_reads_but_does_not_act(client, submission, ministry, coordinator, stranger):
    from intake.models import Agency

    services.assign(submission, lead=ministry, co_agencies=[Agency.objects.get(code="BYT")], actor=coordinator)
    client.force_login(stranger)
    assert client.get(url(submission)).status_code == 200
    client.post(url(submission, "accept"), {"version": submission.version})
    submission.refresh_from_db()
    assert submission.status == "assigned"


def test_nobody_without_an_account_sees_anything(client, assigned):
    assert client.get(url(assigned)).status_code == 302
    assert "dang-nhap" in client.get(url(assigned)).url


def test_an_account_without_a_role_is_refused(client, assigned, django_user_model):
    client.force_login(django_user_model.objects.create_user("khong vai tro"))
    assert client.get(url(assigned)).status_code == 403


def test_from_acceptance_to_the_answer(client, assigned, officer, approver):
    client.force_login(officer)
    client.post(url(assigned, "accept"), {"version": assigned.version})
    assigned.refresh_from_db()
    text = "Chúng tôi đã kiểm tra và sẽ nâng cấp máy chủ trong tháng tới, mời xem lại."
    client.post(
        url(assigned, "draft"), {"version": assigned.version, "outcome": "resolved", "text": text, "propose": "1"}
    )
    assigned.refresh_from_db()
    assert assigned.status == "awaiting_approval"
    assert client.post(url(assigned, "approve"), {"version": assigned.version}).status_code == 302
    assigned.refresh_from_db()
    assert assigned.status == "awaiting_approval"  # an officer does not approve
    client.force_login(approver)
    client.post(url(assigned, "approve"), {"version": assigned.version})
    assigned.refresh_from_db()
    assert (assigned.status, assigned.answer.approved_by) == ("answered", approver)


def test_an_approver_returns_a_draft_with_a_reason(client, accepted, officer, approver, ministry):
    services.draft_answer(accepted, actor=officer, agency=ministry, text="Bản thảo chưa đủ ý", outcome="explained")
    services.propose_answer(accepted, actor=officer)
    client.force_login(approver)
    client.post(url(accepted, "return"), {"version": accepted.version, "note": "Thêm căn cứ"})
    accepted.refresh_from_db()
    assert accepted.status == "in_progress"
    assert accepted.events.last().note == "Thêm căn cứ"


def test_a_refusal_needs_a_reason(client, submission, coordinator):
    client.force_login(coordinator)
    assert client.post(url(submission, "reject"), {"version": submission.version}).status_code == 422
    reason = RejectionReason.objects.first()
    client.post(url(submission, "reject"), {"version": submission.version, "reason": reason.code})
    submission.refresh_from_db()
    assert (submission.status, submission.rejection.reason) == ("rejected", reason)


def test_handing_back_takes_it_out_of_sight(client, assigned, officer):
    client.force_login(officer)
    response = client.post(url(assigned, "hand_back"), {"version": assigned.version, "note": "Không thuộc Bộ"})
    assert response.url == reverse("search:queue")
    assert not Submission.objects.visible_to(officer).exists()


def test_names_are_shown_on_demand_and_the_look_is_recorded(client, assigned, officer):
    client.force_login(officer)
    assert "Người Thử Nghiệm" not in page(client.get(url(assigned)))
    shown = page(client.post(url(assigned, "contact"), headers={"HX-Request": "true"}))
    assert "Người Thử Nghiệm" in shown
    event = assigned.events.last()
    assert (event.name, event.actor) == ("contact_viewed", officer)


def test_signing_in_leads_to_the_desk(client, coordinator):
    response = client.post(reverse("intake:sign_in"), {"username": coordinator.username, "password": "mat-khau-thu"})
    assert response.url == reverse("search:queue")


def test_a_wrong_password_is_said_to_be_wrong(client, coordinator):
    response = client.post(reverse("intake:sign_in"), {"username": coordinator.username, "password": "sai"})
    assert response.status_code == 200
    assert 'role="alert"' in page(response)


def test_the_model_page_says_what_the_model_learnt_from(client, coordinator):
    client.force_login(coordinator)
    shown = page(client.get(reverse("intake:model")))
    assert "tổng hợp" in shown


def test_a_question_nobody_reads_is_withdrawn(client, accepted, officer):
    services.ask(accepted, actor=officer, text="Xã nào?")
    client.force_login(officer)
    assert "Rút câu hỏi" in page(client.get(url(accepted)))
    client.post(url(accepted, "withdraw"), {"version": accepted.version})
    accepted.refresh_from_db()
    assert accepted.status == "in_progress"


def test_calling_it_secret_seals_it(client, submission, coordinator):
    client.force_login(coordinator)
    response = client.post(url(submission, "route"), routed(submission, nature="secret"))
    assert response.url == reverse("search:queue")
    submission.refresh_from_db()
    assert (submission.visibility, submission.assignments.count()) == ("sealed", 0)


def test_there_is_one_sign_in(client):
    assert client.get("/quan-tri/login/?next=/quan-tri/").url.startswith(reverse("intake:sign_in"))


def test_a_ready_question_is_sent_as_it_stands_and_own_words_go_before_it(client, submission, coordinator):
    client.force_login(coordinator)
    template = QuestionTemplate.objects.get(code="place")
    client.post(url(submission, "ask"), {"version": submission.version, "template": "place", "text": ""})
    assert submission.questions.get().text == template.text
    other = make_submission()
    client.post(url(other, "ask"), {"version": other.version, "template": "place", "text": "Xã nào?"})
    assert other.questions.get().text == "Xã nào?"


def test_blocked_contacts_are_shown_to_nobody(client, assigned, officer):
    Submitter.objects.filter(submission=assigned).update(blocked_at=now())
    client.force_login(officer)
    assert "Người gửi đã yêu cầu khóa" in page(client.get(url(assigned)))
    assert client.post(url(assigned, "contact")).status_code == 403


def test_the_coordinator_takes_back_what_nobody_took_on(client, assigned, coordinator):
    client.force_login(coordinator)
    assert "Rút lại" in page(client.get(url(assigned)))
    client.post(url(assigned, "take_back"), {"version": assigned.version})
    assigned.refresh_from_db()
    assert assigned.status == "received"

"""Example answers and submissions, all written for this purpose and all marked as examples."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils.timezone import localdate, now

from intake import services
from intake.models import (
    Agency,
    Category,
    Initiative,
    Province,
    RejectionReason,
    RoutingRule,
    StrategicSystem,
    Submission,
)
from intake.services import NewSubmission, Sender

from ..models import AnswerIndexPage, AnswerPage, LegalReference
from ..publishing import clean_html, slug_for
from ..site import read


def load_answers(index: AnswerIndexPage) -> int:
    """Published example answers; those that exist already are left alone. Gives the number made."""
    made = 0
    today = localdate()
    for number, item in enumerate(read("answers"), start=1):
        slug = slug_for(item["title"], number)
        if AnswerPage.objects.filter(slug=slug).exists():
            continue
        sent = today - timedelta(days=item["sent_days_ago"])
        page = AnswerPage(
            title=item["title"],
            slug=slug,
            kind=item["kind"],
            question=item["question"],
            answer=clean_html(item["answer_html"]),
            agency=Agency.objects.get(code=item["agency"]),
            system=StrategicSystem.objects.get(pk=item["system"]),
            initiative=Initiative.objects.get(pk=item["initiative"]),
            province=Province.objects.filter(code=item["province"]).first(),
            outcome=item["outcome"],
            sent_on=sent,
            due_on=sent + timedelta(days=item["due_days"]),
            answered_on=min(today, sent + timedelta(days=item["answered_after_days"])),
            rating=item["rating"],
            is_example=True,
        )
        page.categories = list(Category.objects.filter(code__in=item["categories"]))
        page.legal_references = [
            LegalReference.objects.get_or_create(number=ref["number"], defaults={"title": ref["title"]})[0]
            for ref in item["legal_refs"]
        ]
        index.add_child(instance=page)
        page.save_revision(clean=False).publish()
        made += 1
    return made


def load_submissions(users: dict[str, User]) -> int:
    """Example submissions, some of them part of the way through. Gives the number made."""
    made = 0
    for number, item in enumerate(read("submissions"), start=1):
        external_id = f"example-{number:03d}"
        if Submission.objects.filter(external_id=external_id).exists():
            continue
        submission = services.submit(
            NewSubmission(
                title=item["title"],
                body=item["body"],
                kind=item["kind"],
                province=Province.objects.filter(code=item["province"]).first(),
                sender=Sender(kind=item["sender_kind"], name=f"Người gửi ví dụ {number}", address="Địa chỉ ví dụ"),
                consents=("publish",) if number % 3 else (),
                consent_version="example",
                external_id=external_id,
                channel="example",
                is_example=True,
                created_at=now() - timedelta(hours=item["sent_hours_ago"]),
            )
        )
        if number > 36:
            _advance(submission, number, users)
        made += 1
    return made


def _advance(submission: Submission, number: int, users: dict[str, User]) -> None:
    """Take an example some steps along, as officers would: every step leaves its event."""
    coordinator, officer, approver = users["dieuphoi"], users["chuyenvien"], users["lanhdao"]
    step = number % 8
    if step == 0:
        reason = RejectionReason.objects.get(code="out_of_scope")
        services.reject(submission, actor=coordinator, reason=reason)
        return
    ministry = Agency.objects.get(code="BKHCN")
    rule = RoutingRule.objects.filter(lead=ministry).exclude(initiative=None).order_by("order").first()
    initiative = rule.initiative if rule else None
    services.confirm_routing(
        submission, actor=coordinator, nature="in_scope", system=None, initiative=initiative, lead=ministry
    )
    services.assign(submission, lead=ministry, actor=coordinator)
    if step == 1:
        return
    services.accept(submission, actor=officer)
    if step == 2:
        services.ask(submission, actor=officer, text="Anh, chị cho biết việc này xảy ra ở đơn vị nào và từ khi nào?")
    if step < 4:
        return
    services.draft_answer(
        submission,
        actor=officer,
        agency=ministry,
        outcome="explained",
        text="(Ví dụ minh họa.) Bộ đã xem xét ý kiến của ông, bà. Nội dung này đang được rà soát cùng các đơn vị "
        "liên quan; kết quả sẽ được thông báo tại trang tra cứu.",
    )
    if step < 6:
        services.propose_answer(submission, actor=officer)
    if step == 5:
        services.approve_answer(submission, actor=approver)

"""One submission at the desk: read it, and one small view for each thing that can be done with it."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from .. import access, services
from ..access import handling_required
from ..forms.desk import AnswerForm, AskForm, EmptyForm, NoteForm, RejectForm, RouteForm
from ..models import Event, Nature, Submission
from ..outbox import record
from ..suggestion import suggestion_for
from ..workflow import InvalidTransition, StaleSubmission

FORMS: dict[str, type[forms.Form]] = {
    "route": RouteForm,
    "ask": AskForm,
    "reject": RejectForm,
    "withdraw": EmptyForm,
    "accept": EmptyForm,
    "hand_back": NoteForm,
    "draft": AnswerForm,
    "approve": EmptyForm,
    "return": NoteForm,
}


def _find(request: HttpRequest, code: str) -> Submission:
    """The submission, if this person may read it; otherwise it does not exist for them."""
    visible = Submission.objects.visible_to(request.user).select_related(
        "province", "commune", "system", "initiative", "handler"
    )
    return get_object_or_404(visible, receipt_code=code)


def _initial(submission: Submission, suggestion) -> dict[str, dict]:
    """What each form starts from: what was confirmed, else what the model suggests."""
    lead = submission.assignments.filter(role="lead", ended_at=None).select_related("agency").first()
    co = submission.assignments.filter(role="co", ended_at=None).select_related("agency")
    if lead:
        route = {
            "nature": submission.nature or Nature.IN_SCOPE,
            "initiative": submission.initiative_id,
            "system": submission.system_id,
            "lead": lead.agency.code,
            "co_agencies": [assignment.agency.code for assignment in co],
        }
    else:
        route = suggestion.route_initial if suggestion else {"nature": Nature.IN_SCOPE}
    answer = getattr(submission, "answer", None)
    draft = {"outcome": answer.outcome, "text": answer.text} if answer else {"outcome": "explained"}
    return {"route": route, "draft": draft}


def _page(
    request: HttpRequest,
    submission: Submission,
    *,
    bound: tuple[str, forms.Form] | None = None,
    template: str = "officer/submission.html",
    status: int = 200,
) -> HttpResponse:
    suggestion = suggestion_for(submission)
    allowed = access.actions(request.member, submission)
    initial = _initial(submission, suggestion)
    shown = {
        action: form(initial={**initial.get(action, {}), "version": submission.version}, auto_id=f"id_{action}_%s")
        for action, form in FORMS.items()
        if action in allowed
    }
    if bound:
        shown[bound[0]] = bound[1]
    context = {
        "submission": submission,
        "suggestion": suggestion,
        "allowed": allowed,
        "forms": shown,
        "form": bound[1] if bound else None,
        "failed": bound[0] if bound else "",
        "assignments": submission.assignments.filter(ended_at=None).select_related("agency"),
        "events": submission.events.select_related("actor"),
        "questions": submission.questions.select_related("asked_by"),
        "answer": getattr(submission, "answer", None),
        "rejection": getattr(submission, "rejection", None),
        "attachments": submission.attachments.all(),
        "consents": submission.consents.filter(withdrawn_at=None),
        "rating": getattr(getattr(submission, "answer", None), "rating", None),
    }
    return render(request, template, context, status=status)


@never_cache
@require_GET
@handling_required
def submission(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _find(request, code))


@never_cache
@require_GET
@handling_required
def pane(request: HttpRequest, code: str) -> HttpResponse:
    """The preview beside the queue."""
    return _page(request, _find(request, code), template="officer/pane.html")


@never_cache
@require_GET
@handling_required
def attachment(request: HttpRequest, code: str, pk: int) -> FileResponse:
    found = _find(request, code).attachments.filter(pk=pk).first()
    if found is None:
        raise Http404
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)


@never_cache
@require_POST
@handling_required
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """Who sent it: shown on demand, and the looking is written down."""
    submission = _find(request, code)
    if not access.may(request.member, "contact", submission):
        raise PermissionDenied
    record(submission, Event.Name.CONTACT_VIEWED, actor=request.user)
    return render(request, "officer/contact.html", {"submission": submission, "submitter": submission.submitter})


def _act(
    request: HttpRequest, code: str, action: str, do: Callable[[Submission, dict], object], done: str
) -> HttpResponse:
    """Read the form, call one service, come back; tell kindly when somebody was faster."""
    submission = _find(request, code)
    form = FORMS[action](request.POST, auto_id=f"id_{action}_%s")
    if not access.may(request.member, action, submission):
        messages.warning(request, _("Phiếu đã sang bước khác nên không làm được việc này nữa. Đây là phiếu lúc này."))
        return redirect("intake:submission", code=code)
    if not form.is_valid():
        return _page(request, submission, bound=(action, form), status=422)
    # The service compares with the version this officer's page showed.
    submission.version = form.cleaned_data["version"]
    try:
        with transaction.atomic():
            do(submission, form.cleaned_data)
    except (StaleSubmission, InvalidTransition, IntegrityError):
        return _overtaken(request, code, action)
    messages.success(request, done)
    if not Submission.objects.visible_to(request.user).filter(pk=submission.pk).exists():
        return redirect("search:queue")  # handed back or sealed: no longer this officer's to read
    return redirect("intake:submission", code=code)


def _overtaken(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Another officer moved it first: show what they did, and keep what this one typed."""
    visible = Submission.objects.visible_to(request.user).filter(receipt_code=code).first()
    if visible is None:
        messages.warning(request, _("Phiếu vừa được chuyển sang cơ quan khác, bạn không còn xử lý phiếu này."))
        return redirect("search:queue")
    latest = visible.events.exclude(name=Event.Name.CONTACT_VIEWED).select_related("actor").last()
    if latest is None or latest.actor is None:
        who = _("người gửi hoặc hệ thống")
    elif latest.actor == request.user:
        who = _("chính bạn")
    else:
        who = latest.actor.get_full_name() or latest.actor.get_username()
    what = latest.get_name_display() if latest else ""
    messages.warning(
        request,
        _("Chưa ghi: %(who)s vừa xử lý phiếu này trước (%(what)s). Hãy xem lại rồi làm tiếp nếu còn cần.")
        % {"who": who, "what": what},
    )
    data = request.POST.copy()
    data["version"] = str(visible.version)
    if access.may(request.member, action, visible):
        form = FORMS[action](data, auto_id=f"id_{action}_%s")
        form.is_valid()
        return _page(request, visible, bound=(action, form), status=409)
    return _page(request, visible, status=409)


@never_cache
@require_POST
@handling_required
def route(request: HttpRequest, code: str) -> HttpResponse:
    def do(submission: Submission, data: dict) -> None:
        if data["nature"] == Nature.SECRET:
            services.seal(submission, actor=request.user)
            return
        services.confirm_routing(
            submission,
            actor=request.user,
            nature=data["nature"],
            system=data["system"],
            initiative=data["initiative"],
            lead=data["lead"],
            reason=data["reason"],
        )
        services.assign(
            submission, lead=data["lead"], co_agencies=data["co_agencies"], actor=request.user, note=data["note"]
        )

    return _act(request, code, "route", do, _("Đã xác nhận và chuyển cơ quan xử lý."))


@never_cache
@require_POST
@handling_required
def accept(request: HttpRequest, code: str) -> HttpResponse:
    def do(submission, data):
        services.accept(submission, actor=request.user)

    return _act(request, code, "accept", do, _("Đã nhận xử lý. Bạn là người phụ trách phiếu này."))


@never_cache
@require_POST
@handling_required
def hand_back(request: HttpRequest, code: str) -> HttpResponse:
    def do(submission, data):
        services.hand_back(submission, actor=request.user, note=data["note"])

    return _act(request, code, "hand_back", do, _("Đã đề nghị chuyển lại. Điều phối viên sẽ quyết định."))


@never_cache
@require_POST
@handling_required
def ask(request: HttpRequest, code: str) -> HttpResponse:
    def do(submission, data):
        services.ask(submission, actor=request.user, text=data["text"])

    return _act(request, code, "ask", do, _("Đã gửi câu hỏi. Hạn trả lời tạm dừng tới khi người gửi bổ sung."))


@never_cache
@require_POST
@handling_required
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    def do(submission, data):
        services.withdraw_question(submission, actor=request.user)

    return _act(request, code, "withdraw", do, _("Đã rút câu hỏi. Việc xử lý được tiếp tục."))


@never_cache
@require_POST
@handling_required
def reject(request: HttpRequest, code: str) -> HttpResponse:
    def do(submission, data):
        services.reject(submission, actor=request.user, reason=data["reason"], note=data["note"])

    return _act(request, code, "reject", do, _("Đã ghi không tiếp nhận. Người gửi sẽ nhận được lý do."))


@never_cache
@require_POST
@handling_required
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """Save the draft; with the second button, put it before the approver as well."""

    def do(submission, data):
        services.draft_answer(
            submission, actor=request.user, agency=request.member.agency, text=data["text"], outcome=data["outcome"]
        )
        if "propose" in request.POST:
            services.propose_answer(submission, actor=request.user)

    done = _("Đã trình duyệt.") if "propose" in request.POST else _("Đã lưu bản thảo.")
    return _act(request, code, "draft", do, done)


@never_cache
@require_POST
@handling_required
def approve(request: HttpRequest, code: str) -> HttpResponse:
    def do(submission, data):
        services.approve_answer(submission, actor=request.user)

    return _act(request, code, "approve", do, _("Đã duyệt. Câu trả lời đang được gửi tới người gửi."))


@never_cache
@require_POST
@handling_required
def return_(request: HttpRequest, code: str) -> HttpResponse:
    def do(submission, data):
        services.return_answer(submission, actor=request.user, note=data["note"])

    return _act(request, code, "return", do, _("Đã trả lại để sửa."))

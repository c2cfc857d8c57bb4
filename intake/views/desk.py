"""One submission at the desk: what it says, who sent it, what may be done with it."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from .. import access
from ..access import handling_required
from ..forms.desk import AnswerForm, AskForm, EmptyForm, NoteForm, RejectForm, RouteForm, SplitForm
from ..marking import marks_for
from ..models import Event, Nature, Opening, Submission
from ..outbox import record
from ..suggestion import suggestion_for

FORMS: dict[str, type[forms.Form]] = {
    "route": RouteForm,
    "ask": AskForm,
    "reject": RejectForm,
    "withdraw": EmptyForm,
    "accept": EmptyForm,
    "hand_back": NoteForm,
    "take_back": EmptyForm,
    "unmerge": EmptyForm,
    "split": SplitForm,
    "draft": AnswerForm,
    "approve": EmptyForm,
    "return": NoteForm,
}


def find(request: HttpRequest, code: str) -> Submission:
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
    split = {"title": submission.title, "kind": submission.kind, "body": submission.body}
    return {"route": route, "draft": draft, "split": split}


def came_from(request: HttpRequest) -> dict[str, str]:
    """The list's state and the place in it, as a link or a form carries them; nothing if from elsewhere."""
    given = request.POST if request.method == "POST" else request.GET
    place = given.get("thu", "")
    if not (place.isascii() and place.isdigit() and len(place) < 6):
        return {}
    return {"tu": given.get("tu", "")[:2_000], "thu": place}


def show(
    request: HttpRequest,
    submission: Submission,
    *,
    bound: tuple[str, forms.Form] | None = None,
    template: str = "officer/submission.html",
    status: int = 200,
) -> HttpResponse:
    """The page or the preview; `bound`: the form that was not accepted, shown with what was typed."""
    news = since_looked(request.user, submission)
    Opening.note(request.user, submission)
    suggestion = suggestion_for(submission)
    allowed = access.actions(request.member, submission)
    initial = _initial(submission, suggestion)
    back = came_from(request)
    mark = marks_for(request, back.get("tu", ""))
    shown = {
        action: form(
            initial={**initial.get(action, {}), **back, "version": submission.version}, auto_id=f"id_{action}_%s"
        )
        for action, form in FORMS.items()
        if action in allowed
    }
    if bound:
        shown[bound[0]] = bound[1]
    answer = getattr(submission.principal, "answer", None)
    context = {
        "submission": submission,
        "marked_title": mark(submission.title, submission.body),
        "marked_body": mark(submission.body, submission.title),
        "news": news,
        "suggestion": suggestion,
        "allowed": allowed,
        "forms": shown,
        "form": bound[1] if bound else None,
        "failed": bound[0] if bound else "",
        "back": back,
        "assignments": submission.assignments.filter(ended_at=None).select_related("agency"),
        "events": submission.events.select_related("actor"),
        "questions": submission.questions.select_related("asked_by"),
        "answer": answer,
        "rejection": getattr(submission, "rejection", None),
        "attachments": submission.attachments.all(),
        "consents": submission.consents.filter(withdrawn_at=None),
        "rating": getattr(answer, "rating", None),
        "related": related(submission, request.user),
    }
    return render(request, template, context, status=status)


def since_looked(user, submission: Submission) -> list[Event]:
    """What others have done since this officer last opened it, oldest first; nothing the first time."""
    opening = Opening.objects.filter(user=user, submission=submission).first()
    if opening is None:
        return []
    events = submission.events.filter(created_at__gt=opening.opened_at).select_related("actor")
    return list(events.exclude(actor=user).exclude(name=Event.Name.CONTACT_VIEWED))


def related(submission: Submission, user) -> dict[str, list[Submission]]:
    """What it was merged or split with, as far as this person may read it."""
    visible = Submission.objects.visible_to(user).only("receipt_code", "title")
    return {
        "principal": list(visible.filter(pk=submission.merged_into_id)),
        "merged": list(visible.filter(merged_into=submission)),
        "split_from": list(visible.filter(pk=submission.split_from_id)),
        "parts": list(visible.filter(split_from=submission)),
    }


@never_cache
@require_GET
@handling_required
def submission(request: HttpRequest, code: str) -> HttpResponse:
    return show(request, find(request, code))


@never_cache
@require_GET
@handling_required
def pane(request: HttpRequest, code: str) -> HttpResponse:
    """The preview beside the queue."""
    return show(request, find(request, code), template="officer/pane.html")


@never_cache
@require_GET
@handling_required
def attachment(request: HttpRequest, code: str, pk: int) -> FileResponse:
    found = find(request, code).attachments.filter(pk=pk).first()
    if found is None:
        raise Http404
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)


@never_cache
@require_POST
@handling_required
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """Who sent it: shown on demand, and the looking is written down."""
    submission = find(request, code)
    if not access.may(request.member, "contact", submission) or submission.submitter.blocked_at:
        raise PermissionDenied
    record(submission, Event.Name.CONTACT_VIEWED, actor=request.user)
    return render(request, "officer/contact.html", {"submission": submission, "submitter": submission.submitter})

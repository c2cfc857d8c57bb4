"""Why the machine guessed as it did, on request beside the submission."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..access import handling_required
from ..forms.model import InitiativeForm
from ..learning import why
from ..learning.registry import UnusableModel
from ..models import Initiative, Submission
from ..suggestion import once, suggestion_for


@require_safe
@never_cache
@handling_required
def because(request: HttpRequest, code: str) -> HttpResponse:
    """Near decided submissions, and the phrases that spoke against the label asked about."""
    submission = get_object_or_404(Submission.objects.visible_to(request.user), receipt_code=code)
    form = InitiativeForm(request.GET)
    asked = form.cleaned_data["khong"] if form.is_valid() else None
    suggestion = suggestion_for(submission)
    labels = [(0, _("Ngoài phạm vi")), *((one.pk, str(one)) for one in Initiative.objects.current())]
    context: dict[str, object] = {
        "submission": submission,
        "suggestion": suggestion,
        "labels": labels,
        "asked": asked,
        "asked_label": next((label for number, label in labels if number == asked), ""),
    }
    if asked is None:
        context["near"] = why.nearest(submission, request.user)
    elif suggestion and suggestion.initiative:
        context |= _against(submission, asked, suggestion.initiative[0].value)
    whole = not request.htmx
    return render(request, "officer/why_page.html" if whole else "officer/why.html", context)


def _against(submission: Submission, asked: int, first: str) -> dict[str, object]:
    if str(asked) == first:
        return {"same": True}
    try:
        return {"against": once(reason.phrase for reason in why.why_not(submission, asked, first=int(first)))}
    except ValueError:
        return {"unknown": True}
    except UnusableModel:
        return {"unreadable": True}

"""Before something is sent: published answers like it, and whether they were enough. Only counts are kept."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_ratelimit.core import ALL
from django_ratelimit.decorators import ratelimit
from wagtail.rich_text import get_text_for_indexing

from cms import helped
from cms.models import AnswerPage
from intake.access import handling_required
from intake.http import client_key
from intake.models import Role
from intake.offers import offer_answers
from intake.redaction import looks_secret, redact

from ..public import lateness
from ..similar import answers_like
from .public import CLIENT, search_rate

LONGEST = 4_000  # characters that are looked at
SUMMARY = 180  # characters of an answer


@offer_answers
def similar(request: HttpRequest, text: str) -> SafeString:
    """Up to five answers like what is about to be sent, as a piece of page; empty if none is good."""
    text = text[:LONGEST]
    found = [] if looks_secret(text) else [one.page for one in answers_like(redact(text))]
    if not found:
        return SafeString("")
    helped.count("shown", [page.pk for page in found], client_key("", request))
    answers = [
        {
            "page": page,
            "summary": Truncator(get_text_for_indexing(page.answer)).chars(SUMMARY),
            "late": lateness(page),
        }
        for page in found
    ]
    return render_to_string("search/similar.html", {"answers": answers}, request)


@never_cache
@require_POST
@ratelimit(key=CLIENT, rate=search_rate, method=ALL)
def like(request: HttpRequest) -> HttpResponse:
    """The same for the script of the form. 204: nothing to show."""
    piece = similar(request, request.POST.get("text", ""))
    return HttpResponse(piece) if piece else HttpResponse(status=204)


@never_cache
@require_GET
@ratelimit(key=CLIENT, rate=search_rate, method=ALL)
def opened(request: HttpRequest, pk: int) -> HttpResponse:
    """To the answer, counted on the way."""
    page = get_object_or_404(AnswerPage.objects.live().public(), pk=pk)
    helped.count("opened", [pk], client_key("", request))
    return redirect(page.url)


@never_cache
@require_POST
@ratelimit(key=CLIENT, rate=search_rate, method=ALL)
def solved(request: HttpRequest) -> HttpResponse:
    """Somebody need not write any more."""
    given = request.POST.get("answer", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Http404
    page = get_object_or_404(AnswerPage.objects.live().public().select_related("agency"), pk=int(given))
    helped.count("solved", [page.pk], client_key("", request))
    return render(request, "search/solved.html", {"answer": page})


@never_cache
@require_GET
@handling_required
def figures(request: HttpRequest) -> HttpResponse:
    """For coordinators: how many were helped before they wrote, and by which answers."""
    if request.member.role != Role.COORDINATOR:
        raise Http404
    return render(request, "search/helped.html", {"figures": helped.figures(), "rows": helped.most_helpful()})

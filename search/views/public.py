"""Public search over published answers: the page, what it suggests while somebody types, its feed."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe
from django_ratelimit.core import ALL
from django_ratelimit.decorators import ratelimit

from ..address import Address
from ..feeds import feed_of
from ..offers import offers
from ..public import FILTER_PARAMS, OTHER_PARAMS, PublicSearch

CLIENT = "intake.http.client_key"
FEED_SECONDS = 300


def search_rate(group: str, request: HttpRequest) -> str:
    return settings.SEARCH_RATE


def _address(request: HttpRequest) -> Address:
    return Address.read(reverse("search:public"), request.GET, filters=FILTER_PARAMS, others=OTHER_PARAMS)


@require_safe
@ratelimit(key=CLIENT, rate=search_rate, method=ALL)
def search(request: HttpRequest) -> HttpResponse:
    """What was asked, on paper any text at all: no input is an error."""
    address = _address(request)
    found = PublicSearch(address)
    context = {
        "found": found,
        "results": found.results,
        "answers": found.answers(),
        "facets": found.facets(),
        "page_obj": found.page,
        "action": address.path,
        "clear_url": address.bare(),
        "feed_url": address.over(reverse("search:feed")).url(sort=""),
    }
    return render(request, "search/public.html", context)


@require_safe
@ratelimit(key=CLIENT, rate=search_rate, method=ALL)
def suggestions(request: HttpRequest) -> JsonResponse:
    """What to offer for what is being typed: `[{"text", "kind", "url"}]`, best first."""
    return JsonResponse(offers(_address(request)), safe=False)


@require_safe
@ratelimit(key=CLIENT, rate=search_rate, method=ALL)
def feed(request: HttpRequest) -> HttpResponse:
    """The search of the address as Atom; unchanged, it costs a reader nothing."""
    text = feed_of(_address(request))
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    patch_cache_control(response, public=True, max_age=FEED_SECONDS)
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response

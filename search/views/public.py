"""Public search over published answers."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_ratelimit.core import ALL
from django_ratelimit.decorators import ratelimit

from ..address import Address
from ..public import FILTER_PARAMS, OTHER_PARAMS, PublicSearch


@require_safe
@ratelimit(key="intake.http.client_key", rate=lambda group, request: settings.SEARCH_RATE, method=ALL)
def search(request: HttpRequest) -> HttpResponse:
    """What was asked, on paper any text at all: no input is an error."""
    address = Address.read(reverse("search:public"), request.GET, filters=FILTER_PARAMS, others=OTHER_PARAMS)
    found = PublicSearch(address)
    context = {
        "found": found,
        "results": found.results,
        "answers": found.answers(),
        "page_obj": found.page,
        "action": address.path,
        "clear_url": address.bare(),
    }
    return render(request, "search/public.html", context)

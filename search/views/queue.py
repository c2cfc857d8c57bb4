"""The officers' queue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from intake.access import handling_required

from ..address import Address
from ..desk import FILTER_PARAMS, OTHER_PARAMS, Desk


@require_safe
@never_cache
@handling_required
def queue(request: HttpRequest) -> HttpResponse:
    """Three panes: views, list, preview. Every state is in the address."""
    address = Address.read(reverse("search:queue"), request.GET, filters=FILTER_PARAMS, others=OTHER_PARAMS)
    desk = Desk(address, request.member, request.user)
    context = {
        "desk": desk,
        "address": address,
        "rows": desk.rows(),
        "page_obj": desk.page,
        "results": desk.results,
        "clear_url": address.bare(),
        "everywhere_url": address.url(view="all"),
        "list_url": address.url(page=address.get("page")),
        "open_code": desk.open_code,
    }
    return render(request, "officer/queue.html", context)

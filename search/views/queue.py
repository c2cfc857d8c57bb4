"""The officers' queue: the list, the next one of it, and what is like the one that is open."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from intake import access
from intake.access import handling_required
from intake.marking import Mark, mark_as_found, plain
from intake.models import Submission
from intake.receipts import read_code

from ..bulk.buttons import buttons_for
from ..desk import Desk
from ..engines import search_submissions
from ..listing import Listing, read_address, search_page
from ..query import Results
from ..similar import nearest


@require_safe
@never_cache
@handling_required
def queue(request: HttpRequest) -> HttpResponse:
    """Three panes: views, list, preview. Every state is in the address."""
    address = read_address(request.GET)
    desk = Desk(address, request.member, request.user)
    context = {
        "desk": desk,
        "address": address,
        "rows": desk.rows,
        "results": desk.results,
        "clear_url": address.bare(),
        "everywhere_url": address.url(view="all"),
        "list_url": address.here(),
        "panel_url": address.url(panel="" if desk.panel else "1"),
        "state": desk.listing.state,
        "buttons": buttons_for(request.member),
        "open_code": desk.open_code,
    }
    return render(request, "officer/queue.html", context)


@require_safe
@never_cache
@handling_required
def next_(request: HttpRequest) -> HttpResponse:
    """The list again, with the one after `qua` in the preview (or `mo` itself).

    The one that was dealt with may have left the list: then the next stands in its place.
    """
    address = read_address(QueryDict(request.GET.get("tu", "")[:2_000]))
    if stay := read_code(request.GET.get("mo", "")):
        return redirect(address.opening(stay))
    place, done = request.GET.get("thu", ""), read_code(request.GET.get("qua", ""))
    at = int(place) if place.isascii() and place.isdigit() and len(place) < 6 else 0
    listing = Listing(address, request.member, request.user)
    query = listing.query
    found = Results([], 0) if listing.says_nothing else search_page(query)
    row = _codes(request, found)
    after = row[row.index(done) + 1 :] if done in row else row[at:]
    if after:
        return redirect(address.opening(after[0]))
    following = replace(query, page=query.page + 1, before="", after=found.ends[1])
    there = [code for code in _codes(request, search_submissions(following)) if code not in row] if found.ids else []
    if there:
        return redirect(address.turned(following.page, open=there[0], after=following.after))
    if left := [code for code in row if code != done]:
        messages.info(request, _("Đã hết trang. Đây là phiếu đầu còn lại."))
        return redirect(address.opening(left[0]))
    messages.info(request, _("Đã xem hết danh sách này."))
    return redirect(address.url())


def _codes(request: HttpRequest, found: Results) -> list[str]:
    """Of the hits that the database says this person may read, in their order."""
    visible = Submission.objects.visible_to(request.user)
    codes = dict(visible.filter(pk__in=found.ids).values_list("pk", "receipt_code"))
    return [codes[pk] for pk in found.ids if pk in codes]


@mark_as_found
def marks(request: HttpRequest, state: str) -> Mark:
    """As the list marks its rows: with the words and the width that its hits were found by."""
    query = Listing.of(state, request.member, request.user).query
    if not query.terms:
        return plain
    return search_submissions(replace(query, page=1, size=0, after="", before="", meaning=False)).marker.whole


@require_safe
@never_cache
@handling_required
def similar(request: HttpRequest, code: str) -> HttpResponse:
    """Up to five like this one, nearest first, among those this person may read. Nothing is merged by itself.

    After a merge the list it was opened from (`tu`) is gone on with at this one.
    """
    visible = Submission.objects.visible_to(request.user)
    submission = get_object_or_404(visible, receipt_code=code)
    found = nearest(submission, request.user, 5)
    able = access.may_each(request.member, "merge", [one.submission for one in found])
    takes_in = access.may(request.member, "take_in", submission)
    context = {
        "submission": submission,
        "neighbours": [{"near": one, "mergeable": takes_in and one.submission.pk in able} for one in found],
        "mergeable": takes_in and bool(able),
        "state": read_address(QueryDict(request.GET.get("tu", "")[:2_000])).opening(code).partition("?")[2],
    }
    return render(request, "officer/similar.html", context)

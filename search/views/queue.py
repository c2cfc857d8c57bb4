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
from intake.models import Submission
from intake.receipts import read_code
from intake.views.desk import find

from ..bulk.buttons import buttons_for
from ..desk import Desk
from ..engines import search_submissions
from ..indexes import SUBMISSIONS
from ..listing import Listing, read_address
from ..marks import Marker
from ..similar import nearest
from ..spelling import read
from ..vocabulary import lexicon


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
    ids = [] if listing.says_nothing else search_submissions(replace(query, size=query.size + 1)).ids
    codes = dict(Submission.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", "receipt_code"))
    row = [codes[pk] for pk in ids if pk in codes]
    after = row[row.index(done) + 1 :] if done in row else row[at:]
    left = after or [code for code in row if code != done]
    if not left:
        messages.info(request, _("Đã xem hết danh sách này."))
        return redirect(address.url())
    if not after:
        messages.info(request, _("Đã hết trang. Đây là phiếu đầu còn lại."))
    if left[0] in row[query.size :]:  # the first of the next page
        cursor = search_submissions(query).ends[1]
        way = {"after": cursor} if cursor else {}
        return redirect(address.turned(query.page + 1, open=left[0], **way))
    return redirect(address.opening(left[0]))


@require_safe
@never_cache
@handling_required
def marked(request: HttpRequest, code: str) -> HttpResponse:
    """Title and text of a submission that is being read, with the words of the list it was opened from."""
    submission = find(request, code)
    listing = Listing.of(request.GET.get("tu", "")[:2_000], request.member, request.user)
    terms, _readings = read(listing.query.terms, lexicon(SUBMISSIONS))
    marker, title, body = Marker.of(terms), submission.title, submission.body
    context = {"title": marker.title(title, beside=body), "text": marker.whole(body, beside=title)}
    return render(request, "officer/marked.html", context)


@require_safe
@never_cache
@handling_required
def similar(request: HttpRequest, code: str) -> HttpResponse:
    """Up to five like this one, nearest first, among those this person may read. Nothing is merged by itself."""
    visible = Submission.objects.visible_to(request.user)
    submission = get_object_or_404(visible, receipt_code=code)
    found = nearest(submission, request.user, 5)
    able = access.may_each(request.member, "merge", [one.submission for one in found])
    takes_in = access.may(request.member, "take_in", submission)
    context = {
        "submission": submission,
        "neighbours": [{"near": one, "mergeable": takes_in and one.submission.pk in able} for one in found],
        "mergeable": takes_in and bool(able),
    }
    return render(request, "officer/similar.html", context)

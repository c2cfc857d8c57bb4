"""Taking the list away as a table: asked for on a page, given once, written down."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from intake.access import handling_required
from intake.models import Submission
from intake.receipts import read_code

from .. import export
from ..listing import Listing
from ..models import Export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_http_methods(["GET", "POST"])
@handling_required
def take(request: HttpRequest) -> HttpResponseBase:
    """Which shape is asked on a page first; given and written down when that is said."""
    given = request.POST if request.method == "POST" else request.GET
    state = given.get("tu", "").replace("\0", "")[:2_000]  # kept, and no database takes a NUL
    codes = [code for code in map(read_code, given.getlist("chon")) if code]
    if given.get("tat-ca"):
        codes = []
    elif given.getlist("chon") and not codes:
        messages.warning(request, _("Chưa chọn phiếu nào."))
        return redirect(Listing.of(state, request.member, request.user).address.here())
    if "dang" not in given:
        return _page(request, state, codes)
    if request.method == "GET":
        return redirect(f"{request.path}?{urlencode({'tu': state})}")  # a file is asked for by a button
    with_contacts = given.get("lien-he") == "1"
    format_ = Export.Format.XLSX if given.get("dang") == Export.Format.XLSX else Export.Format.CSV
    most = export.MOST_WITH_CONTACTS if with_contacts else export.MOST
    row = Export.objects.create(
        user_id=request.member.user_id,
        format=format_,
        address=state,
        codes=codes,
        with_contacts=with_contacts,
    )
    batches = _batches(request, state, codes, most)
    table = export.Table(request.member, request.user, batches, with_contacts=with_contacts)
    name = f"phieu-{localtime():%Y%m%d-%H%M}.{format_}"
    if format_ == Export.Format.XLSX:
        file = export.as_xlsx(table)
        Export.objects.filter(pk=row.pk).update(rows=table.written)
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    response = StreamingHttpResponse(
        _counting(export.as_csv(table), table, row), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(request: HttpRequest, state: str, codes: list[str]) -> HttpResponse:
    listing = Listing.of(state, request.member, request.user)
    context = {
        "state": state,
        "codes": codes,
        "view": listing.view,
        "q": listing.q,
        "most": export.MOST,
        "most_with_contacts": export.MOST_WITH_CONTACTS,
        "back_url": listing.address.here(),
    }
    return render(request, "officer/export.html", context)


def _batches(request: HttpRequest, state: str, codes: list[str], most: int) -> Iterator[list[int]]:
    if not codes:
        yield from Listing.of(state, request.member, request.user).batches(most, export.BATCH)
        return
    visible = Submission.objects.visible_to(request.user).filter(receipt_code__in=codes)
    yield list(visible.order_by("pk").values_list("pk", flat=True)[:most])


def _counting(lines: Iterator[str], table: export.Table, row: Export) -> Iterator[str]:
    """However far the reader got: that many rows went out."""
    try:
        yield from lines
    finally:
        Export.objects.filter(pk=row.pk).update(rows=table.written)

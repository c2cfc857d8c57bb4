"""Work on many at once: choose, look, start, watch, read the report, take it back."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake import access
from intake.access import handling_required
from intake.models import Submission
from intake.receipts import read_code
from intake.workflow import MERGEABLE, Status

from ..bulk import jobs
from ..bulk.deeds import DEEDS
from ..bulk.foresight import foresee
from ..bulk.forms import form_for
from ..bulk.undoing import UNDOABLE
from ..engines import search_submissions
from ..listing import Listing
from ..models import BulkItem, BulkJob

RECENT = 50


def chosen(request: HttpRequest, listing: Listing) -> tuple[list[int], int]:
    """Keys of the ticked ones, or of the first of all that match, in the list's order; and how many match."""
    if request.POST.get("tat-ca"):
        ids = [pk for batch in listing.batches(jobs.MOST, matching=True) for pk in batch]
        total = len(ids) if len(ids) < jobs.MOST else search_submissions(listing.matching).total
        return ids, total
    ticked = request.POST.getlist("chon")
    codes = [code for code in map(read_code, ticked[: jobs.MOST]) if code]
    found = dict(
        Submission.objects.visible_to(request.user).filter(receipt_code__in=codes).values_list("receipt_code", "pk")
    )
    ids = [found[code] for code in codes if code in found]
    return ids, len(ids) + max(0, len(ticked) - jobs.MOST)


@never_cache
@require_POST
@handling_required
def begin(request: HttpRequest) -> HttpResponse:
    """From the list: what was chosen becomes a draft, and its preview is shown."""
    state = request.POST.get("tu", "").replace("\0", "")[:2_000]  # kept, and no database takes a NUL
    listing = Listing.of(state, request.member, request.user)
    action = request.POST.get("viec", "")
    ids, matched = chosen(request, listing)
    if action not in DEEDS or not ids:
        messages.warning(request, _("Chưa chọn phiếu nào."))
        return redirect(listing.address.here())
    data = {}
    if into := read_code(request.POST.get("vao", "")):
        data["into"] = into
        # It may speak for the others where it cannot be merged itself.
        visible = Submission.objects.visible_to(request.user)
        kept = visible.filter(receipt_code=into, status__in=MERGEABLE).values_list("pk", flat=True)
        ids = [*kept, *ids]
    job = jobs.begin(request.user, action, ids, matched=matched, came_from=state, data=data)
    return redirect("search:bulk_job", token=job.token)


def _principal(request: HttpRequest, found: BulkJob) -> Submission | None:
    """The one that the others are to be merged into, if it was named and may take them in."""
    wanted = Submission.objects.visible_to(request.user).filter(receipt_code=found.data.get("into", "")).first()
    return wanted if wanted and access.may(request.member, "take_in", wanted) else None


def _mine(request: HttpRequest, token: UUID) -> BulkJob:
    """A job is its beginner's alone."""
    return get_object_or_404(BulkJob.objects.select_related("undoes"), token=token, user=request.user)


@never_cache
@require_http_methods(["GET", "POST"])
@handling_required
def job(request: HttpRequest, token: UUID) -> HttpResponse:
    """One address from the choice to the report; what is posted is shown first, and started when posted again."""
    found = _mine(request, token)
    if found.state != BulkJob.State.DRAFT:
        return redirect("search:bulk_job", token=token) if request.method == "POST" else _report(request, found)
    judgement = jobs.judge(found, request.member, request.user)
    given = request.POST if request.method == "POST" else None
    form = form_for(found, judgement.able, given, principal=_principal(request, found))
    seen = None
    if form.is_valid() or not form.fields:
        data, text = form.data_for_job(), form.text_for_job()
        seen = foresee(found, request.member, request.user, judgement, data=data, text=text)
        if request.method == "POST" and seen.changes and request.POST.get("da-xem") == seen.mark:
            jobs.start(found, data=data, text=text)
            return redirect("search:bulk_job", token=token)
    able = [one.submission for one in seen.changes] if seen else judgement.able
    left_out = seen.refused if seen else judgement.unable
    context = {
        "job": found,
        "form": form,
        "seen": seen,
        "changed": bool(seen and given and "da-xem" in given),
        "letter": form.letter() if seen else "",
        "able": len(able),
        "interrupted": _interrupted(found, able),
        "unable": len(left_out) + judgement.gone,
        "gone": judgement.gone,
        "left_out": [(one, BulkItem.Reason(reason).label) for one, reason in left_out],
        "cut": found.matched - jobs.MOST if found.matched > jobs.MOST else 0,
        "back_url": _back(found),
    }
    return render(request, "officer/bulk_preview.html", context, status=422 if form.errors else 200)


def _interrupted(found: BulkJob, able: list[Submission]) -> int:
    """How many somebody works on, which another agency would begin anew."""
    if found.action != BulkJob.Action.ASSIGN:
        return 0
    return sum(one.status == Status.IN_PROGRESS for one in able)


@never_cache
@require_GET
@handling_required
def recent(request: HttpRequest) -> HttpResponse:
    """What this officer did to many at once, the newest first: each leads to its report and its undoing."""
    done = Count("items", filter=Q(items__outcome=BulkItem.Outcome.DONE))
    begun = BulkJob.objects.filter(user=request.member.user_id).exclude(state=BulkJob.State.DRAFT)
    found = begun.select_related("undoes", "undone_by").annotate(total=Count("items"), done=done)[:RECENT]
    return render(request, "officer/bulk_recent.html", {"jobs": found})


@never_cache
@require_GET
@handling_required
def progress(request: HttpRequest, token: UUID) -> HttpResponse:
    """The part of the page that is asked for again while the job runs."""
    return _report(request, _mine(request, token), "officer/bulk_progress.html")


def _report(request: HttpRequest, found: BulkJob, template: str = "officer/bulk_job.html") -> HttpResponse:
    counts = dict(found.items.order_by().values_list("outcome").annotate(Count("pk")))
    refused = found.items.filter(outcome=BulkItem.Outcome.REFUSED)
    visible = Submission.objects.visible_to(request.user)
    undone = BulkJob.objects.filter(undoes=found).first()
    total = sum(counts.values())
    waiting = counts.get(BulkItem.Outcome.WAITING, 0)
    context = {
        "job": found,
        "total": total,
        "done": counts.get(BulkItem.Outcome.DONE, 0),
        "refused": counts.get(BulkItem.Outcome.REFUSED, 0),
        "worked": total - waiting,
        "running": found.state == BulkJob.State.RUNNING,
        "reasons": _reasons(refused.order_by().values_list("reason").annotate(Count("pk"))),
        "items": refused.filter(submission__in=visible).select_related("submission"),
        "undone": undone,
        "undoable": found.action in UNDOABLE and undone is None and bool(counts.get(BulkItem.Outcome.DONE)),
        "back_url": _back(found),
    }
    return render(request, template, context)


def _reasons(counted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(str(BulkItem.Reason(reason).label), count) for reason, count in counted if reason]


def _back(found: BulkJob) -> str:
    return f"{reverse('search:queue')}?{found.came_from}" if found.came_from else reverse("search:queue")


@never_cache
@require_POST
@handling_required
def undo(request: HttpRequest, token: UUID) -> HttpResponse:
    found = _mine(request, token)
    back = jobs.undo(found, request.user)
    if back is None:
        messages.warning(request, _("Việc này không hoàn tác được, hoặc đã được hoàn tác."))
        return redirect("search:bulk_job", token=token)
    return redirect("search:bulk_job", token=back.token)

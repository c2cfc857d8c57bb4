"""Bulk work from the choice to the report: a job is begun, judged, started, run in slices, undone."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils.timezone import now

from intake import access
from intake.models import Membership, Opening, Submission
from intake.outbox import enqueue
from intake.workflow import InvalidTransition, StaleSubmission

from ..models import BulkItem, BulkJob
from .deeds import Context, Deed, Refused, remembered
from .undoing import UNDOABLE, deed_of

log = logging.getLogger(__name__)

MOST = 500
DRAFTS_KEPT = timedelta(days=1)
OPENINGS_KEPT = timedelta(days=90)
# A worker works this long on one job, then lets others have a turn.
SLICE_SECONDS = 4.0
_CLAIM = timedelta(seconds=30)

Outcome, Reason, State = BulkItem.Outcome, BulkItem.Reason, BulkJob.State


@dataclass(frozen=True)
class Judgement:
    """What would become of a job's submissions now: those it would change, and why not the others."""

    able: list[Submission]
    unable: list[tuple[Submission, str]]
    gone: int


@transaction.atomic
def begin(user: Any, action: str, ids: Iterable[int], *, matched: int, came_from: str, data: dict[str, Any]) -> BulkJob:
    """A draft over these submissions, as they were chosen; nothing is changed yet."""
    chosen = list(dict.fromkeys(ids))[:MOST]
    versions = dict(Submission.objects.filter(pk__in=chosen).values_list("pk", "version"))
    job = BulkJob.objects.create(user=user, action=action, data=data, matched=matched, came_from=came_from[:2_000])
    BulkItem.objects.bulk_create(
        [BulkItem(job=job, submission_id=pk, version_seen=versions[pk]) for pk in chosen if pk in versions]
    )
    return job


def judge(job: BulkJob, member: Membership, user: Any) -> Judgement:
    """In a fixed number of queries, however many there are."""
    deed = deed_of(job)
    seen = dict(job.items.values_list("submission", "version_seen"))
    ids = list(seen)
    visible = _with_all_a_deed_reads(Submission.objects.visible_to(user).filter(pk__in=ids)).in_bulk()
    submissions = [visible[pk] for pk in ids if pk in visible]
    allowed = access.may_each(member, deed.rule, submissions)
    changed = {one.pk for one in submissions if seen[one.pk] not in {None, one.version}}
    able = [one for one in submissions if one.pk in allowed - changed]
    unable: list[tuple[Submission, str]] = [
        (one, _why_not(one, deed, allowed)) for one in submissions if one.pk not in allowed - changed
    ]
    gone = len(ids) - len(submissions)
    return Judgement(able, unable, gone)


def _with_all_a_deed_reads(submissions: QuerySet) -> QuerySet:
    merged = Prefetch("merged", Submission.objects.only("merged_into"))
    return submissions.select_related("system", "initiative__system").prefetch_related(
        "assignments__agency", "triages__lead", "triages__predictions", merged
    )


def _why_not(submission: Submission, deed: Deed, allowed: set[int]) -> str:
    if submission.status not in deed.statuses:
        return Reason.STATUS
    return Reason.CHANGED if submission.pk in allowed else Reason.PERMISSION


def start(job: BulkJob, *, data: dict[str, Any], text: str = "") -> bool:
    """Let it run. False if it ran already: a second press of the button starts nothing."""
    from .tasks import run_bulk

    began = BulkJob.objects.filter(pk=job.pk, state=State.DRAFT).update(
        state=State.RUNNING, data={**job.data, **data}, text=text, created_at=now()
    )
    if began:
        # The one that speaks for all is not merged itself.
        job.items.filter(submission__receipt_code=data.get("into")).delete()
        transaction.on_commit(lambda: enqueue(run_bulk, job.pk), robust=True)
    return bool(began)


def undo(job: BulkJob, user: Any) -> BulkJob | None:
    """A new job that takes back what this one did; None if it cannot be, or was taken back before."""
    if job.action not in UNDOABLE or job.state != State.DONE:
        return None
    done = job.items.filter(outcome=Outcome.DONE).order_by("-pk").values_list("submission", flat=True)
    try:
        with transaction.atomic():
            back = BulkJob.objects.create(
                user=user, action=BulkJob.Action.UNDO, undoes=job, matched=len(done), came_from=job.came_from
            )
            BulkItem.objects.bulk_create([BulkItem(job=back, submission_id=pk) for pk in done])
            start(back, data={})
    except IntegrityError:
        return None
    return back


def run(job_id: int, seconds: float = SLICE_SECONDS) -> bool:
    """Work on a job for a while. True when nothing of it is left; may be called again at any time."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=now())
    mine = BulkJob.objects.filter(free, pk=job_id, state=State.RUNNING)
    if not mine.update(claimed_until=now() + _CLAIM):
        return not BulkJob.objects.filter(pk=job_id, state=State.RUNNING).exists()
    job = BulkJob.objects.select_related("user", "undoes").get(pk=job_id)
    until = time.monotonic() + seconds
    member = Membership.of(job.user)
    context = Context(job, job.user, member) if member and job.user.is_active else None
    for pk in list(job.items.filter(outcome=Outcome.WAITING).values_list("pk", flat=True)):
        if time.monotonic() > until:
            BulkJob.objects.filter(pk=job_id).update(claimed_until=None)
            return False
        _one(context, pk)
        BulkJob.objects.filter(pk=job_id).update(claimed_until=now() + _CLAIM)
    BulkJob.objects.filter(pk=job_id).update(state=State.DONE, finished_at=now(), text="", claimed_until=None)
    return True


def _one(context: Context | None, item_id: int) -> None:
    """One submission, once: the deed and the note that it is done are one transaction."""
    try:
        with transaction.atomic():
            if not BulkItem.objects.filter(pk=item_id, outcome=Outcome.WAITING).update(outcome=Outcome.DONE):
                return
            if context is None:
                raise Refused(Reason.PERMISSION)
            _do(context, BulkItem.objects.get(pk=item_id))
    except Refused as refusal:
        _refuse(item_id, refusal.reason)
    except InvalidTransition:
        _refuse(item_id, Reason.STATUS)
    except StaleSubmission:
        _refuse(item_id, Reason.CHANGED)
    except Exception:
        # One that nobody foresaw must not hold up the rest, nor be tried for ever.
        log.exception("bulk item %s failed", item_id)
        _refuse(item_id, Reason.LATER)


def _do(context: Context, item: BulkItem) -> None:
    deed = deed_of(context.job)
    submission = Submission.objects.visible_to(context.user).filter(pk=item.submission_id).first()
    if submission is None:
        raise Refused(Reason.GONE)
    if not access.may(context.member, deed.rule, submission):
        raise Refused(Reason.STATUS if submission.status not in deed.statuses else Reason.PERMISSION)
    if item.version_seen not in {None, submission.version}:
        raise Refused(Reason.CHANGED)
    item.before = remembered(submission)
    item.before |= deed.do(context, submission)
    item.version_after = Submission.objects.values_list("version", flat=True).get(pk=submission.pk)
    item.save(update_fields=["before", "version_after"])
    # What one did oneself is no news.
    Opening.objects.filter(user=context.user, submission=submission).update(version=item.version_after)


def _refuse(item_id: int, reason: str) -> None:
    BulkItem.objects.filter(pk=item_id, outcome=Outcome.WAITING).update(outcome=Outcome.REFUSED, reason=reason)


def unfinished() -> list[int]:
    """Jobs that a killed worker or a lost message left behind."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=now())
    lost = now() - timedelta(seconds=10)
    running = BulkJob.objects.filter(free, state=State.RUNNING, created_at__lt=lost)
    return list(running.order_by("pk").values_list("pk", flat=True)[:50])


def tidy() -> None:
    """Drop what nobody comes back to: old drafts, and who opened what a season ago."""
    Opening.objects.filter(opened_at__lt=now() - OPENINGS_KEPT).delete()
    BulkJob.objects.filter(state=State.DRAFT, created_at__lt=now() - DRAFTS_KEPT).delete()

"""Taking back what a job did, where nobody has gone on from there; that too is a job."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from intake import services
from intake.models import Agency, Submission
from intake.workflow import ASSIGNABLE, InvalidTransition, Status

from ..models import BulkItem, BulkJob
from .deeds import DEEDS, Context, Deed, Refused

Reason = BulkItem.Reason


def undo(context: Context, submission: Submission) -> dict[str, Any]:
    """Take back what the job `undoes` did to this one, if nobody has gone on from there."""
    first = context.job.undoes
    if first is None:
        raise Refused(Reason.LATER)
    done = first.items.get(submission=submission)
    if submission.version != done.version_after:
        raise Refused(Reason.CHANGED)
    _UNDO[first.action](context, submission, done.before)
    return {}


def _unassign(context: Context, submission: Submission, before: dict[str, Any]) -> None:
    if before["status"] == Status.RECEIVED:
        due = before.get("due_at")
        services.take_back(submission, actor=context.user, due_at=datetime.fromisoformat(due) if due else None)
    elif before["status"] != Status.ASSIGNED:
        raise Refused(Reason.INTERRUPTED)
    else:
        agencies = {one.code: one for one in Agency.objects.filter(code__in=[code for code, _ in before["assigned"]])}
        leading = [agencies[code] for code, role in before["assigned"] if role == "lead"]
        others = [agencies[code] for code, role in before["assigned"] if role != "lead"]
        if not leading:
            raise Refused(Reason.STATUS)
        services.assign(submission, lead=leading[0], co_agencies=others, actor=context.user)
    if before.get("confirmed"):
        services.withdraw_routing(submission, actor=context.user)


def _unlabel(context: Context, submission: Submission, before: dict[str, Any]) -> None:
    services.withdraw_routing(submission, actor=context.user)


def _unmerge(context: Context, submission: Submission, before: dict[str, Any]) -> None:
    services.unmerge(submission, actor=context.user)


def _unask(context: Context, submission: Submission, before: dict[str, Any]) -> None:
    services.withdraw_question(submission, actor=context.user)


_UNDO: dict[str, Callable[[Context, Submission, dict[str, Any]], None]] = {
    BulkJob.Action.ASSIGN: _unassign,
    BulkJob.Action.LABEL: _unlabel,
    BulkJob.Action.MERGE: _unmerge,
    BulkJob.Action.ASK: _unask,
}
_UNDO_RULES: dict[str, Deed] = {
    BulkJob.Action.ASSIGN: Deed("take_back", frozenset({Status.ASSIGNED}), undo),
    BulkJob.Action.LABEL: Deed("route", ASSIGNABLE, undo),
    BulkJob.Action.MERGE: Deed("unmerge", frozenset({Status.MERGED}), undo),
    BulkJob.Action.ASK: Deed("withdraw", frozenset({Status.NEEDS_INFO}), undo),
}
UNDOABLE = frozenset(_UNDO)


def deed_of(job: BulkJob) -> Deed:
    """Raises `InvalidTransition` for a job that cannot be: the undoing of what cannot be undone."""
    if job.action != BulkJob.Action.UNDO:
        return DEEDS[job.action]
    if job.undoes is None or job.undoes.action not in _UNDO_RULES:
        raise InvalidTransition("this cannot be undone")
    return _UNDO_RULES[job.undoes.action]

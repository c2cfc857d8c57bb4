"""What each bulk action does to one submission, what it needs, and how it is undone.

Every deed goes through the ordinary services: the same rules, the same events as by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake import access, services
from intake.models import Agency, Initiative, Membership, Nature, RejectionReason, StrategicSystem, Submission, Triage
from intake.models.triage import Prediction, RoutingDecision
from intake.workflow import ASSIGNABLE, MERGEABLE, InvalidTransition, Status

from ..models import BulkItem, BulkJob

Reason = BulkItem.Reason
Level = Prediction.Level


class Refused(Exception):
    """This one cannot be done, for a reason that a person can read."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


@dataclass
class Context:
    """What a job reads once and not for each submission."""

    job: BulkJob
    user: Any
    member: Membership

    def __post_init__(self) -> None:
        codes = [self.job.data.get("lead", ""), *self.job.data.get("co", ())]
        self.agencies = {agency.code: agency for agency in Agency.objects.filter(code__in=codes)}
        self.reason = RejectionReason.objects.filter(code=self.job.data.get("reason", "")).first()
        self.initiative = Initiative.objects.filter(pk=self.job.data.get("initiative")).first()
        self.system = StrategicSystem.objects.filter(pk=self.job.data.get("system")).first()

    @property
    def principal(self) -> Submission:
        """Read anew each time: taking one in changes its version."""
        found = Submission.objects.visible_to(self.user).filter(receipt_code=self.job.data.get("into", "")).first()
        if found is None:
            raise Refused(Reason.GONE)
        if not access.may(self.member, "take_in", found):
            raise Refused(Reason.PERMISSION)
        return found


def remembered(submission: Submission) -> dict[str, Any]:
    """Codes and numbers of how it stood, for the undoing."""
    active = submission.assignments.filter(ended_at=None).select_related("agency")
    return {
        "status": submission.status,
        "assigned": [[one.agency.code, one.role] for one in active],
        "due_at": submission.due_at.isoformat() if submission.due_at else None,
    }


def _suggested(submission: Submission) -> Triage | None:
    return Triage.objects.filter(submission=submission).select_related("lead").prefetch_related("predictions").first()


def assign(context: Context, submission: Submission) -> dict[str, Any]:
    data = context.job.data
    triage = _suggested(submission)
    lead = context.agencies.get(data.get("lead", ""))
    if lead is None:
        lead = triage.lead if triage and triage.decision != Triage.Decision.ABSTAIN else None
    if lead is None:
        raise Refused(Reason.NO_SUGGESTION)
    others = [context.agencies[code] for code in data.get("co", ()) if code in context.agencies and code != lead.code]
    active = {(one.agency_id, one.role) for one in submission.assignments.filter(ended_at=None)}
    if active == {(lead.pk, "lead"), *((other.pk, "co") for other in others)}:
        raise Refused(Reason.SAME)
    confirmed = (
        data.get("confirm")
        and not submission.nature
        and triage is not None
        and _confirm(context, submission, triage, lead)
    )
    services.assign(submission, lead=lead, co_agencies=others, actor=context.user)
    return {"confirmed": bool(confirmed)}


def _confirm(context: Context, submission: Submission, triage: Triage, lead: Agency) -> bool:
    """Take over the suggested labels; not where the machine itself is unsure, and never what seals."""
    best = {prediction.level: prediction.value for prediction in triage.predictions.all() if prediction.rank == 1}
    nature = best.get(Level.NATURE, "")
    if triage.decision == Triage.Decision.ABSTAIN or nature not in Nature.values or nature == Nature.SECRET:
        return False
    initiative = Initiative.objects.filter(pk=_number(best.get(Level.INITIATIVE))).first()
    system = StrategicSystem.objects.filter(pk=_number(best.get(Level.SYSTEM))).first()
    if nature == Nature.IN_SCOPE and not (initiative or system):
        return False
    services.confirm_routing(
        submission,
        actor=context.user,
        nature=nature,
        system=system,
        initiative=initiative,
        lead=lead,
        reason=RoutingDecision.Reason.AGREED,
        learning=RoutingDecision.Learning.HELD,  # the machine's own guess: nobody has read the text
    )
    return True


def _number(value: str | None) -> int:
    return int(value) if value and value.isdigit() else 0


def label(context: Context, submission: Submission) -> dict[str, Any]:
    nature = context.job.data["nature"]
    initiative = context.initiative
    system = initiative.system if initiative else context.system
    if (submission.nature, submission.system, submission.initiative) == (nature, system, initiative):
        raise Refused(Reason.SAME)
    triage = _suggested(submission)
    guessed = triage.best(Level.INITIATIVE) if triage else None
    agreed = guessed is not None and guessed.value == str(initiative.pk if initiative else 0)
    why = RoutingDecision.Reason.AGREED if agreed else RoutingDecision.Reason.WRONG_SUBJECT
    lead = submission.assignments.filter(role="lead", ended_at=None).select_related("agency").first()
    services.confirm_routing(
        submission,
        actor=context.user,
        nature=nature,
        system=system,
        initiative=initiative,
        lead=lead.agency if lead else None,
        reason=why,
    )
    return {}


def ask(context: Context, submission: Submission) -> dict[str, Any]:
    services.ask(submission, actor=context.user, text=context.job.text)
    return {}


def reject(context: Context, submission: Submission) -> dict[str, Any]:
    if context.reason is None:
        raise Refused(Reason.LATER)
    services.reject(submission, actor=context.user, reason=context.reason, note=context.job.text)
    return {}


def accept(context: Context, submission: Submission) -> dict[str, Any]:
    services.accept(submission, actor=context.user)
    return {}


def merge(context: Context, submission: Submission) -> dict[str, Any]:
    if submission.merged.exists():
        raise Refused(Reason.SPEAKS)
    services.merge(submission, into=context.principal, actor=context.user)
    return {}


# --- undoing --------------------------------------------------------------------------------


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


_UNDO: dict[str, Callable[[Context, Submission, dict[str, Any]], None]] = {
    BulkJob.Action.ASSIGN: _unassign,
    BulkJob.Action.LABEL: _unlabel,
    BulkJob.Action.MERGE: _unmerge,
}


@dataclass(frozen=True)
class Deed:
    """`rule`: what `access` calls it; `statuses`: from where it can be done."""

    rule: str
    statuses: frozenset[str]
    do: Callable[[Context, Submission], dict[str, Any]]


DEEDS: dict[str, Deed] = {
    BulkJob.Action.ASSIGN: Deed("route", ASSIGNABLE, assign),
    BulkJob.Action.LABEL: Deed("route", ASSIGNABLE, label),
    BulkJob.Action.ASK: Deed("ask", ASSIGNABLE, ask),
    BulkJob.Action.REJECT: Deed("reject", frozenset({Status.RECEIVED, Status.ASSIGNED}), reject),
    BulkJob.Action.ACCEPT: Deed("accept", frozenset({Status.ASSIGNED}), accept),
    BulkJob.Action.MERGE: Deed("merge", MERGEABLE, merge),
}
_UNDO_RULES: dict[str, Deed] = {
    BulkJob.Action.ASSIGN: Deed("take_back", frozenset({Status.ASSIGNED}), undo),
    BulkJob.Action.LABEL: Deed("route", ASSIGNABLE, undo),
    BulkJob.Action.MERGE: Deed("unmerge", frozenset({Status.MERGED}), undo),
}
UNDOABLE = frozenset(_UNDO)


def deed_of(job: BulkJob) -> Deed:
    """Raises `InvalidTransition` for a job that cannot be: the undoing of what cannot be undone."""
    if job.action != BulkJob.Action.UNDO:
        return DEEDS[job.action]
    if job.undoes is None or job.undoes.action not in _UNDO_RULES:
        raise InvalidTransition("this cannot be undone")
    return _UNDO_RULES[job.undoes.action]

"""What each bulk action does to one submission, and what it needs to be done.

Every deed goes through the ordinary services: the same rules, the same events as by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from intake import access, services
from intake.models import (
    Agency,
    Assignment,
    Initiative,
    Membership,
    Nature,
    RejectionReason,
    StrategicSystem,
    Submission,
    Triage,
)
from intake.models.triage import Prediction, RoutingDecision
from intake.workflow import ASSIGNABLE, MERGEABLE, Status

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

    @cached_property
    def initiatives(self) -> dict[int, Initiative]:
        return Initiative.objects.select_related("system").in_bulk()

    @cached_property
    def systems(self) -> dict[int, StrategicSystem]:
        return StrategicSystem.objects.in_bulk()

    @property
    def principal(self) -> Submission:
        """Read anew each time: taking one in changes its version."""
        found = Submission.objects.visible_to(self.user).filter(receipt_code=self.job.data.get("into", "")).first()
        if found is None:
            raise Refused(Reason.GONE)
        if not access.may(self.member, "take_in", found):
            raise Refused(Reason.PERMISSION)
        return found


def active(submission: Submission) -> list[Assignment]:
    return [one for one in submission.assignments.all() if one.ended_at is None]


def remembered(submission: Submission) -> dict[str, Any]:
    """Codes and numbers of how it stood, for the undoing."""
    return {
        "status": submission.status,
        "assigned": [[one.agency.code, one.role] for one in active(submission)],
        "due_at": submission.due_at.isoformat() if submission.due_at else None,
    }


@dataclass(frozen=True)
class Subject:
    """What a person says it is about."""

    nature: str
    system: StrategicSystem | None
    initiative: Initiative | None


def subject_of(submission: Submission) -> Subject:
    return Subject(submission.nature, submission.system, submission.initiative)


def _suggested(submission: Submission) -> Triage | None:
    return next(iter(submission.triages.all()), None)


def agencies_for(context: Context, submission: Submission) -> tuple[Agency, list[Agency]]:
    """The lead agency it would go to, and the others; refused where it is theirs already, or nobody's."""
    data = context.job.data
    triage = _suggested(submission)
    lead = context.agencies.get(data.get("lead", ""))
    if lead is None:
        lead = triage.lead if triage and triage.decision != Triage.Decision.ABSTAIN else None
    if lead is None:
        raise Refused(Reason.NO_SUGGESTION)
    others = [context.agencies[code] for code in data.get("co", ()) if code in context.agencies and code != lead.code]
    now = {(one.agency_id, one.role) for one in active(submission)}
    if now == {(lead.pk, "lead"), *((other.pk, "co") for other in others)}:
        raise Refused(Reason.SAME)
    return lead, others


def subject_to_confirm(context: Context, submission: Submission) -> Subject | None:
    """The suggested labels that assigning takes over; not where the machine is unsure, and never what seals."""
    triage = _suggested(submission)
    if not context.job.data.get("confirm") or submission.nature or triage is None:
        return None
    best = {prediction.level: prediction.value for prediction in triage.predictions.all() if prediction.rank == 1}
    nature = best.get(Level.NATURE, "")
    if triage.decision == Triage.Decision.ABSTAIN or nature not in Nature.values or nature == Nature.SECRET:
        return None
    initiative = context.initiatives.get(_number(best.get(Level.INITIATIVE)))
    system = initiative.system if initiative else context.systems.get(_number(best.get(Level.SYSTEM)))
    if nature == Nature.IN_SCOPE and system is None:
        return None
    return Subject(nature, system, initiative)


def _number(value: str | None) -> int:
    return int(value) if value and value.isdigit() else 0


def assign(context: Context, submission: Submission) -> dict[str, Any]:
    lead, others = agencies_for(context, submission)
    confirmed = subject_to_confirm(context, submission)
    if confirmed:
        services.confirm_routing(
            submission,
            actor=context.user,
            **vars(confirmed),
            lead=lead,
            reason=RoutingDecision.Reason.AGREED,
            learning=RoutingDecision.Learning.HELD,  # the machine's own guess: nobody has read the text
        )
    services.assign(submission, lead=lead, co_agencies=others, actor=context.user)
    return {"confirmed": confirmed is not None}


def subject_for(context: Context, submission: Submission) -> Subject:
    """What the form says; refused where it is said already."""
    data = context.job.data
    initiative = context.initiatives.get(data.get("initiative") or 0)
    system = initiative.system if initiative else context.systems.get(data.get("system") or 0)
    wanted = Subject(data["nature"], system, initiative)
    if subject_of(submission) == wanted:
        raise Refused(Reason.SAME)
    return wanted


def label(context: Context, submission: Submission) -> dict[str, Any]:
    wanted = subject_for(context, submission)
    triage = _suggested(submission)
    guessed = triage.best(Level.INITIATIVE) if triage else None
    agreed = guessed is not None and guessed.value == str(wanted.initiative.pk if wanted.initiative else 0)
    lead = next((one.agency for one in active(submission) if one.role == Assignment.Role.LEAD), None)
    services.confirm_routing(
        submission,
        actor=context.user,
        **vars(wanted),
        lead=lead,
        reason=RoutingDecision.Reason.AGREED if agreed else RoutingDecision.Reason.WRONG_SUBJECT,
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
    refuse_spokesman(submission)
    services.merge(submission, into=context.principal, actor=context.user)
    return {}


def refuse_spokesman(submission: Submission) -> None:
    if submission.merged.all():
        raise Refused(Reason.SPEAKS)


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

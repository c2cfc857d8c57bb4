"""What it is about, and whose it is: confirming, assigning, handing back, refusing, sealing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from .. import deadlines
from ..models import (
    Agency,
    Assignment,
    Category,
    Event,
    Initiative,
    Nature,
    Rejection,
    RejectionReason,
    RoutingDecision,
    StrategicSystem,
    Submission,
    Triage,
)
from ..outbox import record
from ..workflow import ASSIGNABLE, REJECTABLE, InvalidTransition, Outcome, Status, Visibility
from .merging import follow, reject_members, release_members
from .moving import Name, move, touch


@transaction.atomic
def confirm_routing(
    submission: Submission,
    *,
    actor,
    nature: str,
    system: StrategicSystem | None,
    initiative: Initiative | None,
    lead: Agency | None = None,
    reason: str = RoutingDecision.Reason.AGREED,
    categories: Iterable[Category] | None = None,
    learning: str = RoutingDecision.Learning.OPEN,
) -> Event:
    """A person says what it is about; kept beside what the model suggested, as a labelled example.

    `learning`: held where nobody has read the text, so that the machine neither learns from nor is measured
    by its own guess.
    """
    if initiative is not None:
        system = initiative.system
    triage = Triage.objects.filter(submission=submission).first()
    RoutingDecision.objects.create(
        submission=submission,
        triage=triage,
        actor=actor,
        nature=nature,
        system=system,
        initiative=initiative,
        lead=lead,
        reason=reason,
        learning=learning,
    )
    if categories is not None:
        submission.categories.set(categories)
    touch(submission, nature=nature, system=system, initiative=initiative)
    return record(
        submission,
        Name.ROUTING_CONFIRMED,
        actor=actor,
        data={
            "nature": nature,
            "system": system.pk if system else None,
            "initiative": initiative.pk if initiative else None,
            "reason": reason,
        },
    )


@transaction.atomic
def withdraw_routing(submission: Submission, *, actor) -> Event:
    """The last confirmation was a mistake: what was confirmed before it holds again, or nothing does.

    The mistaken decision is kept, and is no labelled example.
    """
    mistaken = submission.routing_decisions.first()
    if mistaken is None:
        raise InvalidTransition("nothing was confirmed")
    mistaken.withdrawn_at = now()
    mistaken.save(update_fields=["withdrawn_at"])
    before = submission.routing_decisions.first()
    touch(
        submission,
        nature=before.nature if before else "",
        system=before.system if before else None,
        initiative=before.initiative if before else None,
    )
    return record(submission, Name.ROUTING_WITHDRAWN, actor=actor)


@transaction.atomic
def assign(submission: Submission, *, lead: Agency, co_agencies: Iterable[Agency] = (), actor, note: str = "") -> Event:
    """Give it to a lead agency and any co-agencies; the answer is due from now by the table's rule."""
    if submission.status not in ASSIGNABLE:
        raise InvalidTransition(f"{submission.status} cannot be assigned")
    others = [agency for agency in co_agencies if agency != lead]
    event = move(
        submission,
        Status.ASSIGNED,
        event=Name.ASSIGNED,
        actor=actor,
        note=note,
        data={"lead": lead.code, "co": [agency.code for agency in others]},
        due_at=_answer_due(submission, several=bool(others)),
        handler=None,
    )
    submission.assignments.filter(ended_at=None).update(ended_at=now())
    for agency, role in [(lead, Assignment.Role.LEAD), *((a, Assignment.Role.CO) for a in others)]:
        Assignment.objects.create(submission=submission, agency=agency, role=role, assigned_by=actor)
    follow(submission, actor=actor)
    return event


def _answer_due(submission: Submission, *, several: bool) -> datetime | None:
    """The clock of the answer starts once, with the first agency: handing on gives no new time."""
    if submission.status != Status.RECEIVED:
        return submission.due_at
    handed_back = submission.events.filter(name__in=[Name.HANDED_BACK, Name.TAKEN_BACK]).last()
    if handed_back and handed_back.data.get("due_before"):
        return datetime.fromisoformat(handed_back.data["due_before"])
    return deadlines.due_for(deadlines.ANSWER_SEVERAL if several else deadlines.ANSWER)


def accept(submission: Submission, *, actor) -> Event:
    """The agency takes it on; the officer who says so handles it."""
    return move(submission, Status.IN_PROGRESS, event=Name.ACCEPTED, actor=actor, handler=actor)


def hand_back(submission: Submission, *, actor, note: str) -> Event:
    """The agency says it is not theirs; the coordinator decides again."""
    return _back_to_the_coordinator(submission, Name.HANDED_BACK, actor, note)


def take_back(submission: Submission, *, actor, note: str = "", due_at: datetime | None = None) -> Event:
    """The coordinator gave it to the wrong agency, and nobody there has taken it on yet.

    `due_at`: the deadline of the first look as it was; a slip that is undone gives nobody more time.
    """
    if submission.status != Status.ASSIGNED:
        raise InvalidTransition(f"{submission.status} cannot be taken back")
    return _back_to_the_coordinator(submission, Name.TAKEN_BACK, actor, note, due_at)


@transaction.atomic
def _back_to_the_coordinator(
    submission: Submission, name: str, actor, note: str, due_at: datetime | None = None
) -> Event:
    event = move(
        submission,
        Status.RECEIVED,
        event=name,
        actor=actor,
        note=note,
        data={"due_before": submission.due_at.isoformat() if submission.due_at else None},
        handler=None,
        due_at=due_at or deadlines.due_for(deadlines.SCREEN),
    )
    submission.assignments.filter(ended_at=None).update(ended_at=now())
    follow(submission, actor=actor)
    return event


@transaction.atomic
def seal(submission: Submission, *, actor) -> Event | None:
    """It may hold a state secret: out of every list, index and model, whoever had it before."""
    if submission.visibility == Visibility.SEALED:
        return None
    release_members(submission, actor=actor)
    submission.refresh_from_db()
    touch(submission, visibility=Visibility.SEALED, nature=Nature.SECRET)
    submission.assignments.filter(ended_at=None).update(ended_at=now())
    submission.triages.all().delete()
    return record(submission, Name.SEALED, actor=actor)


@transaction.atomic
def reject(submission: Submission, *, actor, reason: RejectionReason, note: str = "") -> Event:
    """Not accepted, with a reason the sender reads."""
    if submission.status not in REJECTABLE:
        raise InvalidTransition(f"{submission.status} cannot be rejected")
    event = move(
        submission,
        Status.REJECTED,
        event=Name.REJECTED,
        actor=actor,
        data={"reason": reason.code},
        outcome=Outcome.REJECTED,
        closed_at=now(),
        due_at=None,
    )
    rejection = Rejection.objects.create(submission=submission, reason=reason, note=note, rejected_by=actor)
    reject_members(submission, rejection, actor=actor)
    submission.assignments.filter(ended_at=None).update(ended_at=now())
    return event

"""Two that say the same become one; one with two subjects becomes two. Always a person's doing.

While a submission is merged, the one it was merged into (its principal) is answered for both: its
agencies follow the principal's, and its sender hears what the principal's sender hears: a copy without
the name and contacts of the principal's sender, made at that moment as they may be erased right after.
"""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from ..models import Agency, Answer, Assignment, Event, Rejection, Submission, Submitter
from ..outbox import record
from ..redaction import redact
from ..workflow import ASSIGNABLE, MERGEABLE, OPEN, InvalidTransition, Status, Visibility
from .arriving import NewSubmission, receive
from .moving import Name, move, touch


@transaction.atomic
def merge(submission: Submission, *, into: Submission, actor, note: str = "") -> Event:
    """Have `into` speak for it. The principal must be open and must not be merged itself."""
    if submission.pk == into.pk or submission.status not in MERGEABLE or submission.merged.exists():
        raise InvalidTransition(f"{submission.receipt_code} cannot be merged")
    if into.status not in OPEN or into.visibility == Visibility.SEALED:
        raise InvalidTransition(f"{into.receipt_code} cannot take another in")
    touch(into)
    event = move(
        submission,
        Status.MERGED,
        event=Name.MERGED,
        actor=actor,
        note=note,
        data={
            "into": into.receipt_code,
            "due_before": submission.due_at.isoformat() if submission.due_at else None,
            "handler": submission.handler_id,
            "assigned": list(_active(submission).values_list("agency__code", "role")),
        },
        merged_into=into,
        due_at=None,
    )
    _assign_like(submission, list(_active(into).values_list("agency", "role")), actor)
    record(into, Name.MERGE_TAKEN, actor=actor, data={"merged": submission.receipt_code})
    return event


@transaction.atomic
def unmerge(submission: Submission, *, actor, note: str = "") -> Event:
    """It was not the same after all: back to where it stood, its agencies and its deadline."""
    if submission.status != Status.MERGED or submission.merged_into_id is None:
        raise InvalidTransition("it is not merged")
    merged = submission.events.filter(name=Name.MERGED).latest("pk")
    principal = Submission.objects.get(pk=submission.merged_into_id)
    due = merged.data["due_before"]
    event = move(
        submission,
        merged.from_status,
        event=Name.UNMERGED,
        actor=actor,
        note=note,
        merged_into=None,
        due_at=datetime.fromisoformat(due) if due else None,
        handler=merged.data["handler"],
    )
    agencies = dict(Agency.objects.values_list("code", "pk"))
    _assign_like(submission, [(agencies[code], role) for code, role in merged.data["assigned"]], actor)
    touch(principal)
    record(principal, Name.UNMERGED, actor=actor, data={"unmerged": submission.receipt_code})
    return event


def members(submission: Submission) -> list[Submission]:
    """Those it speaks for now."""
    return list(submission.merged.filter(status=Status.MERGED))


def follow(principal: Submission, *, actor) -> None:
    """Whoever may read the principal now may read those merged into it, and nobody else."""
    wanted = list(_active(principal).values_list("agency", "role"))
    for member in members(principal):
        touch(member)
        _assign_like(member, wanted, actor)
        record(member, Name.ASSIGNED if wanted else Name.TAKEN_BACK, actor=actor)


def _for_others(principal: Submission, text: str) -> str:
    """What was written to the principal's sender, as another citizen may read it."""
    return redact(text, principal.submitter.known_words)


def answer_members(principal: Submission, answer: Answer, *, actor) -> None:
    """The answer is theirs as well: each sender gets a copy and can follow it by the own code."""
    copy = {
        "agency": answer.agency,
        "text": _for_others(principal, answer.text),
        "outcome": answer.outcome,
        "drafted_by": answer.drafted_by,
        "drafted_at": answer.drafted_at,
        "approved_by": answer.approved_by,
        "approved_at": answer.approved_at,
    }
    for member in members(principal):
        move(
            member,
            Status.ANSWERED,
            event=Name.ANSWERED,
            actor=actor,
            data={"outcome": principal.outcome, "principal": principal.receipt_code},
            outcome=principal.outcome,
            answered_at=principal.answered_at,
        )
        Answer.objects.update_or_create(submission=member, defaults=copy)


def reject_members(principal: Submission, rejection: Rejection, *, actor) -> None:
    note = _for_others(principal, rejection.note)
    for member in members(principal):
        move(
            member,
            Status.REJECTED,
            event=Name.REJECTED,
            actor=actor,
            data={"reason": rejection.reason.code, "principal": principal.receipt_code},
            outcome=principal.outcome,
            closed_at=now(),
        )
        Rejection.objects.create(
            submission=member, reason=rejection.reason, note=note, rejected_by=rejection.rejected_by
        )
        _active(member).update(ended_at=now())


def release_members(principal: Submission, *, actor) -> None:
    """The principal ends without an answer: the others are looked at again on their own."""
    for member in members(principal):
        unmerge(member, actor=actor)


def _active(submission: Submission):
    return submission.assignments.filter(ended_at=None)


def _assign_like(submission: Submission, wanted: list[tuple[int, str]], actor) -> None:
    _active(submission).update(ended_at=now())
    for agency, role in wanted:
        Assignment.objects.create(submission=submission, agency_id=agency, role=role, assigned_by=actor)


@transaction.atomic
def split(submission: Submission, *, actor, title: str, body: str, kind: str = "") -> Submission:
    """A second subject gets a submission of its own, with the same sender and a code of its own."""
    if submission.status not in ASSIGNABLE:
        raise InvalidTransition(f"{submission.status} cannot be split")
    touch(submission)
    new = NewSubmission(
        title=title,
        body=body,
        kind=kind or submission.kind,
        legal_text=submission.legal_text,
        province=submission.province,
        commune=submission.commune,
        channel="split",
        is_example=submission.is_example,
        by_hand=submission.by_hand,
    )
    part = receive(new, submitter=_copy_of(submission.submitter), split_from=submission)
    for consent in submission.consents.filter(withdrawn_at=None):
        part.consents.create(purpose=consent.purpose, text_version=consent.text_version, granted_at=consent.granted_at)
    record(submission, Name.SPLIT, actor=actor, data={"part": part.receipt_code})
    return part


def _copy_of(submitter: Submitter) -> Submitter:
    values = {
        field.attname: getattr(submitter, field.attname)
        for field in Submitter._meta.concrete_fields
        if field.name not in {"id", "submission"}
    }
    return Submitter(**values)

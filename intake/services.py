"""What can happen to a submission: one verb a function, one transaction, one event.

Only this module changes a submission. Every verb but `submit` may raise `StaleSubmission` (someone
else was first) and `InvalidTransition` (the workflow has no such arrow).
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import get_language

from classifier.text import nfc

from . import deadlines
from .calendars import work_calendar
from .files import CheckedFile
from .models import (
    Agency,
    Answer,
    Assignment,
    Attachment,
    Category,
    Commune,
    Consent,
    Event,
    Initiative,
    Kind,
    Nature,
    Province,
    Question,
    Rating,
    Rejection,
    RejectionReason,
    RoutingDecision,
    StrategicSystem,
    Submission,
    Submitter,
    Triage,
)
from .outbox import record
from .redaction import looks_secret, redact
from .workflow import (
    ASKABLE,
    ASSIGNABLE,
    REJECTABLE,
    TRANSITIONS,
    InvalidTransition,
    Outcome,
    StaleSubmission,
    Status,
    Visibility,
)

Name = Event.Name


@dataclass(frozen=True)
class Sender:
    """Who sends: goes into `Submitter` and nowhere else."""

    kind: str = Submitter.Kind.PERSON
    occupation: str = ""
    name: str = ""
    representative: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    id_number: str = ""


@dataclass(frozen=True)
class NewSubmission:
    """What arrives at the door, already validated."""

    title: str
    body: str
    kind: str = Kind.FEEDBACK
    sender: Sender = field(default_factory=Sender)
    legal_text: str = ""
    province: Province | None = None
    commune: Commune | None = None
    categories: tuple[Category, ...] = ()
    files: tuple[CheckedFile, ...] = ()
    consents: tuple[str, ...] = ()
    consent_version: str = ""
    form_token: UUID | None = None
    external_id: str | None = None
    channel: str = "web"
    is_example: bool = False
    created_at: datetime | None = None


# Unseen characters that turn the direction of what follows, or pretend to be nothing.
_UNSEEN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0xFEFF])


def storable(text: str) -> str:
    """The sender's own words in NFC, without characters that no database or page can hold or show."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSEEN)
    return nfc("".join(c for c in kept if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})).strip()


def submit(new: NewSubmission) -> Submission:
    """Receive a submission. The same form token or external id gives the submission it gave before."""
    if earlier := _earlier(new):
        return earlier
    sealed = looks_secret(f"{new.title}\n{new.body}\n{new.legal_text}")
    try:
        with transaction.atomic():
            return _receive(new, sealed=sealed)
    except IntegrityError:
        # Two posts of one form at once: the constraint let one in, the other finds it.
        if earlier := _earlier(new):
            return earlier
        raise


def _earlier(new: NewSubmission) -> Submission | None:
    if new.form_token:
        return Submission.objects.filter(form_token=new.form_token).first()
    if new.external_id:
        return Submission.objects.filter(external_id=new.external_id).first()
    return None


def _receive(new: NewSubmission, *, sealed: bool) -> Submission:
    title, body = storable(new.title)[:200], storable(new.body)
    received_at = new.created_at or now()
    submission = Submission.objects.create(
        form_token=new.form_token,
        external_id=new.external_id,
        channel=new.channel,
        is_example=new.is_example,
        kind=new.kind,
        kind_sent=new.kind,
        title=title,
        body=body,
        redacted_title=redact(title)[:200],
        redacted_body=redact(body),
        legal_text=storable(new.legal_text),
        province=new.province,
        commune=new.commune,
        visibility=Visibility.SEALED if sealed else Visibility.PRIVATE,
        nature=Nature.SECRET if sealed else "",
        created_at=received_at,
        due_at=deadlines.due_for(deadlines.SCREEN, received_at),
    )
    Submitter.objects.create(submission=submission, language=(get_language() or "vi")[:2], **vars(new.sender))
    submission.categories.set(new.categories)
    for purpose in new.consents:
        Consent.objects.create(submission=submission, purpose=purpose, text_version=new.consent_version)
    for file in {file.sha256: file for file in new.files}.values():
        Attachment.objects.create(
            submission=submission,
            file=ContentFile(file.content, name=file.name),
            name=file.name,
            extension=file.extension,
            size=len(file.content),
            sha256=file.sha256,
        )
    record(submission, Name.RECEIVED, to_status=Status.RECEIVED, data={"channel": new.channel})
    if sealed:
        record(submission, Name.SEALED)
    return submission


def _touch(submission: Submission, **changes: object) -> None:
    """Compare-and-set on the version the caller saw; refreshes the object it was given."""
    changed = Submission.objects.filter(pk=submission.pk, version=submission.version).update(
        version=F("version") + 1, **changes
    )
    if not changed:
        raise StaleSubmission(submission.receipt_code)
    submission.refresh_from_db()


def move(
    submission: Submission,
    to: str,
    *,
    event: str,
    actor=None,
    note: str = "",
    data: dict | None = None,
    **changes: object,
) -> Event:
    """Change the status and write the event, or neither. Only this sets `status`."""
    before = submission.status
    if to not in TRANSITIONS[before]:
        raise InvalidTransition(f"{before} -> {to}")
    with transaction.atomic():
        _touch(submission, status=to, **changes)
        return record(submission, event, actor=actor, from_status=before, to_status=to, note=note, data=data)


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
) -> Event:
    """A person says what it is about; kept beside what the model suggested, as a labelled example."""
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
    )
    if categories is not None:
        submission.categories.set(categories)
    _touch(submission, nature=nature, system=system, initiative=initiative)
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
    return event


def _answer_due(submission: Submission, *, several: bool) -> datetime | None:
    """The clock of the answer starts once, with the first agency: handing on gives no new time."""
    if submission.status != Status.RECEIVED:
        return submission.due_at
    handed_back = submission.events.filter(name=Name.HANDED_BACK).last()
    if handed_back and handed_back.data.get("due_before"):
        return datetime.fromisoformat(handed_back.data["due_before"])
    return deadlines.due_for(deadlines.ANSWER_SEVERAL if several else deadlines.ANSWER)


def accept(submission: Submission, *, actor) -> Event:
    """The agency takes it on; the officer who says so handles it."""
    return move(submission, Status.IN_PROGRESS, event=Name.ACCEPTED, actor=actor, handler=actor)


@transaction.atomic
def hand_back(submission: Submission, *, actor, note: str) -> Event:
    """The agency says it is not theirs; the coordinator decides again."""
    event = move(
        submission,
        Status.RECEIVED,
        event=Name.HANDED_BACK,
        actor=actor,
        note=note,
        data={"due_before": submission.due_at.isoformat() if submission.due_at else None},
        handler=None,
        due_at=deadlines.due_for(deadlines.SCREEN),
    )
    submission.assignments.filter(ended_at=None).update(ended_at=now())
    return event


@transaction.atomic
def ask(submission: Submission, *, actor, text: str) -> Event:
    """Ask the sender. The answer's clock stops until the reply."""
    if submission.status not in ASKABLE:
        raise InvalidTransition(f"{submission.status} cannot be asked about")
    before_due = submission.due_at
    event = move(
        submission,
        Status.NEEDS_INFO,
        event=Name.QUESTION_ASKED,
        actor=actor,
        data={"due_before": before_due.isoformat() if before_due else None},
        due_at=deadlines.due_for(deadlines.SUPPLEMENT),
    )
    Question.objects.create(submission=submission, asked_by=actor, text=text)
    return event


@transaction.atomic
def reply(submission: Submission, *, text: str) -> Event:
    """The sender answers the open question; work goes on where it stood, with the time it had left."""
    event = _resume(submission, event=Name.QUESTION_ANSWERED)
    text = storable(text)
    submission.questions.filter(replied_at=None).update(reply=text, replied_at=now())
    if looks_secret(text):
        seal(submission, actor=None)
    return event


@transaction.atomic
def withdraw_question(submission: Submission, *, actor) -> Event:
    """The officer can do without the answer (a sender without e-mail may never read the question)."""
    event = _resume(submission, event=Name.QUESTION_WITHDRAWN, actor=actor)
    submission.questions.filter(replied_at=None).update(replied_at=now())
    return event


def _resume(submission: Submission, *, event: str, actor=None) -> Event:
    if submission.status != Status.NEEDS_INFO:
        raise InvalidTransition("no question is open")
    asked = submission.events.filter(name=Name.QUESTION_ASKED).latest("pk")
    due_before = asked.data.get("due_before")
    due = None
    if due_before:
        due = work_calendar().closing(datetime.fromisoformat(due_before) + (now() - asked.created_at))
    return move(submission, asked.from_status, event=event, actor=actor, due_at=due)


@transaction.atomic
def seal(submission: Submission, *, actor) -> Event | None:
    """It may hold a state secret: out of every list, index and model, whoever had it before."""
    if submission.visibility == Visibility.SEALED:
        return None
    _touch(submission, visibility=Visibility.SEALED, nature=Nature.SECRET)
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
    Rejection.objects.create(submission=submission, reason=reason, note=note, rejected_by=actor)
    submission.assignments.filter(ended_at=None).update(ended_at=now())
    return event


@transaction.atomic
def draft_answer(submission: Submission, *, actor, agency: Agency, text: str, outcome: str) -> Event:
    """Write or rewrite the draft; the text is the agency's, not yet sent."""
    if submission.status != Status.IN_PROGRESS:
        raise InvalidTransition("an answer is drafted while the submission is in progress")
    _touch(submission)
    Answer.objects.update_or_create(
        submission=submission,
        defaults={
            "agency": agency,
            "text": storable(text),
            "outcome": outcome,
            "drafted_by": actor,
            "drafted_at": now(),
        },
    )
    return record(submission, Name.ANSWER_DRAFTED, actor=actor)


def propose_answer(submission: Submission, *, actor) -> Event:
    """Put the draft before an approver."""
    if not Answer.objects.filter(submission=submission, approved_at=None).exists():
        raise InvalidTransition("there is no draft to approve")
    return move(submission, Status.AWAITING_APPROVAL, event=Name.ANSWER_PROPOSED, actor=actor)


def return_answer(submission: Submission, *, actor, note: str) -> Event:
    """The approver wants it changed."""
    return move(submission, Status.IN_PROGRESS, event=Name.ANSWER_RETURNED, actor=actor, note=note)


@transaction.atomic
def approve_answer(submission: Submission, *, actor) -> Event:
    """Sign the answer; it goes to the sender. Drafting and approving are two people's work."""
    answer = Answer.objects.filter(submission=submission, approved_at=None).first()
    if answer is None:
        raise StaleSubmission(submission.receipt_code)
    if actor.pk in answer.authors():
        raise InvalidTransition("who drafted it cannot approve it")
    event = move(
        submission,
        Status.ANSWERED,
        event=Name.ANSWERED,
        actor=actor,
        data={"outcome": answer.outcome, "agency": answer.agency.code},
        outcome=answer.outcome,
        answered_at=now(),
    )
    answer.approved_by, answer.approved_at = actor, now()
    answer.save(update_fields=["approved_by", "approved_at"])
    return event


@transaction.atomic
def rate(submission: Submission, *, score: int, comment: str = "") -> Event:
    """The sender's verdict; once."""
    answer = Answer.objects.filter(submission=submission).exclude(approved_at=None).first()
    if answer is None:
        raise InvalidTransition("there is no answer to rate")
    _rating, fresh = Rating.objects.get_or_create(
        answer=answer, defaults={"score": score, "comment": storable(comment)[:2000]}
    )
    if not fresh:
        raise StaleSubmission(submission.receipt_code)
    return record(submission, Name.RATED, data={"score": score})


@transaction.atomic
def mark_published(submission: Submission, *, actor, public: bool) -> Event | None:
    """The redacted copy went on the public site, or came off it. Repeating it changes nothing."""
    wanted = Visibility.PUBLIC if public else Visibility.PRIVATE
    if submission.visibility in {wanted, Visibility.SEALED}:
        return None
    _touch(submission, visibility=wanted)
    return record(submission, Name.PUBLISHED if public else Name.UNPUBLISHED, actor=actor)


def close(submission: Submission, *, outcome: str = "") -> Event:
    """Nothing more is expected of anybody. An outcome is given only where there was none."""
    changes: dict[str, Any] = {"outcome": outcome} if outcome else {}
    return move(submission, Status.CLOSED, event=Name.CLOSED, closed_at=now(), **changes)

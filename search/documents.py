"""What the two indices hold, every field written out by hand.

A field enters `AnswerDocument` only if anyone may read it, and neither document takes a name, a
contact, or text that `intake.redaction` has not masked. Sealed submissions have no document.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch
from wagtail.rich_text import get_text_for_indexing

from cms.models import AnswerPage
from intake.models import Assignment, Prediction, Submission, Triage
from intake.workflow import Visibility

from .analysis import prepare

Level = Prediction.Level


@dataclass(frozen=True, slots=True)
class SubmissionDocument:
    """A submission as officers find it. Labels: confirmed by a person, else the model's first guess."""

    id: int
    version: int
    code: str
    title: str
    title_folded: str
    body: str
    body_folded: str
    kind: str
    status: str
    open: bool
    nature: str
    system: int | None
    initiative: int | None
    lead: str  # who leads, else whom the model suggests: the code of an agency
    agencies: list[str]  # who may read it now, by assignment
    province: str | None
    handler: int | None
    confirmed: bool
    decision: str
    p_initiative: float | None
    p_lead: float | None
    created_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerDocument:
    """A published answer as the public finds it."""

    id: int
    version: int
    title: str
    title_folded: str
    body: str
    body_folded: str
    kind: str
    agency: str
    system: int | None
    initiative: int | None
    province: str | None
    outcome: str
    year: int
    late: bool
    answered_on: str


def submissions_to_index(ids: Iterable[int] | None = None):
    """The submissions that have a document, with all it needs in a fixed number of queries."""
    found = Submission.objects.exclude(visibility=Visibility.SEALED)
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    newest = Triage.objects.prefetch_related(
        Prefetch("predictions", Prediction.objects.filter(rank=1).order_by("level"))
    )
    return found.annotate(events_so_far=Count("events", distinct=True)).prefetch_related(
        Prefetch("assignments", Assignment.objects.filter(ended_at=None).select_related("agency"), to_attr="active"),
        Prefetch("triages", newest.defer("vector", "reasons").select_related("lead")),
    )


def submission_document(submission: Submission) -> SubmissionDocument:
    """From a row of `submissions_to_index`. Every change writes an event or raises the version."""
    triage = next(iter(submission.triages.all()), None)
    guesses = {p.level: p for p in triage.predictions.all()} if triage else {}
    confirmed = bool(submission.nature)
    initiative, system = submission.initiative_id, submission.system_id
    nature = submission.nature
    if not confirmed and triage:
        nature = guesses[Level.NATURE].value if Level.NATURE in guesses else ""
        system, initiative = _number(guesses.get(Level.SYSTEM)), _number(guesses.get(Level.INITIATIVE))
    elif confirmed:
        system, initiative = system or 0, initiative or 0
    leading = next((a.agency for a in submission.active if a.role == Assignment.Role.LEAD), None)
    suggested = triage.lead if triage else None
    lead = leading or suggested
    title, body = prepare(submission.redacted_title), prepare(submission.redacted_body)
    return SubmissionDocument(
        id=submission.pk,
        version=submission.version + submission.events_so_far,
        code=submission.receipt_code,
        title=title.exact,
        title_folded=title.folded,
        body=body.exact,
        body_folded=body.folded,
        kind=submission.kind,
        status=submission.status,
        open=submission.is_open,
        nature=nature,
        system=system,
        initiative=initiative,
        lead=lead.code if lead else "",
        agencies=sorted(assignment.agency.code for assignment in submission.active),
        province=submission.province_id,
        handler=submission.handler_id,
        confirmed=confirmed,
        decision=triage.decision if triage else "",
        p_initiative=guesses[Level.INITIATIVE].p if Level.INITIATIVE in guesses else None,
        p_lead=_p_of(guesses.get(Level.AGENCY), suggested),
        created_at=submission.created_at,
        due_at=submission.due_at,
    )


def _number(guess: Prediction | None) -> int | None:
    return int(guess.value) if guess and guess.value.isdigit() else None


def _p_of(guess: Prediction | None, suggested) -> float | None:
    """How sure the model is of the agency suggested; None if a rule named another than it did."""
    return guess.p if guess and suggested and guess.value == suggested.code else None


def answers_to_index(ids: Iterable[int] | None = None):
    """The answers anyone may read."""
    found = AnswerPage.objects.live().public().select_related("agency")
    return found if ids is None else found.filter(pk__in=list(ids))


def answer_document(page: AnswerPage) -> AnswerDocument:
    title, body = prepare(page.title), prepare(answer_text(page))
    return AnswerDocument(
        id=page.pk,
        version=answer_version(page),
        title=title.exact,
        title_folded=title.folded,
        body=body.exact,
        body_folded=body.folded,
        kind=page.kind,
        agency=page.agency.code,
        system=page.system_id,
        initiative=page.initiative_id,
        province=page.province_id,
        outcome=page.outcome,
        year=page.answered_on.year,
        late=page.was_late,
        answered_on=page.answered_on.isoformat(),
    )


def answer_version(page: AnswerPage) -> int:
    """Grows with every publication: when it was, in milliseconds."""
    return milliseconds(page.last_published_at) if page.last_published_at else 1


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def answer_text(page: AnswerPage) -> str:
    """Question and answer as plain text: what is indexed, and what snippets are cut from."""
    return f"{page.question}\n{get_text_for_indexing(page.answer)}"


def in_batches(queryset, size: int) -> Iterator[list]:
    """The rows of a queryset by ascending key, `size` at a time, each batch read anew."""
    last = 0
    while batch := list(queryset.filter(pk__gt=last).order_by("pk")[:size]):
        yield batch
        last = batch[-1].pk

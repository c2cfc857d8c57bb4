"""What the two indices hold, every field written out by hand.

A field enters `AnswerDocument` only if anyone may read it, and neither document takes a name, a
contact, or text that `intake.redaction` has not masked. Sealed submissions have no document.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from wagtail.rich_text import get_text_for_indexing

from cms.models import AnswerPage
from intake.models import Assignment, Attachment, Event, Prediction, Submission, Triage
from intake.models.answer import DRAFTING, authors_since_return
from intake.workflow import Status, Visibility

from .analysis import prepare
from .meaning import from_encoder

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
    language_form: str
    categories: list[str]
    files: bool
    authors: list[int]  # who wrote the draft that waits for approval: none of them may approve it
    supports: int  # how many others say the same: those merged into it
    created_at: datetime
    due_at: datetime | None
    turn: int  # its place in the order by deadline, see `turn_of`
    vector: bytes | None  # what it means, see search.meaning


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
    categories: list[str]
    province: str | None
    outcome: str
    year: int
    late: bool
    answered_on: str
    vector: bytes | None


def events_so_far() -> Coalesce:
    """How many events a submission has, without grouping by its texts."""
    counted = Event.objects.filter(submission=OuterRef("pk")).order_by().values("submission").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def submissions_to_index(ids: Iterable[int] | None = None):
    """The submissions that have a document, with all it needs in a fixed number of queries."""
    found = Submission.objects.exclude(visibility=Visibility.SEALED)
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    newest = Triage.objects.prefetch_related(
        Prefetch("predictions", Prediction.objects.filter(rank=1).order_by("level"))
    )
    return (
        with_drafts(found)
        .annotate(
            events_so_far=events_so_far(),
            has_files=Exists(Attachment.objects.filter(submission=OuterRef("pk"))),
        )
        .prefetch_related(
            Prefetch(
                "assignments", Assignment.objects.filter(ended_at=None).select_related("agency"), to_attr="active"
            ),
            "categories",
            Prefetch(
                "merged", Submission.objects.filter(status=Status.MERGED).only("merged_into"), to_attr="merged_now"
            ),
            Prefetch("triages", newest.defer("reasons").select_related("lead")),
        )
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
        language_form=triage.language_form if triage else "",
        categories=sorted(category.code for category in submission.categories.all()),
        files=submission.has_files,
        authors=authors_of(submission),
        supports=len(submission.merged_now),
        created_at=submission.created_at,
        due_at=submission.due_at,
        turn=turn_of(submission.is_open, submission.due_at),
        vector=from_encoder(triage.vector) if triage else None,
    )


NEVER, SHUT = 10**14, 10**15  # milliseconds: later than any deadline


def turn_of(is_open: bool, due_at: datetime | None) -> int:
    """Open before shut, by deadline, those without one last: one number, so that a search server can skip by it."""
    return (0 if is_open else SHUT) + (milliseconds(due_at) if due_at else NEVER)


def with_drafts(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Ready for `authors_of`."""
    drafting = Event.objects.filter(name__in=DRAFTING).order_by("pk")
    return submissions.select_related("answer").prefetch_related(Prefetch("events", drafting, to_attr="drafting"))


def authors_of(submission: Any) -> list[int]:
    """Who wrote the draft that waits for approval, by `with_drafts`."""
    if submission.status != Status.AWAITING_APPROVAL:
        return []
    drafted = {submission.answer.drafted_by_id} if hasattr(submission, "answer") else set()
    return sorted(drafted | authors_since_return(submission.drafting))


def _number(guess: Prediction | None) -> int | None:
    return int(guess.value) if guess and guess.value.isdigit() else None


def _p_of(guess: Prediction | None, suggested) -> float | None:
    """How sure the model is of the agency suggested; None if a rule named another than it did."""
    return guess.p if guess and suggested and guess.value == suggested.code else None


def answers_to_index(ids: Iterable[int] | None = None):
    """The answers anyone may read."""
    found = AnswerPage.objects.live().public().select_related("agency", "meaning").prefetch_related("categories")
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
        categories=sorted(category.code for category in page.categories.all()),
        province=page.province_id,
        outcome=page.outcome,
        year=page.answered_on.year,
        late=page.was_late,
        answered_on=page.answered_on.isoformat(),
        vector=bytes(page.meaning.vector) if hasattr(page, "meaning") else None,
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

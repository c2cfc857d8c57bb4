"""The answer, from a draft to the sender's verdict, and the end."""

from typing import Any

from django.db import transaction
from django.utils.timezone import now

from ..models import Agency, Answer, Event, Rating, Submission
from ..outbox import record
from ..workflow import InvalidTransition, StaleSubmission, Status, Visibility
from .arriving import storable
from .merging import answer_members, release_members
from .moving import Name, move, touch


@transaction.atomic
def draft_answer(submission: Submission, *, actor, agency: Agency, text: str, outcome: str) -> Event:
    """Write or rewrite the draft; the text is the agency's, not yet sent."""
    if submission.status != Status.IN_PROGRESS:
        raise InvalidTransition("an answer is drafted while the submission is in progress")
    touch(submission)
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
    answer_members(submission, answer, actor=actor)
    return event


@transaction.atomic
def rate(submission: Submission, *, score: int, comment: str = "") -> Event:
    """The sender's verdict; once. On an answer to several merged submissions: its first sender's alone."""
    answer = Answer.objects.filter(submission=submission).exclude(approved_at=None).first()
    if answer is None or submission.merged_into_id is not None:
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
    touch(submission, visibility=wanted)
    return record(submission, Name.PUBLISHED if public else Name.UNPUBLISHED, actor=actor)


@transaction.atomic
def close(submission: Submission, *, outcome: str = "") -> Event:
    """Nothing more is expected of anybody. An outcome is given only where there was none."""
    changes: dict[str, Any] = {"outcome": outcome} if outcome else {}
    event = move(submission, Status.CLOSED, event=Name.CLOSED, closed_at=now(), **changes)
    release_members(submission, actor=None)
    return event

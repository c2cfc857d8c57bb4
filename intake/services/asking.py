"""Questions to the sender: the clock of the answer stands still while one is open."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from .. import deadlines
from ..calendars import work_calendar
from ..models import Event, Question, Submission
from ..redaction import looks_secret
from ..workflow import ASKABLE, InvalidTransition, Status
from .arriving import storable
from .moving import Name, move
from .routing import seal


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

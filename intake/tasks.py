"""Work for the worker. A task may run twice and may run late: it claims, upserts or compares first."""

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from celery import shared_task
from celery.signals import worker_ready
from django.db.models import Q
from django.utils.timezone import now

from . import mail, services, triage
from .learning import tasks as _learning  # noqa: F401 (Celery finds tasks in this module)
from .limits import CLOSE_AFTER_DAYS
from .models import Email, Event, Submission
from .outbox import enqueue, event_recorded
from .workflow import Outcome, StaleSubmission, Status

log = logging.getLogger(__name__)
T = TypeVar("T")

# What is owed for longer than this was lost by a dead broker or a killed worker.
LOST_AFTER = timedelta(seconds=20)
BATCH = 500
TRIAGED_AT_ONCE = 16
SWEEP_SECONDS = 20.0


@shared_task(acks_late=True)
def dispatch_event(event_id: int) -> None:
    """Tell the other rooms what happened; it counts as told when every receiver has taken it."""
    event = Event.objects.select_related("submission").filter(pk=event_id, dispatched_at=None).first()
    if event is None:
        return
    failures = [
        (receiver, error)
        for receiver, error in event_recorded.send_robust(sender=Event, event=event)
        if isinstance(error, Exception)
    ]
    if failures:
        receiver, error = failures[0]
        log.error("event %s not taken by %s", event_id, receiver.__name__, exc_info=error)
        return
    Event.objects.filter(pk=event_id, dispatched_at=None).update(dispatched_at=now())


@shared_task(acks_late=True)
def triage_submission(submission_id: int) -> None:
    """Have the model look at a submission once."""
    submission = Submission.objects.for_the_machine().filter(pk=submission_id).first()
    if submission:
        triage.triage([submission])


@shared_task(acks_late=True)
def send_email(email_id: int) -> None:
    """Send an owed letter. Two workers never send it together; a crash may repeat it."""
    mail.send_owed(email_id)


@shared_task
def sweep() -> None:
    """Do what is owed and was lost on the way: events, triage, letters; read again what an older model read.

    Done here and not enqueued again, so that a long queue never grows by being swept; what a message
    in the queue still asks for finds itself done. Ends by itself: the next sweep goes on.
    """
    until = time.monotonic() + SWEEP_SECONDS
    lost = now() - LOST_AFTER
    pending = Event.objects.filter(dispatched_at=None, created_at__lt=lost)
    for event_id in _while_time(pending.values_list("pk", flat=True), until):
        dispatch_event(event_id)
    untriaged = Submission.objects.untriaged().filter(created_at__lt=lost)
    for batch in _while_time(_batches(untriaged.order_by("pk")[:BATCH]), until):
        triage.triage(batch)
    free = Q(claimed_until=None) | Q(claimed_until__lt=now())
    owed = Email.objects.filter(free, sent_at=None, owed_at__lt=lost, attempts__lt=mail.MOST_ATTEMPTS)
    for email_id in _while_time(owed.values_list("pk", flat=True), until):
        mail.send_owed(email_id)
    for batch in _while_time(_batches(triage.outdated(triage.in_use())[:BATCH]), until):
        triage.reread(batch)


def _batches(submissions: Iterable[Submission]) -> Iterator[list[Submission]]:
    rows = iter(submissions)
    while batch := list(islice(rows, TRIAGED_AT_ONCE)):
        yield batch


def _while_time(rows: Iterable[T], until: float) -> Iterator[T]:
    for row in islice(rows, BATCH):
        if time.monotonic() > until:
            return
        yield row


@worker_ready.connect
def sweep_at_start(**kwargs) -> None:
    """A worker that comes back looks at once for what the last one dropped."""
    enqueue(sweep)


@shared_task
def close_silent() -> None:
    """Silence closes: answers that nobody rated for a month, questions that nobody answered in time."""
    unrated = Submission.objects.filter(
        status=Status.ANSWERED, answered_at__lt=now() - timedelta(days=CLOSE_AFTER_DAYS)
    )
    unanswered = Submission.objects.filter(status=Status.NEEDS_INFO, due_at__lt=now())
    for silent, outcome in ((unrated, ""), (unanswered, Outcome.NO_REPLY)):
        for submission in silent[:BATCH]:
            try:
                services.close(submission, outcome=outcome)
            except StaleSubmission:
                continue

"""Events and how the rest of the system hears of them.

The row is the promise; the queue only makes it quick. Losing the broker loses time, not events.
"""

import logging
import time

from celery import Task
from django.db import transaction
from django.dispatch import Signal

from .models import Event, Submission

log = logging.getLogger(__name__)

# Sent by the worker, once per event and again after a crash: receivers only write rows, and upsert.
event_recorded = Signal()

_BROKER_REST = 5.0  # seconds without a try after a refused connection
_broker_refused_at = 0.0


def enqueue(task: Task, *args: int) -> None:
    """Send a task if the broker is there. If not, its sweep will: never an error for the caller."""
    global _broker_refused_at
    if time.monotonic() - _broker_refused_at < _BROKER_REST:
        return
    try:
        task.delay(*args)
    except Exception as error:  # noqa: BLE001 (brokers raise their own kinds; the sweep is the answer)
        _broker_refused_at = time.monotonic()
        log.warning("queue away, %s left to the sweep: %s", task.name, type(error).__name__)


def record(
    submission: Submission,
    name: str,
    *,
    actor=None,
    from_status: str = "",
    to_status: str = "",
    note: str = "",
    data: dict | None = None,
) -> Event:
    """Write one event in the caller's transaction and have it dispatched after commit."""
    from .tasks import dispatch_event

    event = Event.objects.create(
        submission=submission,
        name=name,
        actor=actor,
        from_status=from_status,
        to_status=to_status,
        note=note,
        data=data or {},
    )
    # A lambda, not a partial: Django 5.2 cannot log a robust partial that fails (ticket 36487).
    transaction.on_commit(lambda: enqueue(dispatch_event, event.pk), robust=True)
    return event

"""Learning, for the worker: started by the schedule or a person, looked after, never two at once."""

import subprocess
import sys
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils.timezone import now

from ..models import TrainingRun
from ..outbox import enqueue
from . import lock, registry
from .training import MOST_ATTEMPTS

State = TrainingRun.State
# A queued run that nobody has begun by then was lost on the way.
LOST_AFTER = timedelta(minutes=1)


def request_training(*, actor=None) -> TrainingRun:
    """Ask for a training; one that is waiting already is the same."""
    waiting = TrainingRun.objects.filter(state__in=(State.QUEUED, State.RUNNING)).first()
    run = waiting or TrainingRun.objects.create(requested_by=actor)
    if run.state == State.QUEUED:
        enqueue(start_training, run.pk)
    return run


@shared_task(acks_late=True)
def start_training(run_id: int) -> None:
    """Train in a process of its own: the worker goes on reading submissions, and the memory is given back.

    It belongs to the worker's session and ends with it; `look_after` then begins anew.
    """
    if TrainingRun.objects.filter(pk=run_id, state=State.QUEUED).exists() and lock.free():
        command = [sys.executable, "manage.py", "train_classifier", "--run", str(run_id)]
        subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)


@shared_task
def train_nightly() -> None:
    request_training()


@shared_task
def look_after() -> None:
    """Begin again what a killed worker left, give up what failed too often, mend the link to the model."""
    registry.reconcile()
    if not lock.free():
        return
    waiting = TrainingRun.objects.filter(state__in=(State.QUEUED, State.RUNNING))
    waiting.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.FAILED, ended_at=now(), reason=f"Đã thử {MOST_ATTEMPTS} lần không xong."
    )
    waiting.filter(state=State.RUNNING).update(state=State.QUEUED)
    for run in waiting.filter(requested_at__lt=now() - LOST_AFTER)[:1]:
        start_training(run.pk)


@shared_task
def each_day() -> None:
    """The day's lists for labelling, the thresholds, and whether something has drifted."""
    from . import drift, picks, policies

    picks.choose()
    policies.refresh()
    drift.watch()

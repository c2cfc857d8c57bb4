"""Learning, for the worker: started by the schedule or a person, looked after, never two at once."""

import subprocess
import sys
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.utils.timezone import localdate, localtime, now

from ..models import TrainingRun
from ..outbox import enqueue
from . import drift, lock, picks, policies, registry
from .training import MOST_ATTEMPTS, tell
from .words import GAVE_UP

State = TrainingRun.State
# A queued run that nobody has begun by then was lost on the way.
LOST_AFTER = timedelta(minutes=1)
MORNING, DAY_SECONDS = 5, 86_400


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
    """Begin again what a killed worker left, give up what failed too often, mend the link to the model.

    And the day's work, also where the machine was off in the morning.
    """
    registry.reconcile()
    if lock.free():
        _begin_again()
    picks.choose()
    key = f"each-day:{localdate()}"
    if localtime().hour >= MORNING and not cache.get(key):
        each_day()
        cache.set(key, True, DAY_SECONDS)


def _begin_again() -> None:
    waiting = TrainingRun.objects.filter(state__in=(State.QUEUED, State.RUNNING))
    for run in waiting.filter(attempts__gte=MOST_ATTEMPTS):
        TrainingRun.objects.filter(pk=run.pk).update(state=State.FAILED, ended_at=now(), reason=GAVE_UP)
        run.refresh_from_db()
        tell(run)
    waiting.filter(state=State.RUNNING).update(state=State.QUEUED)
    for run in waiting.filter(requested_at__lt=now() - LOST_AFTER)[:1]:
        start_training(run.pk)


def each_day() -> None:
    """The thresholds, and whether something has drifted."""
    policies.refresh()
    drift.watch()

"""Bulk work and letters about saved views, in the worker."""

import logging

from celery import shared_task
from celery.signals import worker_ready

from intake.outbox import enqueue

from .. import saved
from . import jobs

log = logging.getLogger(__name__)

VIEWS_AT_ONCE = 100  # looked at by one sweep; the next sweep goes on with the others


@shared_task(acks_late=True)
def run_bulk(job_id: int) -> None:
    """A slice of a job; the next slice waits behind whatever else there is to do."""
    if not jobs.run(job_id):
        enqueue(run_bulk, job_id)


@shared_task
def sweep_desk() -> None:
    """What was lost or is due: jobs that nobody works on, views with something new, letters not sent."""
    for job_id in jobs.unfinished():
        enqueue(run_bulk, job_id)
    for view in saved.due_for_a_look()[:VIEWS_AT_ONCE]:
        try:
            saved.look(view)
        except Exception:  # whatever is wrong with one view, the letters of the others go
            log.exception("saved view %s could not be looked at", view.pk)
    for notice in saved.owed_notices():
        saved.send(notice)


@shared_task
def tidy_desk() -> None:
    """Once a night."""
    jobs.tidy()


@worker_ready.connect
def sweep_at_start(**kwargs: object) -> None:
    """A worker that comes back looks at once for what the last one dropped."""
    enqueue(sweep_desk)

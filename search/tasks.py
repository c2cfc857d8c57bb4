"""Work for the worker: bring the index into agreement with what was owed."""

import logging

from celery import shared_task
from celery.signals import worker_ready

from intake.outbox import enqueue

from .bulk import tasks as bulk_tasks  # noqa: F401 (Celery finds them here)
from .models import Owed
from .query import SearchAway, SearchSilent, rest
from .rebuild import ALL, AlreadyRunning, rebuild, to_build
from .sync import settle, settle_lost
from .vocabulary import recount

log = logging.getLogger(__name__)


@shared_task(acks_late=True)
def sync(owed_id: int) -> None:
    """Settle one owed row. Done already, or the server away: nothing to say, the sweep comes."""
    owed = None if rest else Owed.objects.filter(pk=owed_id).first()
    if owed is None:
        return
    try:
        settle([owed])
    except SearchAway as error:
        _away(error)


@shared_task
def sweep() -> None:
    """Settle what is owed and was lost on the way or waited for the search server.

    A server that has lost an index, or never had it, gets it again; a rebuild that was killed goes on.
    """
    for work in (settle_lost, _build_what_is_missing):
        try:
            work()
        except SearchAway as error:
            _away(error)
    for index in ALL:
        recount(index)


def _build_what_is_missing() -> None:
    for index in to_build():
        try:
            log.info("%s: %s documents, built anew", index.name, rebuild(index))
        except AlreadyRunning:
            continue


def _away(error: SearchAway) -> None:
    if isinstance(error, SearchSilent):
        rest.begin()
    log.warning("search away, %s objects stay owed: %s", Owed.objects.count(), error)


@worker_ready.connect
def sweep_at_start(**kwargs: object) -> None:
    """A worker that comes back looks at once for what the last one dropped."""
    enqueue(sweep)

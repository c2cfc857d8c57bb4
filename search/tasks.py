"""Work for the worker: bring the index into agreement with what was owed."""

import logging

from celery import shared_task
from celery.signals import worker_ready

from intake.outbox import enqueue

from .models import Owed
from .query import SearchAway, SearchSilent, rest
from .rebuild import missing, rebuild
from .sync import settle, settle_lost

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

    A server that has lost an index, or never had it, gets it again.
    """
    try:
        for index in missing():
            log.info("%s: %s documents, built anew", index.name, rebuild(index))
        settle_lost()
    except SearchAway as error:
        _away(error)


def _away(error: SearchAway) -> None:
    if isinstance(error, SearchSilent):
        rest.begin()
    log.warning("search away, %s objects stay owed: %s", Owed.objects.count(), error)


@worker_ready.connect
def sweep_at_start(**kwargs: object) -> None:
    """A worker that comes back looks at once for what the last one dropped."""
    enqueue(sweep)

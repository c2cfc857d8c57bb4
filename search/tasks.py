"""Work for the worker: bring the index into agreement with what was owed."""

import logging

from celery import shared_task

from .models import Owed
from .query import SearchAway
from .sync import settle, settle_lost

log = logging.getLogger(__name__)


@shared_task(acks_late=True)
def sync(owed_id: int) -> None:
    """Settle one owed row. Done already, or the server away: nothing to say, the sweep comes."""
    owed = Owed.objects.filter(pk=owed_id).first()
    if owed is None:
        return
    try:
        settle([owed])
    except SearchAway as error:
        log.warning("search away, %s stays owed: %s", owed, error)


@shared_task
def sweep() -> None:
    """Settle what is owed and was lost on the way, or waited for the search server."""
    try:
        settle_lost()
    except SearchAway as error:
        log.warning("search away, %s objects stay owed: %s", Owed.objects.count(), error)

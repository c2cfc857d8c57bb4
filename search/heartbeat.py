"""A sign of life of the workers, for /healthz: the time of the last beat, where all can read it.

Of those that take from the main queue: one that only keeps the index fresh must not speak for them.
"""

import time
from pathlib import Path

from celery.signals import worker_ready
from django.conf import settings
from django.core.cache import cache

EVERY = 15  # seconds
OLDEST = 90  # seconds after which a worker counts as gone
_KEY = "worker-heartbeat"


def connect() -> None:
    worker_ready.connect(start, dispatch_uid="search.heartbeat", weak=False)


def start(sender, **kwargs) -> None:
    """On the consumer's own timer, so that a long task does not silence it."""
    if settings.CELERY_TASK_DEFAULT_QUEUE not in sender.app.amqp.queues.consume_from:
        return
    beat()
    sender.timer.call_repeatedly(EVERY, beat)


def beat() -> None:
    try:
        if settings.REDIS_URL:
            cache.set(_KEY, time.time(), OLDEST * 10)
        else:
            _file().write_text(str(time.time()), encoding="ascii")
    except Exception:  # noqa: BLE001 (a beat that is lost is followed by another; the worker goes on)
        return


def age() -> float | None:
    """Seconds since any worker's last beat; None if there was none. May raise what the cache raises."""
    try:
        last = cache.get(_KEY) if settings.REDIS_URL else float(_file().read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return None if last is None else max(0.0, time.time() - float(last))


def _file() -> Path:
    return settings.QUEUE_DIR / "heartbeat"

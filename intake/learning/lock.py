"""One training at a time, on all machines; the operating system and the database let go when it dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

ADVISORY_LOCK = 57_2026


class Busy(Exception):
    """Another training is under way."""


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Raises Busy at once; never waits."""
    settings.MODELS_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.MODELS_DIR / "training.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy from error
        if connection.vendor != "postgresql":
            yield
            return
        # Machines that share a database but not a disk.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
            if not cursor.fetchone()[0]:
                raise Busy
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def free() -> bool:
    """Whether nobody trains just now."""
    try:
        with one_at_a_time():
            return True
    except Busy:
        return False

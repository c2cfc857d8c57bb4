"""Redis as a cache that may be away: then nothing is remembered, and no page fails for it.

Rate limits are counted here as well; while Redis is away nobody is held back by them.
"""

import logging
import time
from typing import Any

from django.core.cache.backends import redis
from redis.exceptions import ConnectionError as Away
from redis.exceptions import TimeoutError as Slow

log = logging.getLogger(__name__)

_TELL_EVERY = 30.0  # seconds
_told_at = float("-inf")


def _tell(error: Exception) -> None:
    global _told_at
    if time.monotonic() - _told_at > _TELL_EVERY:
        _told_at = time.monotonic()
        log.warning("cache away: %s", type(error).__name__)


class RedisCache(redis.RedisCache):
    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        try:
            return super().add(key, value, *args, **kwargs)
        except (Away, Slow) as error:
            _tell(error)
            return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except (Away, Slow) as error:
            _tell(error)
            return default

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        try:
            return super().get_many(keys, version)
        except (Away, Slow) as error:
            _tell(error)
            return {}

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(key, value, *args, **kwargs)
        except (Away, Slow) as error:
            _tell(error)

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        try:
            return super().set_many(data, *args, **kwargs)
        except (Away, Slow) as error:
            _tell(error)
            return list(data)

    def delete(self, key: Any, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except (Away, Slow) as error:
            _tell(error)
            return False

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError where Redis is away, as for a key that is not there."""
        try:
            return super().incr(key, delta, version)
        except (Away, Slow) as error:
            _tell(error)
            raise ValueError(f"{key!r}: cache away") from error

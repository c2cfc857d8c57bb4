"""A cache that is away forgets; it fails nobody."""

import socket

import pytest

from config.cache import RedisCache


@pytest.fixture
def away() -> RedisCache:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return RedisCache(f"redis://127.0.0.1:{port}/0", {"OPTIONS": {"socket_connect_timeout": 1}})


def test_nothing_is_remembered_and_nothing_fails(away: RedisCache) -> None:
    away.set("a", 1)
    assert away.get("a", "none") == "none"
    assert away.get_many(["a"]) == {}
    assert away.set_many({"a": 1}) == ["a"]
    assert away.delete("a") is False
    assert away.get_or_set("a", 7) == 7


def test_a_rate_limit_holds_nobody_back_meanwhile(away: RedisCache) -> None:
    assert away.add("limit", 1) is True
    with pytest.raises(ValueError, match="away"):
        away.incr("limit")

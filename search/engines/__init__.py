"""Which engine answers. The environment chooses; when it is away, the database steps in."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db import connection

from ..asking import ask_widely
from ..indexes import ANSWERS, SUBMISSIONS, Index
from ..query import Query, Results, SearchAway, SearchSilent, rest

Found = TypeVar("Found")

log = logging.getLogger(__name__)


class Engine(Protocol):
    name: str

    def submissions(self, query: Query) -> Results: ...

    def answers(self, query: Query) -> Results: ...

    def nearest(self, index: Index, vector: Any, query: Query, k: int) -> list[tuple[int, float]]:
        """The keys nearest to a vector (`search.meaning`) with their cosines, among what `query.user` may see."""

    def titles_with(self, words: tuple[str, ...], index: Index, user: Any, size: int) -> list[int]:
        """The newest whose title holds the folded words side by side, the last one perhaps half typed."""

    def check(self) -> None:
        """Raises if it could not answer now."""


def engine() -> Engine:
    """The engine of this installation: Elasticsearch if its address is set, else the database's own."""
    if settings.ELASTICSEARCH_URL:
        from .elastic import ElasticEngine

        return ElasticEngine()
    return local_engine()


def local_engine() -> Engine:
    """What answers without any server but the database."""
    if connection.vendor == "sqlite":
        from .fts5 import Fts5Engine

        return Fts5Engine()
    from .database import DatabaseEngine

    return DatabaseEngine()


def search_submissions(query: Query) -> Results:
    """What this officer may see and asked for. Never fails because a search server is away."""
    return _search(lambda chosen: ask_widely(chosen, SUBMISSIONS, query))


def search_answers(query: Query) -> Results:
    """What is published and asked for."""
    return _search(lambda chosen: ask_widely(chosen, ANSWERS, query))


def nearest(index: Index, vector: Any, query: Query, k: int) -> list[tuple[int, float]]:
    """The keys nearest to a vector with their cosines, among what this person may see."""
    return _try(lambda chosen: chosen.nearest(index, vector, query, k))


def titles_with(words: tuple[str, ...], index: Index, user: Any, size: int) -> list[int]:
    """Keys of what this person may see and whose title holds the folded words, the last one half typed."""
    return _try(lambda chosen: chosen.titles_with(words, index, user, size))


def _search(ask: Callable[[Engine], Results]) -> Results:
    return _try(ask, lambda: replace(ask(local_engine()), degraded=True))


def _try(ask: Callable[[Engine], Found], otherwise: Callable[[], Found] | None = None) -> Found:
    """What the engine answers; while it is away, what the database does.

    A question on its way when a rebuilt index takes the place of the old one is lost with that: it is
    asked again, once.
    """
    for attempt in range(0 if rest else 2):
        try:
            return ask(engine())
        except SearchSilent as error:
            rest.begin()
            log.warning("search silent, the database answers: %s", error)
            break
        except SearchAway as error:
            if attempt:
                log.warning("search away, the database answers: %s", error)
    return otherwise() if otherwise else ask(local_engine())

"""Which engine answers. The environment chooses; when it is away, the database steps in."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from django.conf import settings
from django.db import connection

from ..query import Query, Results, SearchAway, SearchSilent, rest

log = logging.getLogger(__name__)


class Engine(Protocol):
    name: str

    def submissions(self, query: Query) -> Results: ...

    def answers(self, query: Query) -> Results: ...

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
    return _search(lambda chosen: chosen.submissions(query))


def search_answers(query: Query) -> Results:
    """What is published and asked for."""
    return _search(lambda chosen: chosen.answers(query))


def _search(ask: Callable[[Engine], Results]) -> Results:
    if not rest:
        try:
            return ask(engine())
        except SearchAway as error:
            if isinstance(error, SearchSilent):
                rest.begin()
            log.warning("search away, the database answers: %s", error)
    return replace(ask(local_engine()), degraded=True)

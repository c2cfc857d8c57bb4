"""Elasticsearch as a place to write to: the line to it, its indices, what goes in and out of them.

Readers and writers use aliases alone, never an index by its name. Whatever the server or the line to
it does wrong is `SearchAway` for the callers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils.timezone import now
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import scan

from ..indexes import ANSWERS, SUBMISSIONS, Gone, Index
from ..query import DEEPEST, SearchAway, SearchSilent
from .elastic_bulk import put, remove, send, source

SECONDS = 3  # a reader waits no longer before the database answers
BULK_SECONDS = 60
STAMP = "%Y%m%d%H%M%S"


def index_settings() -> dict[str, Any]:
    """Of a fresh index, which is not refreshed before it is finished."""
    return {
        # How long a deletion is remembered against late messages.
        "index.gc_deletes": "1h",
        "index.max_result_window": DEEPEST,
        "index.number_of_shards": settings.ELASTICSEARCH_SHARDS,
        "index.auto_expand_replicas": f"0-{settings.ELASTICSEARCH_REPLICAS}",
        "index.refresh_interval": "-1",
    }


@lru_cache(maxsize=1)
def client() -> Elasticsearch:
    """One client a process; it keeps its connections."""
    nodes = settings.ELASTICSEARCH_URL.split()
    # A node that refuses is passed over for the next; one that is slow is not asked twice.
    return Elasticsearch(nodes, request_timeout=SECONDS, max_retries=len(nodes), retry_on_timeout=False)


@contextmanager
def answering() -> Iterator[Elasticsearch]:
    """The client; what fails inside is `SearchAway`, named by its kind and never with an address."""
    try:
        yield client()
    except ApiError as error:
        raise SearchAway(f"{error.meta.status} {error.error}"[:80]) from error
    except TransportError as error:
        raise SearchSilent(type(error).__name__) from error


@lru_cache(maxsize=1)
def protect() -> None:
    """No index under our names by accident: a deletion with a version would make one (once a process)."""
    with answering() as server:
        server.indices.put_index_template(
            name=settings.SEARCH_PREFIX,
            index_patterns=[f"{settings.SEARCH_PREFIX}-*"],
            allow_auto_create=False,
            priority=500,
        )


def _compared(values: dict[str, Any]) -> dict[str, Any]:
    """All but the vector: the server indexes it and does not give it back."""
    return {name: value for name, value in values.items() if name != "vector"}


class ElasticServer:
    """Where documents are written. Readers and writers use aliases alone, never an index by its name."""

    def has(self, index: Index) -> bool:
        with answering() as server:
            found = server.options(ignore_status=404).indices.get_mapping(index=index.alias)
        held = [one["mappings"]["properties"] for one in found.values() if isinstance(one, dict) and "mappings" in one]
        return bool(held) and all(set(index.properties) <= set(fields) for fields in held)

    def write(self, index: Index, documents: Sequence[Any], gone: Sequence[Gone]) -> None:
        """To the index that readers use, and to the one that is being built, if there is one."""
        lines = [*map(put, documents), *map(remove, gone)]
        if lines:
            protect()
            try:
                _send(index.alias, lines, required=True)
            except SearchSilent:
                raise
            except SearchAway:
                # The index behind the alias may have been taken away by a rebuild just now: the new one is there.
                _send(index.alias, lines, required=True)
            _send(building(index), lines, required=False)

    def begin(self, index: Index) -> "ElasticBuild":
        """A fresh index under the building alias; one that an earlier build left there is dropped."""
        protect()
        with answering() as server:
            name = f"{index.alias}-{now():{STAMP}}-{uuid4().hex[:6]}"
            left = list(server.options(ignore_status=404).indices.get_alias(name=building(index)))
            serving = set(server.options(ignore_status=404).indices.get_alias(name=index.alias))
            for stale in left:
                if stale.startswith(index.alias) and stale not in serving:
                    server.options(ignore_status=404).indices.delete(index=stale)
            server.indices.create(
                index=name,
                settings=index_settings(),
                mappings={"dynamic": "strict", "properties": dict(index.properties)},
                aliases={building(index): {}},
            )
        return ElasticBuild(index, name)

    def resume(self, index: Index, name: str) -> "ElasticBuild | None":
        with answering() as server:
            waiting = name and server.options(ignore_status=404).indices.exists_alias(name=building(index), index=name)
            served = waiting and server.indices.exists_alias(name=index.alias, index=name)
        return ElasticBuild(index, name) if waiting and not served else None

    def refresh(self) -> None:
        """Make what was written visible now (it is within a second anyway)."""
        with answering() as server:
            server.indices.refresh(index=",".join(index.alias for index in (SUBMISSIONS, ANSWERS)))

    def drop(self, index: Index) -> None:
        with answering() as server:
            for name in server.indices.get(index=f"{index.alias}-*", ignore_unavailable=True):
                server.indices.delete(index=name)

    def compare(self, index: Index, documents: Mapping[int, Any]) -> tuple[set[int], set[int]]:
        if not documents:
            return set(), set()
        with answering() as server:
            answer = server.mget(index=index.alias, ids=[str(key) for key in documents])
        held = {int(one["_id"]): one["_source"] for one in answer["docs"] if one.get("found")}
        stale = {key for key, value in held.items() if _compared(value) != _compared(source(documents[key]))}
        return set(documents) - set(held), stale

    def extra(self, index: Index, wanted: Callable[[list[int]], set[int]]) -> set[int]:
        found: set[int] = set()
        with answering() as server:
            ids = [int(hit["_id"]) for hit in scan(server, index=index.alias, _source=False, size=1_000)]
        for start in range(0, len(ids), 1_000):
            batch = ids[start : start + 1_000]
            found |= set(batch) - wanted(batch)
        return found


class ElasticBuild:
    """A fresh index that is being filled beside the one that readers use."""

    def __init__(self, index: Index, name: str) -> None:
        self.index, self.name = index, name
        self._line = ThreadPoolExecutor(1)
        self._sent: Future[None] | None = None

    def load(self, documents: Sequence[Any]) -> None:
        """In a thread of its own, so that the next batch is read meanwhile."""
        self.flush()
        self._sent = self._line.submit(_load, building(self.index), documents)

    def flush(self) -> None:
        if self._sent:
            sent, self._sent = self._sent, None
            sent.result()

    def finish(self) -> None:
        """Swap in one call; the building alias goes last, so no write falls between the two."""
        self.flush()
        self._line.shutdown()
        with answering() as server:
            patient = server.options(request_timeout=BULK_SECONDS)
            patient.indices.put_settings(
                index=self.name, settings={"index.refresh_interval": settings.ELASTICSEARCH_REFRESH}
            )
            patient.indices.refresh(index=self.name)
            serving = list(server.options(ignore_status=404).indices.get_alias(name=self.index.alias))
            swap = [{"remove_index": {"index": name}} for name in serving if name.startswith(self.index.alias)]
            server.indices.update_aliases(actions=[{"add": {"index": self.name, "alias": self.index.alias}}, *swap])
            server.indices.update_aliases(actions=[{"remove": {"index": self.name, "alias": building(self.index)}}])


def building(index: Index) -> str:
    return f"{settings.SEARCH_PREFIX}-building-{index.name}"


def _load(alias: str, documents: Sequence[Any]) -> None:
    _send(alias, map(put, documents), required=True)


def _send(alias: str, lines: Iterable[bytes], *, required: bool) -> None:
    with answering() as server:
        send(server.options(request_timeout=BULK_SECONDS), alias, lines, required=required)

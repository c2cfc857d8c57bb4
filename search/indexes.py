"""The two indices, listed by hand: `submissions` for officers, `answers` for everybody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings

from .meaning import DIMENSIONS

# The words are prepared in Python (search.analysis): the server has nothing to do but split at blanks.
TEXT = {"type": "text", "analyzer": "whitespace"}
KEYWORD, NUMBER, DATE = {"type": "keyword"}, {"type": "long"}, {"type": "date"}
FLAG, SHARE = {"type": "boolean"}, {"type": "half_float"}
VECTOR = {
    "type": "dense_vector",
    "dims": DIMENSIONS,
    "index": True,
    "similarity": "cosine",
    "index_options": {"type": "int8_hnsw"},
}
WORDS = {"title": TEXT, "title_folded": TEXT, "body": TEXT, "body_folded": TEXT}


@dataclass(frozen=True, eq=False)
class Index:
    """A name that readers use and the fields behind it; a field not listed here is refused."""

    name: str
    properties: Mapping[str, Any]

    @property
    def alias(self) -> str:
        return f"{settings.SEARCH_PREFIX}-{self.name}"


SUBMISSIONS = Index(
    "submissions",
    WORDS
    | {
        "id": NUMBER,
        "version": NUMBER,
        "code": KEYWORD,
        "kind": KEYWORD,
        "status": KEYWORD,
        "open": FLAG,
        "nature": KEYWORD,
        "system": NUMBER,
        "initiative": NUMBER,
        "lead": KEYWORD,
        "agencies": KEYWORD,
        "province": KEYWORD,
        "handler": NUMBER,
        "confirmed": FLAG,
        "decision": KEYWORD,
        "p_initiative": SHARE,
        "p_lead": SHARE,
        "language_form": KEYWORD,
        "categories": KEYWORD,
        "files": FLAG,
        "authors": NUMBER,
        "supports": NUMBER,
        "created_at": DATE,
        "due_at": DATE,
        "turn": NUMBER,
        "vector": VECTOR,
    },
)

ANSWERS = Index(
    "answers",
    WORDS
    | {
        "id": NUMBER,
        "version": NUMBER,
        "kind": KEYWORD,
        "agency": KEYWORD,
        "system": NUMBER,
        "initiative": NUMBER,
        "categories": KEYWORD,
        "province": KEYWORD,
        "outcome": KEYWORD,
        "year": NUMBER,
        "late": FLAG,
        "answered_on": DATE,
        "vector": VECTOR,
    },
)


@dataclass(frozen=True)
class Gone:
    """An object that must not be in the index (any more), and the version at which that was known."""

    id: int
    version: int


class Build(Protocol):
    """A fresh index that is being filled."""

    name: str

    def load(self, documents: Sequence[Any]) -> None:
        """Begin to write these; what was given before is surely written when this returns."""

    def flush(self) -> None:
        """Wait until all that was given to `load` is surely written."""

    def finish(self) -> None:
        """Put it where readers look, in one step, and drop the one before."""


class Server(Protocol):
    """A search server that holds documents of its own. Any method may raise `SearchAway`."""

    def has(self, index: Index) -> bool:
        """Whether it is there, with every field it should have."""

    def write(self, index: Index, documents: Sequence[Any], gone: Sequence[Gone]) -> None: ...

    def begin(self, index: Index) -> Build: ...

    def resume(self, index: Index, name: str) -> Build | None:
        """The fresh index of this name, if it still waits to be filled."""

    def compare(self, index: Index, documents: Mapping[int, Any]) -> tuple[set[int], set[int]]:
        """Keys that the server lacks, and keys whose document differs."""

    def extra(self, index: Index, wanted: Callable[[list[int]], set[int]]) -> set[int]:
        """Keys that the server has and that `wanted` does not name among them."""


def servers() -> list[Server]:
    """The search servers to write to beside the database: none, or Elasticsearch."""
    if not settings.ELASTICSEARCH_URL:
        return []
    from .engines.elastic_server import ElasticServer

    return [ElasticServer()]

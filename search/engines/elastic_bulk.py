"""What goes to Elasticsearch in bulk: lines of JSON, some megabytes at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch

from ..documents import AnswerDocument, SubmissionDocument
from ..indexes import Gone
from ..meaning import numbers
from ..query import SearchAway

MOST_BYTES = 4_000_000  # of one request, unless one document alone has more
# Of an answer only what went wrong: there is a line for every document otherwise.
NEEDED = ["errors", "items.*.error.type"]
OLDER, NO_ALIAS = "version_conflict_engine_exception", "index_not_found_exception"
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NAMES = {kind: [field.name for field in fields(kind)] for kind in (SubmissionDocument, AnswerDocument)}


def source(document: Any) -> dict[str, Any]:
    """A document as the server holds it."""
    values = {name: getattr(document, name) for name in _NAMES[type(document)]}
    values["vector"] = numbers(document.vector)
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def put(document: Any) -> bytes:
    """The lines that write a document, unless a newer one is there."""
    held = _json(source(document)).encode(errors="surrogatepass")
    return b'{"index":%b}\n%b\n' % (_target(document), held)


def remove(gone: Gone) -> bytes:
    return b'{"delete":%b}\n' % _target(gone)


def _target(one: Any) -> bytes:
    return b'{"_id":"%d","version":%d,"version_type":"external_gte"}' % (one.id, one.version)


def send(server: Elasticsearch, alias: str, lines: Iterable[bytes], *, required: bool) -> None:
    """Write through an alias. A document newer than ours stays: a late message has lost, as it should.

    Without the alias nothing is written; raises `SearchAway` then, if it is `required`.
    """
    for body in _bodies(lines):
        ready: Any = body  # the client sends bytes as they are, but does not say so
        answer = server.bulk(index=alias, operations=ready, require_alias=True, filter_path=NEEDED)
        for kind in _faults(answer.body):
            if kind == NO_ALIAS and not required:
                return
            if kind != OLDER:
                raise SearchAway(f"bulk {kind}"[:80])


def _bodies(lines: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for line in lines:
        if held and size + len(line) > MOST_BYTES:
            yield b"".join(held)
            held, size = [], 0
        held.append(line)
        size += len(line)
    if held:
        yield b"".join(held)


def _faults(answer: Mapping[str, Any]) -> Iterator[str]:
    for item in answer.get("items", ()) if answer["errors"] else ():
        for result in item.values():
            yield result["error"]["type"]

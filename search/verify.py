"""Checking that the copies and the search server agree with the database, and making them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import DatabaseError, connection

from .documents import answer_document, in_batches, submission_document
from .indexes import SUBMISSIONS, Index, servers
from .models import Owed
from .rebuild import Progress, indexable, leftovers, rebuild
from .sync import BATCH, ENTRIES, KINDS, Document, entry, sync


@dataclass
class Differences:
    """Keys of objects on which index and database do not agree."""

    checked: int = 0
    missing: set[int] = field(default_factory=set)
    stale: set[int] = field(default_factory=set)
    extra: set[int] = field(default_factory=set)
    owed: set[int] = field(default_factory=set)  # known already: the next sync settles them
    broken: list[str] = field(default_factory=list)  # full-text tables that do not match their copies

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.extra or self.broken)

    @property
    def ids(self) -> list[int]:
        return sorted(self.missing | self.stale | self.extra)


def verify(index: Index, progress: Progress = lambda n: None) -> Differences:
    """Compare every document, field by field, with the copies and with the search server.

    People go on working: what seemed to differ may have changed between reading and comparing, and is
    looked at once more.
    """
    found = Differences()
    for batch in in_batches(indexable(index), BATCH):
        found.checked += _compare(index, batch, found)
        progress(len(batch))
    found.owed = _owed(index)
    doubtful = sorted(found.missing | found.stale)
    found.missing, found.stale = set(), set()
    for batch in in_batches(indexable(index).filter(pk__in=doubtful), BATCH):
        _compare(index, batch, found)
    found.extra |= set(leftovers(index).values_list("pk", flat=True))
    for server in servers():
        found.extra |= server.extra(
            index, lambda ids: set(indexable(index).filter(pk__in=ids).values_list("pk", flat=True))
        )
    found.owed |= _owed(index)
    found.missing -= found.owed
    found.stale -= found.owed
    found.extra -= found.owed
    found.broken = _broken_tables(index)
    return found


def repair(index: Index, found: Differences) -> Differences:
    """Sync what differs, and build anew where that is not enough; returns what differs still.

    A broken full-text table is made again from its copies. What a server holds in a version that the
    database never gave cannot be written over, only left behind.
    """
    with connection.cursor() as cursor:
        for table in found.broken:
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")  # noqa: S608 (our own name)
    for start in range(0, len(found.ids), BATCH):
        sync(index, found.ids[start : start + BATCH])
    left = verify(index)
    if left:
        rebuild(index)
        left = verify(index)
    return left


def _owed(index: Index) -> set[int]:
    return set(Owed.objects.filter(kind=KINDS[index]).values_list("object_id", flat=True))


def _compare(index: Index, batch: list, found: Differences) -> int:
    documents = {document.id: document for document in map(_document(index), batch)}
    _compare_copies(index, documents, found)
    for server in servers():
        missing, stale = server.compare(index, documents)
        found.missing |= missing
        found.stale |= stale
    return len(documents)


def _document(index: Index) -> Callable[..., Document]:
    return submission_document if index is SUBMISSIONS else answer_document


def _compare_copies(index: Index, documents: dict[int, Document], found: Differences) -> None:
    model = ENTRIES[index]
    names = [f.attname for f in model._meta.concrete_fields]
    there = {row["pk"]: row for row in model._default_manager.filter(pk__in=documents).values("pk", *names)}
    for key, document in documents.items():
        row = there.get(key)
        if row is None:
            found.missing.add(key)
        elif any(row[name] != getattr(entry(index, document), name) for name in names):
            found.stale.add(key)


def _broken_tables(index: Index) -> list[str]:
    """Full-text tables whose words are not those of their copies (SQLite only)."""
    if connection.vendor != "sqlite":
        return []
    from .engines.fts5 import TABLES
    from .engines.sql_indexes import ANSWERS as ANSWERS_SQL
    from .engines.sql_indexes import SUBMISSIONS as SUBMISSIONS_SQL

    table = TABLES[SUBMISSIONS_SQL if index is SUBMISSIONS else ANSWERS_SQL]
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except DatabaseError:
        return [table]
    return []

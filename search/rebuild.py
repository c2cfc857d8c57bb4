"""Building both indices anew while people work, and checking that they agree with the database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from intake.models import Submission

from .documents import (
    answer_document,
    answers_to_index,
    in_batches,
    submission_document,
    submissions_to_index,
)
from .indexes import ANSWERS, SUBMISSIONS, Index, servers
from .models import Owed
from .sync import BATCH, ENTRIES, Document, entry, sync, write_entries

ALL = (SUBMISSIONS, ANSWERS)
Progress = Callable[[int], object]


def indexable(index: Index) -> QuerySet:
    """The rows that have a document, by key alone."""
    if index is SUBMISSIONS:
        return submissions_to_index().order_by("pk")
    return answers_to_index().order_by("pk")


def count(index: Index) -> int:
    """How many documents the index should hold now."""
    return indexable(index).count()


def missing() -> list[Index]:
    """The indices that a search server should have and does not, and that nobody is building."""
    return [
        index
        for index in ALL
        if any(not server.has(index) and not server.is_being_built(index) for server in servers())
    ]


def rebuild(index: Index, progress: Progress = lambda n: None) -> int:
    """Write every document again and take away what should not be there; returns how many there are.

    The copies are written batch by batch under the same lock as a sync. A search server gets a fresh
    index, filled beside the one that readers use and put in its place in one step; meanwhile every
    sync writes to both, and the higher version wins in each.
    """
    fresh = [server.begin(index) for server in servers()]
    written = 0
    for ids in _id_batches(index):
        documents, gone = write_entries(index, ids)
        for build in fresh:
            build.load(documents)
        written += len(documents)
        progress(len(ids))
    _drop_leftovers(index)
    for build in fresh:
        build.finish()
    return written


def _id_batches(index: Index) -> Iterator[list[int]]:
    for batch in in_batches(_keys(index), BATCH):
        yield [row.pk for row in batch]


def _keys(index: Index) -> QuerySet:
    if index is SUBMISSIONS:
        return Submission.objects.only("pk")
    return answers_to_index().select_related(None).only("pk")


def _drop_leftovers(index: Index) -> None:
    """Copies of what is sealed, unpublished or gone; asked for again object by object."""
    wanted = indexable(index).order_by().values("pk")
    leftovers = ENTRIES[index]._default_manager.exclude(pk__in=wanted).values_list("pk", flat=True)
    while ids := list(leftovers[:BATCH]):
        sync(index, ids)


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
    """Compare every document, field by field, with the copies and with the search server."""
    found = Differences()
    for batch in in_batches(indexable(index), BATCH):
        documents = {document.id: document for document in map(_document(index), batch)}
        _compare_copies(index, documents, found)
        for server in servers():
            missing, stale = server.compare(index, documents)
            found.missing |= missing
            found.stale |= stale
        found.checked += len(documents)
        progress(len(documents))
    wanted = indexable(index).order_by().values("pk")
    found.extra |= set(ENTRIES[index]._default_manager.exclude(pk__in=wanted).values_list("pk", flat=True))
    for server in servers():
        found.extra |= server.extra(
            index, lambda ids: set(indexable(index).filter(pk__in=ids).values_list("pk", flat=True))
        )
    found.owed = set(Owed.objects.filter(kind=_kind(index)).values_list("object_id", flat=True))
    found.missing -= found.owed
    found.stale -= found.owed
    found.extra -= found.owed
    found.broken = _broken_tables(index)
    return found


def repair(index: Index, found: Differences) -> None:
    """Sync what differs; a broken full-text table is made again from its copies."""
    for start in range(0, len(found.ids), BATCH):
        sync(index, found.ids[start : start + BATCH])
    with connection.cursor() as cursor:
        for table in found.broken:
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")  # noqa: S608 (our own name)


def _kind(index: Index) -> str:
    return Owed.Kind.SUBMISSION if index is SUBMISSIONS else Owed.Kind.ANSWER


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
    from django.db import DatabaseError

    from .engines.fts5 import TABLES
    from .engines.sql import ANSWERS as ANSWERS_SQL
    from .engines.sql import SUBMISSIONS as SUBMISSIONS_SQL

    table = TABLES[SUBMISSIONS_SQL if index is SUBMISSIONS else ANSWERS_SQL]
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except DatabaseError:
        return [table]
    return []

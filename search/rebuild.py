"""Building an index anew while people work; killed in the middle, it goes on where it was.

The copies are brought up to date batch by batch under the same lock as a sync. A search server gets a
fresh index, filled beside the one that readers use and put in its place in one step; meanwhile every
sync writes to both, and the higher version wins in each. How far it has come is a row (`Rebuild`): the
next runner, or the worker's sweep, begins after the last batch that is surely written.
"""

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import now

from intake.models import Submission

from .copies import up_to_date
from .documents import answers_to_index, in_batches, submissions_to_index
from .indexes import ANSWERS, SUBMISSIONS, Build, Index, Server, servers
from .models import Rebuild
from .sync import BATCH, ENTRIES, KINDS, Document, sync, write_entries

ALL = (SUBMISSIONS, ANSWERS)
CHUNK = 1_000  # objects between two marks of how far it has come
# A runner that has not moved for so long is gone: a batch takes seconds.
GONE_AFTER = timedelta(seconds=90)
Progress = Callable[[int], object]


class AlreadyRunning(Exception):
    """Another process is building this index and moves on."""


def indexable(index: Index) -> QuerySet:
    """The rows that have a document, by key alone."""
    if index is SUBMISSIONS:
        return submissions_to_index().order_by("pk")
    return answers_to_index().order_by("pk")


def count(index: Index) -> int:
    """How many objects a rebuild looks at."""
    return _keys(index).count()


def done(index: Index) -> int:
    """How many objects a rebuild that was broken off has behind it; 0 where there is none to go on with."""
    row = Rebuild.objects.filter(kind=KINDS[index]).first()
    return row.looked_at if row and all(server.resume(index, row.fresh) for server in servers()) else 0


def to_build() -> list[Index]:
    """The indices that a search server lacks or somebody left half built, and that nobody is building."""
    moving = _alive(Rebuild.objects.all())
    left = set(Rebuild.objects.values_list("kind", flat=True))
    return [
        index
        for index in ALL
        if KINDS[index] not in moving and (KINDS[index] in left or any(not server.has(index) for server in servers()))
    ]


def rebuild(index: Index, progress: Progress = lambda n: None) -> int:
    """Write every document again and take away what should not be there; returns how many there are.

    Raises `AlreadyRunning`, and `SearchAway` from a search server; what is done by then stays done.
    """
    row = _claim(index)
    try:
        builds = [_build(server, index, row) for server in servers()]
        for ids, documents in _ahead(_batches(index, row.last), builds):
            _mark(row, last=ids[-1], looked_at=row.looked_at + len(ids), written=row.written + len(documents))
            progress(len(ids))
        _drop_leftovers(index)
        for build in builds:
            build.finish()
    except BaseException:
        Rebuild.objects.filter(pk=row.pk, runner=row.runner).update(moved_at=now() - GONE_AFTER)
        raise
    Rebuild.objects.filter(pk=row.pk, runner=row.runner).delete()
    return row.written


Batch = tuple[list[int], list[Document]]


def _batches(index: Index, after: int) -> Iterator[Batch]:
    for rows in in_batches(_keys(index).filter(pk__gt=after), CHUNK):
        ids = [row.pk for row in rows]
        yield ids, _documents(index, ids)


def _ahead(batches: Iterator[Batch], builds: Sequence[Build]) -> Iterator[Batch]:
    """The batches, each when it is surely written; the next is read while one is being written."""
    before: Batch | None = None
    for batch in batches:
        for build in builds:
            build.load(batch[1])
        if before:
            yield before
        before = batch
    for build in builds:
        build.flush()
    if before:
        yield before


def _documents(index: Index, ids: Sequence[int]) -> list[Document]:
    """From current copies where there are any; the others are read, and copied, anew."""
    documents: list[Document] = list(up_to_date(index, ids[0], ids[-1]))
    have = {document.id for document in documents}
    rest = [one for one in ids if one not in have]
    for start in range(0, len(rest), BATCH):
        documents += write_entries(index, rest[start : start + BATCH])[0]
    return documents


# --- who runs it, and how far it has come ------------------------------------------------------


def _me() -> str:
    return f"{socket.gethostname()} {os.getpid()}"


def _alive(rows: QuerySet[Rebuild]) -> set[str]:
    """Kinds whose runner has moved lately; of our own host, only if the process is still there."""
    return {
        row.kind for row in rows if row.moved_at > now() - GONE_AFTER and row.runner != _me() and _is_there(row.runner)
    }


def _is_there(runner: str) -> bool:
    host, _, process = runner.rpartition(" ")
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _claim(index: Index) -> Rebuild:
    """The row of a rebuild that is ours from now on: a new one, or the one that somebody left."""
    kind = KINDS[index]
    try:
        with transaction.atomic():
            return Rebuild.objects.create(kind=kind, runner=_me())
    except IntegrityError:
        row = Rebuild.objects.get(kind=kind)
    if kind in _alive(Rebuild.objects.filter(pk=row.pk)):
        raise AlreadyRunning(row.runner)
    taken = Rebuild.objects.filter(pk=row.pk, runner=row.runner, moved_at=row.moved_at)
    if not taken.update(runner=_me(), moved_at=now()):
        raise AlreadyRunning(row.runner)
    row.refresh_from_db()
    return row


def _mark(row: Rebuild, **values: object) -> None:
    for name, value in (values | {"moved_at": now()}).items():
        setattr(row, name, value)
    if not Rebuild.objects.filter(pk=row.pk, runner=row.runner).update(**values, moved_at=row.moved_at):
        raise AlreadyRunning("taken over")


def _build(server: Server, index: Index, row: Rebuild) -> Build:
    """The fresh index that was being filled, if it is still there; else another, from the first key on."""
    build = server.resume(index, row.fresh)
    if build is None:
        build = server.begin(index)
        _mark(row, fresh=build.name, last=0, looked_at=0, written=0)
    return build


# --- what there is ------------------------------------------------------------------------------


def _keys(index: Index) -> QuerySet:
    if index is SUBMISSIONS:
        return Submission.objects.only("pk")
    return answers_to_index().select_related(None).prefetch_related(None).only("pk")


def leftovers(index: Index) -> QuerySet:
    """Copies of what is sealed, unpublished or gone."""
    wanted = indexable(index).order_by().filter(pk=OuterRef("pk")).values("pk")
    return ENTRIES[index]._default_manager.filter(~Exists(wanted)).order_by("pk")


def _drop_leftovers(index: Index) -> None:
    """Asked for again object by object."""
    while ids := list(leftovers(index).values_list("pk", flat=True)[:BATCH]):
        sync(index, ids)

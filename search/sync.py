"""Making the index agree with the database, one object or many, however often and late it is asked.

Nothing here says "add" or "delete": the database is read and the index made equal. The prepared
copies are written on every profile (FTS5 stands over them; a search server that is away is stood in
for by them), and a search server after them.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from time import time

from django.db import transaction
from django.utils.timezone import now

from cms.models import AnswerPage
from intake.models import Submission

from .analysis import VERSION
from .copies import LABELS, TEXT
from .documents import (
    AnswerDocument,
    SubmissionDocument,
    answer_document,
    answers_to_index,
    submission_document,
    submissions_to_index,
)
from .indexes import ANSWERS, SUBMISSIONS, Gone, Index, servers
from .models import AnswerEntry, Owed, PreparedText, SubmissionEntry
from .vectors import remember

Document = SubmissionDocument | AnswerDocument

BATCH = 200
# What is owed for longer was lost by a dead broker, a killed worker, or waits for the search server.
LOST_AFTER = timedelta(seconds=20)

KINDS: dict[Index, str] = {SUBMISSIONS: Owed.Kind.SUBMISSION, ANSWERS: Owed.Kind.ANSWER}


def settle(owed: Sequence[Owed]) -> None:
    """Sync what these rows name and strike them out, except where more happened meanwhile.

    Raises `SearchAway` if the search server does not answer; the rows then stay.
    """
    for index, kind in KINDS.items():
        rows = [row for row in owed if row.kind == kind]
        if rows:
            sync(index, [row.object_id for row in rows])
            for row in rows:
                Owed.objects.filter(pk=row.pk, turn=row.turn).delete()


def settle_lost(most: int = 2_000) -> int:
    """Settle what the tasks did not; returns how many rows were taken up."""
    lost = list(Owed.objects.filter(since__lt=now() - LOST_AFTER).order_by("since")[:most])
    for start in range(0, len(lost), BATCH):
        settle(lost[start : start + BATCH])
    return len(lost)


def sync(index: Index, ids: Iterable[int]) -> None:
    """Make the copies and the search server agree with the database for these objects."""
    wanted = sorted(set(ids))
    documents, gone = write_entries(index, wanted)
    for server in servers():
        server.write(index, documents, gone)


def write_entries(index: Index, ids: Sequence[int]) -> tuple[list[Document], list[Gone]]:
    """The copies of these objects, read and written under a lock, so that the newest state wins."""
    if index is ANSWERS:
        remember(ids)
    with transaction.atomic():
        documents, gone = _read(index, ids)
        model = ENTRIES[index]
        model._default_manager.filter(pk__in=[one.id for one in gone]).delete()
        model._default_manager.bulk_create(
            [entry(index, document) for document in documents],
            update_conflicts=True,
            unique_fields=[model._meta.pk.attname],
            update_fields=[f.name for f in model._meta.concrete_fields if not f.primary_key],
        )
    return documents, gone


def _read(index: Index, ids: Sequence[int]) -> tuple[list[Document], list[Gone]]:
    started = int(time() * 1000)
    if index is SUBMISSIONS:
        # Held until the copies are written: two workers on one submission go one after the other.
        there = dict(Submission.objects.select_for_update().filter(pk__in=ids).values_list("pk", "version"))
        documents: list[Document] = [submission_document(one) for one in submissions_to_index(ids)]
    else:
        there = dict(AnswerPage.objects.select_for_update(of=("self",)).filter(pk__in=ids).values_list("pk", "pk"))
        documents = [answer_document(page) for page in answers_to_index(ids)]
    found = {document.id for document in documents}
    gone = [Gone(one, _gone_version(index, one, there, started)) for one in ids if one not in found]
    return documents, gone


def _gone_version(index: Index, object_id: int, there: dict[int, int], started: int) -> int:
    """A version later than any document the object had, and earlier than any it may have again."""
    if index is ANSWERS or object_id not in there:
        return started
    submission = Submission.objects.get(pk=object_id)
    return submission.version + submission.events.count()


ENTRIES: dict[Index, type[PreparedText]] = {SUBMISSIONS: SubmissionEntry, ANSWERS: AnswerEntry}


def entry(index: Index, document: Document) -> PreparedText:
    """The copy a document leaves in the database."""
    values = {name: getattr(document, name) for name in TEXT} | {"analysis": VERSION}
    if index is ANSWERS:
        return AnswerEntry(page_id=document.id, **values)
    values |= {name: getattr(document, name) for name in LABELS}
    return SubmissionEntry(submission_id=document.id, **values)

"""Documents from the prepared copies, where those are as new as what they were made from.

Preparing a text is most of the work of a document. An index that was lost, or gets other fields, is
filled from the copies without it.
"""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import F

from intake.models import Assignment, Submission, Triage
from intake.workflow import OPEN, Status, Visibility

from .analysis import VERSION
from .documents import SubmissionDocument, authors_of, events_so_far, turn_of, with_drafts
from .indexes import SUBMISSIONS, Index
from .meaning import from_encoder

# What a copy holds of a document, by the same names.
TEXT = ("version", "title", "title_folded", "body", "body_folded")
LABELS = (
    *("nature", "system", "initiative", "lead", "confirmed", "decision", "p_initiative", "p_lead"),
    *("language_form", "files", "supports"),
)
Between = Mapping[str, int]  # a condition on rows that belong to a submission
_OWN = {
    "id": "pk",
    "code": "receipt_code",
    "kind": "kind",
    "status": "status",
    "province": "province_id",
    "handler": "handler_id",
    "created_at": "created_at",
    "due_at": "due_at",
}
_COLUMNS = _OWN | {name: f"entry__{name}" for name in (*TEXT, *LABELS)}


def up_to_date(index: Index, first: int, last: int) -> list[SubmissionDocument]:
    """Documents of those between two keys, both included, whose copy is current; the rest must be read anew.

    What is read last may be newer than the version says, never older: the sync of that change comes
    with a higher one.
    """
    if index is not SUBMISSIONS:
        return []
    held = (
        # Both tables by their keys: asked of one alone, PostgreSQL reads all of the other for every batch.
        Submission.objects.filter(pk__range=(first, last), entry__pk__gte=first, entry__pk__lte=last)
        .filter(entry__analysis=VERSION, entry__files__isnull=False)
        .exclude(visibility=Visibility.SEALED)
        .order_by()
        .values_list(F("version") + events_so_far(), *_COLUMNS.values())
    )
    read = ((version, dict(zip(_COLUMNS, row, strict=True))) for version, *row in held)
    rows = [row for version, row in read if row["version"] == version]
    between = {"submission__gte": first, "submission__lte": last}
    agencies, categories, vectors = _agencies(between), _categories(between), _vectors(between)
    drafts = [row["id"] for row in rows if row["status"] == Status.AWAITING_APPROVAL]
    authors = {one.pk: authors_of(one) for one in with_drafts(Submission.objects.filter(pk__in=drafts))}
    return [
        SubmissionDocument(
            **row,
            open=row["status"] in OPEN,
            turn=turn_of(row["status"] in OPEN, row["due_at"]),
            agencies=sorted(agencies[row["id"]]),
            categories=sorted(categories[row["id"]]),
            authors=authors.get(row["id"], []),
            vector=from_encoder(vectors.get(row["id"])),
        )
        for row in rows
    ]


def _agencies(between: Between) -> dict[int, list[str]]:
    active = Assignment.objects.filter(ended_at=None, **between).order_by()
    return _grouped(active.values_list("submission_id", "agency__code"))


def _categories(between: Between) -> dict[int, list[str]]:
    links = Submission.categories.through.objects.filter(**between)
    return _grouped(links.values_list("submission_id", "category__code"))


def _vectors(between: Between) -> dict[int, bytes | memoryview | None]:
    """Of the newest triage of each."""
    return dict(Triage.objects.filter(**between).order_by("pk").values_list("submission_id", "vector"))


def _grouped(rows: object) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for key, value in rows:  # type: ignore[attr-defined]
        found[key].append(value)
    return found

"""Documents from the prepared copies, where those are as new as what they were made from.

Preparing a text is most of the work of a document. An index that was lost, or gets other fields, is
filled from the copies without it.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import F

from intake.models import Assignment, Submission, Triage
from intake.workflow import OPEN, Status, Visibility

from .analysis import VERSION
from .documents import SubmissionDocument, events_so_far, turn_of
from .indexes import SUBMISSIONS, Index
from .meaning import from_encoder

# What a copy holds of a document, by the same names.
TEXT = ("version", "title", "title_folded", "body", "body_folded")
LABELS = (
    *("nature", "system", "initiative", "lead", "confirmed", "decision", "p_initiative", "p_lead"),
    *("language_form", "files", "supports"),
)
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


def up_to_date(index: Index, ids: Sequence[int]) -> list[SubmissionDocument]:
    """Documents of those whose copy is current; the rest must be read anew.

    What is read last may be newer than the version says, never older: the sync of that change comes
    with a higher one. Drafts under approval name their authors, which no copy holds.
    """
    if index is not SUBMISSIONS:
        return []
    fresh = (
        Submission.objects.filter(pk__in=ids, entry__analysis=VERSION, entry__files__isnull=False)
        .filter(entry__version=F("version") + events_so_far())
        .exclude(visibility=Visibility.SEALED)
        .exclude(status=Status.AWAITING_APPROVAL)
        .values_list(*_COLUMNS.values())
    )
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in fresh]
    keys = [row["id"] for row in rows]
    agencies, categories, vectors = _agencies(keys), _categories(keys), _vectors(keys)
    return [
        SubmissionDocument(
            **row,
            open=row["status"] in OPEN,
            turn=turn_of(row["status"] in OPEN, row["due_at"]),
            agencies=sorted(agencies[row["id"]]),
            categories=sorted(categories[row["id"]]),
            authors=[],
            vector=from_encoder(vectors.get(row["id"])),
        )
        for row in rows
    ]


def _agencies(keys: Sequence[int]) -> dict[int, list[str]]:
    active = Assignment.objects.filter(submission__in=keys, ended_at=None).order_by()
    return _grouped(active.values_list("submission_id", "agency__code"))


def _categories(keys: Sequence[int]) -> dict[int, list[str]]:
    links = Submission.categories.through.objects.filter(submission__in=keys)
    return _grouped(links.values_list("submission_id", "category__code"))


def _vectors(keys: Sequence[int]) -> dict[int, bytes | memoryview | None]:
    """Of the newest triage of each."""
    return dict(Triage.objects.filter(submission__in=keys).order_by("pk").values_list("submission_id", "vector"))


def _grouped(rows: object) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for key, value in rows:  # type: ignore[attr-defined]
        found[key].append(value)
    return found

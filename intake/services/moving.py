"""The one way a submission changes: compare-and-set on its version, and the event with it."""

from django.db import transaction
from django.db.models import F

from ..models import Event, Submission
from ..outbox import record
from ..workflow import TRANSITIONS, InvalidTransition, StaleSubmission

Name = Event.Name


def touch(submission: Submission, **changes: object) -> None:
    """Compare-and-set on the version the caller saw; refreshes the object it was given."""
    changed = Submission.objects.filter(pk=submission.pk, version=submission.version).update(
        version=F("version") + 1, **changes
    )
    if not changed:
        raise StaleSubmission(submission.receipt_code)
    submission.refresh_from_db()


def move(
    submission: Submission,
    to: str,
    *,
    event: str,
    actor=None,
    note: str = "",
    data: dict | None = None,
    **changes: object,
) -> Event:
    """Change the status and write the event, or neither. Only this sets `status`."""
    before = submission.status
    if to not in TRANSITIONS[before]:
        raise InvalidTransition(f"{before} -> {to}")
    with transaction.atomic():
        touch(submission, status=to, **changes)
        return record(submission, event, actor=actor, from_status=before, to_status=to, note=note, data=data)

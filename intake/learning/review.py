"""What an administrator answers when the guard has asked about a batch of decisions."""

from datetime import datetime

from django.db import transaction

from ..models import Rejection, RoutingDecision, TrainingRun
from .decisions import REJECTED_AS


@transaction.atomic
def settle(run: TrainingRun, *, actor_id: int | None, learning: str) -> int:
    """Set the suspect's decisions aside (held) or let them through (cleared). Gives how many.

    Confirmations and rejections alike, and only those that the refused run had before it; what was decided
    since is looked at on its own.
    """
    suspects = {suspect["actor"] for suspect in run.data.get("suspects", ())}
    if actor_id not in suspects:
        return 0
    window = datetime.fromisoformat(run.data["since"]), _until(run)
    confirmed = RoutingDecision.objects.filter(created_at__range=window)
    rejected = Rejection.objects.filter(reason__code__in=REJECTED_AS, rejected_at__range=window)
    if actor_id is not None:
        confirmed, rejected = confirmed.filter(actor=actor_id), rejected.filter(rejected_by=actor_id)
    # What was set aside before was not in the batch: nobody has read what was confirmed in bulk.
    asked = [rows.exclude(learning=RoutingDecision.Learning.HELD) for rows in (confirmed, rejected)]
    return sum(rows.update(learning=learning) for rows in asked)


def _until(run: TrainingRun) -> datetime:
    """Runs of before 0007 did not note their newest decision: they had read all by their start."""
    return datetime.fromisoformat(run.data["until"]) if "until" in run.data else run.started_at or run.requested_at

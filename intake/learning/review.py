"""What an administrator answers when the guard has asked about a batch of decisions."""

from datetime import datetime

from ..models import RoutingDecision, TrainingRun


def settle(run: TrainingRun, *, actor_id: int | None, learning: str) -> int:
    """Set the suspect's decisions aside (held) or let them through (cleared). Gives how many.

    Only those that the refused run had before it; what was decided since is looked at on its own.
    """
    suspects = {suspect["actor"] for suspect in run.data.get("suspects", ())}
    if actor_id not in suspects:
        return 0
    rows = RoutingDecision.objects.filter(
        created_at__gte=datetime.fromisoformat(run.data["since"]), created_at__lte=run.ended_at or run.requested_at
    )
    if actor_id is not None:
        rows = rows.filter(actor=actor_id)
    return rows.update(learning=learning)

"""Which clock runs for a submission, as the administrator's table says."""

from datetime import datetime

from django.utils.timezone import now

from .calendars import due
from .models import DeadlineRule

SCREEN = "T1"
SUPPLEMENT = "T2"
ANSWER = "T5"
ANSWER_SEVERAL = "T5-several"


def due_for(key: str, start: datetime | None = None) -> datetime | None:
    """When a clock that starts now (or at `start`) runs out; None if the table has no such clock."""
    rule = DeadlineRule.objects.current().filter(key=key).first()
    return due(start or now(), rule) if rule else None

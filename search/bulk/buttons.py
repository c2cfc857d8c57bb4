"""Which bulk actions a person is offered."""

from dataclasses import dataclass
from typing import Any

from intake.access import RULES
from intake.models import Membership

from ..models import BulkJob
from .deeds import DEEDS


@dataclass(frozen=True)
class Button:
    value: str
    label: Any


def buttons_for(member: Membership) -> list[Button]:
    """Those whose rule knows the person's role."""
    return [
        Button(action, BulkJob.Action(action).label)
        for action, deed in DEEDS.items()
        if member.role in RULES[deed.rule][0]
    ]

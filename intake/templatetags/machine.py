"""What every desk page may show of the machine that suggests."""

from django import template

from .. import model_card
from ..models import Membership, Role

register = template.Library()

WATCHING = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


@register.simple_tag
def machine_alarms(user) -> int:
    """How many alarms wait for somebody; 0 for people who are not asked to look."""
    member = Membership.of(user) if user.is_authenticated else None
    return model_card.alarm_count() if member and member.role in WATCHING else 0

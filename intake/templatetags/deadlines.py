"""A deadline in words, and how near it is: `{{ due|deadline_words }}`, `{{ due|deadline_level }}`."""

from datetime import datetime, timedelta

from django import template
from django.utils.timezone import localtime, now
from django.utils.translation import gettext, ngettext

register = template.Library()

SOON = timedelta(days=3)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@register.filter
def deadline_words(due: datetime | None) -> str:
    """How long there is: "còn 3 giờ", "còn 2 ngày", "quá hạn 2 ngày"; nothing without a deadline."""
    if due is None:
        return ""
    left = due - now()
    if left < timedelta(0):
        return _late(-left)
    if left < _HOUR:
        minutes = max(1, left // timedelta(minutes=1))
        return ngettext("còn %(n)d phút", "còn %(n)d phút", minutes) % {"n": minutes}
    if left < _DAY:
        hours = left // _HOUR
        return ngettext("còn %(n)d giờ", "còn %(n)d giờ", hours) % {"n": hours}
    days = (localtime(due).date() - localtime().date()).days
    return ngettext("còn %(n)d ngày", "còn %(n)d ngày", days) % {"n": days}


def _late(by: timedelta) -> str:
    if by < _HOUR:
        return gettext("vừa quá hạn")
    if by < _DAY:
        hours = by // _HOUR
        return ngettext("quá hạn %(n)d giờ", "quá hạn %(n)d giờ", hours) % {"n": hours}
    days = by // _DAY
    return ngettext("quá hạn %(n)d ngày", "quá hạn %(n)d ngày", days) % {"n": days}


@register.filter
def deadline_level(due: datetime | None) -> str:
    """`late`, `soon` (within three days) or `ok`, as `components/deadline.html` draws them."""
    if due is None:
        return ""
    left = due - now()
    if left < timedelta(0):
        return "late"
    return "soon" if left < SOON else "ok"

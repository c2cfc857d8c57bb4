"""Working days of Vietnam's state offices, and when a deadline falls.

A term in days or months starts on the day after the event, and one that ends on a day off ends
with the next working day (Civil Code 2015, Articles 147 and 148). Days off and worked Saturdays
are the rows of ``Holiday``; beyond them, Monday to Friday are working days.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from .models import DeadlineRule, Holiday

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY_ENDS = dt.time(17)
SHIFTS = ((dt.time(8), dt.time(12)), (dt.time(13), DAY_ENDS))
"""Eight hours a day, 8:00 to 17:00 with an hour's rest (Labour Code 2019, Article 105)."""
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """The exceptions to the plain week. Read once with ``work_calendar``, use for many dates."""

    exceptions: Mapping[dt.date, str] = field(default_factory=dict)
    """Date -> ``Holiday.Kind``."""

    def is_working_day(self, date: dt.date) -> bool:
        kind = self.exceptions.get(date)
        return kind == Holiday.Kind.WORKED if kind else date.isoweekday() <= 5

    def first_working_day(self, date: dt.date) -> dt.date:
        """This day, or the next one that is worked."""
        while not self.is_working_day(date):
            date += ONE_DAY
        return date

    def add_working_days(self, start: dt.date, days: int) -> dt.date:
        """The ``days``-th working day after ``start``; ``start`` itself when ``days`` is 0."""
        if days < 0:
            raise ValueError("days must not be negative")
        date = start
        for _ in range(days):
            date = self.first_working_day(date + ONE_DAY)
        return date

    def closing(self, moment: dt.datetime) -> dt.datetime:
        """17:00, Vietnam's time, of the moment's day, or of the next one that is worked."""
        date = self.first_working_day(moment.astimezone(ZONE).date())
        return dt.datetime.combine(date, DAY_ENDS, ZONE)

    def add_working_hours(self, start: dt.datetime, hours: float) -> dt.datetime:
        """The moment this much office time has passed since ``start`` (aware, Vietnam's time)."""
        left = dt.timedelta(hours=hours)
        moment = start.astimezone(ZONE)
        date = moment.date()
        while True:
            date = self.first_working_day(date)
            for opens, closes in SHIFTS:
                begin = max(moment, dt.datetime.combine(date, opens, ZONE))
                end = dt.datetime.combine(date, closes, ZONE)
                if begin + left <= end:
                    return begin + left
                left -= max(end - begin, dt.timedelta())
            date += ONE_DAY


def work_calendar() -> WorkCalendar:
    """The calendar as the administrator's table has it now; one query."""
    return WorkCalendar(dict(Holiday.objects.current().values_list("date", "kind")))


def is_working_day(date: dt.date) -> bool:
    return work_calendar().is_working_day(date)


def add_working_days(start: dt.date, days: int) -> dt.date:
    return work_calendar().add_working_days(start, days)


def due(start: dt.datetime, rule: DeadlineRule, days_off: WorkCalendar | None = None) -> dt.datetime:
    """When the rule's time is up for something that happened at ``start`` (aware).

    Hours run from ``start``; days and months end at 17:00 of a working day, Vietnam's time.
    Pass ``days_off`` to read the table once for many deadlines.
    """
    local = start.astimezone(ZONE)
    working = rule.calendar == DeadlineRule.Calendar.WORKING
    if rule.unit == DeadlineRule.Unit.HOURS and not working:
        return local + dt.timedelta(hours=rule.amount)
    days_off = days_off or work_calendar()
    if rule.unit == DeadlineRule.Unit.HOURS:
        return days_off.add_working_hours(local, rule.amount)
    if working:
        date = days_off.add_working_days(local.date(), rule.amount)
    elif rule.unit == DeadlineRule.Unit.MONTHS:
        date = _months_later(local.date(), rule.amount)
    else:
        date = local.date() + dt.timedelta(days=rule.amount)
    return dt.datetime.combine(days_off.first_working_day(date), DAY_ENDS, ZONE)


def _months_later(date: dt.date, months: int) -> dt.date:
    """The same day that many months on, or the last day of a month too short for it."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return date.replace(year=year, month=month + 1, day=min(date.day, calendar.monthrange(year, month + 1)[1]))

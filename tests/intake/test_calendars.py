import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from intake.calendars import (
    ZONE,
    WorkCalendar,
    add_working_days,
    due,
    is_working_day,
    work_calendar,
)
from intake.models import DeadlineRule, Holiday

pytestmark = pytest.mark.django_db


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def rule(amount: int, unit: str = "days", calendar: str = "working") -> DeadlineRule:
    return DeadlineRule(key="x", amount=amount, unit=unit, calendar=calendar)


@pytest.mark.parametrize(
    ("date", "working"),
    [
        ("2026-01-01", False),
        ("2026-01-02", False),  # Friday, swapped late
        ("2026-01-05", True),
        ("2026-01-09", True),
        ("2026-01-10", True),  # Saturday, worked for it
        ("2026-01-11", False),
        ("2026-01-17", False),
        ("2026-02-13", True),
        ("2026-02-16", False),
        ("2026-02-20", False),
        ("2026-02-23", True),
        ("2026-04-27", False),
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-09-02", False),
        ("2026-09-03", True),
        ("2025-04-26", True),
        ("2025-05-02", False),
        ("2028-03-01", True),  # no rows for that year: the plain week
    ],
)
def test_is_working_day(date, working):
    assert is_working_day(day(date)) is working


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-25", 0, "2026-11-25"),
        ("2026-11-25", 1, "2026-11-26"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-02-13", 1, "2026-02-23"),  # over Tết: nine days off
        ("2026-02-12", 5, "2026-02-26"),
        ("2025-12-31", 1, "2026-01-05"),  # over the January swap
        ("2026-01-08", 2, "2026-01-10"),  # onto the worked Saturday
        ("2026-01-09", 2, "2026-01-12"),
        ("2026-02-14", 1, "2026-02-23"),  # from a day off
    ],
)
def test_add_working_days(start, days, end):
    assert add_working_days(day(start), days) == day(end)


def test_a_negative_term_is_refused():
    with pytest.raises(ValueError, match="negative"):
        add_working_days(day("2026-11-25"), -1)


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        ("2026-11-25T09:30", rule(2), "2026-11-27T17:00"),
        ("2026-11-25T23:50", rule(1), "2026-11-26T17:00"),
        ("2026-02-13T09:00", rule(5), "2026-02-27T17:00"),
        ("2026-11-25T09:30", rule(15, calendar="calendar"), "2026-12-10T17:00"),
        ("2026-11-20T09:30", rule(15, calendar="calendar"), "2026-12-07T17:00"),  # Sat -> Mon
        ("2026-02-02T09:00", rule(15, calendar="calendar"), "2026-02-23T17:00"),  # ends in Tết
        ("2025-12-26T09:00", rule(15, calendar="calendar"), "2026-01-10T17:00"),  # worked Saturday
        ("2026-11-25T09:30", rule(3, "months", "calendar"), "2027-02-25T17:00"),
        ("2026-11-30T09:30", rule(3, "months", "calendar"), "2027-03-01T17:00"),  # 28/2 is a Sunday
        ("2026-10-31T09:30", rule(2, "months", "calendar"), "2026-12-31T17:00"),
        ("2026-11-25T09:30", rule(60, "months", "calendar"), "2031-11-25T17:00"),
        ("2026-11-25T22:15", rule(72, "hours", "calendar"), "2026-11-28T22:15"),
        ("2026-11-25T08:00", rule(8, "hours"), "2026-11-25T17:00"),
        ("2026-11-25T10:00", rule(4, "hours"), "2026-11-25T15:00"),  # an hour's rest at noon
        ("2026-11-25T16:00", rule(4, "hours"), "2026-11-26T11:00"),
        ("2026-11-25T06:00", rule(4, "hours"), "2026-11-25T12:00"),
        ("2026-11-25T20:00", rule(1, "hours"), "2026-11-26T09:00"),
        ("2026-11-27T16:30", rule(8, "hours"), "2026-11-30T16:30"),
        ("2026-02-13T16:00", rule(4, "hours"), "2026-02-23T11:00"),
    ],
)
def test_due(start, term, end):
    assert due(at(start), term) == at(end)


def test_the_day_is_the_day_in_vietnam():
    late = dt.datetime(2026, 11, 25, 18, 30, tzinfo=ZoneInfo("UTC"))  # 01:30 on the 26th here
    assert due(late, rule(1)) == at("2026-11-27T17:00")


def test_an_administrator_moves_a_day_off():
    Holiday.objects.create(date=day("2026-11-26"), kind="off", name="Bão")
    assert add_working_days(day("2026-11-25"), 1) == day("2026-11-27")


def test_one_query_serves_many_deadlines(django_assert_num_queries):
    with django_assert_num_queries(1):
        days_off = work_calendar()
        for amount in range(1, 20):
            due(at("2026-02-13T09:00"), rule(amount), days_off)


def test_a_plain_week_needs_no_table(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert WorkCalendar().add_working_days(day("2026-02-13"), 1) == day("2026-02-16")


def test_the_rules_of_the_table_all_give_a_moment():
    days_off = work_calendar()
    start = at("2026-11-25T10:00")
    for each in DeadlineRule.objects.all():
        assert due(start, each, days_off) > start

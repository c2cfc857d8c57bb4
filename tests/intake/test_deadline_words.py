"""Deadlines in words."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime, now

from intake.templatetags.deadlines import deadline_level, deadline_words


@pytest.mark.parametrize(
    ("left", "words", "level"),
    [
        (timedelta(seconds=20), "còn 1 phút", "soon"),
        (timedelta(minutes=59, seconds=30), "còn 59 phút", "soon"),
        (timedelta(hours=3, minutes=5), "còn 3 giờ", "soon"),
        (timedelta(hours=23, minutes=59), "còn 23 giờ", "soon"),
        (timedelta(minutes=-5), "vừa quá hạn", "late"),
        (timedelta(hours=-5, minutes=-1), "quá hạn 5 giờ", "late"),
        (timedelta(days=-2, hours=-1), "quá hạn 2 ngày", "late"),
    ],
)
def test_near_deadlines(left, words, level):
    due = now() + left
    assert (deadline_words(due), deadline_level(due)) == (words, level)


def test_days_are_counted_by_the_calendar():
    end_of_day = localtime().replace(hour=23, minute=59, second=59)
    for days in (2, 5):
        assert deadline_words(end_of_day + timedelta(days=days)) == f"còn {days} ngày"
    assert deadline_level(end_of_day + timedelta(days=5)) == "ok"


def test_no_deadline_no_words():
    assert (deadline_words(None), deadline_level(None)) == ("", "")

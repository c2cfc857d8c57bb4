"""How often published answers helped people who were about to write: counts by answer and day, nobody's text."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Sum
from django.utils.timezone import localdate

from .models import AnswerHelp, AnswerPage

DAY = 24 * 3600  # seconds in which the same address counts once for an answer
COUNTED = ("shown", "opened", "solved")


def count(what: str, ids: Iterable[int], client: str) -> None:
    """`what`: one of COUNTED. One address counts once a day for an answer; unknown answers count nothing."""
    if what not in COUNTED:
        raise ValueError(what)
    who = sha256(client.encode()).hexdigest()[:16]
    fresh = [pk for pk in ids if cache.add(f"helped:{what}:{pk}:{who}", 1, DAY)]
    known = set(AnswerPage.objects.live().filter(pk__in=fresh).values_list("pk", flat=True))
    today = localdate()
    with transaction.atomic():
        for pk in fresh:
            if pk in known:
                AnswerHelp.objects.get_or_create(answer_id=pk, day=today)
                AnswerHelp.objects.filter(answer=pk, day=today).update(**{what: F(what) + 1})


def figures(days: int = 30) -> dict[str, int]:
    """The sums of the last days, today included."""
    since = localdate() - timedelta(days=days - 1)
    sums = AnswerHelp.objects.filter(day__gte=since).aggregate(**{name: Sum(name) for name in COUNTED})
    return {name: sums[name] or 0 for name in COUNTED}


def most_helpful(days: int = 30, most: int = 20) -> list[dict[str, Any]]:
    """The answers that solved most, with their counts."""
    since = localdate() - timedelta(days=days - 1)
    sums = {f"all_{name}": Sum(name) for name in COUNTED}
    rows: Any = AnswerHelp.objects.filter(day__gte=since).values("answer").annotate(**sums)
    counted = list(rows.order_by("-all_solved", "-all_opened", "answer")[:most])
    pages = AnswerPage.objects.select_related("agency").in_bulk([row["answer"] for row in counted])
    return [{"page": pages[row["answer"]]} | {name: row[f"all_{name}"] for name in COUNTED} for row in counted]

"""Whether what arrives, or how the machine does on it, has left what it was: week by week.

The share of unknown words is the sensitive one; the mix of predicted labels shows nothing until far too
late (measured: 93 % against 0 % of batches with 5 % of a new topic), so it is not watched.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Avg, Count, Exists, OuterRef, Q
from django.db.models.functions import TruncWeek
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from classifier.thresholds import wilson

from ..models import DriftAlarm, Triage
from .decisions import Decided, decided
from .letters import tell_administrators

Measure = DriftAlarm.Measure
WEEKS = 12
"""Weeks shown; the oldest with enough texts, up to `REFERENCE_WEEKS`, are what the present and the last are held to."""
REFERENCE_WEEKS = 4
ENOUGH = 30
"""Texts or decisions of a week under which nothing is concluded."""
COVERED_LEAST = 0.80
"""Share of decisions inside the sets that promise 90 %, from which the promise counts as broken."""
LIMITS: dict[str, tuple[float, float]] = {
    # measure: (absolute, relative) rise over the reference that is still ordinary
    Measure.UNKNOWN: (0.02, 0.35),
    Measure.OVERRULED: (0.10, 0.35),
    Measure.ABSTAINED: (0.10, 0.50),
    Measure.UNACCENTED: (0.10, 1.00),
}


@dataclass(frozen=True)
class Week:
    """One measure in one week: a share, 0 to 1, of `n` texts or decisions."""

    monday: date
    value: float
    n: int


@dataclass(frozen=True)
class Series:
    """A measure over the weeks, oldest first, what it is held to, and where an alarm begins."""

    measure: str
    weeks: Sequence[Week]
    reference: float | None
    threshold: float | None

    @property
    def label(self) -> str:
        return str(Measure(self.measure).label)

    def alarming(self, week: Week) -> bool:
        """Beyond the threshold by more than chance: its 95 % interval lies beyond the reference too."""
        if self.threshold is None or self.reference is None or week.n < ENOUGH:
            return False
        if self.measure == Measure.COVERED:
            return week.value < self.threshold
        if self.measure == Measure.UNKNOWN:  # a mean over words, far steadier than its share of texts would be
            return week.value > self.threshold
        low, _ = wilson(round(week.value * week.n), week.n)
        return week.value > self.threshold and low > self.reference


def series(today: date | None = None) -> list[Series]:
    """Every measure over the last weeks."""
    today = today or localdate()
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    earlier = Triage.objects.filter(submission=OuterRef("submission"), pk__lt=OuterRef("pk"))
    rows = (
        Triage.objects.filter(created_at__date__gte=first)
        .exclude(Exists(earlier))  # read again by a newer model: it arrived once
        .annotate(week=TruncWeek("created_at"))
        .values("week")
        .annotate(
            n=Count("pk"),
            strange=Avg("unknown"),
            told=Count("pk", filter=Q(unknown__isnull=False)),
            abstained=Count("pk", filter=Q(decision=Triage.Decision.ABSTAIN)),
            unaccented=Count("pk", filter=Q(language_form="unaccented")),
        )
        .order_by("week")
    )
    found: dict[str, list[Week]] = {measure: [] for measure in Measure.values}
    for row in rows:
        monday = row["week"].date()
        if row["told"]:
            found[Measure.UNKNOWN].append(Week(monday, row["strange"], row["told"]))
        found[Measure.ABSTAINED].append(Week(monday, row["abstained"] / row["n"], row["n"]))
        found[Measure.UNACCENTED].append(Week(monday, row["unaccented"] / row["n"], row["n"]))
    for monday, own in _by_week([one for one in decided() if one.at.date() >= first]).items():
        overruled = [one.right("initiative") is False or one.right("agency") is False for one in own if one.guesses]
        if overruled:
            found[Measure.OVERRULED].append(Week(monday, sum(overruled) / len(overruled), len(overruled)))
        covered = [
            one.labels["initiative"] in one.likely["initiative"]
            for one in own
            if "initiative" in one.labels and one.likely.get("initiative")
        ]
        if covered:
            found[Measure.COVERED].append(Week(monday, sum(covered) / len(covered), len(covered)))
    return [_held(measure, weeks, today - timedelta(days=today.weekday())) for measure, weeks in found.items()]


def _by_week(rows: Sequence[Decided]) -> dict[date, list[Decided]]:
    weeks: dict[date, list[Decided]] = {}
    for one in rows:
        day = localdate(one.at)
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(one)
    return dict(sorted(weeks.items()))


def _held(measure: str, weeks: Sequence[Week], present: date) -> Series:
    """The oldest weeks with enough in them are the reference of the two that are judged, and hold neither of them.

    In an installation's second week the first is all there is. `present`: the Monday of this week.
    """
    if measure == Measure.COVERED:
        return Series(measure, weeks, 0.9, COVERED_LEAST)
    past = [week for week in weeks if week.n >= ENOUGH and week.monday < present]
    last = present - timedelta(weeks=1)
    base = [week for week in past if week.monday < last][:REFERENCE_WEEKS] or past
    if not base:
        return Series(measure, weeks, None, None)
    reference = sum(week.value * week.n for week in base) / sum(week.n for week in base)
    absolute, relative = LIMITS[measure]
    return Series(measure, weeks, reference, reference + max(absolute, relative * reference))


def watch(today: date | None = None) -> list[DriftAlarm]:
    """Raise the alarms of the present and the last week, once each, and tell the administrators."""
    today = today or localdate()
    last = today - timedelta(days=today.weekday(), weeks=1)
    raised = []
    for one in series(today):
        for week in one.weeks:
            if week.monday >= last and one.reference is not None and one.threshold and one.alarming(week):
                alarm, fresh = DriftAlarm.objects.get_or_create(
                    week=week.monday,
                    measure=one.measure,
                    defaults={
                        "value": week.value,
                        "reference": one.reference,
                        "threshold": one.threshold,
                        "rows": week.n,
                    },
                )
                raised += [alarm] if fresh else []
    tell()
    return raised


def tell() -> None:
    """One letter to the administrators for what they have not been told; a failed one is tried tomorrow."""
    alarms = list(DriftAlarm.objects.filter(told_at=None))
    if alarms and tell_administrators(lambda: "\n".join(map(_line, alarms))):
        DriftAlarm.objects.filter(pk__in=[alarm.pk for alarm in alarms]).update(told_at=now())


def _line(alarm: DriftAlarm) -> str:
    return _("- %(measure)s, tuần từ %(week)s: %(value)s (thường %(usual)s, báo khi qua %(limit)s)") % {
        "measure": alarm.get_measure_display(),
        "week": f"{alarm.week:%d/%m/%Y}",
        "value": _percent(alarm.value),
        "usual": _percent(alarm.reference),
        "limit": _percent(alarm.threshold),
    }


def unseen() -> list[DriftAlarm]:
    """Alarms that nobody has answered yet."""
    return list(DriftAlarm.objects.filter(seen_at=None))


def _percent(share: float) -> str:
    return f"{math.floor(1000 * share + 0.5) / 10:g} %".replace(".", ",")

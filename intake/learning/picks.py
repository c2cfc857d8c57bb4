"""What to label next: where the machine hesitates most, unlike one another, and some drawn by lot.

Margin sampling with a diversity filter found as much with 100 labels as chance with 260 on short texts;
the lot keeps the estimate of accuracy honest, since doubtful texts alone would make it too low.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from ..models import LearningPick, Prediction, RoutingDecision, Submission, Triage
from ..models.submission import SubmissionQuerySet
from ..workflow import Status
from .vectors import unit

DOUBTFUL, DRAWN = 16, 4
"""Of a day's twenty, a fifth by lot."""
LOOKED_AT = 500
"""Newest undecided submissions among which the doubtful are sought."""
TOO_ALIKE = 0.93
"""Cosine of two sentence vectors from which one label teaches what both would."""


@transaction.atomic
def choose(day: date | None = None) -> list[LearningPick]:
    """The day's lists, made once: a second call gives the first one's."""
    day = day or localdate()
    if LearningPick.objects.filter(day=day).exists():
        return list(LearningPick.objects.filter(day=day))
    rows = _candidates()
    drawn = [row for row, _ in rows if row.sampled][:DRAWN]
    taken = {row.pk for row in drawn}
    doubtful = _unlike([(row, margin) for row, margin in rows if row.pk not in taken])
    LearningPick.objects.bulk_create(
        [
            LearningPick(day=day, submission_id=row.submission_id, why=LearningPick.Why.RANDOM, rank=rank)
            for rank, row in enumerate(drawn, start=1)
        ]
        + [
            LearningPick(
                day=day,
                submission_id=row.submission_id,
                why=LearningPick.Why.MARGIN,
                rank=rank,
                margin=round(margin, 4),
            )
            for rank, (row, margin) in enumerate(doubtful, start=1)
        ]
    )
    return list(LearningPick.objects.filter(day=day))


def undecided(user=None) -> SubmissionQuerySet:
    """Submissions nobody has said anything of yet, of those the user may read."""
    found = Submission.objects.visible_to(user) if user else Submission.objects.for_the_machine()
    said = RoutingDecision.objects.filter(submission=OuterRef("pk"))
    return found.filter(status=Status.RECEIVED).exclude(Exists(said))


def shown_to(user) -> dict[str, list[LearningPick]]:
    """The newest day's lists, without what has been decided since and what this person may not read."""
    newest = LearningPick.objects.first()
    lists: dict[str, list[LearningPick]] = {why: [] for why in LearningPick.Why.values}
    if newest is None:
        return lists
    rows = LearningPick.objects.filter(day=newest.day, submission__in=undecided(user)).select_related("submission")
    for row in rows.order_by("why", "rank"):
        lists[row.why].append(row)
    return lists


def _candidates() -> list[tuple[Triage, float]]:
    """The newest undecided, each with its newest triage and margin, least margin first."""
    ids = list(undecided().order_by("-pk").values_list("pk", flat=True)[:LOOKED_AT])
    rows = Triage.objects.filter(submission__in=ids).defer("reasons", "basis").order_by("pk")
    newest = {row.submission_id: row for row in rows}
    first_two: dict[int, dict[int, float]] = {}
    guesses = Prediction.objects.filter(triage__in=newest.values(), level=Prediction.Level.INITIATIVE, rank__lte=2)
    for triage, rank, p in guesses.values_list("triage", "rank", "p"):
        first_two.setdefault(triage, {})[rank] = p
    found = [
        (row, first_two[row.pk][1] - first_two[row.pk].get(2, 0.0)) for row in newest.values() if row.pk in first_two
    ]
    return sorted(found, key=lambda pair: (pair[1], -pair[0].pk))


def _unlike(rows: Sequence[tuple[Triage, float]]) -> list[tuple[Triage, float]]:
    """The most doubtful, leaving out what is nearly the same as one taken already."""
    taken: list[tuple[Triage, float]] = []
    seen: list[np.ndarray] = []
    for row, margin in rows:
        vector = unit(np.frombuffer(bytes(row.vector), np.float16).astype(np.float32)) if row.vector else None
        if vector is not None and seen and max(float(vector @ other) for other in seen) >= TOO_ALIKE:
            continue
        taken.append((row, margin))
        if vector is not None:
            seen.append(vector)
        if len(taken) == DOUBTFUL:
            break
    return taken

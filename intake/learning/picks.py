"""What to label next: where the machine hesitates most, unlike one another, and some drawn by lot.

Margin sampling with a diversity filter found as much with 100 labels as chance with 260 on short texts;
the lot keeps the estimate of accuracy honest, since doubtful texts alone would make it too low.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ..models import LearningPick, Prediction, RoutingDecision, Submission, Triage
from ..models.submission import SubmissionQuerySet
from ..workflow import Status
from .vectors import unit

Why = LearningPick.Why
DOUBTFUL, DRAWN = 16, 4
"""Of a day's twenty, a fifth by lot."""
LOOKED_AT = 500
"""Newest undecided submissions among which the doubtful are sought."""
TOO_ALIKE = 0.93
"""Cosine of two sentence vectors from which one label teaches what both would."""


@transaction.atomic
def choose(day: date | None = None) -> list[LearningPick]:
    """The day's lists, filled up as long as they are short; what stands on one stays, in its place."""
    day = day or localdate()
    made = list(LearningPick.objects.filter(day=day))
    picked = {pick.submission_id for pick in made}
    counts = Counter(pick.why for pick in made)
    room = {Why.RANDOM: DRAWN - counts[Why.RANDOM], Why.MARGIN: DOUBTFUL - counts[Why.MARGIN]}
    if not any(room.values()):
        return made
    rows = _candidates()
    known = [row for row, _ in rows if row.submission_id in picked]
    rows = [pair for pair in rows if pair[0].submission_id not in picked]
    drawn = _by_lot([row for row, _ in rows if row.sampled])[: room[Why.RANDOM]]
    taken = {row.pk for row in drawn}
    doubtful = _unlike([(row, margin) for row, margin in rows if row.pk not in taken], known, room[Why.MARGIN])
    LearningPick.objects.bulk_create(
        [
            LearningPick(day=day, submission_id=row.submission_id, why=Why.RANDOM, rank=rank)
            for rank, row in enumerate(drawn, start=counts[Why.RANDOM] + 1)
        ]
        + [
            LearningPick(
                day=day,
                submission_id=row.submission_id,
                why=Why.MARGIN,
                rank=rank,
                margin=round(margin, 4),
            )
            for rank, (row, margin) in enumerate(doubtful, start=counts[Why.MARGIN] + 1)
        ]
    )
    return list(LearningPick.objects.filter(day=day))


def undecided(user=None) -> SubmissionQuerySet:
    """Submissions nobody has said anything of yet, of those the user may read."""
    found = Submission.objects.visible_to(user) if user else Submission.objects.all()
    said = RoutingDecision.objects.filter(submission=OuterRef("pk"))
    return found.for_the_machine().filter(status=Status.RECEIVED).exclude(Exists(said))


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


def why_empty(why: str) -> str:
    """What to say where the list shows nothing."""
    newest = LearningPick.objects.first()
    waiting = undecided()
    if newest and LearningPick.objects.filter(day=newest.day, why=why).exists():
        return _("Những phiếu trong danh sách đã được quyết định hết. Sáng mai có danh sách mới.")
    if not waiting.exists():
        return _("Không có phiếu nào đang chờ phân loại.")
    if not Triage.objects.filter(submission__in=waiting).exists():
        return _("Máy chưa đọc phiếu nào đang chờ. Danh sách có sau khi máy đọc, thường trong ít phút.")
    if why == Why.RANDOM:
        return _("Trong những phiếu đang chờ, chưa có phiếu nào rút trúng.")
    return _("Danh sách đang được lập. Hãy xem lại sau ít phút.")


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


def _by_lot(rows: Sequence[Triage]) -> list[Triage]:
    """In the order of their receipt codes' checksums, which knows nothing of what was guessed."""
    codes = dict(
        Submission.objects.filter(pk__in=[row.submission_id for row in rows]).values_list("pk", "receipt_code")
    )
    return sorted(rows, key=lambda row: zlib.crc32(codes[row.submission_id].encode()))


def _unlike(rows: Sequence[tuple[Triage, float]], known: Sequence[Triage], most: int) -> list[tuple[Triage, float]]:
    """The most doubtful, leaving out what is nearly the same as one taken already, or `known` before."""
    taken: list[tuple[Triage, float]] = []
    seen = [vector for row in known if (vector := _vector(row)) is not None]
    for row, margin in rows:
        if len(taken) == most:
            break
        vector = _vector(row)
        if vector is not None and seen and max(float(vector @ other) for other in seen) >= TOO_ALIKE:
            continue
        taken.append((row, margin))
        if vector is not None:
            seen.append(vector)
    return taken


def _vector(row: Triage) -> np.ndarray | None:
    return unit(np.frombuffer(bytes(row.vector), np.float16).astype(np.float32)) if row.vector else None

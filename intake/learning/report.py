"""What the model's page says: how often the machine is right, when it knows, and what people overruled.

Measured on decisions of this installation drawn by lot, else on all decisions, else on the written texts
that were held back in training; each answer says which.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _

from classifier.policy import LEVELS
from classifier.routing import Level
from classifier.thresholds import curve, wilson

from ..models import ModelVersion, RoutingDecision
from . import charts
from .charts import Bin, Chart, Reached
from .decisions import REJECTED, Decided, outcomes
from .written import calibration, coverage

ENOUGH = 30
"""Decisions from which they, and no longer the written texts, are what is shown."""
BINS, LEAST_IN_BIN = 10, 12
SYSTEMS = 7  # six, and outside
SHOWN_PAIRS = 8


@dataclass(frozen=True)
class Share:
    """How many of a hundred are right, and from where to where it may be (95 %), in whole numbers."""

    level: Level
    n: int
    of_hundred: int
    least: int
    most: int

    @classmethod
    def of(cls, level: Level, n: int, value: float, low: float, high: float) -> Self:
        """From shares of 0 to 1."""
        return cls(level, n, round(100 * value), round(100 * low), round(100 * high))


@dataclass(frozen=True)
class Measured:
    """`source`: sampled, decisions or written."""

    source: str
    shares: Sequence[Share]
    calibration: Chart | None
    coverage: Chart | None
    confusion: Sequence[Sequence[int]]


def choose_source(found: Sequence[Decided]) -> tuple[str, Sequence[Decided]]:
    """The most honest of what there is enough of."""
    judged = [one for one in found if one.right("initiative") is not None]
    drawn = [one for one in judged if one.sampled]
    if len(drawn) >= ENOUGH:
        return "sampled", drawn
    return ("decisions", judged) if len(judged) >= ENOUGH else ("written", [])


def measured(found: Sequence[Decided], card: Mapping[str, Any], mode: str) -> Measured:
    """On decisions where there are enough, else as the card has it for this `mode` of reading."""
    source, rows = choose_source(found)
    if source == "written":
        return _written(card.get("levels", {}).get(mode, {}))
    shares = []
    for level in LEVELS:
        judged = [right for one in rows if (right := one.right(level)) is not None]
        if judged:
            n, hits = len(judged), sum(judged)
            shares.append(Share.of(level, n, hits / n, *wilson(hits, n)))
    of_initiative = outcomes(rows, "initiative")
    reached = [Reached(b.coverage, b.accuracy, b.low, b.high, b.n) for b in curve(of_initiative)]
    pairs = [(one.labels["system"], one.guesses["system"][0]) for one in rows if one.right("system") is not None]
    return Measured(
        source,
        shares,
        charts.calibration(_bins([(o.p, o.right) for o in of_initiative])),
        charts.coverage(reached),
        _confusion(pairs),
    )


def _bins(pairs: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Equally many guesses in each, surest last: a dot of three guesses would say nothing."""
    ranked = sorted(pairs)
    count = max(1, min(BINS, len(ranked) // LEAST_IN_BIN))
    found = []
    for i in range(count):
        own = ranked[len(ranked) * i // count : len(ranked) * (i + 1) // count]
        right = sum(r for _, r in own)
        low, high = wilson(right, len(own))
        found.append(Bin(len(own), sum(p for p, _ in own) / len(own), right / len(own), low, high))
    return found


def _confusion(pairs: Sequence[tuple[str, str]]) -> list[list[int]]:
    """7 x 7, outside first: rows decided, columns guessed."""
    counts = [[0] * SYSTEMS for _ in range(SYSTEMS)]
    for decided, guessed in pairs:
        if decided.isdigit() and guessed.isdigit() and int(decided) < SYSTEMS and int(guessed) < SYSTEMS:
            counts[int(decided)][int(guessed)] += 1
    return counts


def mistaken(confusion: Sequence[Sequence[int]]) -> list[tuple[int, int, int]]:
    """(guessed, right, how often) of systems, most often first."""
    wrong = [(j, i, n) for i, row in enumerate(confusion) for j, n in enumerate(row) if i != j and n]
    return sorted(wrong, key=lambda one: -one[2])[:SHOWN_PAIRS]


def _written(levels: Mapping[str, Any]) -> Measured:
    """From the card of the model in use, measured on written texts of writers it had not met."""
    shares = [
        Share.of(level, levels[level]["rows"], levels[level]["top1"], *levels[level]["interval"])
        for level in LEVELS
        if level in levels
    ]
    first = levels.get("initiative")
    if not first:
        return Measured("written", shares, None, None, [])
    confusion = levels.get("system", {}).get("confusion", [])
    return Measured("written", shares, calibration("initiative", first), coverage("initiative", first), confusion)


# --- overruled -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overruled:
    """What people changed: by reason, and which initiative was most often taken for which."""

    n: int
    of: int
    reasons: Sequence[tuple[str, int]]
    pairs: Sequence[tuple[str, str, int]]


def overruled(found: Sequence[Decided]) -> Overruled:
    judged = [one for one in found if one.right("initiative") is not None]
    changed = [one for one in judged if one.right("initiative") is False or one.right("agency") is False]
    # Whoever changed a label and left the reason as it stood has given none.
    labels = dict(RoutingDecision.Reason.choices) | {
        RoutingDecision.Reason.AGREED: _("Không ghi lý do"),
        REJECTED: _("Không tiếp nhận"),
    }
    reasons = Counter(str(labels[one.reason]) for one in changed)
    pairs = Counter(
        (one.guesses["initiative"][0], one.labels["initiative"]) for one in changed if one.right("initiative") is False
    )
    return Overruled(
        len(changed),
        len(judged),
        reasons.most_common(),
        [(guessed, decided, n) for (guessed, decided), n in pairs.most_common(SHOWN_PAIRS)],
    )


# --- learning ------------------------------------------------------------------------------------


def growth(versions: Sequence[ModelVersion]) -> Chart | None:
    """How good each trained version was on the decisions held back from it."""
    steps = sorted(
        (row.decisions, row.metrics["held_back"]["levels"]["initiative"]["challenger"])
        for row in versions
        if row.metrics.get("held_back")
    )
    return charts.growth(steps) if len({n for n, _ in steps}) > 1 else None


def one_by_one(card: Mapping[str, Any], level: Level) -> Chart | None:
    """Share right so far as the decisions came, those before learnt; dashed: by the written texts alone."""
    curve = card.get("decisions", {}).get("curve", [])
    known = [(row["decisions"], row[level]["learning"], row[level]["without"]) for row in curve]
    steps = [step for step in known if step[1] is not None]
    if len(steps) < 2:
        return None
    return charts.growth(
        [(n, share) for n, share, _ in steps], without=[share for _, _, share in steps], key=f"one-by-one-{level}"
    )

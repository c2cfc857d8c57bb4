"""Challenger against champion on decisions that neither has seen, newest ones, the same for both.

Not worse: nature, initiative and agency together are right at least as often; on no level does an exact
one-sided McNemar test (Psychometrika 1947) come under 20 %, where chance alone would keep an equal one
in use; and no class with ten held-back decisions or more loses over ten points of recall. On thirty
texts one guess more or less is chance, so no level alone must win. The interval of a difference is a
paired bootstrap with a fixed seed.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from classifier.policy import LEVELS, ROUTING_LEVELS
from classifier.routing import Level, Routing

from .examples import Labelled

WORSE_AT = 0.2
"""One-sided p at which a level counts as worse."""
MOST_LOST = 0.10
"""Recall that a class may lose."""
ENOUGH_OF_A_CLASS = 10
DRAWS, SEED = 2_000, 57


@dataclass(frozen=True)
class LevelCompared:
    """Shares right, 0 to 1, on the `n` held-back decisions that speak of the level."""

    n: int
    champion: float
    challenger: float
    low: float
    high: float
    """95 % interval of challenger less champion."""
    p_worse: float


@dataclass(frozen=True)
class ClassLost:
    level: Level
    value: str
    n: int
    champion: float
    challenger: float


@dataclass(frozen=True)
class Comparison:
    levels: dict[Level, LevelCompared]
    lost: list[ClassLost] = field(default_factory=list)

    @property
    def worse(self) -> list[Level]:
        """The levels that are worse beyond chance."""
        return [level for level, one in self.levels.items() if one.p_worse < WORSE_AT]

    @property
    def gained(self) -> int:
        """Guesses right at the routing levels together: challenger's less champion's."""
        rows = [self.levels[level] for level in ROUTING_LEVELS]
        return round(sum((one.challenger - one.champion) * one.n for one in rows))

    @property
    def promotes(self) -> bool:
        return self.gained >= 0 and not self.worse and not self.lost

    def data(self) -> dict[str, Any]:
        """JSON-ready, rounded."""
        return {
            "levels": {level: {k: round(v, 4) for k, v in asdict(one).items()} for level, one in self.levels.items()},
            "lost": [asdict(one) for one in self.lost],
            "worse": self.worse,
            "gained": self.gained,
        }


def compare(held: Sequence[Labelled], champion: Sequence[Routing], challenger: Sequence[Routing]) -> Comparison:
    """`champion` and `challenger`: what each said of the held-back texts, in their order."""
    levels: dict[Level, LevelCompared] = {}
    lost: list[ClassLost] = []
    for level in LEVELS:
        rows = [
            (one.decided.labels[level], _first(old, level), _first(new, level))
            for one, old, new in zip(held, champion, challenger, strict=True)
            if level in one.decided.labels
        ]
        before = np.array([label == old for label, old, _ in rows], bool)
        after = np.array([label == new for label, _, new in rows], bool)
        levels[level] = _compared(before, after)
        if level != "agency":  # who answers moves with the directories; what a text is about does not
            lost += _losses(level, [label for label, _, _ in rows], before, after)
    return Comparison(levels, lost)


def _first(routing: Routing, level: Level) -> str:
    return str(getattr(routing, level)[0].value)


def _compared(before: np.ndarray, after: np.ndarray) -> LevelCompared:
    if not len(before):
        return LevelCompared(0, 0.0, 0.0, 0.0, 0.0, 1.0)
    gains = after.astype(float) - before
    draws = np.random.default_rng(SEED).choice(gains, (DRAWS, len(gains))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return LevelCompared(
        len(before),
        float(before.mean()),
        float(after.mean()),
        float(low),
        float(high),
        mcnemar(int((before & ~after).sum()), int((after & ~before).sum())),
    )


def mcnemar(losses: int, gains: int) -> float:
    """One-sided exact p of at least `losses` among all that changed, were both equally likely."""
    n = losses + gains
    return sum(math.comb(n, k) for k in range(losses, n + 1)) / 2**n if n else 1.0


def _losses(level: Level, labels: Sequence[str], before: np.ndarray, after: np.ndarray) -> list[ClassLost]:
    found = []
    for value in sorted(set(labels)):
        own = np.array([label == value for label in labels])
        old, new = float(before[own].mean()), float(after[own].mean())
        if own.sum() >= ENOUGH_OF_A_CLASS and old - new > MOST_LOST:
            found.append(ClassLost(level, value, int(own.sum()), round(old, 4), round(new, 4)))
    return found

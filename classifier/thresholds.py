"""Thresholds from decisions: what a model's probabilities have been worth at this installation.

*Suggest*: isotonic regression (pool adjacent violators; Zadrozny and Elkan, KDD 2002) of right on
probability; the threshold is where the fitted share first reaches what the costs ask.

*Assign*: a grid from strict to lenient, read in that order as a fixed sequence of tests, ended by the
first failure (Angelopoulos et al., "Learn then Test", 2021), so that choosing among many thresholds
does not spoil the bound: the lower end of the 95 % Wilson interval of the share right at or above it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from classifier.policy import Costs, Thresholds

ENOUGH = 100
"""Decisions from which their curve replaces the model's word."""
ENOUGH_TO_ASSIGN = 300
"""Decisions that must back a level before it may be assigned."""
WANTED = 0.95
"""Least accuracy, at the lower end of its interval, of a band that is assigned."""
GRID = (0.99, 0.98, 0.97, 0.96, 0.95, 0.94, 0.92, 0.9, 0.875, 0.85, 0.825, 0.8)
Z95 = 1.959964


@dataclass(frozen=True)
class Outcome:
    """A first guess and what a person made of it."""

    p: float
    right: bool


@dataclass(frozen=True)
class Band:
    """The guesses at or above a probability: how many, what share of all, how many right."""

    p: float
    n: int
    coverage: float
    accuracy: float
    low: float
    high: float
    """95 % Wilson interval of the accuracy."""


def wilson(right: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Interval of a share (Wilson, JASA 1927), 0 to 1; (0, 1) of nothing."""
    if not n:
        return 0.0, 1.0
    share = right / n
    scale = 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


def band(outcomes: Sequence[Outcome], p: float) -> Band:
    """What was right among the guesses with at least probability ``p``."""
    kept = [outcome.right for outcome in outcomes if outcome.p >= p]
    n, right = len(kept), sum(kept)
    low, high = wilson(right, n)
    return Band(p, n, n / len(outcomes) if outcomes else 0.0, right / n if n else 0.0, low, high)


def curve(outcomes: Sequence[Outcome], points: int = 20) -> list[Band]:
    """Coverage-risk curve, surest first: at most ``points`` bands of growing coverage."""
    ranked = sorted((outcome.p for outcome in outcomes), reverse=True)
    ends = {math.ceil(len(ranked) * k / points) - 1 for k in range(1, points + 1)} if ranked else set()
    return [band(outcomes, p) for p in sorted({ranked[i] for i in ends if i >= 0}, reverse=True)]


def isotonic(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """(probability from which it holds, share right), both rising: pool adjacent violators."""
    blocks: list[list[float]] = []  # first p, right, n
    for outcome in sorted(outcomes, key=lambda o: o.p):
        if blocks and blocks[-1][0] == outcome.p:
            blocks[-1][1] += outcome.right
            blocks[-1][2] += 1
        else:
            blocks.append([outcome.p, float(outcome.right), 1.0])
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][2] >= blocks[-1][1] * blocks[-2][2]:
            _, right, n = blocks.pop()
            blocks[-1][1] += right
            blocks[-1][2] += n
    return [(first, right / n) for first, right, n in blocks]


def suggest_from(outcomes: Sequence[Outcome], wanted: float) -> float:
    """The least probability from which guesses are right often enough; 1 if they never are."""
    return next((p for p, share in isotonic(outcomes) if share >= wanted), 1.0)


def assign_from(outcomes: Sequence[Outcome], least: float) -> float | None:
    """The least probability of the grid that may be assigned, not under ``least``; None if none may."""
    if len(outcomes) < ENOUGH_TO_ASSIGN:
        return None
    found = None
    for p in GRID:
        if p < least or band(outcomes, p).low < WANTED:
            break
        found = p
    return found


def thresholds(costs: Costs, outcomes: Sequence[Outcome], *, assign: bool = False) -> Thresholds:
    """From costs and decisions; from costs alone under ``ENOUGH`` of them. ``assign``: whether it may be at all."""
    enough = len(outcomes) >= ENOUGH
    return Thresholds(
        suggest_from(outcomes, costs.suggest_from) if enough else costs.suggest_from,
        assign_from(outcomes, costs.assign_from) if assign else None,
    )

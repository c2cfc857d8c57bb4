"""Numbers that say how good a ranking and its probabilities are. Pure numpy."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from classifier.heads import softmax

if TYPE_CHECKING:
    from classifier.fitting import Fitted


def top_k(p: np.ndarray, targets: np.ndarray, k: int) -> float:
    """Share of rows, 0 to 1, whose target column is among the ``k`` largest of the row."""
    if not len(targets):
        return float("nan")
    own = p[np.arange(len(targets)), targets]
    return float(((p > own[:, None]).sum(axis=1) < k).mean())


def auroc(scores: np.ndarray, positive: np.ndarray) -> float:
    """Chance that a positive scores above a negative, ties counting half; nan without both."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    for value in np.unique(scores):
        same = scores == value
        ranks[same] = ranks[same].mean()
    n = int(positive.sum())
    others = len(positive) - n
    if not n or not others:
        return float("nan")
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * others))


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error with ``bins`` equal bins, 0 to 1 (Guo et al., ICML 2017)."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(float(right[which == b].mean()) - float(confidence[which == b].mean())) * float((which == b).mean())
        for b in np.unique(which)
    ]
    return float(sum(gaps))


def among_surest(confidence: np.ndarray, right: np.ndarray, share: float = 0.3) -> float:
    """Share right among the most confident ``share`` of the rows."""
    n = max(1, round(share * len(right)))
    surest = np.argsort(-confidence, kind="stable")[:n]
    return float(right[surest].mean())


def bootstrap(
    statistic: Callable[..., float], *columns: np.ndarray, draws: int = 500, level: float = 0.95
) -> tuple[float, float]:
    """Interval of ``statistic(*columns)`` under resampling of the rows, with a fixed seed."""
    if not len(columns[0]):
        return float("nan"), float("nan")
    generator = np.random.default_rng(0)
    found = []
    for _ in range(draws):
        rows = generator.integers(0, len(columns[0]), len(columns[0]))
        found.append(statistic(*(column[rows] for column in columns)))
    known = np.array(found)[~np.isnan(found)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def weighted_mean(values: np.ndarray, weights: np.ndarray) -> float:
    """The mean of ``values`` (n,) with ``weights`` (n,)."""
    return float((values * weights).sum() / weights.sum())


def reliability(
    confidence: np.ndarray, right: np.ndarray, weights: np.ndarray, bins: int = 15
) -> list[dict[str, float]]:
    """For each bin that is not empty: how many, their mean probability, the share right (0 to 1)."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {
            "n": int((which == b).sum()),
            "weight": round(float(weights[which == b].sum() / weights.sum()), 4),
            "p": round(weighted_mean(confidence[which == b], weights[which == b]), 4),
            "right": round(weighted_mean(right[which == b], weights[which == b]), 4),
        }
        for b in np.unique(which).tolist()
    ]


def coverage_curve(
    confidence: np.ndarray, right: np.ndarray, weights: np.ndarray, points: int = 20
) -> list[dict[str, float]]:
    """Share right among the surest 1/points, 2/points ... of all, and the probability that begins there."""
    order = np.argsort(-confidence, kind="stable")
    reached = np.cumsum(weights[order])
    hits = np.cumsum(weights[order] * right[order])
    ends = np.minimum(np.searchsorted(reached, reached[-1] * np.arange(1, points + 1) / points), len(order) - 1)
    return [
        {
            "coverage": round((i + 1) / points, 4),
            "right": round(float(hits[end] / reached[end]), 4),
            "least_p": round(float(confidence[order[end]]), 4),
        }
        for i, end in enumerate(ends.tolist())
    ]


def calibration_floor(confidence: np.ndarray, bins: int = 15, draws: int = 400) -> tuple[float, float]:
    """Calibration error that chance alone gives: its mean and 95 % quantile over perfectly calibrated draws.

    Each text is right with exactly the probability stated; what error remains is that of counting few.
    """
    generator = np.random.default_rng(0)
    found = [
        calibration_error(confidence, (generator.random(len(confidence)) < confidence).astype(float), bins)
        for _ in range(draws)
    ]
    return float(np.mean(found)), float(np.quantile(found, 0.95))


def head_measures(fitted: "Fitted") -> dict[str, dict[str, float] | int]:
    """Top-1, top-3 and calibration error of a head on the texts it had not seen, by what it read."""
    known = fitted.known
    targets = fitted.targets[fitted.scored][known]
    if not len(targets):
        return {"rows": 0}
    summaries = {name: _summary(logits[known], targets) for name, logits in fitted.logits().items()}
    return {"rows": len(targets), **summaries}


def _summary(logits: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    p = softmax(logits)
    right = p.argmax(axis=1) == targets
    values = {
        "top1": top_k(p, targets, 1),
        "top3": top_k(p, targets, 3),
        "macro_recall": float(np.mean([right[targets == c].mean() for c in np.unique(targets)])),
        "calibration_error": calibration_error(p.max(axis=1), right),
    }
    if p.shape[1] == 2:
        values["auroc"] = auroc(p[:, 1], targets == 1)
    return {name: round(value, 3) for name, value in values.items()}

"""Numbers that say how good a ranking and its probabilities are. Pure numpy."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from classifier.heads import Label, softmax

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
    low, high = np.nanquantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def head_measures(fitted: "Fitted", labels: Sequence[Label]) -> dict[str, dict[str, float] | int]:
    """Top-1, top-3 and calibration error of a head on the texts it had not seen, by what it read."""
    if not len(labels):
        return {"rows": 0}
    head = fitted.head
    column = {label: i for i, label in enumerate(head.classes)}
    targets = np.array([column[label] for label in labels])
    logits = {"words": head.alone * fitted.margins[0] + head.offset_alone}
    if len(fitted.margins) == 2:
        first, second = head.together
        both = first * fitted.margins[0] + second * fitted.margins[1]
        logits["words_and_meaning"] = both + head.offset_together
    return {"rows": len(labels), **{name: _summary(z, targets) for name, z in logits.items()}}


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

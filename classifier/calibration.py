"""Turns margins into probabilities: inverse temperatures and, where asked, an offset a class.

Fitted on texts the layers had not seen, all classes counting alike (Guo et al., ICML 2017: temperature
and vector scaling). Offsets mend what one-against-the-rest margins do to small classes beside a huge
one: without them the natures were found at macro F1 0.51 on texts of another writer, with them 0.76.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from classifier.heads import softmax

LEAST, MOST = 0.02, 30.0
"""Bounds of an inverse temperature."""
RIDGE = 1e-3
"""Pull of the offsets towards nought."""


@dataclass(frozen=True)
class Scaling:
    """``sum(scale * margin) + offsets`` are logits."""

    scales: tuple[float, ...]
    offsets: np.ndarray
    """float64 (classes,); all nought where none were asked for."""


def fit_scaling(margins: Sequence[np.ndarray], targets: np.ndarray, *, offsets: bool = False) -> Scaling:
    """The scaling under which the held-out targets are most likely.

    ``margins``: one or two arrays (texts, classes), words first. ``targets``: int (texts,).
    """
    return _fit(np.stack(margins).astype(np.float64), targets, offsets)


def _fit(kinds: np.ndarray, targets: np.ndarray, offsets: bool) -> Scaling:
    """``kinds``: float64 (kinds, texts, classes)."""
    count, _, classes = kinds.shape
    weights = 1.0 / np.bincount(targets, minlength=classes)[targets]
    weights /= weights.sum()
    wanted = np.eye(classes)[targets]

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        scales, shift = np.exp(parameters[:count]), parameters[count:]
        logits = np.tensordot(scales, kinds, 1) + (shift if offsets else 0.0)
        p = softmax(logits)
        error = weights[:, None] * (p - wanted)
        slopes = scales * np.tensordot(kinds, error, ((1, 2), (0, 1)))
        value = -(weights * np.log((p * wanted).sum(axis=1) + 1e-12)).sum() + RIDGE * (shift**2).sum()
        return float(value), np.concatenate([slopes, error.sum(axis=0) + 2 * RIDGE * shift if offsets else []])

    start = np.zeros(count + (classes if offsets else 0))
    bounds = [(np.log(LEAST), np.log(MOST))] * count + [(-9.0, 9.0)] * (len(start) - count)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Scaling(tuple(np.exp(best[:count]).tolist()), best[count:] if offsets else np.zeros(classes))

"""Sets of likely labels that hold the right one as often as asked, whatever the model's errors.

Least ambiguous sets (LAC; Sadinle et al., JASA 2019): all labels at least so probable, the threshold
taken from texts the model had not seen. The promise is for texts like those; for others it is watched
(the coverage of the sets among decisions) and mended by training on received texts.
"""

import numpy as np

COVERAGE = 0.9


def least_probability(own: np.ndarray, weights: np.ndarray, coverage: float = COVERAGE) -> float:
    """The probability from which labels belong to the set.

    ``own``: (texts,), the probability that each held-out text's right label got; ``weights``: (texts,).
    """
    order = np.argsort(-own, kind="stable")
    reached = np.cumsum(weights[order]) / (weights.sum() + weights.mean())
    enough = np.flatnonzero(reached >= coverage)
    return float(own[order[enough[0]]]) if len(enough) else 0.0


def in_set(p: np.ndarray, least: float) -> np.ndarray:
    """bool (texts, labels): each set holds the first guess and whatever is at least so probable."""
    found = p >= least
    found[np.arange(len(p)), p.argmax(axis=1)] = True
    return found

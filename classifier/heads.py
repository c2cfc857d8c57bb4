"""One decision of the model: a layer on TF-IDF, another on nearness in meaning, added up.

Both layers are always there, each with weights fitted on held-out texts, so that one artefact
routes with the encoder and, at TF-IDF quality, without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from classifier.features import SparseRows

Label = int | str


class Shares(NamedTuple):
    """Labels with their probabilities for each of some texts."""

    labels: tuple[Label, ...]
    p: np.ndarray
    """float64 (texts, labels)."""


@dataclass(frozen=True)
class Layer:
    """A linear layer; ``weights`` (inputs, classes) and ``bias`` (classes,), float32."""

    weights: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True)
class Head:
    """Scores of one level from the features of a text.

    ``alone`` multiplies the TF-IDF margins where no vector is at hand; ``together`` the two margins
    where one is. They are inverse temperatures, fitted like the offsets (``calibration``) on texts
    the layers had not seen.
    """

    classes: tuple[Label, ...]
    words: Layer
    meaning: Layer
    alone: float
    together: tuple[float, float]
    offset_alone: np.ndarray
    """float32 (classes,), added to the logits."""
    offset_together: np.ndarray

    def logits(self, rows: SparseRows, near: np.ndarray | None) -> np.ndarray:
        """float32 (texts, classes). ``near``: (texts, anchors), see ``kernel.nearness``, or None."""
        margins = rows.dot(self.words.weights) + self.words.bias
        if near is None:
            return self.alone * margins + self.offset_alone
        meaning = near @ self.meaning.weights + self.meaning.bias
        return self.together[0] * margins + self.together[1] * meaning + self.offset_together


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis, float64; rows sum to 1."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def with_prior(p: np.ndarray, prior: Sequence[float]) -> np.ndarray:
    """Probabilities learnt under equal shares of the classes, under the shares of ``prior``."""
    weighted = p * np.asarray(prior)
    return weighted / weighted.sum(axis=-1, keepdims=True)

"""What decisions teach on top of the written texts: a correction of each head, nothing where there are none.

Seventy decisions among thousands of written texts, a text like any other, change no guess. Here the model of
the written texts is where decisions start from: kernel logistic regression with its log-probabilities as offset,
a Gaussian process with that mean (Rasmussen and Williams 2006, 2.7 and 3.5). Two texts are alike by a constant
(what arrives in general), by their words and by their meaning. ``teaching`` fits it; serving needs numpy alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from classifier.features import SparseRows
from classifier.heads import softmax
from classifier.kernel import in_steps, nearness, of_steps

FLOOR = 1e-6
"""Least probability that a correction starts from: what the written texts rule out can still be taught."""

MODES, PARTS = ("words", "words_and_meaning"), ("bias", "words", "near")
"""Kinds of readers, and the arrays of a ``Correction``."""


@dataclass(frozen=True)
class Correction:
    """What is added to one head's log-probabilities."""

    bias: np.ndarray
    """float32 (classes,)."""
    words: np.ndarray
    """float32 (columns, classes), times the TF-IDF of those columns."""
    near: np.ndarray
    """float32 (decisions, classes), times the nearness to each decision; no rows in a reader of words alone."""


@dataclass(frozen=True)
class Corrections:
    """Of the heads that decisions have spoken of, for readers of words alone and of words and meaning."""

    columns: np.ndarray
    """int32, rising: the terms of the vocabulary that the decisions hold."""
    anchors: np.ndarray
    """float32 (decisions, 384): their vectors, centred, unit length; none without an encoder."""
    words: Mapping[str, Correction]
    """By head, where no vector is at hand."""
    words_and_meaning: Mapping[str, Correction]
    """By head; empty without an encoder."""

    def apply(self, p: Mapping[str, np.ndarray], rows: SparseRows, vectors: np.ndarray | None) -> dict[str, np.ndarray]:
        """The heads' probabilities ``p``, (texts, classes) each, as the decisions have corrected them.

        ``vectors``: float32 (texts, 384), centred, or None.
        """
        own = self.words if vectors is None else self.words_and_meaning
        known = among(rows, self.columns)
        near = None if vectors is None else nearness(vectors, self.anchors)
        return {name: _corrected(shares, own.get(name), known, near) for name, shares in p.items()}


def _corrected(p: np.ndarray, own: Correction | None, known: SparseRows, near: np.ndarray | None) -> np.ndarray:
    if own is None:
        return p
    logits = log_of(p) + own.bias + known.dot(own.words)
    return softmax(logits if near is None else logits + near @ own.near)


def among(rows: SparseRows, columns: np.ndarray) -> SparseRows:
    """The rows with these columns alone, renumbered."""
    at = np.minimum(np.searchsorted(columns, rows.indices), max(len(columns) - 1, 0))
    kept = columns[at] == rows.indices if len(columns) else np.zeros(len(rows.indices), bool)
    before = np.concatenate([[0], np.cumsum(kept)])
    return SparseRows(before[rows.indptr], at[kept].astype(np.int32), rows.values[kept])


def log_of(p: np.ndarray) -> np.ndarray:
    """float64: logarithms, none under that of ``FLOOR``."""
    return np.log(np.maximum(p, FLOOR))


# --- in an artefact ------------------------------------------------------------------------------


def to_arrays(corrections: Corrections) -> dict[str, np.ndarray]:
    """By name, small enough to keep."""
    arrays = {"taught.columns": corrections.columns, "taught.anchors": in_steps(corrections.anchors)}
    for mode in MODES:
        for name, one in getattr(corrections, mode).items():
            arrays |= {f"taught.{mode}.{name}.{part}": getattr(one, part).astype(np.float16) for part in PARTS}
    return arrays


def from_arrays(arrays: Mapping[str, np.ndarray]) -> Corrections | None:
    """Those of ``to_arrays`` among others; None where there are none."""
    if "taught.columns" not in arrays:
        return None
    fitted: dict[str, dict[str, Correction]] = {mode: {} for mode in MODES}
    for mode, own in fitted.items():
        for name in sorted({key.split(".")[2] for key in arrays if key.startswith(f"taught.{mode}.")}):
            own[name] = Correction(**{p: arrays[f"taught.{mode}.{name}.{p}"].astype(np.float32) for p in PARTS})
    return Corrections(arrays["taught.columns"], of_steps(arrays["taught.anchors"]), **fitted)

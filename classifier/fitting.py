"""Fits one head with scikit-learn: LinearSVC on TF-IDF, logistic regression on vectors.

Training only; serving needs neither this module nor scikit-learn. Strong regularisation wins where
texts are few and written: C of 1 to 3 on the vectors beat 10 to 30 by five to ten points.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from classifier.calibration import Scaling, fit_scaling
from classifier.features import SparseRows
from classifier.heads import Head, Label, Layer

FOLDS = 5
WORDS_C, MEANING_C = 0.5, 1.0
DEFAULT_ALONE, DEFAULT_TOGETHER = 2.0, (3.0, 1.0)
"""Where too few texts can be held out to fit any: about what larger corpora give."""


@dataclass(frozen=True)
class Data:
    """Training texts as features; the rows of all arrays belong together."""

    plain: sp.csr_matrix
    """TF-IDF of the texts as they are, (texts, terms)."""
    folded: sp.csr_matrix
    """TF-IDF of their folded copies."""
    vectors: np.ndarray | None
    """float32 (texts, 384), centred, unit length; None without an encoder."""
    weights: np.ndarray
    """float (texts,), how much each counts."""
    groups: np.ndarray
    """int (texts,): texts of one group are held out together; -1 never is (descriptions)."""

    def take(self, rows: np.ndarray) -> "Data":
        """The same for some of the texts."""
        vectors = None if self.vectors is None else self.vectors[rows]
        return Data(self.plain[rows], self.folded[rows], vectors, self.weights[rows], self.groups[rows])


def as_csr(rows: SparseRows, columns: int) -> sp.csr_matrix:
    """The same matrix for scikit-learn."""
    return sp.csr_matrix((rows.values, rows.indices, rows.indptr), shape=(len(rows), columns))


def _layer(estimator: LinearSVC | LogisticRegression, classes: Sequence[Label]) -> Layer:
    """Weights in the order of ``classes``; a two-class estimator is written out as two."""
    coef, bias = estimator.coef_, estimator.intercept_
    if len(classes) == 2:
        coef, bias = np.vstack([-coef, coef]) / 2, np.concatenate([-bias, bias]) / 2
    return Layer(np.ascontiguousarray(coef.T, np.float32), bias.astype(np.float32))


def _fit_layers(data: Data, targets: np.ndarray, classes: Sequence[Label]) -> tuple[Layer, Layer]:
    """``targets``: int (texts,), positions in ``classes``, each of which occurs."""
    svc = LinearSVC(C=WORDS_C, class_weight="balanced", random_state=0, max_iter=5000)
    svc.fit(
        sp.vstack([data.plain, data.folded]).tocsr(),
        np.tile(targets, 2),
        sample_weight=np.tile(data.weights, 2),
    )
    words = _layer(svc, classes)
    if data.vectors is None:
        return words, Layer(np.zeros((0, len(classes)), np.float32), np.zeros(len(classes), np.float32))
    logistic = LogisticRegression(C=MEANING_C, class_weight="balanced", max_iter=1000)
    logistic.fit(data.vectors, targets, sample_weight=data.weights)
    return words, _layer(logistic, classes)


def _margins(layers: tuple[Layer, Layer], data: Data, rows: sp.csr_matrix) -> list[np.ndarray]:
    words, meaning = layers
    found = [rows @ words.weights + words.bias]
    if data.vectors is not None:
        found.append(data.vectors @ meaning.weights + meaning.bias)
    return found


@dataclass(frozen=True)
class Fitted:
    """A head, and the margins it gave each text while not having seen it."""

    head: Head
    held_out: np.ndarray
    """int (m,): which rows of the data were held out and are scored below."""
    margins: tuple[np.ndarray, ...]
    """Of those rows: (m, classes) from the words and, with an encoder, from the vectors."""


def evened(labels: Sequence[Label], strata: Sequence[int]) -> np.ndarray:
    """float (texts,): weights under which every stratum holds the classes in equal shares.

    What a stratum stands for (the length of a text, say) then tells nothing of the class.
    """
    sizes = Counter(strata)
    cells = Counter(zip(strata, labels, strict=True))
    classes = Counter(stratum for stratum, _ in cells)
    return np.array([sizes[s] / classes[s] / cells[s, label] for s, label in zip(strata, labels, strict=True)])


def fit_head(data: Data, labels: Sequence[Label], *, most_words: float = np.inf, offsets: bool = False) -> Fitted:
    """Fit a head on all texts, its scales on texts held out group by group.

    ``most_words`` and ``offsets``: see ``calibration.fit_scaling``. Raises ValueError with fewer than
    two classes.
    """
    classes = tuple(sorted(set(labels), key=str if isinstance(labels[0], str) else None))
    if len(classes) < 2:
        raise ValueError("a head needs texts of two classes at least")
    position = {label: i for i, label in enumerate(classes)}
    targets = np.array([position[label] for label in labels])
    held_out, margins = _hold_out(data, targets, classes)
    nought = np.zeros(len(classes), np.float32)
    alone, together = Scaling((DEFAULT_ALONE,), nought), Scaling(DEFAULT_TOGETHER, nought)
    if len(held_out) >= 2 * len(classes):
        alone = fit_scaling(margins[:1], targets[held_out], offsets=offsets)
        if len(margins) == 2:
            together = fit_scaling(margins, targets[held_out], most_words=most_words, offsets=offsets)
    words, meaning = _fit_layers(data, targets, classes)
    first, second = together.scales
    head = Head(classes, words, meaning, alone.scales[0], (first, second), alone.offsets, together.offsets)
    return Fitted(head, held_out, tuple(margins))


def _hold_out(data: Data, targets: np.ndarray, classes: Sequence[Label]) -> tuple[np.ndarray, list]:
    scored: list[np.ndarray] = []
    parts: list[list[np.ndarray]] = []
    for out in _folds(data.groups, targets):
        held = np.zeros(len(targets), bool)
        held[out] = True
        rest = np.flatnonzero(~held)
        if len(set(targets[rest[data.groups[rest] >= 0]].tolist())) < len(classes):
            continue
        layers = _fit_layers(data.take(rest), targets[rest], classes)
        parts.append(_margins(layers, data.take(out), data.plain[out]))
        scored.append(out)
    if not scored:
        return np.zeros(0, int), []
    return np.concatenate(scored), [np.concatenate(kind) for kind in zip(*parts, strict=True)]


def _folds(groups: np.ndarray, targets: np.ndarray) -> list[np.ndarray]:
    """Rows of each fold: groups whole, classes spread as evenly as whole groups allow."""
    usable = np.flatnonzero(groups >= 0)
    splits = min(FOLDS, len(set(groups[usable].tolist())))
    if splits < 2:
        return []
    splitter = StratifiedGroupKFold(splits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a class smaller than the number of folds
        try:
            found = list(splitter.split(usable, targets[usable], groups[usable]))
        except ValueError:  # every class is
            return []
    return [usable[out] for _, out in found if len(out)]

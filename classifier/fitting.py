"""Fits one head: LinearSVC and naive Bayes on TF-IDF in one layer, kernel ridge regression on vectors.

Training only; serving needs neither this module nor scikit-learn. The kinds err differently: on texts
of writers not learnt from, the initiative was found 69 times in 100 by the SVC alone, 70.6 with naive
Bayes beside it, 72.2 with the kernel beside both.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from classifier.calibration import Scaling, fit_scaling
from classifier.features import SparseRows
from classifier.heads import Head, Label, Layer, topicality
from classifier.kernel import choose_anchors, nearness, solve

WORDS_C = 0.5
BAYES_ALPHA, BAYES_SHARE = 0.3, 1.35
"""Smoothing of complement naive Bayes (Rennie et al., ICML 2003), and its usual weight beside the SVC's 1."""
DEFAULT_ALONE, DEFAULT_TOGETHER = 2.0, (3.0, 6.0)
"""Where too few texts can be held out to fit any: about what larger corpora give."""
WORDS, BOTH = "words", "words_and_meaning"
"""The modes of reading: without an encoder and with one."""
UNKNOWN = -1
"""In place of a class: nobody said."""


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
    folds: tuple[np.ndarray, ...]
    """int rows that are held out together, once each; groups are whole. See ``material.split``."""

    @property
    def held_out(self) -> np.ndarray:
        """int: the rows of all folds."""
        return np.concatenate(self.folds) if self.folds else np.zeros(0, int)


def as_csr(rows: SparseRows, columns: int) -> sp.csr_matrix:
    """The same matrix for scikit-learn."""
    return sp.csr_matrix((rows.values, rows.indices, rows.indptr), shape=(len(rows), columns))


@dataclass(frozen=True)
class _Layers:
    words: Layer
    meaning: Layer
    """Its inputs are the nearness to ``anchors``."""
    anchors: np.ndarray
    """int: rows of the data."""


def _fit_words(
    data: Data, rows: np.ndarray, targets: np.ndarray, weights: np.ndarray, classes: int, bayes: float
) -> Layer:
    """``targets``: int (rows,), each of the ``classes`` occurs; ``bayes``: weight of naive Bayes."""
    texts = sp.vstack([data.plain[rows], data.folded[rows]]).tocsr()
    twice, counted = np.tile(targets, 2), np.tile(weights, 2)
    svc = LinearSVC(C=WORDS_C, class_weight="balanced", random_state=0, max_iter=5000)
    svc.fit(texts, twice, sample_weight=counted)
    coef, bias = svc.coef_, svc.intercept_
    if classes == 2:
        coef, bias = np.vstack([-coef, coef]) / 2, np.concatenate([-bias, bias]) / 2
    if bayes:
        given = ComplementNB(alpha=BAYES_ALPHA).fit(texts, twice, sample_weight=counted).feature_log_prob_
        coef = coef + bayes * (given - given.mean(axis=0))
    return Layer(np.ascontiguousarray(coef.T, np.float32), bias.astype(np.float32))


def _fit_layers(
    data: Data, rows: np.ndarray, targets: np.ndarray, weights: np.ndarray, classes: int, bayes: float = BAYES_SHARE
) -> _Layers:
    words = _fit_words(data, rows, targets, weights, classes, bayes)
    nought = np.zeros(classes, np.float32)
    if data.vectors is None:
        return _Layers(words, Layer(np.zeros((0, classes), np.float32), nought), np.zeros(0, int))
    kept = choose_anchors(weights)
    if len(set(targets[kept].tolist())) < classes:
        kept = np.arange(len(rows))
    near = data.vectors[rows[kept]]
    shares = solve(nearness(near, near), targets[kept], weights[kept], classes)
    return _Layers(words, Layer(shares, nought), rows[kept])


def _margins(layers: _Layers, data: Data, rows: np.ndarray) -> list[np.ndarray]:
    found = [data.plain[rows] @ layers.words.weights + layers.words.bias]
    if data.vectors is not None:
        near = nearness(data.vectors[rows], data.vectors[layers.anchors])
        found.append(near @ layers.meaning.weights + layers.meaning.bias)
    return found


@dataclass(frozen=True)
class Fitted:
    """A head, and the margins it gave the texts of each fold while not having seen any of the fold."""

    head: Head
    """Its meaning layer reads the nearness to the anchors below."""
    anchors: np.ndarray
    """int: rows of the data."""
    targets: np.ndarray
    """int (texts,): positions in the classes, UNKNOWN where nobody said."""
    scored: np.ndarray
    """int (m,): the rows held out and scored, whether their class is known or not."""
    margins: tuple[np.ndarray, ...]
    """Of those rows: (m, classes) from the words and, with an encoder, from the vectors."""
    beside: Mapping[str, np.ndarray] = field(default_factory=dict)
    """Of those rows: (m, classes) from another head, by mode as in ``logits``; the scope head has them."""

    @property
    def known(self) -> np.ndarray:
        """bool (m,): which of the scored rows have a class."""
        return self.targets[self.scored] != UNKNOWN

    def logits(self) -> Mapping[str, np.ndarray]:
        """What a reader of *words* and of *words_and_meaning* would have had: (m, classes) each."""
        return _scaled(self.head, self.margins, self.beside)


def _scaled(head: Head, margins: Sequence[np.ndarray], beside: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    if not margins:
        return {}
    found = {WORDS: head.alone * margins[0] + head.offset_alone}
    if len(margins) == 2:
        both = head.together[0] * margins[0] + head.together[1] * margins[1]
        found[BOTH] = both + head.offset_together
    scales = dict(zip((WORDS, BOTH), head.beside, strict=True))
    return {mode: logits + scales[mode] * beside.get(mode, 0.0) for mode, logits in found.items()}


def evened(labels: Sequence[Label], strata: Sequence[int]) -> np.ndarray:
    """float (texts,): weights under which every stratum holds the classes in equal shares.

    What a stratum stands for (the length of a text, say) then tells nothing of the class.
    """
    sizes = Counter(strata)
    cells = Counter(zip(strata, labels, strict=True))
    classes = Counter(stratum for stratum, _ in cells)
    return np.array([sizes[s] / classes[s] / cells[s, label] for s, label in zip(strata, labels, strict=True)])


def learn_and_score(
    data: Data,
    labels: Sequence[Label | None],
    like: Head,
    *,
    learn: np.ndarray,
    ask: np.ndarray,
    beside: Mapping[str, np.ndarray] | None = None,
) -> dict[str, np.ndarray]:
    """Logits of the rows ``ask`` after learning the rows ``learn`` alone, with the scales of ``like``.

    Keys and shapes are those of ``Fitted.logits``; ``beside``: of the rows ``ask``, as in ``Fitted``.
    Raises ValueError where ``learn`` lacks a class of ``like``.
    """
    position: dict[Label | None, int] = {label: i for i, label in enumerate(like.classes)}
    targets = np.array([position.get(label, UNKNOWN) for label in labels])
    rows = learn[targets[learn] != UNKNOWN]
    if len(set(targets[rows].tolist())) < len(like.classes):
        raise ValueError("a class has no text to learn from")
    layers = _fit_layers(data, rows, targets[rows], data.weights[rows], len(like.classes))
    return _scaled(like, _margins(layers, data, ask), beside or {})


def fit_head(
    data: Data,
    labels: Sequence[Label | None],
    *,
    strata: Sequence[int] | None = None,
    offsets: bool = False,
    bayes: float = BAYES_SHARE,
    topics: Fitted | None = None,
) -> Fitted:
    """Fit a head on the texts with a label, its scales on those held out.

    ``strata``: of each text, see ``evened``. ``offsets``: see ``calibration.fit_scaling``. ``bayes``:
    weight of naive Bayes beside the SVC's 1. ``topics``: the initiatives' head, whose logits stand beside
    the margins of the scope, see ``heads.topicality``. Raises ValueError with fewer than two classes.
    """
    named = {label for label in labels if label is not None}
    classes = tuple(sorted(named, key=str if any(isinstance(label, str) for label in named) else None))
    if len(classes) < 2:
        raise ValueError("a head needs texts of two classes at least")
    position: dict[Label | None, int] = {label: i for i, label in enumerate(classes)}
    targets = np.array([position.get(label, UNKNOWN) for label in labels])
    weights = data.weights
    if strata is not None:
        weights = weights.copy()
        rows = np.flatnonzero(targets != UNKNOWN)
        weights[rows] *= evened(targets[rows].tolist(), [strata[i] for i in rows.tolist()])
    scored, margins = _hold_out(data, targets, weights, len(classes), bayes)
    beside = {}
    if topics is not None and np.array_equal(topics.scored, scored):
        beside = {mode: topicality(logits) for mode, logits in topics.logits().items()}
    alone, together = _scalings(targets[scored], margins, beside, len(classes), offsets)
    rows = np.flatnonzero(targets != UNKNOWN)
    layers = _fit_layers(data, rows, targets[rows], weights[rows], len(classes), bayes)
    head = Head(
        classes, layers.words, layers.meaning, alone.scales[0],
        (together.scales[0], together.scales[1]), alone.offsets, together.offsets,
        (sum(alone.scales[1:]), sum(together.scales[2:])),
    )  # fmt: skip
    return Fitted(head, layers.anchors, targets, scored, tuple(margins), beside)


def _scalings(
    targets: np.ndarray,
    margins: Sequence[np.ndarray],
    beside: Mapping[str, np.ndarray],
    classes: int,
    offsets: bool,
) -> tuple[Scaling, Scaling]:
    """With margins ``beside``, their scale comes last, and the offsets bring their level back to nought."""
    nought = np.zeros(classes, np.float32)
    known = np.flatnonzero(targets != UNKNOWN)
    alone, together = Scaling((DEFAULT_ALONE,), nought), Scaling(DEFAULT_TOGETHER, nought)
    if len(known) < 2 * classes:
        return alone, together

    def fit(mode: str, kinds: Sequence[np.ndarray]) -> Scaling:
        seen = [kind[known] for kind in (*kinds, *([beside[mode]] if mode in beside else ()))]
        return fit_scaling(seen, targets[known], offsets=offsets or mode in beside)

    return fit(WORDS, margins[:1]), fit(BOTH, margins) if len(margins) == 2 else together


def _hold_out(
    data: Data, targets: np.ndarray, weights: np.ndarray, classes: int, bayes: float
) -> tuple[np.ndarray, list[np.ndarray]]:
    scored: list[np.ndarray] = []
    parts: list[list[np.ndarray]] = []
    for out in data.folds:
        kept = targets != UNKNOWN
        kept[out] = False
        rows = np.flatnonzero(kept)
        if len(set(targets[rows].tolist())) < classes:
            continue
        layers = _fit_layers(data, rows, targets[rows], weights[rows], classes, bayes)
        parts.append(_margins(layers, data, out))
        scored.append(out)
    if not scored:
        return np.zeros(0, int), []
    return np.concatenate(scored), [np.concatenate(kind) for kind in zip(*parts, strict=True)]

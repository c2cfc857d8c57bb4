"""Learns the corrections of a model from decisions; see ``corrections``. Training only.

The same decisions give the same corrections: nothing is drawn at random.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sp
from scipy.linalg import solve_triangular
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from classifier.corrections import Correction, Corrections, among, log_of
from classifier.encoder import DIMENSIONS, Encoder
from classifier.features import SparseRows
from classifier.fitting import as_csr
from classifier.heads import Label, softmax
from classifier.held_out import ORDINARY
from classifier.kernel import nearness
from classifier.model import HEADS, LOCAL, PLAIN, Model
from classifier.reading import Reading, read_text, vectors
from classifier.reading import rows as reading_rows
from classifier.routing import OUTSIDE
from classifier.service import uncorrected
from classifier.taxonomy import PROVINCE_AGENCY

MOST = 2_000
"""Newest decisions that are learnt from: the cost grows with the cube."""
JITTER = 1e-6


@dataclass(frozen=True)
class Variances:
    """Prior variances of a correction, in squared logits: how far one decision moves the guess for the next."""

    always: float
    """Of what all texts share: a bias of each class."""
    words: float
    """Times the cosine of the words of two texts."""
    meaning: float
    """Times the ``nearness`` of two texts."""


VARIANCES = Variances(0.25, 4.0, 16.0)
"""The same for every head: chosen on held-out writers as populations that arrive (``populations``), where twice
or half as much makes no difference to speak of."""


@dataclass(frozen=True)
class Taught:
    """A text and what people decided of it; None and empty where nobody said."""

    text: str
    nature: str = ""
    initiative: int | None = None
    """1 to 30; 0 outside the scope."""
    system: int | None = None
    """Of a text whose initiative was left open."""
    agency: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class Lesson:
    """Decisions as a model reads them, oldest first; the rows of all arrays belong together."""

    model: Model
    p: Mapping[str, Mapping[str, np.ndarray]]
    """By mode and head: what the model says of each without them, (decisions, classes)."""
    readings: Sequence[Reading]
    rows: SparseRows
    vectors: np.ndarray | None
    """float32 (decisions, 384), centred, unit length."""
    allowed: Mapping[str, np.ndarray]
    """By head: bool (decisions, classes), those that the decision left open; none where it said nothing."""
    weights: np.ndarray = field(repr=False)

    def corrections(self, learn: np.ndarray) -> Corrections:
        """What these decisions (int rows) teach; of the newest ``MOST`` of them."""
        learn = learn[-MOST:]
        held = [self.rows.row(i).indices for i in learn.tolist()]
        columns = np.unique(np.concatenate([np.zeros(0, np.int32), *held]))
        texts = as_csr(among(self.rows, columns), len(columns))[learn]
        vectors = None if self.vectors is None else self.vectors[learn]
        with threadpool_limits(1):  # sums in one order
            fitted = {mode: self._fit(mode, learn, texts, vectors) for mode in self.p}
        anchors = np.zeros((0, DIMENSIONS), np.float32) if vectors is None else vectors
        return Corrections(columns, anchors, fitted.get("words", {}), fitted.get("words_and_meaning", {}))

    def probabilities(self, mode: str, ask: np.ndarray, learn: np.ndarray) -> dict[str, np.ndarray]:
        """By head, (ask, classes): what the rows ``ask`` are taken for once the rows ``learn`` are learnt."""
        p = {name: shares[ask] for name, shares in self.p[mode].items()}
        if not len(learn):
            return p
        vectors = None if self.vectors is None or mode == "words" else self.vectors[ask]
        return self.corrections(learn).apply(p, self.rows.rows(ask.tolist()), vectors)

    def _fit(
        self, mode: str, learn: np.ndarray, texts: sp.csr_matrix, vectors: np.ndarray | None
    ) -> dict[str, Correction]:
        near = nearness(vectors, vectors) if vectors is not None and mode == "words_and_meaning" else None
        found = {}
        for name in HEADS:
            said = np.flatnonzero(self.allowed[name][learn].any(axis=1))
            if len(said):
                own = learn[said]
                fitted = fit(
                    log_of(self.p[mode][name][own]), self.allowed[name][own], self.weights[own], VARIANCES,
                    texts[said], None if near is None else near[np.ix_(said, said)],
                )  # fmt: skip
                found[name] = _spread(fitted, said, len(learn)) if near is not None else fitted
        return found


def _spread(correction: Correction, said: np.ndarray, count: int) -> Correction:
    """The same over all ``count`` anchors, of which it has spoken to ``said``."""
    near = np.zeros((count, correction.near.shape[1]), np.float32)
    near[said] = correction.near
    return replace(correction, near=near)


def prepare(model: Model, taught: Sequence[Taught], encoder: Encoder | None) -> Lesson:
    """Read the decisions once. ``encoder``: the one the model was trained with, or None."""
    readings = [read_text(one.text) for one in taught]
    rows = reading_rows(model.vectoriser, readings, model.accents)
    given = vectors(readings, model.accents, encoder, model.centre) if encoder else None
    outside = model.settings.prior_outside
    p = {"words": uncorrected(model, rows, None, outside)}
    if given is not None:
        p["words_and_meaning"] = uncorrected(model, rows, given, outside)
    return Lesson(
        model, p, readings, rows, given, allowed_classes(model, taught), np.array([one.weight for one in taught])
    )


def allowed_classes(model: Model, taught: Sequence[Taught]) -> dict[str, np.ndarray]:
    """By head, bool (taught, classes): the classes that agree with each decision; none where it says nothing."""
    found = {}
    for name, head in model.heads.items():
        open_ = [_open(model, name, one) for one in taught]
        rows = [[label in own for label in head.classes] for own in open_]
        found[name] = np.array(rows, bool).reshape(len(taught), len(head.classes))
    return found


def _open(model: Model, head: str, one: Taught) -> frozenset[Label]:
    """The classes of a head that agree with a decision."""
    if head == "nature":
        return frozenset([PLAIN if one.nature in ORDINARY else one.nature])
    if head == "agency":
        return frozenset([LOCAL if one.agency.startswith(PROVINCE_AGENCY) else one.agency])
    if head == "scope":
        known = one.initiative if one.initiative is not None else one.system
        return frozenset() if known is None else frozenset([int(known != OUTSIDE)])
    if one.initiative is not None:
        return frozenset([one.initiative])
    return frozenset(model.taxonomy.systems.get(one.system or OUTSIDE, ()))


def fit(
    logits: np.ndarray,
    allowed: np.ndarray,
    weights: np.ndarray,
    variances: Variances,
    texts: sp.csr_matrix,
    near: np.ndarray | None,
) -> Correction:
    """The likeliest correction under its prior.

    ``logits``: (decisions, classes), where the head starts; ``allowed``: bool of that shape, at least one
    class in each row; ``weights``: (decisions,); ``texts``: TF-IDF (decisions, columns); ``near``: float32
    (decisions, decisions), or None.
    """
    likeness = variances.always + variances.words * (texts @ texts.T).toarray().astype(np.float64)
    if near is not None:
        likeness += variances.meaning * near
    shares = _solve(likeness, logits, allowed, weights)
    return Correction(
        (variances.always * shares.sum(axis=0)).astype(np.float32),
        np.asarray(variances.words * (texts.T @ shares), np.float32),
        np.asarray(np.zeros((0, logits.shape[1])) if near is None else variances.meaning * shares, np.float32),
    )


def _solve(likeness: np.ndarray, logits: np.ndarray, allowed: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """float64 (decisions, classes): ``likeness @ shares`` is added to the logits of the decisions."""
    count, classes = logits.shape
    root = np.linalg.cholesky(likeness + JITTER * np.eye(count))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        white = flat.reshape(count, classes)
        p = softmax(logits + root @ white)
        right = np.where(allowed, p, 0.0)
        total = np.maximum(right.sum(axis=1), 1e-300)
        slope = root.T @ (weights[:, None] * (p - right / total[:, None])) + white
        return float(-(weights * np.log(total)).sum() + 0.5 * (white**2).sum()), slope.ravel()

    best = minimize(loss, np.zeros(count * classes), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return solve_triangular(root.T, best.reshape(count, classes), lower=False)

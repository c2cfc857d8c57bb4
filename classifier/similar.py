"""Which texts of a pool are about the same thing: shared words, shared meaning, shared subject.

Folded TF-IDF finds copies however they are typed, and letters that share a form only by their
subject; vectors find the same request in other words; what a router thinks of the subject, down to the
labels it holds for unlikely, puts what is about another matter further down. A person confirms: no
score merges.

Words and pairs of words are numbered by a hash, so that a pool of 100,000 texts needs no vocabulary:
some 2 KB a text for the words, 1.5 KB for the vector and 0.5 KB for the subject, and nothing that grows
with the queries.
"""

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from classifier.features import grams, spans_to_read, spelt_out
from classifier.reading import centred
from classifier.routing import Guess
from classifier.text import fold

if TYPE_CHECKING:
    from classifier.service import Router

WORDS, MEANING, SUBJECT = 0.48, 0.33, 0.19
"""Shares of the three. Chosen on half of the written rewordings beside the tests, by a model that had not
learnt the texts they reword; docs/routing.md has what the other half gave."""
SUBJECT_BY_WORDS = 0.17
"""Of the subject where there is no vector; the rest is words."""
AGENCY_SHARE = 0.25
"""Of the subject; the rest is the initiatives."""
LEAST_INITIATIVE, LEAST_AGENCY = 1e-4, 1e-2
"""Added to probabilities before their logarithm is taken: what is less likely is all the same."""
PAIR = 0.6
"""What a pair of neighbours counts against a word."""
COLUMNS = 1 << 20
"""Numbers that a gram may hash to: of a million different ones, each third shares its number."""
AT_ONCE = 64
"""Queries scored together."""


@dataclass(frozen=True)
class Neighbour:
    """A text of the pool by its position, and how near it is, about 0 to 1."""

    index: int
    score: float


class Traits(NamedTuple):
    """What a router knows of texts beside their words; see ``traits``."""

    vectors: np.ndarray | None
    """float32 (texts, 384), unit rows, the mean of the texts learnt from taken off; None without an encoder."""
    subjects: np.ndarray
    """float32 (texts, labels), unit rows: centred logarithms of the probabilities of initiatives and agencies."""


def traits(router: "Router", texts: Sequence[str]) -> Traits:
    """For ``Pool(texts, *traits(router, texts))``, and for its queries."""
    vectors, subjects = [], []
    for start in range(0, len(texts), AT_ONCE):
        for routing in router.route(texts[start : start + AT_ONCE]):
            initiatives = math.sqrt(1 - AGENCY_SHARE) * _contrast(routing.initiative, LEAST_INITIATIVE)
            agencies = math.sqrt(AGENCY_SHARE) * _contrast(routing.agency, LEAST_AGENCY)
            subjects.append(np.concatenate([initiatives, agencies]))
            if routing.vector is not None:
                vectors.append(routing.vector)
    return Traits(centred(np.stack(vectors), router.model.centre) if vectors else None, np.array(subjects, np.float32))


def _contrast(guesses: Sequence[Guess], least: float) -> np.ndarray:
    """float (labels,), unit length: how far each label, in order, lies above or below the usual one."""
    logs = np.log(np.array([guess.p for guess in sorted(guesses)]) + least)
    logs -= logs.mean()
    return logs / max(float(np.linalg.norm(logs)), 1e-9)


class Pool:
    """Texts to be searched. ``vectors`` and ``subjects``: see ``Traits``; None where there are none."""

    def __init__(
        self, texts: Iterable[str], vectors: np.ndarray | None = None, subjects: np.ndarray | None = None
    ) -> None:
        columns, weights, sizes = [], [], []
        for text in texts:
            found, counted = _grams(text)
            columns.append(found)
            weights.append(counted)
            sizes.append(len(found))
        self._size = len(sizes)
        self._vectors = vectors
        self._subjects = subjects
        self._index(_joined(columns, np.int32), _joined(weights, np.float32), np.array(sizes, int))

    def _index(self, columns: np.ndarray, weights: np.ndarray, sizes: np.ndarray) -> None:
        """Sort the grams of all texts by their number, with values that make each text of unit length."""
        frequency = np.bincount(columns, minlength=COLUMNS)
        self._idf = (1 + np.log((1 + self._size) / (1 + frequency))).astype(np.float32)
        owners = np.repeat(np.arange(self._size, dtype=np.int32), sizes)
        values = weights * self._idf[columns]
        lengths = np.sqrt(np.bincount(owners, values.astype(np.float64) ** 2, minlength=self._size))
        values /= np.maximum(lengths, 1e-9)[owners]
        order = np.argsort(columns, kind="stable")
        self._owners, self._values = owners[order], values[order].astype(np.float32)
        self._ends = np.cumsum(frequency)

    def __len__(self) -> int:
        return self._size

    def rank(
        self,
        queries: Sequence[str],
        vectors: np.ndarray | None = None,
        subjects: np.ndarray | None = None,
        *,
        k: int = 10,
    ) -> list[list[Neighbour]]:
        """The ``k`` nearest of the pool for each query, nearest first, equals in the pool's order.

        Subjects, and vectors beside them, count where the pool and the queries have them.
        """
        found: list[list[Neighbour]] = []
        for start in range(0, len(queries), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            scores = np.stack([self._shared_words(query) for query in queries[some]])
            if subjects is not None and self._subjects is not None:
                alike = subjects[some] @ self._subjects.T
                if vectors is not None and self._vectors is not None:
                    scores = WORDS * scores + MEANING * (vectors[some] @ self._vectors.T) + SUBJECT * alike
                else:
                    scores = (1 - SUBJECT_BY_WORDS) * scores + SUBJECT_BY_WORDS * alike
            found += [_best(row, k) for row in scores]
        return found

    def _shared_words(self, query: str) -> np.ndarray:
        """float32 (pool,): cosine of the folded TF-IDF."""
        columns, weights = _grams(query)
        weights *= self._idf[columns]
        weights /= max(float(np.linalg.norm(weights)), 1e-9)
        scores = np.zeros(self._size, np.float32)
        for column, weight in zip(columns.tolist(), weights.tolist(), strict=True):
            span = slice(self._ends[column - 1] if column else 0, self._ends[column])
            scores[self._owners[span]] += weight * self._values[span]  # each owner once
        return scores


def rank(queries: Sequence[str], pool: Sequence[str], k: int = 10) -> list[list[Neighbour]]:
    """The ``k`` texts of ``pool`` nearest to each query by their words alone; see ``Pool``."""
    return Pool(pool).rank(queries, k=k) if len(pool) else [[] for _ in queries]


def _best(scores: np.ndarray, k: int) -> list[Neighbour]:
    least = np.partition(scores, -k)[-k] if k < len(scores) else -np.inf
    near = np.flatnonzero(scores >= least)
    order = near[np.argsort(-scores[near], kind="stable")][:k]
    return [Neighbour(int(i), float(scores[i])) for i in order]


def _grams(text: str) -> tuple[np.ndarray, np.ndarray]:
    """int32 (n,), the different grams of a text by number, and float32 (n,), what each counts there."""
    seen = [fold(word) for start, end in spans_to_read(text) for word in spelt_out(text, start, end)]
    found: dict[int, float] = {}
    for gram, often in Counter(grams(seen)).items():
        number = zlib.crc32(gram.encode("utf-8", "replace")) % COLUMNS
        found[number] = found.get(number, 0.0) + (1 + math.log(often)) * (PAIR if " " in gram else 1.0)
    return np.array(list(found), np.int32), np.array(list(found.values()), np.float32)


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, kind)

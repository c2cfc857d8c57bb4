"""Which texts of a pool are about the same thing: shared words, shared meaning, shared subject.

Folded TF-IDF finds copies however they are typed, and letters that share a form only by their
subject; vectors find the same request in other words; the initiatives that a router finds likely put
what is about another matter further down. A person confirms: no score merges.

Words and pairs of words are numbered by a hash, so that a pool of 100,000 texts needs no vocabulary:
some 2 KB a text for the words and 1.5 KB for the vector, and nothing that grows with the queries.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from classifier.features import grams, spans_to_read
from classifier.text import fold, words

if TYPE_CHECKING:
    from classifier.service import Router

WORDS, MEANING, SUBJECT = 0.65, 0.25, 0.1
"""Shares of the three, of those there are. Of 40 strong rewordings among 496 texts, 42 were first and 65
among the first five by words alone, 55 and 75 with meaning, 60 and 90 with all three (of 100)."""
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
    """float32 (texts, 384); None without an encoder."""
    subjects: np.ndarray
    """float32 (texts, labels), unit rows: roots of the probabilities of the initiatives."""


def traits(router: "Router", texts: Sequence[str]) -> Traits:
    """For ``Pool(texts, *traits(router, texts))``, and for its queries."""
    vectors, subjects = [], []
    for start in range(0, len(texts), AT_ONCE):
        for routing in router.route(texts[start : start + AT_ONCE]):
            given = sorted((int(guess.value), guess.p) for guess in routing.initiative)
            subjects.append(np.sqrt(np.array([p for _, p in given], np.float32)))
            if routing.vector is not None:
                vectors.append(routing.vector)
    return Traits(np.stack(vectors) if vectors else None, np.array(subjects, np.float32))


class Pool:
    """Texts to be searched. ``vectors`` and ``subjects``: see ``Traits``; None where there are none."""

    def __init__(
        self, texts: Iterable[str], vectors: np.ndarray | None = None, subjects: np.ndarray | None = None
    ) -> None:
        columns, counts, sizes = [], [], []
        for text in texts:
            found, often = _counts(text)
            columns.append(found)
            counts.append(often)
            sizes.append(len(found))
        self._size = len(sizes)
        self._centre = np.zeros(1, np.float32) if vectors is None else vectors.mean(axis=0)
        self._vectors = None if vectors is None else _unit(vectors - self._centre)
        self._subjects = subjects
        self._index(_joined(columns, np.int32), _joined(counts, np.float32), np.array(sizes, int))

    def _index(self, columns: np.ndarray, counts: np.ndarray, sizes: np.ndarray) -> None:
        """Sort the grams of all texts by their number, with values that make each text of unit length."""
        frequency = np.bincount(columns, minlength=COLUMNS)
        self._idf = (1 + np.log((1 + self._size) / (1 + frequency))).astype(np.float32)
        owners = np.repeat(np.arange(self._size, dtype=np.int32), sizes)
        values = (1 + np.log(counts)) * self._idf[columns]
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

        Vectors and subjects count where the pool and the queries have them.
        """
        found: list[list[Neighbour]] = []
        for start in range(0, len(queries), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            parts = [(WORDS, np.stack([self._shared_words(query) for query in queries[some]]))]
            if vectors is not None and self._vectors is not None:
                parts.append((MEANING, _unit(vectors[some] - self._centre) @ self._vectors.T))
            if subjects is not None and self._subjects is not None:
                parts.append((SUBJECT, subjects[some] @ self._subjects.T))
            scores = sum(share * part for share, part in parts) / sum(share for share, _ in parts)
            found += [_best(row, k) for row in np.asarray(scores)]
        return found

    def _shared_words(self, query: str) -> np.ndarray:
        """float32 (pool,): cosine of the folded TF-IDF."""
        columns, counts = _counts(query)
        weights = (1 + np.log(counts)) * self._idf[columns]
        weights /= max(float(np.linalg.norm(weights)), 1e-9)
        scores = np.zeros(self._size, np.float32)
        for column, weight in zip(columns.tolist(), weights.tolist(), strict=True):
            span = slice(self._ends[column - 1] if column else 0, self._ends[column])
            np.add.at(scores, self._owners[span], weight * self._values[span])
        return scores


def rank(
    queries: Sequence[str],
    pool: Sequence[str],
    k: int = 10,
    *,
    query_vectors: np.ndarray | None = None,
    pool_vectors: np.ndarray | None = None,
) -> list[list[Neighbour]]:
    """The ``k`` texts of ``pool`` nearest to each query; see ``Pool``."""
    if not len(pool):
        return [[] for _ in queries]
    return Pool(pool, pool_vectors).rank(queries, query_vectors, k=k)


def _best(scores: np.ndarray, k: int) -> list[Neighbour]:
    least = np.partition(scores, -k)[-k] if k < len(scores) else -np.inf
    near = np.flatnonzero(scores >= least)
    order = near[np.argsort(-scores[near], kind="stable")][:k]
    return [Neighbour(int(i), float(scores[i])) for i in order]


def _counts(text: str) -> tuple[np.ndarray, np.ndarray]:
    """int32 (n,), the different grams of a text by number, and float32 (n,), how often each stands there."""
    seen = [fold(word.text) for start, end in spans_to_read(text) for word in words(text, start, end)]
    counted = Counter(zlib.crc32(gram.encode("utf-8", "replace")) % COLUMNS for gram in grams(seen))
    return np.array(list(counted), np.int32), np.array(list(counted.values()), np.float32)


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

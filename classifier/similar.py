"""Which texts of a pool are about the same thing: shared words and shared meaning, half and half.

Folded TF-IDF finds copies however they are typed, and letters that share a form only by their
subject; vectors find the same request in other words. Measured on 30 strong rewordings among 496
texts, half-and-half keeps both (recall@1 / 5 of 90 / 100 %). A person confirms: no score merges.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.features import SparseRows, fit_vectoriser, spans_to_read
from classifier.text import fold, words

MEANING_SHARE = 0.5
MIN_SHARE_DF = 1


@dataclass(frozen=True)
class Neighbour:
    """A text of the pool by its position, and how near it is, about 0 to 1."""

    index: int
    score: float


class Pool:
    """Texts to be searched. ``vectors``: float32 (texts, 384), those of their routings, or None."""

    def __init__(self, texts: Sequence[str], vectors: np.ndarray | None = None) -> None:
        documents = [_document(text) for text in texts]
        self._vectoriser = fit_vectoriser(documents, min_df=MIN_SHARE_DF)
        self._rows = self._vectoriser.transform(documents)
        self._centre = None if vectors is None else vectors.mean(axis=0)
        self._vectors = None if vectors is None else _unit(vectors - self._centre)
        self._postings = _columns(self._rows, len(self._vectoriser.terms))

    def __len__(self) -> int:
        return len(self._rows)

    def rank(self, queries: Sequence[str], vectors: np.ndarray | None = None, *, k: int = 10) -> list[list[Neighbour]]:
        """The ``k`` nearest of the pool for each query, nearest first, equals in the pool's order.

        Words alone count where either side has no ``vectors`` (queries, 384).
        """
        scores = self._shared_words(queries)
        if vectors is not None and self._vectors is not None:
            meaning = _unit(vectors - self._centre) @ self._vectors.T
            scores = (1 - MEANING_SHARE) * scores + MEANING_SHARE * meaning
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return [[Neighbour(int(i), float(row[i])) for i in best] for row, best in zip(scores, order, strict=True)]

    def _shared_words(self, queries: Sequence[str]) -> np.ndarray:
        """float32 (queries, pool): cosine of the folded TF-IDF."""
        found = self._vectoriser.transform(_document(query) for query in queries)
        scores = np.zeros((len(queries), len(self)), np.float32)
        for i in range(len(queries)):
            row = found.row(i)
            for column, value in zip(row.indices.tolist(), row.values.tolist(), strict=True):
                texts, values = self._postings[column]
                scores[i, texts] += value * values
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


def _document(text: str) -> list[str]:
    return [fold(w.text) for start, end in spans_to_read(text) for w in words(text, start, end)]


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _columns(rows: SparseRows, width: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each term, the rows that hold it and their values."""
    owners = np.repeat(np.arange(len(rows)), np.diff(rows.indptr))
    order = np.argsort(rows.indices, kind="stable")
    ends = np.cumsum(np.bincount(rows.indices, minlength=width))
    starts = np.concatenate([[0], ends[:-1]])
    owners, values = owners[order], rows.values[order]
    return [(owners[a:b], values[a:b]) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]

"""From text to TF-IDF of syllable 1-2-grams, in numpy: the same code when training and serving.

Recipe measured on Vietnamese news and petitions (sublinear TF, every training text twice, as it is
and folded): word segmentation buys nothing over syllable bigrams, and the folded copy keeps texts
without accents at the quality of those with them.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from classifier.abbreviations import CAPITALS_ONLY, EXPANSIONS
from classifier.boilerplate import subject_spans
from classifier.telex import decode_word
from classifier.text import Word, clip, fold, words

_MASK = re.compile(r"\[đã che\]")
"""What stands in place of personal data: no word of the sender's."""


@dataclass(frozen=True)
class SparseRows:
    """A sparse matrix by rows, float32: the columns and values of each row lie together."""

    indptr: np.ndarray
    """int64 (rows + 1,): where each row begins in the other two."""
    indices: np.ndarray
    """int32, columns, rising within a row."""
    values: np.ndarray
    """float32, each row of unit length at most."""

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def row(self, i: int) -> "SparseRows":
        """One row as a matrix of its own."""
        span = slice(int(self.indptr[i]), int(self.indptr[i + 1]))
        indices, values = self.indices[span], self.values[span]
        return SparseRows(np.array([0, len(indices)], np.int64), indices, values)

    def rows(self, where: Sequence[int]) -> "SparseRows":
        """These rows, in this order."""
        return _stack([self.row(i) for i in where])

    def averaged(self, other: "SparseRows", where: Sequence[int]) -> "SparseRows":
        """This matrix with the rows ``where`` replaced by their mean with the rows of ``other``, in order."""
        rows = [self.row(i) for i in range(len(self))]
        for i, at in enumerate(where):
            mean: dict[int, float] = {}
            for half in (rows[at], other.row(i)):
                for column, value in zip(half.indices.tolist(), half.values.tolist(), strict=True):
                    mean[column] = mean.get(column, 0.0) + value / 2
            columns = np.array(sorted(mean), np.int32)
            values = np.array([mean[column] for column in columns.tolist()], np.float32)
            rows[at] = SparseRows(np.array([0, len(columns)], np.int64), columns, values)
        return _stack(rows)

    def dot(self, weights: np.ndarray) -> np.ndarray:
        """float32 (rows, outputs): this matrix times ``weights`` (columns, outputs)."""
        products = np.empty((len(self), weights.shape[1]), np.float32)
        for row in range(len(self)):
            begin, end = self.indptr[row], self.indptr[row + 1]
            products[row] = self.values[begin:end] @ weights[self.indices[begin:end]]
        return products


def _stack(rows: Sequence[SparseRows]) -> SparseRows:
    sizes = [len(row.indices) for row in rows]
    return SparseRows(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.concatenate([row.indices for row in rows]) if rows else np.zeros(0, np.int32),
        np.concatenate([row.values for row in rows]) if rows else np.zeros(0, np.float32),
    )


def spans_to_read(text: str) -> list[tuple[int, int]]:
    """What is read of a text: both ends of a long one, without the form of a letter and without masks."""
    subject = [span for start, end in clip(text) for span in subject_spans(text, start, end)]
    return [span for start, end in subject for span in _around_masks(text, start, end)]


def _around_masks(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    for mask in _MASK.finditer(text, start, end):
        if start < mask.start():
            yield start, mask.start()
        start = mask.end()
    if start < end:
        yield start, end


def read(text: str, spans: Iterable[tuple[int, int]], *, keyed: bool = False) -> list[Word]:
    """The words a model sees there: abbreviations spelt out beside themselves, numbers as #.

    ``keyed``: the words are keystrokes to be decoded. Offsets are those of ``text``; the words of an
    abbreviation share its place.
    """
    found: list[Word] = []
    for start, end in spans:
        for word in words(text, start, end):
            if keyed or word.text in EXPANSIONS or word.text.isdigit():
                found += _spell_out(word, keyed, text[word.start : word.end].isupper())
            else:
                found.append(word)
    return found


def _spell_out(word: Word, keyed: bool, capital: bool) -> Iterable[Word]:
    if word.text.isdigit():
        return (Word("#", word.start, word.end),)
    if keyed:
        word = Word(decode_word(word.text), word.start, word.end)
    return (word, *(Word(part, word.start, word.end) for part in _stands_for(word, capital)))


def _stands_for(word: Word, capital: bool) -> Sequence[str]:
    """The words of an abbreviation; none where it is a word of its own."""
    return () if word.text in CAPITALS_ONLY and not capital else EXPANSIONS.get(word.text, "").split()


def spelt_out(text: str, start: int, end: int) -> Iterable[str]:
    """The words there as they stand, those of an abbreviation after it."""
    for word in words(text, start, end):
        yield word.text
        if word.text in EXPANSIONS:
            yield from _stands_for(word, text[word.start : word.end].isupper())


def grams(words: Sequence[str]) -> list[str]:
    """Every word and every pair of neighbours, joined by a blank."""
    return [*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))]


@dataclass(frozen=True)
class Vectoriser:
    """A vocabulary of 1-2-grams with their inverse document frequencies."""

    terms: tuple[str, ...]
    idf: np.ndarray
    """float32 (terms,)."""

    @cached_property
    def column(self) -> Mapping[str, int]:
        """Term to its column."""
        return {term: i for i, term in enumerate(self.terms)}

    def transform(self, documents: Iterable[Sequence[str]]) -> SparseRows:
        """Unit rows of ``(1 + ln tf) * idf`` for documents given as words; unknown terms are left out."""
        known = [Counter(map(self.column.get, grams(document))) for document in documents]
        for counts in known:
            counts.pop(None, None)
        sizes = np.array([len(counts) for counts in known], np.int64)
        total = int(sizes.sum())
        columns = np.fromiter(itertools.chain.from_iterable(known), np.int32, total)
        counted = np.fromiter(itertools.chain.from_iterable(map(Counter.values, known)), np.float64, total)
        owners = np.repeat(np.arange(len(known)), sizes)
        order = np.lexsort((columns, owners))
        columns = columns[order]
        values = (1 + np.log(counted[order])).astype(np.float32) * self.idf[columns]
        norms = np.sqrt(np.bincount(owners, values.astype(np.float64) ** 2, minlength=len(known)))
        unit = (values / np.maximum(norms, 1e-9)[owners]).astype(np.float32)
        return SparseRows(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), columns, unit)


def fit_vectoriser(documents: Iterable[Sequence[str]], *, min_df: int = 2) -> Vectoriser:
    """The grams found in at least ``min_df`` documents, a document and its folded copy being one."""
    frequency: Counter[str] = Counter()
    total = 0
    for document in documents:
        total += 1
        folded = [fold(word) for word in document]
        frequency.update({*grams(document), *grams(folded)})
    terms = tuple(sorted(term for term, df in frequency.items() if df >= min_df))
    idf = [1 + math.log((1 + total) / (1 + frequency[term])) for term in terms]
    return Vectoriser(terms, np.array(idf, np.float32))

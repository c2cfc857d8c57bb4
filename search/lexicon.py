"""The words that texts here are made of: how often each occurs, and beside which others.

What a typing error or a missing blank is told by, what a query without marks most likely says, and
which phrases are worth suggesting. Counted from texts, never typed in.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise, repeat
from typing import Any

from classifier.text import fold, syllables

from .analysis import SMALL_WORDS

_STOPS = re.compile(r"[\n.,;:!?()\[\]\"“”…]+")
LONGEST_WORD = 12  # letters: longer ones are no Vietnamese syllables
PAIR_MIN, PHRASE_MIN = 2, 2  # in how many places a pair, in how many texts a phrase must stand to be kept
PHRASE_WORDS = range(2, 6)
MOST_WORDS, MOST_PAIRS, MOST_PHRASES = 30_000, 60_000, 3_000


@dataclass(frozen=True)
class Lexicon:
    """Counts over a set of texts. Empty: nothing is known, so nothing is ever corrected."""

    words: Mapping[str, int] = field(default_factory=dict)  # as written, lower case
    pairs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    phrases: Mapping[str, int] = field(default_factory=dict)
    texts: int = 0

    @cached_property
    def forms(self) -> dict[str, list[str]]:
        """Folded word -> how it is written, the most frequent first."""
        found: dict[str, list[str]] = {}
        for word in sorted(self.words, key=lambda word: (-self.words[word], word)):
            found.setdefault(fold(word), []).append(word)
        return found

    @cached_property
    def folded_words(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for word, count in self.words.items():
            found[fold(word)] += count
        return found

    @cached_property
    def folded_pairs(self) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for (left, right), count in self.pairs.items():
            found[fold(left), fold(right)] += count
        return found

    @cached_property
    def total(self) -> int:
        return sum(self.words.values())

    def knows(self, word: str) -> bool:
        """Whether the word occurs, whatever its marks."""
        return fold(word) in self.folded_words

    def rarity(self, word: str) -> float:
        """How much a folded word says: about 0 for the commonest, 1 to 2 for the rare and unknown."""
        return self._rarities.get(word, self._unknown)

    @cached_property
    def _rarities(self) -> dict[str, float]:
        return {word: self._rarity(count) for word, count in self.folded_words.items()}

    @cached_property
    def _unknown(self) -> float:
        return self._rarity(0) if self.total else 1.0

    def _rarity(self, count: int) -> float:
        return math.log(1 + self.total / (1 + 20 * count)) / math.log(1 + self.total / 20)

    def accented(self, words: Sequence[str]) -> list[str]:
        """The words with their likely marks; those that carry marks already stay."""
        return self.accents.restore(list(words)) if self.words and words else list(words)

    @cached_property
    def accents(self) -> Any:
        import numpy as np

        from classifier.accents import AccentModel

        written = ["", *sorted(self.words)]
        at = {word: number for number, word in enumerate(written)}
        rows = sorted((at[a], at[b], n) for (a, b), n in self.pairs.items() if a in at and b in at)
        counts = [max(self.texts, 1), *(self.words[word] for word in written[1:])]
        return AccentModel(tuple(written), np.array(counts, np.int32), np.array(rows, np.int32).reshape(-1, 3))

    def as_json(self) -> dict[str, Any]:
        return {
            "texts": self.texts,
            "words": dict(self.words),
            "pairs": {" ".join(pair): count for pair, count in self.pairs.items()},
            "phrases": dict(self.phrases),
        }

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> "Lexicon":
        """Raises KeyError or ValueError on what `as_json` has not written."""
        pairs: dict[tuple[str, str], int] = {}
        for text, count in held["pairs"].items():
            left, right = text.split(" ")
            pairs[left, right] = count
        return cls(held["words"], pairs, held["phrases"], held["texts"])


def count(texts: Iterable[str], shown: Iterable[str] = ()) -> Lexicon:
    """From texts as their writers wrote them. Phrases are counted in `shown` alone: anyone may read them."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    phrases: Counter[tuple[str, ...]] = Counter()
    number = 0
    for text, is_shown in chain(zip(texts, repeat(False)), zip(shown, repeat(True))):
        number += 1
        runs = list(_runs(text))
        for run in runs:
            words.update(run)
            pairs.update(pairwise(run))
        if is_shown:
            phrases.update({phrase for run in runs for phrase in _phrases(run)})
    return Lexicon(
        dict(words.most_common(MOST_WORDS)),
        {pair: n for pair, n in pairs.most_common(MOST_PAIRS) if n >= PAIR_MIN},
        _kept(phrases),
        number,
    )


def _runs(text: str) -> Iterator[list[str]]:
    """The words between marks of punctuation, cut where one is no word: pairs do not reach over."""
    for line in _STOPS.split(text):
        run: list[str] = []
        for word in syllables(line):
            if word.isalpha() and len(word) <= LONGEST_WORD:
                run.append(word)
            elif run:
                yield run
                run = []
        if run:
            yield run


def _phrases(run: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for length in PHRASE_WORDS:
        for start in range(len(run) - length + 1):
            phrase = tuple(run[start : start + length])
            if phrase[0] not in SMALL_WORDS and phrase[-1] not in SMALL_WORDS:
                yield phrase


def _kept(phrases: Counter[tuple[str, ...]]) -> dict[str, int]:
    """The frequent ones; of two that nearly always come together the longer."""
    kept: dict[tuple[str, ...], int] = {p: n for p, n in phrases.items() if n >= PHRASE_MIN}
    for phrase, number in sorted(kept.items(), key=lambda item: len(item[0])):
        for inner in (phrase[1:], phrase[:-1]):
            if kept.get(inner, 0) <= 1.2 * number:
                kept.pop(inner, None)
    best = sorted(kept.items(), key=lambda item: (-item[1], item[0]))[:MOST_PHRASES]
    return {" ".join(phrase): number for phrase, number in best}

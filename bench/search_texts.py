"""Texts and sentence vectors for `search_data.py`: generated, in the words of the training corpus.

Words follow each other as in the corpus and come as often as there. One in a hundred is followed by a
number, so that the vocabulary grows as it does in life.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from classifier.text import fold, syllables
from search.analysis import Prepared
from search.meaning import DIMENSIONS

CORPUS = Path(__file__).resolve().parent.parent / "classifier" / "corpus"
NUMBERS = 100_000
TOPICS = 300  # that sentence vectors are scattered around
SCATTER = 1.0  # length of what a vector has beside its topic's
Text = tuple[str, Prepared]


class Writer:
    """Writes texts that come prepared: a hundredth of the time of writing and preparing them one by one."""

    def __init__(self) -> None:
        follows: dict[str, list[str]] = defaultdict(list)
        for file in sorted(CORPUS.glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                words = [word for word in json.loads(line).get("text", "").split() if syllables(word)]
                for one, other in zip(words, words[1:], strict=False):
                    follows[one].append(other)
        words = sorted({*follows, *(one for after in follows.values() for one in after)})
        at = {word: place for place, word in enumerate(words)}
        starts = [at[word] for word in follows]
        after = [[at[one] for one in follows.get(word, [])] or starts for word in words]
        self.count = np.array([len(one) for one in after])
        self.first = np.concatenate([[0], np.cumsum(self.count)[:-1]])
        self.after = np.concatenate([np.array(one) for one in after])
        self.starts = np.array(starts)
        written = [*words, *map(str, range(NUMBERS))]
        exact = [" ".join(syllables(word)) for word in written]
        self.sides = written, exact, list(map(fold, exact))
        self.numbers = len(words)  # where they begin

    def texts(self, rng: np.random.Generator, lengths: Sequence[int]) -> list[Text]:
        """One text of each length, in words."""
        places, state = [], rng.choice(self.starts, len(lengths))
        for _ in range(max(lengths)):
            number = rng.random(len(lengths)) < 0.01
            places.append(np.where(number, self.numbers + rng.integers(0, NUMBERS, len(lengths)), state))
            following = self.after[self.first[state] + (rng.random(len(lengths)) * self.count[state]).astype(int)]
            state = np.where(number, state, following)
        rows = np.stack(places, axis=1)
        return [self._text(row[:length].tolist()) for row, length in zip(rows, lengths, strict=True)]

    def _text(self, places: list[int]) -> Text:
        written, exact, folded = (" ".join([side[at] for at in places]) for side in self.sides)
        return written, Prepared(f" {exact} ", f" {folded} ")


def vectors(rng: np.random.Generator, count: int) -> np.ndarray:
    """As the encoder's, without what all have in common: (count, 384) of unit length, around `TOPICS`."""
    topics = np.random.default_rng(57).normal(size=(TOPICS, DIMENSIONS))
    topics /= np.linalg.norm(topics, axis=1, keepdims=True)
    beside = rng.normal(size=(count, DIMENSIONS))
    found = topics[rng.integers(0, TOPICS, count)] + SCATTER * beside / np.linalg.norm(beside, axis=1, keepdims=True)
    return found / np.linalg.norm(found, axis=1, keepdims=True)

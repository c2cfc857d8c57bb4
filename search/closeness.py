"""How near two texts are by their words: folded, rare words count more than common ones."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from .analysis import SMALL_WORDS, Terms, Unit
from .lexicon import Lexicon

READ = 400  # words of a text that are compared
FEW = 8
TELLING_PAIRS, TELLING_WORDS = 14, 8

Weights = Mapping[str, float]


def folded_words(*prepared: str) -> list[str]:
    """The words of folded prepared texts (`search.analysis.Prepared.folded`)."""
    return " ".join(prepared).split()[:READ]


def weights(words: Sequence[str], lexicon: Lexicon) -> Weights:
    """Unit vector over the words and pairs of neighbours that say something."""
    single = Counter(word for word in words if word not in SMALL_WORDS)
    pairs = Counter(pair for pair in pairwise(words) if not SMALL_WORDS.issuperset(pair))
    rarity, seen = lexicon.rarity, lexicon.folded_pairs
    found = {word: (1 + math.log(n)) * rarity(word) for word, n in single.items()}
    for (left, right), n in pairs.items():
        rare = (rarity(left) + rarity(right)) / 2 * (1.0 if (left, right) in seen else 0.7)
        found[f"{left} {right}"] = (1 + math.log(n)) * rare
    norm = math.sqrt(sum(value * value for value in found.values()))
    return {term: value / norm for term, value in found.items()} if norm else {}


def cosine(one: Weights, other: Weights) -> float:
    """0 to 1."""
    small, large = sorted((one, other), key=len)
    return sum(value * large[term] for term, value in small.items() if term in large)


def shared(one: Sequence[str], other: Sequence[str]) -> float:
    """Share, 0 to 1, of the words of the shorter text that say something and that the longer has as often.

    A text of a few words is counted as one of `FEW`: it stands in many and is a copy of none.
    """
    mine, theirs = (Counter(word for word in words if word not in SMALL_WORDS) for words in (one, other))
    least = min(mine.total(), theirs.total())
    return (mine & theirs).total() / max(least, FEW)


def telling(words: Sequence[str], lexicon: Lexicon) -> Terms:
    """The words and pairs of a text that say most: to be asked for with `Width.ANY`."""
    worth = weights(words, lexicon)
    ranked = sorted(worth, key=lambda term: (-worth[term], term))
    pairs = [term for term in ranked if " " in term and SMALL_WORDS.isdisjoint(term.split())][:TELLING_PAIRS]
    single = [term for term in ranked if " " not in term][:TELLING_WORDS]
    return Terms(tuple(Unit(tuple(term.split())) for term in [*pairs, *single]))

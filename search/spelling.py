"""What a query may have been meant to say: words run together, one wrong letter.

Everything is judged by a lexicon (`search.lexicon`): a word that never occurs is suspect, and its
neighbours in the query say which of the look-alikes was meant. Nothing is replaced here; the engines
search for what was typed too and rank it first.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from classifier.spelling import is_syllable, place_tone
from classifier.text import fold

from .analysis import SMALL_WORDS, Phrase, Terms, Unit, is_accented
from .lexicon import Lexicon

LETTERS = "abcdeghiklmnopqrstuvxy"  # of Vietnamese, folded
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SHORTEST = 2  # letters of a word that may be a typing error
LONGEST = 12
LONGEST_RUN = 40  # letters of words run together
MOST_NEAR = 3
CONTEXT = 1.5  # what a decade of a pair's count is worth against a decade of a word's
SELDOM = math.log10(1 + 3)  # decades of a pair that is no chance
CLOSE = 1.0  # how much less likely than the best another reading may be


@dataclass(frozen=True)
class Reading:
    """One word of a query as it was typed, and the words it may stand for, likeliest first."""

    at: int  # the position of its unit in the terms
    typed: str
    meant: tuple[Phrase, ...]


def read(terms: Terms, lexicon: Lexicon) -> tuple[Terms, tuple[Reading, ...]]:
    """The terms with what their unknown words may stand for, and which those are."""
    if not lexicon.words:
        return terms, ()
    found = [one for one in _unknown(terms, lexicon) if one.meant]
    return _with(terms, found), tuple(found)


def _unknown(terms: Terms, lexicon: Lexicon) -> Iterator[Reading]:
    for at, unit in enumerate(terms.units):
        if len(unit.words) != 1 or unit.also or not _suspect(unit.words[0], lexicon):
            continue
        word = unit.words[0]
        before, after = _around(terms, at)
        joined = split(word, lexicon)
        meant = (Phrase(joined),) if joined else tuple(_look_alikes(word, before, after, lexicon))
        yield Reading(at, word, meant)


def _suspect(word: str, lexicon: Lexicon) -> bool:
    return SHORTEST <= len(word) and word.isalpha() and not lexicon.knows(word)


def _around(terms: Terms, at: int) -> tuple[str, str]:
    """The folded words beside a unit; empty at either end."""
    before = terms.units[at - 1].folded[-1] if at else ""
    after = terms.units[at + 1].folded[0] if at + 1 < len(terms.units) else ""
    return before, after


def _with(terms: Terms, found: Sequence[Reading]) -> Terms:
    """Neighbours are those of what was meant: pairs and phrases of the corrected words."""
    if not found:
        return terms
    units, best = list(terms.units), {one.typed: one.meant[0].words for one in found}
    for one in found:
        units[one.at] = replace(units[one.at], near=one.meant)
    return Terms(tuple(units), tuple(word for typed in terms.words for word in best.get(typed, (typed,))))


# --- words run together ----------------------------------------------------------------------


def split(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """*thutuchanhchinh* as *thủ tục hành chính*; empty if it is not made of known syllables.

    Viterbi over the places where a syllable may end, by how often words and pairs occur.
    """
    if not 4 <= len(word) <= LONGEST_RUN or (len(word) <= 7 and is_syllable(word)):
        return ()
    plain, size = fold(word), len(word)
    # For each end: the last syllable -> the best score of a path that ends with it, and the one before.
    paths: list[dict[str, tuple[float, str, int]]] = [{} for _ in range(size + 1)]
    paths[0][""] = (0.0, "", 0)
    for start in range(size):
        if not paths[start]:
            continue
        for end in range(start + 1, min(size, start + 7) + 1):
            syllable = plain[start:end]
            if not _may_be(syllable, place_tone(word[start:end]), lexicon):
                continue
            best = max(
                (score + _step(last, syllable, lexicon), last, start) for last, (score, *_) in paths[start].items()
            )
            if best[0] > paths[end].get(syllable, (-math.inf, "", 0))[0]:
                paths[end][syllable] = best
    return _read_back(word, paths, lexicon)


def _may_be(plain: str, typed: str, lexicon: Lexicon) -> bool:
    if plain not in lexicon.folded_words or not is_syllable(typed):
        return False
    return not is_accented(typed) or typed in lexicon.words


def _step(last: str, syllable: str, lexicon: Lexicon) -> float:
    """Log of how likely the syllable is after the last: the pair where it occurs, else both apart."""
    alone = math.log(lexicon.folded_words[syllable] / lexicon.total)
    together = lexicon.folded_pairs.get((last, syllable), 0) if last else 0
    if together:
        return max(alone, math.log(together / lexicon.folded_words[last]))
    return alone - (3.0 if last else 0.0)


def _read_back(word: str, paths: list[dict[str, tuple[float, str, int]]], lexicon: Lexicon) -> tuple[str, ...]:
    if not paths[-1]:
        return ()
    syllable = max(paths[-1], key=lambda one: paths[-1][one][0])
    end, pieces, folded = len(word), [], []
    while syllable:
        _, last, start = paths[end][syllable]
        pieces.append(place_tone(word[start:end]))
        folded.append(syllable)
        syllable, end = last, start
    pieces.reverse()
    folded.reverse()
    known = sum(pair in lexicon.folded_pairs for pair in zip(folded, folded[1:], strict=False))
    # Chance alone makes syllables of any letters: most neighbours must be known as such.
    return tuple(pieces) if len(pieces) > 1 and 2 * known >= len(pieces) - 1 else ()


# --- one wrong letter ------------------------------------------------------------------------


@lru_cache(maxsize=4_000)
def edits(word: str) -> dict[str, float]:
    """The strings one typing error away from a folded word, and how unlikely the error is (0 to 1)."""
    found: dict[str, float] = {}

    def add(text: str, cost: float) -> None:
        if text != word:
            found[text] = min(cost, found.get(text, cost))

    for at in range(len(word) + 1):
        left, right = word[:at], word[at:]
        if len(right) > 1:
            add(left + right[1] + right[0] + right[2:], 0.0)
        if right:
            twice = right[0] in (left[-1:], right[1:2])
            add(left + right[1:], 0.1 if twice else 0.4)
        for letter in LETTERS:
            add(left + letter + right, 0.4)
            if right:
                add(left + letter + right[1:], 0.2 if letter in _beside(right[0]) else 0.8)
    return found


@lru_cache(maxsize=64)
def _beside(letter: str) -> frozenset[str]:
    """The keys that touch this one on a keyboard."""
    for row, keys in enumerate(_ROWS):
        if letter in keys:
            at = keys.index(letter)
            near = [keys[max(0, at - 1) : at + 2]]
            near += [other[max(0, at - 1) : at + 2] for r, other in enumerate(_ROWS) if abs(r - row) == 1]
            return frozenset("".join(near)) - {letter}
    return frozenset()


def _look_alikes(word: str, before: str, after: str, lexicon: Lexicon) -> list[Phrase]:
    """Known words one error away, likeliest first; those that stand beside the neighbours, if any do."""
    if len(word) > LONGEST:
        return []
    scored = []
    for plain, cost in edits(fold(word)).items():
        if plain not in lexicon.folded_words:
            continue
        context = _context(plain, before, after, lexicon)
        scored.append((math.log10(1 + lexicon.folded_words[plain]) + CONTEXT * context - cost, context, plain))
    if any(context for _, context, _ in scored):
        scored = [one for one in scored if one[1]]
    scored.sort(reverse=True)
    kept = [plain for score, _, plain in scored[:MOST_NEAR] if score > scored[0][0] - CLOSE]
    return [Phrase((_written(plain, word, before, after, lexicon),)) for plain in kept]


def _context(plain: str, before: str, after: str, lexicon: Lexicon) -> float:
    """Decades of how often the word stands beside its neighbours in the query."""
    pairs = lexicon.folded_pairs
    return math.log10(1 + pairs.get((before, plain), 0)) + math.log10(1 + pairs.get((plain, after), 0))


def _written(plain: str, typed: str, before: str, after: str, lexicon: Lexicon) -> str:
    """The word as people write it between these neighbours; with the marks typed, where that is a word."""
    forms = lexicon.forms[plain]
    marks = set(typed) - set(fold(typed))
    alike = [form for form in forms if marks and marks <= set(form)]
    if alike:
        return alike[0]
    near = [one for one in (before, plain, after) if one]
    return lexicon.accented(near)[1 if before else 0]


# --- a known word in the wrong place ---------------------------------------------------------


def another_word(terms: Terms, lexicon: Lexicon) -> Reading | None:
    """The one word of these that is a word and yet does not go with its neighbours, and what would.

    *thủ tục hình chính*: *hình* stands beside neither, *hành* beside both. A pair that occurs itself gives
    way to one ten times as frequent.
    """
    best: tuple[float, int, str] | None = None
    for at, unit in enumerate(terms.units):
        if len(unit.words) != 1 or unit.also or unit.near or not lexicon.knows(unit.words[0]):
            continue
        before, after = ("" if word in SMALL_WORDS else word for word in _around(terms, at))
        own = _context(unit.folded[0], before, after, lexicon)
        least = own + 1.0 if own else SELDOM
        for plain, cost in edits(unit.folded[0]).items():
            context = _context(plain, before, after, lexicon) if plain in lexicon.folded_words else 0.0
            if context >= least and (best is None or context - own - cost > best[0]):
                best = (context - own - cost, at, plain)
    if best is None:
        return None
    _, at, plain = best
    before, after = _around(terms, at)
    typed = terms.units[at].words[0]
    return Reading(at, typed, (Phrase((_written(plain, typed, before, after, lexicon),)),))


def corrected(terms: Terms, readings: Sequence[Reading]) -> Terms:
    """The terms with the likeliest of each reading in place of what was typed."""
    units = list(terms.units)
    for one in readings:
        units[one.at] = Unit(one.meant[0].words)
    typed = {one.typed: one.meant[0].words for one in readings}
    return Terms(tuple(units), tuple(word for old in terms.words for word in typed.get(old, (old,))))

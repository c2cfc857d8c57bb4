"""Vietnamese text as every engine sees it: analysed here, once, for documents and queries alike.

A prepared text is its words, lower case and normalised, with one blank around each: an engine has
nothing left to decide but to split at blanks. The folded copy has the same words without marks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from classifier.text import decode_telex, fold, normalise, syllables

VERSION = 1  # of what `prepare` gives: raise it with every change there, and a rebuild prepares the copies anew
LONGEST_QUERY = 200  # characters
MOST_WORDS = 24  # of a query
LONGEST_TEXT = 100_000  # characters of a document
# Words that hold a sentence together, as they are written with and without marks.
SMALL_WORDS = frozenset(
    """
    ạ ai bao bị bởi các cái cần cho chưa có còn của cùng cứ do dù đã đang đâu đây để đến đều được em gì hay hãy
    hoặc hỏi hơn khi không là lại làm mà mình mỗi một nào này nên nếu nhiêu nhưng những như ở phải qua ra rằng
    rồi sao sẽ tại thế thì theo thôi tôi trên trong từ và vẫn vào về vì việc với vừa xin xong
    bi boi cac cai can cho chua co con cua cung da dang dau day de den deu duoc gi hoac hoi hon khong la lai lam
    ma minh moi mot nao nay neu nhieu nhung nhu phai rang roi se tai the thi toi tren tu va van vao ve vi viec voi
    """.split()
)


class Width(StrEnum):
    """How much of what was asked a hit must have; tried in this order until there are hits."""

    ALL = "all"  # every word
    CONTENT = "content"  # every word but those that only hold a sentence together
    PAIR = "pair"  # two neighbouring words
    ANY = "any"  # one word


@dataclass(frozen=True, slots=True)
class Prepared:
    """The words of one text, exact and folded; both start and end with a blank."""

    exact: str
    folded: str


def prepare(text: str) -> Prepared:
    """Telex and VNI residue is read as the letters it stands for, as it is in queries."""
    exact = f" {' '.join(syllables(decode_telex(text[:LONGEST_TEXT])))} "
    return Prepared(exact, fold(exact))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side."""

    words: tuple[str, ...]

    @property
    def folded(self) -> tuple[str, ...]:
        return tuple(map(fold, self.words))


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing the reader asked for: the words as typed, and other ways to write the same.

    Of several words it is one name: they must stand side by side.
    """

    words: tuple[str, ...]
    also: tuple[Phrase, ...] = ()
    # What an unknown word may have been meant for: found too, and ranked below all that was typed.
    near: tuple[Phrase, ...] = ()

    @property
    def folded(self) -> tuple[str, ...]:
        return tuple(map(fold, self.words))

    @property
    def accented(self) -> bool:
        return any(map(is_accented, self.words))

    @property
    def together(self) -> tuple[Phrase, ...]:
        """Its words as the phrase that a hit must have beside each of them; none for a single word."""
        return (Phrase(self.words),) if len(self.words) > 1 else ()


@dataclass(frozen=True, slots=True)
class Terms:
    """A query as the engines read it. A document matches if it has every unit."""

    units: tuple[Unit, ...] = ()
    # The words in order, as typed: their neighbours are what the reader meant together.
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.units)

    @property
    def accented(self) -> bool:
        return any(unit.accented for unit in self.units)

    @property
    def pairs(self) -> tuple[Phrase, ...]:
        """Neighbouring words: most Vietnamese words are two syllables. Two small words are no pair."""
        pairs = zip(self.words, self.words[1:], strict=False)
        return tuple(Phrase(pair) for pair in dict.fromkeys(pairs) if not SMALL_WORDS.issuperset(pair))

    @property
    def content(self) -> tuple[Unit, ...]:
        """The units without small words; empty if there is nothing else."""
        return tuple(unit for unit in self.units if not SMALL_WORDS.issuperset(unit.words))

    def required(self, width: "Width") -> tuple[Unit, ...]:
        """The units a hit must have: all of them, or one (`Width.ANY`); for `PAIR` see `pairs`."""
        return self.units if width == Width.ALL else self.content

    @property
    def phrase(self) -> Phrase | None:
        return Phrase(self.words) if len(self.words) > 1 else None

    @property
    def others(self) -> tuple[Phrase, ...]:
        """Other ways to write what was asked for."""
        return tuple(phrase for unit in self.units for phrase in unit.also)

    @property
    def near(self) -> tuple[Phrase, ...]:
        """What unknown words may have been meant for."""
        return tuple(phrase for unit in self.units for phrase in unit.near)

    @property
    def as_typed(self) -> "Terms":
        """The same without what the reader may have meant."""
        return replace(self, units=tuple(replace(unit, near=()) for unit in self.units)) if self.near else self


def is_accented(word: str) -> bool:
    return fold(word) != word


@dataclass(frozen=True)
class Synonyms:
    """What else a run of words is called: the administrator's table, folded, by its first word."""

    table: dict[tuple[str, ...], tuple[Phrase, ...]] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        return max(map(len, self.table), default=0)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Synonyms":
        """From (written, means) pairs, one way; the caller gives the other way as its own pair."""
        table: dict[tuple[str, ...], dict[Phrase, None]] = {}
        for written, means in pairs:
            key, value = tuple(map(fold, syllables(written))), tuple(syllables(means))
            if key and value and key != tuple(map(fold, value)):
                table.setdefault(key, {})[Phrase(value)] = None
        return cls({key: tuple(found) for key, found in table.items()})


def parse(text: str, synonyms: Synonyms | None = None) -> Terms:
    """What a person typed, as terms. Any text gives terms; hostile text gives none or few."""
    typed = syllables(normalise(text[:LONGEST_QUERY]))[:MOST_WORDS]
    meant = syllables(decode_telex(normalise(text[:LONGEST_QUERY])))[:MOST_WORDS]
    if len(meant) != len(typed):  # a keystroke that split a word: trust what was typed
        meant = typed
    units = _units(typed, meant, synonyms or Synonyms())
    return Terms(tuple(units), tuple(meant))


def _units(typed: Sequence[str], meant: Sequence[str], synonyms: Synonyms) -> list[Unit]:
    units: list[Unit] = []
    seen: set[Unit] = set()
    folded = tuple(map(fold, meant))
    longest = synonyms.longest
    at = 0
    while at < len(meant):
        taken = 1
        also: tuple[Phrase, ...] = ()
        for length in range(min(longest, len(meant) - at), 0, -1):
            if found := synonyms.table.get(folded[at : at + length]):
                taken, also = length, found
                break
        words = tuple(meant[at : at + taken])
        keyed = tuple(typed[at : at + taken])
        if keyed != words:
            also = (*also, Phrase(keyed))
        unit = Unit(words, also)
        if unit not in seen:
            seen.add(unit)
            units.append(unit)
        at += taken
    return units

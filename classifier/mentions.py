"""Which agencies and provinces a text names, under any of their names, present and former.

Names are compared word by word: with their accents where the text has them, folded where it does
not. A place must be written with a capital in a text that uses capitals: *hòa bình* is also peace.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from classifier.spelling import is_syllable
from classifier.taxonomy import Taxonomy
from classifier.text import Word, fold, syllables

SPOKEN_PLACES = {"79": ("TP.HCM", "TPHCM", "Sài Gòn"), "46": ("Thừa Thiên Huế",)}
"""How people write a province beside its names in the directory, by province code."""
DISTRICTS: Mapping[str, Sequence[str]] = json.loads(
    (Path(__file__).parent / "districts.json").read_text(encoding="utf-8")
)
"""Districts of before 1 July 2025 by the code of the province they lie in today; people go on saying *Gò Công*.
Only names of two words or more that one province alone has, and that no province itself bears."""


@dataclass(frozen=True)
class Mention:
    """One name found: the code it stands for, and its offsets in the text."""

    code: str
    start: int
    end: int


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    return fold(word)


class NameIndex:
    """Names by their first folded word, longest first."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._by_first: dict[str, list[_Name]] = {}
        for name, code in names:
            parts = tuple(syllables(name))
            if parts:
                folded = tuple(map(fold, parts))
                acronym = name.isupper() and len(parts) == 1 and is_syllable(folded[0])
                self._by_first.setdefault(folded[0], []).append(_Name(folded, parts, code, acronym))
        for entries in self._by_first.values():
            entries.sort(key=lambda name: -len(name.folded))

    def find(self, text: str, words: Sequence[Word], *, capitals: bool = False) -> list[Mention]:
        """The names in order of place, the longest where several begin; they do not overlap."""
        folded = [_folded(word.text) for word in words]
        found: list[Mention] = []
        at = 0
        while at < len(words):
            name = self._match(text, words, folded, at, capitals) if folded[at] in self._by_first else None
            if name is None:
                at += 1
                continue
            last = at + len(name.folded) - 1
            found.append(Mention(name.code, words[at].start, words[last].end))
            at = last + 1
        return found

    def _match(
        self, text: str, words: Sequence[Word], folded: Sequence[str], at: int, capitals: bool
    ) -> "_Name | None":
        for name in self._by_first[folded[at]]:
            run = words[at : at + len(name.folded)]
            if tuple(folded[at : at + len(run)]) != name.folded or not _same_accents(run, name):
                continue
            if (capitals and not _capital(text, run)) or (name.acronym and not _shouted(text, run)):
                continue
            return name
        return None


@dataclass(frozen=True)
class _Name:
    folded: tuple[str, ...]
    spelt: tuple[str, ...]
    code: str
    acronym: bool
    """*MOC*: in small letters the same letters are an ordinary syllable."""


def _same_accents(words: Sequence[Word], name: _Name) -> bool:
    """Each word as the name spells it, or all of them bare."""
    spelt = tuple(word.text for word in words)
    return spelt in (name.spelt, name.folded)


def _shouted(text: str, words: Sequence[Word]) -> bool:
    return all(text[word.start : word.end].isupper() for word in words)


def _capital(text: str, words: Sequence[Word]) -> bool:
    return all(text[word.start].isupper() for word in words)


class Mentions:
    """Finds the agencies and provinces of one taxonomy."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        agencies = [
            (name, code) for code, agency in taxonomy.agencies.items() for name in (agency.name, *agency.aliases)
        ]
        self._agencies = NameIndex(agencies)
        places = [*_pairs(taxonomy.provinces), *_pairs(SPOKEN_PLACES)]
        self._provinces = NameIndex(places)
        self._districts = NameIndex(_pairs(DISTRICTS))

    def agencies(self, text: str, words: Sequence[Word]) -> tuple[str, ...]:
        """Codes of the agencies named, in order, each once."""
        return _codes(self._agencies.find(text, words))

    def provinces(self, text: str, words: Sequence[Word]) -> tuple[str, ...]:
        """Codes of the provinces named, under today's or a former name, in order, each once.

        Where none is, those of the districts named; a district always needs its capitals.
        """
        cased = any(map(str.isupper, text[:2000]))
        found = self._provinces.find(text, words, capitals=cased)
        return _codes(found or self._districts.find(text, words, capitals=True))


def _pairs(names: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    return [(name, code) for code, all_names in names.items() for name in all_names]


def _codes(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.code for mention in mentions))

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
    """Names by their first folded word and their second, the longest first."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._names: dict[str, dict[str, list[_Name]]] = {}
        for name, code in names:
            parts = tuple(syllables(name))
            if parts:
                folded = tuple(map(fold, parts))
                acronym = name.isupper() and len(parts) == 1 and is_syllable(folded[0])
                second = folded[1] if len(folded) > 1 else ""
                alike = self._names.setdefault(folded[0], {}).setdefault(second, [])
                alike.append(_Name(folded, parts, code, acronym))
                alike.sort(key=lambda name: -len(name.folded))

    def find(self, text: str, words: Sequence[Word], folded: Sequence[str], *, capitals: bool = False) -> list[Mention]:
        """The names in order of place, the longest where several begin; they do not overlap.

        ``folded``: the words, folded.
        """
        found: list[Mention] = []
        free = 0
        names = self._names
        for at in [at for at, word in enumerate(folded) if word in names]:
            if at >= free and (name := self._match(text, words, folded, at, capitals)):
                free = at + len(name.folded)
                found.append(Mention(name.code, words[at].start, words[free - 1].end))
        return found

    def _match(
        self, text: str, words: Sequence[Word], folded: Sequence[str], at: int, capitals: bool
    ) -> "_Name | None":
        names = self._names[folded[at]]
        second = folded[at + 1] if at + 1 < len(folded) else ""
        if second not in names and "" not in names:
            return None
        for name in (*names.get(second, ()), *names.get("", ())):
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

    def find(self, text: str, words: Sequence[Word]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Codes of the agencies and of the provinces named, present and former names alike; in order, each once.

        Abbreviations count as they were typed (*Bộ GD&ĐT*). Where no province is, those of the districts named;
        a district always needs its capitals.
        """
        words = [word for i, word in enumerate(words) if not i or word.start > words[i - 1].start]
        folded = list(map(_folded, [word.text for word in words]))
        cased = not text[:2000].islower()
        places = self._provinces.find(text, words, folded, capitals=cased)
        places = places or self._districts.find(text, words, folded, capitals=True)
        return _codes(self._agencies.find(text, words, folded)), _codes(places)


def _pairs(names: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    return [(name, code) for code, all_names in names.items() for name in all_names]


def _codes(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.code for mention in mentions))

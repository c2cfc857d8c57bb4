"""How a query for a place may be read: which words name the unit, and which what lies above it.

Pure: text and known province names in, readings out. ``places`` looks them up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifier.text import fold, nfc

from .models.directories.base import APOSTROPHES

MAX_CHARS = 200
MAX_WORDS = 24
MAX_STARTS = 3

WARD_KINDS = frozenset({"xa", "phuong", "dac khu", "thi tran"})
DISTRICT_KINDS = frozenset({"quan", "huyen", "thi xa", "thanh pho"})
PROVINCE_KINDS = frozenset({"", "tinh", "thanh pho"})
KINDS = {
    "xa": "xa",
    "phuong": "phuong",
    "dac khu": "dac khu",
    "thi tran": "thi tran",
    "tt": "thi tran",
    "quan": "quan",
    "huyen": "huyen",
    "thi xa": "thi xa",
    "tx": "thi xa",
    "thanh pho": "thanh pho",
    "tp": "thanh pho",
    "tinh": "tinh",
}
LETTERS = {"x": "xã", "p": "phường", "f": "phường", "q": "quận", "h": "huyện", "t": "tỉnh"}
"""Kinds of one letter: with a full stop, before a number, or first; ``Cư M gar`` has none."""
ACCENTED_KINDS = frozenset("xã, phường, đặc khu, thị trấn, quận, huyện, thị xã, thành phố, tỉnh".split(", "))
_WORD = re.compile(r"[^\W_]+\.?")
_GLUED = re.compile(r"([pqfhx])(\d{1,2})")


@dataclass(frozen=True)
class Part:
    """A stretch of the query: an optional word for a kind, then a name, folded."""

    words: tuple[str, ...]
    kind: str = ""
    kind_typed: str = ""
    """The kind as it stood in the query; without diacritics it may belong to the name."""
    typed: str = ""
    """The name as typed, lower case, to prefer the right diacritics; may be empty."""

    @property
    def name(self) -> str:
        return " ".join(self.words)

    @property
    def numbered(self) -> bool:
        """``quận 1``: a number, which means nothing without its kind."""
        return len(self.words) == 1 and self.words[0].isdecimal()

    @property
    def full_name(self) -> str:
        """The name as old units' search text writes it: the kind only before a bare number."""
        return f"{self.kind} {self.name}".strip() if self.numbered else self.name


@dataclass(frozen=True)
class Reading:
    """One way to read a query; a lower ``rank`` uses more of what was typed."""

    name: Part
    above: tuple[Part, ...] = ()
    province: str = ""
    rank: float = 0


def readings(text: str, provinces: Mapping[str, str]) -> list[Reading]:
    """Every likely reading. ``provinces``: folded name -> code.

    A street or house number may stand in front, so later parts may begin the address (rank 1,
    2). A new ward is often written with its old district, so what lies above a ward may be
    wrong (rank + 0.5); of a name without a kind that is not assumed, for it may be a street.
    """
    parts = cut(text)
    found: list[Reading] = []
    for start in range(min(len(parts), MAX_STARTS)):
        rest = parts[start:]
        if start and rest[0].kind == "tinh":
            break
        for shorter, code in [(rest, ""), *_without_province(rest, provinces)]:
            for name in _names(shorter[0]):
                found.append(Reading(name, tuple(shorter[1:]), code, start))
                if len(shorter) > 1 and name.kind in WARD_KINDS:
                    found.append(Reading(name, (), code, start + 0.5))
    return list(dict.fromkeys(found))


def cut(text: str) -> list[Part]:
    """The query cut at commas and before words for kinds, as it was written."""
    parts: list[Part] = []
    whole = APOSTROPHES.sub("", nfc(text[:MAX_CHARS]).lower())
    for stretch in re.split(r"[,;/\n]+", whole):
        parts.extend(_cut(_spelt_out(_WORD.findall(stretch))))
    return list(_within(parts, MAX_WORDS))


def _within(parts: Iterable[Part], words: int) -> Iterator[Part]:
    for part in parts:
        words -= len(part.words)
        if words < 0:
            return
        yield part


def _spelt_out(tokens: Sequence[str]) -> list[str]:
    """``q1``, ``q. 1`` as ``quận 1``; ``tphcm`` as ``tp hcm``; ``05`` as ``5``."""
    out: list[str] = []
    for at, token in enumerate(tokens):
        word = token.rstrip(".")
        if glued := _GLUED.fullmatch(word):
            out += [LETTERS[glued[1]], str(int(glued[2]))]
        elif word in LETTERS and at + 1 < len(tokens) and _is_kind(tokens, at):
            out.append(LETTERS[word])
        elif word in {"tphcm", "tphn"}:
            out += ["tp", word[2:]]
        else:
            out.append(str(int(word)) if word.isdecimal() else word)
    return out


def _is_kind(tokens: Sequence[str], at: int) -> bool:
    return at == 0 or tokens[at].endswith(".") or tokens[at + 1].rstrip(".").isdecimal()


def _kind_at(words: Sequence[str], at: int) -> tuple[str, str]:
    """The kind named at this word, and the words that name it; empty when none does."""
    for length in (2, 1):
        typed = " ".join(words[at : at + length])
        if fold(typed) in KINDS and (typed.isascii() or typed in ACCENTED_KINDS):
            return KINDS[fold(typed)], typed
    return "", ""


def _cut(words: Sequence[str]) -> Iterator[Part]:
    kind, kind_typed = "", ""
    name: list[str] = []
    at = 0
    while at < len(words):
        found, typed = _kind_at(words, at)
        after = at + len(typed.split())
        # A kind needs a name after it: a lone "xã" or "p" is still being typed, or is a name.
        if found and after < len(words) and (name or not kind):
            if name:
                yield _part(name, kind, kind_typed)
            kind, kind_typed, name = found, typed, []
            at = after
        else:
            name.append(words[at])
            at += 1
    if name:
        yield _part(name, kind, kind_typed)


def _part(name: Sequence[str], kind: str, kind_typed: str) -> Part:
    return Part(tuple(fold(word) for word in name), kind, kind_typed, " ".join(name))


def _names(part: Part) -> Iterator[Part]:
    """The part, and once more with its kind as the start of the name: ``phuong liet``."""
    yield part
    if part.kind_typed and part.kind_typed.isascii():
        yield Part((*part.kind_typed.split(), *part.words))


def _without_province(parts: Sequence[Part], provinces: Mapping[str, str]) -> Iterator[tuple[list[Part], str]]:
    """The parts less a province that ends the last one or begins the first; never less all."""
    last = parts[-1]
    for at in range(len(last.words)):
        code = provinces.get(" ".join(last.words[at:]))
        if code and (at or (len(parts) > 1 and last.kind in PROVINCE_KINDS)):
            yield [*parts[:-1], *_cropped(last, last.words[:at])], code
    first = parts[0]
    if first.kind not in PROVINCE_KINDS:
        return
    for at in range(1, len(first.words) + 1):
        code = provinces.get(" ".join(first.words[:at]))
        if code and (at < len(first.words) or len(parts) > 1):
            yield [*_cropped(first, first.words[at:]), *parts[1:]], code


def _cropped(part: Part, words: tuple[str, ...]) -> list[Part]:
    return [Part(words, part.kind, part.kind_typed)] if words else []

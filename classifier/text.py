"""Vietnamese text in one shape: Unicode form, folding, words, what is lost of its accents.

Standard library only and cheap to import, so that every room can share it: index and query must be
folded by the same function. Every function takes any ``str`` (lone surrogates and megabytes
included), never raises on one, and runs in time linear in its length.

Tone marks are written as most of the press does, *hòa*, *thúy* (*hoà*, *thuý* are the same words).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from classifier.spelling import QUALITIES, TONES, place_tone
from classifier.telex import MIN_SHARE, decode_telex, keyed_share

__all__ = [
    "Word",
    "accent_share",
    "clip",
    "decode_telex",
    "fold",
    "language_form",
    "nfc",
    "normalise",
    "syllables",
    "words",
]

LanguageForm = Literal["accented", "unaccented", "telex", "mixed"]

HEAD_CHARS, TAIL_CHARS = 6_000, 2_000
"""What is read of a longer text: letters open with the request and close with it again."""
MAX_WORD = 40

_JOINERS = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"  # invisible, may stand inside words
_MARKS = "\u0300-\u036f"
_LONG_RUN = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_STRAY_QUALITY = re.compile(f"[{QUALITIES}]")
_TONE_FIRST = re.compile(f"([{TONES}])([{QUALITIES}])")
_INVISIBLE = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_JOINERS}]+")
_BLANKS = re.compile(r"[^\S\n]+")
_LINE_EDGES = re.compile(r" ?\n ?")
_LINE_GAPS = re.compile(r"\n{3,}")
_WORD = re.compile(f"[^\\W_](?:[^\\W_]|[{_MARKS}{_JOINERS}])*")
_LETTERS = re.compile(r"[^\W\d_]+")


class Word(NamedTuple):
    """One word, lower case and normalised, and where it stands in the text it was read from."""

    text: str
    start: int
    end: int


def _stream_safe(text: str) -> str:
    """At most 30 marks in a row (UAX #15, D3): CPython orders longer runs in quadratic time."""

    def cut(match: re.Match[str]) -> str:
        kept, run = [], 0
        for char in match[0]:
            run = run + 1 if unicodedata.combining(char) else 0
            if run <= 30:
                kept.append(char)
        return "".join(kept)

    return _LONG_RUN.sub(cut, text)


def nfc(text: str) -> str:
    """The text in NFC, where every Vietnamese letter is one character (TCVN 6909:2001)."""
    return text if text.isascii() else unicodedata.normalize("NFC", _stream_safe(text))


def _fold_char(char: str) -> str:
    if unicodedata.combining(char):
        return " "  # composed with nothing; kept, it could compose with the folded letter
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    parts = unicodedata.normalize("NFKD", char)
    base = (parts[0] if all(map(unicodedata.combining, parts[1:])) else char).lower()
    return "d" if base == "đ" else base if len(base) == 1 else char


class _FoldTable(dict[int, str]):
    """What each character folds to, worked out the first time it is met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_char(chr(code))
        return folded


_FOLD = _FoldTable()


def fold(text: str) -> str:
    """Lower case without marks, đ as d: exactly one character for each one of ``nfc(text)``.

    Offsets found in the folded text are therefore valid in ``nfc(text)``. Idempotent.
    """
    return nfc(text).translate(_FOLD)


def normalise(text: str) -> str:
    """NFC, tone marks in one place, blanks tidied, without what cannot be stored or seen.

    Lone surrogates, NUL, other controls and invisible joiners go; line breaks stay, at most two
    in a row. The result encodes to UTF-8. Idempotent.
    """
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.isascii():
        text = _LETTERS.sub(lambda match: place_tone(match[0]), _compose(text))
    text = _LINE_EDGES.sub("\n", _BLANKS.sub(" ", text))
    return _LINE_GAPS.sub("\n\n", text).strip()


def _compose(text: str) -> str:
    """NFC, also where the tone was typed before the mark of the vowel (*é* + *̂* is *ế*)."""
    text = nfc(text)
    if _STRAY_QUALITY.search(text):
        text = nfc(_TONE_FIRST.sub(r"\2\1", unicodedata.normalize("NFD", text)))
    return text


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """The words of ``text[start:end]``, normalised one by one, with offsets in ``text`` itself.

    NFD, old tone placement, capitals and invisible joiners give the same words as plain text.
    """
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        yield Word(_one_form(match[0][:MAX_WORD]), *match.span())


@lru_cache(maxsize=32_768)
def _one_form(word: str) -> str:
    """A word as it is compared; Vietnamese has few syllables, so most are worked out once."""
    return (word if word.isascii() else place_tone(_compose(_INVISIBLE.sub("", word)))).lower()


def syllables(text: str) -> list[str]:
    """The words of the text in order, lower case and normalised; punctuation is left out."""
    return [word.text for word in words(text)]


def accent_share(text: str) -> float:
    """Share of the words of letters, 0 to 1, that carry a mark; about 0.75 in ordinary prose."""
    found = _LETTERS.findall(nfc(text))
    return 1 - sum(map(str.isascii, found)) / len(found) if found else 0.0


def language_form(text: str) -> LanguageForm:
    """How the text was typed: with its accents, without, as raw keystrokes, or half and half."""
    composed = nfc(text)
    share = accent_share(composed)
    if (share < 0.5 or composed != text) and keyed_share(text) >= MIN_SHARE:
        return "telex"
    if share < 0.08:
        return "unaccented"
    return "mixed" if share < 0.45 else "accented"


def clip(text: str, head: int = HEAD_CHARS, tail: int = TAIL_CHARS) -> tuple[tuple[int, int], ...]:
    """The spans of the text worth reading: all of a short one, else its beginning and its end."""
    if len(text) <= head + tail:
        return ((0, len(text)),)
    return ((0, head), (len(text) - tail, len(text)))

"""Keystrokes that an input method did not turn into letters: *tieengs vieejt*, *tie61ng vie65t*.

Telex and VNI, the two methods in use. A word is decoded only where it is not a Vietnamese syllable
as it stands and becomes one. Weak cases (*cos* for *có*) are decoded only in a text that has enough
such words, so that English words, codes and "5G" in ordinary prose stay.
"""

import re
import unicodedata
from functools import lru_cache

from classifier.spelling import MAX_SYLLABLE, VOWELS, add_tone, is_syllable

_TONES = dict(zip("sfrxj", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_TONES = dict(zip("12345", _TONES.values(), strict=True))
_HAT = {"a": "â", "e": "ê", "o": "ô"}
_KEYED = re.compile(r"(?<![^\W_])[a-zA-Z][a-zA-Z0-9]{1,10}(?![^\W_])", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")
_KEPT_WORDS = """
app apps as bar bars boss box bus car cars class data dos ex far fax for gas gps if ios is max mix
of or os pos tax taxi test us boong xoong
"""
_KEEP = frozenset(_KEPT_WORDS.split())
"""Words of other languages that keystrokes could spell, and the two rhymes in -oong."""
MIN_SHARE = 0.12
"""Least share of keyed words from which a text counts as typed without an input method."""
SURE_SHARE = 0.3
"""From here on even *car* and *max* are read as keys: *cả*, *mã*."""


class _Syllable:
    """The letters typed so far, as an input method would hold them."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.tone = ""
        self.marked = False

    def mark(self, table: dict[str, str]) -> bool:
        """Turn the last letter found in ``table`` into its marked form; False if there is none."""
        for i in reversed(range(len(self.letters))):
            if self.letters[i] in table:
                self.letters[i] = table[self.letters[i]]
                self.marked = True
                return True
        return False

    def horn(self, table: dict[str, str]) -> bool:
        """``w`` or ``7``: *uo* becomes *ươ* at once."""
        if "".join(self.letters[-2:]) == "uo" or ("u", "o") in zip(self.letters, self.letters[1:], strict=False):
            return self.mark({"o": "ơ"}) and self.mark({"u": "ư"})
        return self.mark(table)

    def has_vowel(self) -> bool:
        return any(char in VOWELS for char in self.letters)

    def press(self, key: str) -> bool:
        """Take one key; False where it can mean nothing."""
        if key.isdigit():
            return self._press_vni(key)
        if key in _TONES and self.has_vowel():
            self.tone, doubled = _TONES[key], self.tone == _TONES[key]
            return not doubled
        if key == "w":
            return self.horn({"a": "ă", "o": "ơ", "u": "ư"})
        if key == "d" and self.letters[:1] == ["d"]:
            return self.mark({"d": "đ"})
        if key in _HAT and key in self.letters and self.mark({key: _HAT[key]}):
            return True
        self.letters.append(key)
        return True

    def _press_vni(self, key: str) -> bool:
        if key in _VNI_TONES and self.has_vowel() and not self.tone:
            self.tone = _VNI_TONES[key]
            return True
        tables = {"6": _HAT, "8": {"a": "ă"}, "9": {"d": "đ"}}
        if key == "7":
            return self.horn({"o": "ơ", "u": "ư"})
        return key in tables and self.mark(tables[key])

    def word(self) -> str | None:
        plain = re.sub("uơ(?=.)", "ươ", "".join(self.letters))
        return add_tone(plain, self.tone)


def decode_word(word: str) -> str:
    """One lower-case word of a text typed without an input method."""
    found = _read_keys(word)
    return found[0] if found else word.replace("dd", "đ")


def _decode(word: str) -> tuple[str, bool] | None:
    return None if word in _KEEP else _read_keys(word)


@lru_cache(maxsize=20_000)
def _read_keys(word: str) -> tuple[str, bool] | None:
    """The lower-case word as an input method would have written it, and whether that is certain."""
    if len(word) > MAX_SYLLABLE + 4 or is_syllable(word):
        return None
    syllable = _Syllable()
    if not all(map(syllable.press, word)):
        return None
    decoded = syllable.word()
    if decoded is None or unicodedata.normalize("NFC", decoded) == word:
        return None
    return decoded, syllable.marked and bool(syllable.tone)


def keyed_share(text: str) -> float:
    """Share of the words, 0 to 1, that are keystrokes of a Vietnamese syllable.

    0 where half of the words carry accents: whoever typed them had an input method.
    """
    found = _WORD.findall(text)
    if 2 * sum(map(str.isascii, found)) <= len(found):
        return 0.0
    keyed = sum(_decode(word.lower()) is not None for word in _KEYED.findall(text))
    return keyed / len(found)


def decode_telex(text: str) -> str:
    """The text with Telex and VNI residue written as letters; other words are left as they are."""
    share = keyed_share(text)
    whole = share >= MIN_SHARE

    def write(match: re.Match[str]) -> str:
        word = match[0].lower()
        found = _read_keys(word) if share >= SURE_SHARE else _decode(word)
        if found is None or not (whole or found[1]):
            return match[0]
        if match[0].isupper():
            return found[0].upper()
        return found[0].capitalize() if match[0][0].isupper() else found[0]

    return _KEYED.sub(write, text)

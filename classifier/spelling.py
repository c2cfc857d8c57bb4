"""How a Vietnamese syllable is spelt: onset, rhyme, tone, and where the tone mark stands.

The rhymes are the closed list of the orthography; it is what lets a typing slip be told from a
word. Pure and cached: the work for a word is done once.
"""

import re
import unicodedata
from functools import lru_cache

TONES = "\u0301\u0300\u0309\u0303\u0323"  # sắc, huyền, hỏi, ngã, nặng
QUALITIES = "\u0302\u0306\u031b"  # mũ, trăng, móc
VOWELS = "aăâeêioôơuưy"
MAX_SYLLABLE = 7  # nghiêng

_ONSET = re.compile("ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx]")
_RHYME_LIST = """
a ac ach ai am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e
ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên
iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt
oc oe oen oeo oet oi om on ong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um
un ung up ut uân uâng uât uây uê uêch uên uênh uơ uôc uôi uôm uôn uông uôt uy uya uych uyên
uyêt uyn uynh uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y ych ym
yn ynh yt yêm yên yêng yêt yêu
"""
_RHYMES = frozenset(_RHYME_LIST.split())


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_BARE_RHYMES = frozenset(map(_without_marks, _RHYMES))


def split_tone(word: str) -> tuple[str, str]:
    """The NFC word without its tone marks, and the marks taken off, in order."""
    letters, tones = [], ""
    for char in word:
        parts = unicodedata.normalize("NFD", char)
        mine = "".join(mark for mark in parts if mark in TONES)
        kept = "".join(mark for mark in parts if mark not in TONES)
        tones += mine
        letters.append(unicodedata.normalize("NFC", kept) if mine else char)
    return "".join(letters), tones


def parts(word: str, *, bare: bool = False) -> tuple[str, str] | None:
    """Onset and rhyme of a lower-case syllable whose tone is off, or None if it is not one.

    ``bare`` also accepts rhymes that have lost the marks of their vowels: *duong* for *đường*.
    """
    match = _ONSET.match(word)
    onset = match[0] if match else ""
    if onset == "gi" and (len(word) == 2 or word[2] not in VOWELS):
        onset = "g"  # gì, gìn: the i is the vowel
    rhyme = word[len(onset) :]
    if rhyme in _RHYMES or (bare and rhyme in _BARE_RHYMES):
        return onset, rhyme
    if onset == "gi" and ("i" + rhyme in _RHYMES or (bare and "i" + rhyme in _BARE_RHYMES)):
        return onset, rhyme  # giêng, giết: the i of iê is written once
    return None


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether the NFC word is spelt like one Vietnamese syllable, with or without its marks."""
    if len(word) > MAX_SYLLABLE:
        return False
    plain, tones = split_tone(word.lower())
    return len(tones) <= 1 and parts(plain, bare=True) is not None


def _tone_index(rhyme: str) -> int:
    """Where in the rhyme the tone mark stands."""
    vowels = len(rhyme) - len(rhyme.lstrip(VOWELS))
    marked = [i for i, char in enumerate(rhyme[:vowels]) if char in "ăâêôơư"]
    if marked:
        return marked[-1]
    if vowels < len(rhyme):
        return vowels - 1
    return 1 if vowels == 3 else 0


def add_tone(plain: str, tone: str) -> str | None:
    """The toneless syllable (any case) with the tone mark in its place, in NFC; None if not one."""
    found = parts(plain.lower())
    if found is None:
        return None
    at = len(found[0]) + _tone_index(found[1]) + 1
    return unicodedata.normalize("NFC", plain[:at] + tone + plain[at:])


@lru_cache(maxsize=20_000)
def place_tone(word: str) -> str:
    """The NFC word with its tone mark where the press puts it: *hoà* gives *hòa*, *qúy* *quý*."""
    if word.isascii() or len(word) > MAX_SYLLABLE:
        return word
    plain, tones = split_tone(word)
    return (add_tone(plain, tones) if len(tones) == 1 else None) or word

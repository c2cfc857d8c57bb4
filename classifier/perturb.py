"""The same text as other people would have typed it: what routing must not depend on."""

import re
import unicodedata
from collections.abc import Callable

from classifier.spelling import QUALITIES, TONES, place_tone, split_tone
from classifier.text import nfc

_BARE = str.maketrans("đĐ", "dD")
_WORD = re.compile(r"[^\W\d_]+")
_TONE_KEYS = dict(zip(TONES, "sfrxj", strict=True))
_QUALITY_KEYS = {"\u0306": "w", "\u031b": "w"}
_OPEN = re.compile(r"(?<!q)(?:oa|oe|uy)$", re.IGNORECASE)

LETTER = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

ĐƠN KIẾN NGHỊ
Kính gửi: Cơ quan có thẩm quyền
Tôi tên là: Nguyễn Văn A. Địa chỉ: tổ 3. Điện thoại: 0900000000.
Tôi viết đơn này trình bày nội dung sau:
{text}
Trên đây là nội dung kiến nghị, kính mong cơ quan xem xét, giải quyết và trả lời cho tôi được biết.
Tôi cam đoan nội dung trên là đúng sự thật. Tôi xin trân trọng cảm ơn.
Người viết đơn
"""


def without_accents(text: str) -> str:
    """Marks off and đ as d, capitals kept."""
    decomposed = unicodedata.normalize("NFD", text.translate(_BARE))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def decomposed(text: str) -> str:
    """NFD: every mark a character of its own."""
    return unicodedata.normalize("NFD", text)


def other_tone_placement(text: str) -> str:
    """*hòa, thúy* written *hoà, thuý*."""
    return _WORD.sub(lambda match: _other_placement(match[0]), nfc(text))


def _other_placement(word: str) -> str:
    plain, tones = split_tone(place_tone(word))
    if len(tones) != 1 or not _OPEN.search(plain):
        return word
    return unicodedata.normalize("NFC", plain + tones)


def upper(text: str) -> str:
    """All in capitals."""
    return text.upper()


def telex(text: str) -> str:
    """The keys of a Telex typist whose input method was off: *tieengs vieejt*."""
    return _WORD.sub(lambda match: _keys(match[0]), nfc(text))


def _keys(word: str) -> str:
    typed, tone = [], ""
    for char in word:
        parts = unicodedata.normalize("NFD", char)
        base, marks = parts[0], parts[1:]
        if base in "đĐ":
            base += "d"
        typed.append(base)
        for mark in marks:
            if mark in TONES:
                tone = _TONE_KEYS[mark]
            elif mark in QUALITIES:
                typed.append(_QUALITY_KEYS.get(mark, base.lower()))
    return "".join(typed).replace("đ", "d").replace("Đ", "D") + tone


def in_a_letter(text: str) -> str:
    """The text inside the usual form of a petition."""
    return LETTER.format(text=text)


PERTURBATIONS: dict[str, Callable[[str], str]] = {
    "no_accents": without_accents,
    "nfd": decomposed,
    "tone_placement": other_tone_placement,
    "upper": upper,
    "telex": telex,
    "template": in_a_letter,
}

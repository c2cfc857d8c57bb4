"""Masking personal data that people leave in free text, before anything but an officer reads it.

Kinds and checks: numbers of identity (12 digits with a province code of TT 07/2016/TT-BCA and a century
digit; 9 digits only after a word that says so), Vietnamese phone numbers, e-mail addresses, bank accounts
and insurance numbers after a word that says so. Never inside a longer run of digits or a document number.
Of names only the sender's own are known: an editor removes others before publication.
"""

import re
from collections.abc import Iterable

from classifier.text import fold, nfc

from .known_words import spans_of

MASK = "[đã che]"

# Text that a person wrote is capped by the form; this is the wall behind it.
_LONGEST = 300_000

# Ways to write a blank, a dash or a digit that no pattern should have to know.
_PLAIN = str.maketrans(
    {"\u00a0": " ", "\u2007": " ", "\u202f": " "}
    | dict.fromkeys("\u00ad\u034f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
    | dict.fromkeys("‐‑‒–—", "-")
    | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
    | {"＠": "@"}
)

_GAP = r"[ .\-]{0,2}"
_DIGITS = rf"(?:{_GAP}\d)"

_AT = r"(?: ?@ ?| ?[(\[{] ?(?:at|a còng|a cong|@) ?[)\]}] ?| (?:at|a còng|a cong) (?=[A-Za-z]))"
_DOT = r"(?:\.| ?[(\[{] ?(?:dot|chấm|cham|\.) ?[)\]}] ?| (?:dot|chấm|cham) (?=(?:com|vn|net|org)\b))"
_EMAIL = re.compile(
    rf"[\w.%+\-]{{1,64}}+{_AT}[A-Za-z0-9\-]{{1,63}}(?:{_DOT}[A-Za-z0-9\-]{{1,63}}){{1,4}}", re.IGNORECASE
)
_COUNTRY = rf"(?:\(?\+?84\)?{_GAP}(?:\(0\))?{_GAP}|0{_GAP})"
_MOBILE = re.compile(
    rf"(?<!\d){_COUNTRY}(?:3{_GAP}[2-9]|5{_GAP}[25689]|7{_GAP}[06-9]|8{_GAP}[1-9]|9{_GAP}[0-46-9])"
    rf"{_DIGITS}{{7}}(?!\d)"
)
_LANDLINE = re.compile(rf"(?<!\d)\(?0{_GAP}2\d{{1,2}}\)?{_DIGITS}{{7,8}}(?!\d)")
_MONEY = r"(?!\s{0,3}(?:đồng|đ\b|VND|VNĐ|USD|triệu|tỷ))"
_IDENTITY = re.compile(
    rf"(?<![\d.,/])0(?:0[1-9]|[1-8]\d|9[0-6]){_GAP}[0-3]\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{3}}(?!\d|[.,/]\d){_MONEY}"
)
_DATE = r"\d{1,2}[ .\-]\d{1,2}[ .\-](?:19|20)\d\d(?!\d)"
# Of folded text. Papers are named in any letter: there only what is as long as a number of identity counts.
_AFTER_WORD = re.compile(
    r"\b(?:(?:cmnd|cmt|cccd|chung minh(?: nhan dan| thu)?|can cuoc(?: cong dan)?|dinh danh(?: ca nhan)?|ho chieu"
    r"|passport|stk|so tk|so tai khoan|tai khoan|bhxh|bhyt|ma so thue ca nhan)"
    rf"[^\d\n]{{0,25}}?(?!{_DATE})(?P<number>[a-z]{{0,2}}\d(?:[ .\-]?\d){{5,18}})"
    r"|giay to[^\d\n]{0,25}(?P<identity>(?:\d{3} ?){2}\d{3}(?: ?\d{3})?))(?!\d)"
)


def redact(text: str, known: Iterable[str] = ()) -> str:
    """The text with every number or address that points to a person replaced by `MASK`.

    `known`: what the sender wrote in the fields for names and addresses; masked too, unless it is one
    word, which may be any word.
    """
    text = nfc(text[:_LONGEST].translate(_PLAIN))
    text = _EMAIL.sub(MASK, text)
    text = _masked(text, spans_of(known, text))
    text = _masked(text, (m.span("number" if m["number"] else "identity") for m in _AFTER_WORD.finditer(fold(text))))
    text = _IDENTITY.sub(MASK, text)
    text = _MOBILE.sub(MASK, text)
    return _LANDLINE.sub(MASK, text)


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`spans`: offsets in the text, from its beginning to its end."""
    kept, at = [], 0
    for start, end in spans:
        kept.append(text[at:start] + MASK)
        at = end
    return "".join(kept) + text[at:]


# In capitals anywhere, as stamps are; in any case only where they stand alone on a line.
_STAMP = re.compile(r"\b(?:TUYỆT|TỐI|TUYET|TOI)[ \-]{1,3}(?:MẬT|MAT)\b|mức độ (?:MẬT|TỐI MẬT|TUYỆT MẬT)\b")
_ALONE = re.compile(
    r"[(\[\"“ ]{0,3}(?:(?:độ|dấu|dấu chỉ mức độ) mật ?[:.] ?)?(?:tuyệt mật|tối mật|mật)[)\]\"” .!]{0,3}", re.IGNORECASE
)
_LINE = 60  # characters: a marking stands on a short line


def looks_secret(text: str) -> bool:
    """Whether the text carries a marking of the law on state secrets (Luật 117/2025/QH15).

    Looks for the markings as they stand on documents, not for the words in running text.
    """
    text = text[:_LONGEST].translate(_PLAIN)
    lines = (line.strip() for line in text.splitlines())
    return bool(_STAMP.search(text)) or any(len(line) <= _LINE and _ALONE.fullmatch(line) for line in lines if line)

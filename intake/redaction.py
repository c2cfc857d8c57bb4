"""Masking personal data that people leave in free text, before anything but an officer reads it.

Kinds and checks: numbers of identity (12 digits with a province code of TT 07/2016/TT-BCA and a century
digit; 9 digits only after a word that says so), Vietnamese phone numbers, e-mail addresses, bank accounts
and insurance numbers after a word that says so. Never inside a longer run of digits or a document number.
Names are not recognised: an editor removes them before publication.
"""

import re

MASK = "[đã che]"

_GAP = r"[ .\-]?"
_DIGIT_BEFORE = r"(?<![\d.,/])"
_DIGIT_AFTER = r"(?![\d]|[.,/]\d)"

_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_MOBILE = re.compile(
    _DIGIT_BEFORE
    + r"(?:\(?\+?84\)?"
    + _GAP
    + r"|0)(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])(?:"
    + _GAP
    + r"\d){7}"
    + _DIGIT_AFTER
)
_LANDLINE = re.compile(_DIGIT_BEFORE + r"\(?0" + _GAP + r"2\d{1,2}\)?(?:" + _GAP + r"\d){7,8}" + _DIGIT_AFTER)
_IDENTITY = re.compile(
    _DIGIT_BEFORE
    + r"0(?:0[1-9]|[1-8]\d|9[0-6])"
    + _GAP
    + r"[0-3]\d{2}"
    + _GAP
    + r"\d{3}"
    + _GAP
    + r"\d{3}"
    + _DIGIT_AFTER
    + r"(?!\s*(?:đồng|đ\b|VND|VNĐ|USD|triệu|tỷ))"
)
_AFTER_WORD = re.compile(
    r"(?P<word>\b(?:CMND|CMT|CCCD|chứng minh(?: nhân dân| thư)?|căn cước(?: công dân)?|định danh(?: cá nhân)?"
    r"|hộ chiếu|STK|số tài khoản|tài khoản|BHXH|BHYT|mã số thuế cá nhân|so tai khoan|can cuoc|chung minh)"
    r"[^\d\n]{0,25}?)(?P<number>[A-Z]{0,2}\d(?:[ .\-]?\d){5,18})(?!\d)",
    re.IGNORECASE,
)

# Text that a person wrote is capped by the form; this is the wall behind it.
_LONGEST = 300_000


def redact(text: str) -> str:
    """The text with every number or address that points to a person replaced by `MASK`."""
    text = text[:_LONGEST]
    text = _EMAIL.sub(MASK, text)
    text = _AFTER_WORD.sub(lambda m: m["word"] + MASK, text)
    text = _IDENTITY.sub(MASK, text)
    text = _MOBILE.sub(MASK, text)
    return _LANDLINE.sub(MASK, text)


_SECRET_MARK = re.compile(
    r"\bTUYỆT\s+MẬT\b|\bTỐI\s+MẬT\b|^\s*(?:ĐỘ\s+)?MẬT\s*$|(?i:\bđộ\s+mật\s*:\s*(?:tuyệt\s+mật|tối\s+mật|mật)\b)",
    re.MULTILINE,
)


def looks_secret(text: str) -> bool:
    """Whether the text carries a marking of the law on state secrets (Luật 117/2025/QH15).

    Looks for the markings as they stand on documents, not for the words in running text.
    """
    return bool(_SECRET_MARK.search(text[:_LONGEST]))

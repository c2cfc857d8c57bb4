"""Markings of state secrets, found by rule: no text that bears one is left to a model.

Luật Bảo vệ bí mật nhà nước 117/2025/QH15: the degrees are Tuyệt mật, Tối mật and Mật, written in
capitals as a marking. Finding none proves nothing: a person reads every text all the same.
"""

import re

from classifier.text import fold, nfc

_MARKING = re.compile(
    r"(?<!\w)(?:TUYỆT|TỐI)\s{1,5}MẬT(?!\w)"
    r"|(?:ĐỘ MẬT|DẤU)\s{0,5}[:\-]?\s{0,5}[\"“(\[]?\s{0,5}MẬT(?!\w)"
    r"|(?:^|\n)[^\S\n]{0,20}[\[(\"“]?MẬT[\])\"”]?[^\S\n]{0,20}(?:$|\n)"
)
_BARE = re.compile(r"(?<!\w)(?:TUYET|TOI)\s{1,5}MAT(?!\w)|DO MAT\s{0,5}:\s{0,5}MAT(?!\w)")
_SPOKEN = re.compile(
    r"(?:(?:dong|mang|co|danh) dau|do mat|muc do|van ban|tai lieu|cong van|ho so|ban do)\W{1,4}"
    r"(?:\w{1,20}\W{1,4}){0,4}?(?:tuyet mat|toi mat)\b"
)
_DEGREES = ("tuyet mat", "toi mat")
MAX_CHARS = 200_000


def secret_marking(text: str) -> bool:
    """Whether the text bears, or says that something attached bears, a marking of secrecy."""
    folded = fold(text[:MAX_CHARS])
    if "mat" not in folded:
        return False
    text = nfc(text[:MAX_CHARS])
    if ("MẬT" in text and _MARKING.search(text)) or ("MAT" in text and _BARE.search(text)):
        return True
    return any(degree in folded for degree in _DEGREES) and bool(_SPOKEN.search(folded))

"""What is found by rule, whatever a model says: markings of state secrets, words that accuse or complain.

Luật Bảo vệ bí mật nhà nước 117/2025/QH15: the degrees are Tuyệt mật, Tối mật and Mật, written in
capitals as a marking. Finding none proves nothing: a person reads every text all the same.
"""

import re

from classifier.text import fold, nfc, normalise

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


_ACCUSING = re.compile(
    r"(?<!\w)(?:"
    r"(?P<plain>to\s{1,5}(?:cao|giac)|khieu\s{1,5}(?:nai|to|kien))"
    r"|to[os16]{1,3}\s{1,5}(?:cao|giac)[s1]?|khie[es16u]{1,5}\s{1,5}(?:na[ij5]{1,2}|to[os16]{1,3}|kie[enj56]{1,4})"
    r")(?!\w)"
)
_ACCENTED = frozenset({"tố cáo", "tố giác", "khiếu nại", "khiếu tố", "khiếu kiện"})
_SENTENCE_END = re.compile(r"[.!?;]\s|\n")
LONGEST_SENTENCE = 300


def accusation(text: str) -> str:
    """The first sentence that says *tố cáo*, *khiếu nại* or the like, as it was typed; empty if none does.

    Luật Tố cáo 2018 and Luật Khiếu nại 2011: a person decides what such a text is. Read to its end, with
    accents, without, and as the keystrokes of Telex or VNI.
    """
    composed = nfc(text[:MAX_CHARS])
    for match in _ACCUSING.finditer(fold(composed)):
        typed = composed[match.start() : match.end()]
        if match["plain"] and not typed.isascii() and " ".join(normalise(typed).lower().split()) not in _ACCENTED:
            continue  # tổ cao, tờ giấc
        before = max(0, match.start() - LONGEST_SENTENCE)
        starts = [end.end() for end in _SENTENCE_END.finditer(composed, before, match.start())]
        end = _SENTENCE_END.search(composed, match.end(), match.end() + LONGEST_SENTENCE)
        upto = end.start() + 1 if end else match.end() + LONGEST_SENTENCE
        return composed[starts[-1] if starts else before : upto].strip()
    return ""

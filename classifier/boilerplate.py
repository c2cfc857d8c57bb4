"""The form of a letter: national motto, who writes and where they live, assurances and thanks.

It says nothing of the matter and stands in thousands of letters, so it is passed over when a text
is read for its subject. Phrases are those of administrative correspondence (Nghị định 30/2020/NĐ-CP
and the usual printed forms of petitions), matched on folded text, sentence by sentence.
"""

import re

from classifier.text import fold

_SENTENCE = re.compile(r"[^\n.!?;]+(?:[.!?;]+|\n|$)")
_LONGEST = 240
"""A longer sentence says something besides, whatever it opens with."""

_WHO = (
    r"(?:toi|em|chung toi|chau|con|minh)?\s*(?:ten la|ten toi la|ten em la|la)?\s*"
    r"(?:ho (?:va )?ten|ten day du|nam sinh|sinh (?:nam|ngay)|gioi tinh|dan toc|nghe nghiep"
    r"|(?:so )?(?:cccd|cmnd|cmt|can cuoc|dinh danh)|dia chi|thuong tru|tam tru|noi o|cu tru"
    r"|(?:so )?(?:dien thoai|dt|sdt|di dong)|email|e-mail|thu dien tu|don vi cong tac)"
    r"(?:\s*:|\s+la\b|\W*\d).{0,120}$"
)
_OPENING = (
    r"cong hoa xa hoi chu nghia viet nam",
    r"doc lap\W+tu do\W+hanh phuc",
    r"(?:don|thu|phieu) (?:kien nghi|de nghi|phan anh|phan anh,? kien nghi|gop y|trinh bay)\W*$",
    r"kinh gui\W*(?:(?:quy |cac )?(?:co quan|anh chi|ong ba|ban|cap)[\w ,]*)?\W*$",
    r"(?:toi|em|chung toi) (?:ten|ten la|la cong dan)\b[^,]{0,60}$",
    r"(?:nay |hom nay )?(?:toi|em|chung toi)?\s*(?:xin )?(?:viet|lam|gui) (?:don|thu|phieu) nay\b.{0,90}$",
    r"(?:toi|chung toi)?\s*(?:xin )?(?:trinh bay|phan anh|kien nghi)?\s*(?:noi dung|su viec|viec)"
    r"(?: kien nghi| phan anh)?(?: cu the)?(?: nhu)? sau\W*$",
    r"(?:dau thu|loi dau),? .{0,40}(?:loi chao|suc khoe).{0,60}$",
)
_CLOSING = (
    r"(?:toi|chung toi|em)?\s*(?:xin )?cam (?:doan|ket)\b.{0,140}(?:su that|trach nhiem|dung)\b.{0,60}$",
    r"tren day la\b.{0,120}$",
    r"(?:rat |kinh |toi )?(?:mong|mong muon|de nghi) (?:quy )?(?:co quan|cac cap|ban)\b.{0,60}"
    r"(?:xem xet|giai quyet)[\w ,]{0,80}(?:tra loi|hoi am|phan hoi|som|cho toi)?[\w ,]{0,40}\W*$",
    r"(?:toi|chung toi|em)?\s*(?:xin )?(?:chan thanh |tran trong |kinh )*cam on\b.{0,60}$",
    r"(?:xin )?(?:tran trong|kinh don|kinh thu|than ai|tran trong kinh chao)\W*$",
    r"nguoi (?:viet|lam|gui|kien nghi|de nghi|phan anh)(?: don| thu| phieu)?\W*(?:ky ten|da ky)?\W*$",
    r"\(?(?:da )?ky(?: va)?(?:,)?(?: ghi ro)? ?(?:ho|ten|ho ten|ho va ten)?\)?\W*$",
    r"(?:[\w ]{2,20},? )?ngay \d{1,2} thang \d{1,2} nam \d{4}\W*$",
)
_FORM = re.compile("|".join(f"(?:{p})" for p in (*_OPENING, *_CLOSING, _WHO)))


def subject_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of ``text[start:end]`` outside the form of a letter; all of it if nothing else is."""
    spans: list[tuple[int, int]] = []
    for sentence in _SENTENCE.finditer(text, start, end):
        if _is_form(sentence[0]):
            continue
        if spans and spans[-1][1] == sentence.start():
            spans[-1] = (spans[-1][0], sentence.end())
        else:
            spans.append((sentence.start(), sentence.end()))
    return spans or [(start, end)]


def _is_form(sentence: str) -> bool:
    if len(sentence) > _LONGEST:
        return False
    folded = " ".join(fold(sentence).split()).strip(" .!?;:-–*")
    return bool(folded) and _FORM.match(folded) is not None

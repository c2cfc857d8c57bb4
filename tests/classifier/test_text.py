"""Folding, normalising and words: every vowel and tone, both Unicode forms, hostile input."""

import time
import unicodedata

import pytest

from classifier.text import (
    accent_share,
    clip,
    fold,
    language_form,
    nfc,
    normalise,
    syllables,
    words,
)

VOWELS = dict(zip("aăâeêioôơuưy", "aaaeeiooouuy", strict=True))
TONES = ["", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"]
LETTERS = [(unicodedata.normalize("NFC", v + t), base) for v, base in VOWELS.items() for t in TONES]
HOSTILE = {
    "megabyte": "tiếng Việt hoà " * 70_000,
    "one word": "ạ" * 1_000_000,
    "marks": "a" + "\u0316\u0301" * 500_000,
    "emoji": "😀👩‍👩‍👧" * 100_000,
    "surrogates": "\ud800\udfff" * 500_000,
    "nul": "a\0" * 500_000,
    "blanks": " \n" * 500_000,
    "joiners": "a\u200b" * 500_000,
}


@pytest.mark.parametrize(("letter", "base"), LETTERS)
def test_every_vowel_with_every_tone_folds_to_its_base(letter, base):
    decomposed = unicodedata.normalize("NFD", letter)
    assert len(letter) == 1
    assert fold(letter) == fold(decomposed) == fold(letter.upper()) == base


@pytest.mark.parametrize(("letter", "base"), [("đ", "d"), ("Đ", "d"), ("Ắ", "a"), ("ß", "ß"), ("İ", "i")])
def test_other_letters_fold_to_one_character(letter, base):
    assert fold(letter) == base


@pytest.mark.parametrize("text", ["Đường sắt", "x\u0302y", "ﬁ Ａ 한", "\ud800 a", "e\u0301\u0302", *HOSTILE.values()])
def test_folding_keeps_offsets_and_is_idempotent(text):
    folded = fold(text)
    assert len(folded) == len(nfc(text))
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("hoà thuý khoẻ Hoà HOÀ uỷ", "hòa thúy khỏe Hòa HÒA ủy"),
        ("qúy gìa hòan tòan thuở giếng", "quý già hoàn toàn thuở giếng"),
        ("quốc khuỷu huỳnh gì café", "quốc khuỷu huỳnh gì café"),
        (unicodedata.normalize("NFD", "Đổi mới thể chế"), "Đổi mới thể chế"),
        ("e\u0301\u0302", "ế"),
        ("a\0b\ud800c\u200bd", "abcd"),
        ("  một\t hai\u00a0ba \r\n\r\n\r\n\n bốn ", "một hai ba\n\nbốn"),
    ],
)
def test_normalise(given, wanted):
    assert normalise(given) == wanted
    assert normalise(wanted) == wanted


def test_words_know_where_they_stand_in_the_text_given():
    text = unicodedata.normalize("NFD", "«Số hoá» thủ\u00ad tục, 5G!")
    found = list(words(text))
    assert [word.text for word in found] == ["số", "hóa", "thủ", "tục", "5g"]
    assert nfc(text[found[1].start : found[1].end]) == "hoá"


def test_the_same_words_in_any_form():
    plain = "Cử tri xã Hòa Bình đề nghị đẩy mạnh số hóa"
    wanted = syllables(plain)
    for form in (unicodedata.normalize("NFD", plain), plain.upper(), plain.replace("òa", "oà")):
        assert syllables(form) == wanted


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Đề nghị đẩy mạnh dịch vụ công trực tuyến", "accented"),
        ("De nghi day manh dich vu cong truc tuyen", "unaccented"),
        ("Ddeef nghij ddaayr manhj dichj vuj coong truwcj tuyeens", "telex"),
        ("Đề nghi day mạnh dich vu cong trực tuyen", "mixed"),
        ("", "unaccented"),
    ],
)
def test_language_form(text, form):
    assert language_form(text) == form


def test_accent_share_is_high_in_prose_and_nought_without_accents():
    text = "Người dân đề nghị mở lớp dạy kỹ năng số cho người cao tuổi"
    assert accent_share(text) > 0.6
    assert accent_share(fold(text)) == 0


def test_a_long_text_is_read_at_both_ends():
    assert clip("a" * 100) == ((0, 100),)
    assert clip("a" * 10_000, head=10, tail=5) == ((0, 10), (9_995, 10_000))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_linear_time(name):
    started = time.process_time()
    normalised = normalise(HOSTILE[name])
    language_form(HOSTILE[name])
    syllables(HOSTILE[name])
    assert time.process_time() - started < 4
    assert normalise(normalised) == normalised
    normalised.encode()

"""Marks and snippets on the text as it was written."""

import unicodedata

import pytest

from search.analysis import Synonyms, parse
from search.marks import Marker


def mark(query: str, text: str, synonyms: Synonyms | None = None) -> str:
    return Marker.of(parse(query, synonyms)).title(text)


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("chuyen doi so", "Đẩy mạnh Chuyển Đổi Số!", "Đẩy mạnh <mark>Chuyển Đổi Số</mark>!"),
        ("hoa binh", "Hoà Bình", "<mark>Hoà Bình</mark>"),
        ("ma túy", "ma túy, mã tùy", "<mark>ma túy</mark>, mã tùy"),
        ("ho so", "hồ sơ của hộ", "<mark>hồ sơ</mark> của hộ"),
        ("ho so", "hộ nộp sổ", "<mark>hộ</mark> nộp <mark>sổ</mark>"),
        ("số", "số so sơ", "<mark>số</mark> so sơ"),
        ("số", "so sơ", "<mark>so sơ</mark>"),
        ("xyzzy", "không có gì", "không có gì"),
        ("b", "<b>&amp; b", "&lt;<mark>b</mark>&gt;&amp;amp; <mark>b</mark>"),
        ("script", "<script>alert(1)</script>", "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;"),
    ],
)
def test_marks(query, text, marked):
    assert mark(query, text) == marked


def test_a_text_in_nfd_is_marked_and_shown_in_nfc():
    assert mark("đổi mới", unicodedata.normalize("NFD", "Đổi mới")) == "<mark>Đổi mới</mark>"


def test_other_ways_to_write_are_marked_too():
    known = Synonyms.of([("KHCN", "khoa học và công nghệ"), ("khoa học và công nghệ", "KHCN")])
    assert mark("khcn", "Bộ Khoa học và Công nghệ", known) == "Bộ <mark>Khoa học và Công nghệ</mark>"
    assert mark("khoa hoc va cong nghe", "Sở KHCN", known) == "Sở <mark>KHCN</mark>"


def test_a_snippet_is_cut_at_words_around_the_marks():
    text = "đầu " * 200 + "nộp hồ sơ trực tuyến\n\nở xã " + "cuối " * 200
    snippet = Marker.of(parse("ho so truc tuyen")).snippet(text)
    assert "<mark>hồ sơ trực tuyến</mark> ở xã" in snippet
    assert snippet.startswith("…đầu") and snippet.endswith("cuối…")
    assert len(snippet) < 220


@pytest.mark.parametrize("before", ["", "Ngắn. ", "đầu " * 12, "đầu " * 200])
def test_where_only_the_beginning_may_be_seen_a_mark_stands_there(before):
    snippet = Marker.of(parse("ho so")).snippet(f"{before}nộp hồ sơ ở xã", lead=0)
    assert snippet == "…<mark>hồ sơ</mark> ở xã"


def test_a_whole_text_keeps_its_lines():
    assert Marker.of(parse("ho so")).whole("Nộp\n\nhồ sơ  <b>") == "Nộp\n\n<mark>hồ sơ</mark>  &lt;b&gt;"


def test_without_marks_a_snippet_is_the_beginning():
    assert Marker().snippet("một hai ba") == "một hai ba"
    assert Marker().snippet("từ " * 100).endswith("từ…")


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "a" * 100_000, "ă" * 100_000, "a.a." * 20_000, "👩‍👩‍👧" * 5_000])
def test_no_text_is_an_error_or_slow(text):
    marker = Marker.of(parse("a b chuyển đổi"))
    marker.title(text[:200])
    assert len(marker.snippet(text)) < 1_000 or len(text) > 50_000

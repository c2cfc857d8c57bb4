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


def test_a_name_of_several_words_is_marked_whole_or_not():
    known = Synonyms.of([("UBND", "ủy ban nhân dân"), ("ủy ban nhân dân", "UBND")])
    text = "Người dân nhận tin nhắn của UBND, nhân dân biết"
    assert mark("ủy ban nhân dân", text, known) == text.replace("UBND", "<mark>UBND</mark>")


def test_title_and_text_are_one_document():
    marker = Marker.of(parse("phòng thí nghiệm"))
    title, body = "Mất điện thì dừng", "Ở phòng thí nghiệm"
    assert marker.title(title) == "Mất điện <mark>thì</mark> dừng"
    assert marker.title(title, beside=body) == title
    assert marker.snippet(body, beside=title) == "Ở <mark>phòng thí nghiệm</mark>"


def test_where_little_is_shown_a_snippet_begins_with_the_mark():
    marker = Marker.of(parse("hồ sơ"))
    for before in (30, 300):
        snippet = marker.snippet("từ " * before + "hồ sơ trực tuyến", lead=0)
        assert snippet == "…<mark>hồ sơ</mark> trực tuyến"
    assert marker.snippet("Không có gì", lead=0) == "Không có gì"


def test_the_whole_text_keeps_its_lines():
    assert Marker.of(parse("hồ sơ")).whole("Một\nhồ sơ < ba") == "Một\n<mark>hồ sơ</mark> &lt; ba"


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


@pytest.mark.usefixtures("_server")
def test_in_the_queue_a_mark_is_the_first_thing_of_a_row(client, coordinator, indexed):
    indexed("Tôi đã nộp nhiều lần mà không ai trả lời, nay hỏi lại về hồ sơ đất đai.")
    client.force_login(coordinator)
    (row,) = client.get("/can-bo/", {"goc": "all", "q": "ho so"}).context["rows"]
    assert row.text.startswith("…<mark>hồ sơ</mark> đất đai")

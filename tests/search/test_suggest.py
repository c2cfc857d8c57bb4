"""Suggestions while typing: half-typed, without marks, and never what the reader may not see."""

from datetime import date

import pytest
from django.core.management import call_command

from cms.models import AnswerIndexPage, AnswerPage
from intake import services
from intake.models import Agency
from search import suggest as module
from search import vocabulary
from search.indexes import ANSWERS, SUBMISSIONS
from search.suggest import Kind, Suggestion, suggest
from search.sync import sync
from tests.search.conftest import refresh

pytestmark = pytest.mark.usefixtures("_server")


@pytest.fixture(autouse=True)
def _fresh_names() -> None:
    module._directory.cache_clear()


@pytest.fixture
def published(db):
    call_command("load_site")
    site = AnswerIndexPage.objects.get()

    def make(title: str, question: str = "Hỏi.", answer: str = "<p>Đáp.</p>", agency: str = "BKHCN") -> AnswerPage:
        page = AnswerPage(
            title=title,
            question=question,
            answer=answer,
            agency=Agency.objects.get(code=agency),
            sent_on=date(2026, 9, 1),
            answered_on=date(2026, 9, 10),
        )
        site.add_child(instance=page)
        sync(ANSWERS, [page.pk])
        refresh()
        return page

    return make


def titles(*given, **named) -> list[str]:
    return [one.text for one in suggest(*given, **named) if one.kind == Kind.TITLE]


@pytest.mark.parametrize(
    "typed", ["chuyển đổi", "chuyen doi", "chuyen do", "CHUYEN D", "doi so", "đổi s", "chuyeenr ddooir s", "  chuyen  "]
)
def test_a_title_is_offered_for_words_of_it_the_last_half_typed(published, typed):
    page = published("Chuyển đổi số ở xã")
    published("Đường sắt tốc độ cao")
    assert suggest(typed)[0] == Suggestion(Kind.TITLE, "Chuyển đổi số ở xã", str(page.pk))
    assert titles(typed) == ["Chuyển đổi số ở xã"]


@pytest.mark.parametrize("typed", ["", "c", "?", "số ở chuyển", "huyen doi", "x" * 5_000, "\0\ud800", '"* OR title:'])
def test_nothing_is_offered_for_what_no_title_has(published, typed):
    published("Chuyển đổi số ở xã")
    assert titles(typed) == []


def test_titles_that_begin_so_stand_first_and_marks_count(published):
    inside = published("Xin hỏi thuế điện tử").title
    begins = published("Thuế điện tử hay treo").title
    look_alike = published("Thuê điện thoại").title
    assert titles("thuế đ") == [begins, inside, look_alike]


def test_what_is_taken_down_is_not_offered(published):
    page = published("Chuyển đổi số ở xã")
    AnswerPage.objects.get(pk=page.pk).unpublish()
    assert titles("chuyen doi") == []


def test_an_officer_is_offered_what_he_may_see(indexed, coordinator, officer, stranger, ministry):
    one = indexed("Nội dung", title="Chuyển đổi số ở xã")
    services.assign(one, lead=ministry, actor=coordinator)
    sync(SUBMISSIONS, [one.pk])
    refresh()
    assert titles("chuyen doi", officer, SUBMISSIONS) == ["Chuyển đổi số ở xã"]
    assert titles("chuyen doi", stranger, SUBMISSIONS) == []
    assert titles("chuyen doi", None, SUBMISSIONS) == []
    assert titles("chuyen doi") == []  # the public


def test_contacts_in_a_title_are_masked(indexed, coordinator):
    indexed("Nội dung", title="Gọi tôi 0912 345 678 về đường ống")
    assert titles("goi toi", coordinator, SUBMISSIONS)
    assert "0912" not in "".join(titles("goi toi", coordinator, SUBMISSIONS))
    assert titles("0912", coordinator, SUBMISSIONS) == []


def test_agencies_are_offered_by_any_of_their_names(published):
    published("Hỏi", agency="BYT")
    assert Suggestion(Kind.AGENCY, "Bộ Y tế", "BYT") in suggest("bo y t")
    # The public is not sent to one that has answered nothing; an officer may look for it.
    assert not [one for one in suggest("bo cong an") if one.kind == Kind.AGENCY]
    assert [one.key for one in suggest("bo cong an", None, SUBMISSIONS) if one.kind == Kind.AGENCY] == ["BCA"]


def test_frequent_phrases_of_published_answers_are_offered(published):
    for n in range(3):
        published(f"Phiếu {n}", question="Mã số vùng trồng: ai cấp?")
    vocabulary.recount(ANSWERS, force=True)
    vocabulary.forget()
    assert Suggestion(Kind.PHRASE, "mã số vùng trồng") in suggest("ma so v")


def test_words_of_submissions_are_in_no_phrase(indexed, published, coordinator):
    for _ in range(3):
        indexed("Kế hoạch sơn hà kín")
    vocabulary.recount(SUBMISSIONS, force=True)
    vocabulary.forget()
    assert [one for one in suggest("ke hoach s", coordinator, SUBMISSIONS) if one.kind == Kind.PHRASE] == []


def test_no_list_is_longer_than_asked_for(published):
    for n in range(12):
        published(f"Hồ sơ số {n}")
    assert len(suggest("ho so")) == module.MOST
    assert len(suggest("ho so", most=3)) == 3

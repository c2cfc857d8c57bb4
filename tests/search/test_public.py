"""Public search: what is published, found by anyone, in any spelling, and never an error."""

from datetime import date

import pytest
from django.core.management import call_command

from cms.models import AnswerIndexPage, AnswerPage
from intake.models import Agency, StrategicSystem
from search import engines
from search.models import AnswerEntry, Owed
from search.query import SearchAway
from search.tasks import sync
from tests.search.conftest import refresh
from tests.search.test_contract import HOSTILE

pytestmark = pytest.mark.usefixtures("_server")
PAGE = "/tim-kiem/"


@pytest.fixture
def site(db):
    call_command("load_site")
    return AnswerIndexPage.objects.get()


@pytest.fixture
def published(site):
    def make(title: str, question: str = "Hỏi gì đó.", answer: str = "<p>Trả lời.</p>", **changes) -> AnswerPage:
        values = {
            "agency": Agency.objects.get(code="BKHCN"),
            "system": StrategicSystem.objects.get(pk=1),
            "sent_on": date(2026, 9, 1),
            "due_on": date(2026, 9, 20),
            "answered_on": date(2026, 9, 10),
        } | changes
        page = site.add_child(instance=AnswerPage(title=title, question=question, answer=answer, live=False, **values))
        page.save_revision().publish()
        settle()
        return AnswerPage.objects.get(pk=page.pk)

    return make


def settle() -> None:
    for pk in list(Owed.objects.values_list("pk", flat=True)):
        sync(pk)
    refresh()


def found(client, **given) -> list[str]:
    return [answer["page"].title for answer in client.get(PAGE, given).context["answers"]]


def test_a_published_answer_is_found_without_marks(client, published):
    published("Chuyển đổi số ở xã", answer="<p>Đã có <b>đường truyền</b> mới.</p>")
    response = client.get(PAGE, {"q": "chuyen doi so"})
    page = response.content.decode()
    assert "<mark>Chuyển đổi số</mark> ở xã" in page
    assert "Bộ Khoa học và Công nghệ" in page
    assert "10/09/2026" in page and "Đúng hạn" in page
    assert found(client, q="duong truyen") == ["Chuyển đổi số ở xã"]


def test_a_late_answer_says_so(client, published):
    published("Muộn rồi", answered_on=date(2026, 9, 26))
    assert "Muộn 6 ngày" in client.get(PAGE, {"q": "muộn"}).content.decode()


def test_a_draft_is_not_found_and_an_unpublished_page_no_more(client, site, published):
    draft = AnswerPage(
        title="Bản nháp", question="x", answer="y", agency=Agency.objects.get(code="BYT"), live=False,
        sent_on=date(2026, 1, 1), answered_on=date(2026, 1, 2),
    )  # fmt: skip
    site.add_child(instance=draft)
    page = published("Đã đăng")
    settle()
    assert found(client, q="bản nháp") == []
    assert found(client, q="đã đăng") == ["Đã đăng"]
    page.unpublish()
    assert Owed.objects.exists()
    assert found(client, q="đã đăng") == []
    settle()
    assert not AnswerEntry.objects.exists()


def test_a_page_published_again_is_found_again(client, published):
    page = published("Đã đăng")
    page.unpublish()
    settle()
    AnswerPage.objects.get(pk=page.pk).save_revision().publish()
    settle()
    assert found(client, q="đã đăng") == ["Đã đăng"]


def test_a_deleted_page_leaves_the_index(client, published):
    published("Đã đăng").delete()
    settle()
    assert found(client, q="đã đăng") == []
    assert not AnswerEntry.objects.exists()


def test_an_edit_is_found_after_it_is_published(client, published):
    page = published("Cũ rồi")
    page.title = "Mới tinh"
    page.save_revision()
    settle()
    assert found(client, q="mới tinh") == []
    page.save_revision().publish()
    settle()
    assert found(client, q="mới tinh") == ["Mới tinh"]


def test_filters_by_system_agency_and_year(client, published):
    published("Một đơn", system=StrategicSystem.objects.get(pk=2))
    published("Hai đơn", agency=Agency.objects.get(code="BYT"))
    published("Ba đơn", answered_on=date(2025, 9, 10), sent_on=date(2025, 9, 1))
    assert found(client, q="đơn", **{"he-thong": "2"}) == ["Một đơn"]
    assert found(client, **{"co-quan": "BYT"}) == ["Hai đơn"]
    assert found(client, nam="2025") == ["Ba đơn"]
    assert found(client, nam="2024") == []
    facets = client.get(PAGE, {"he-thong": "2"}).context["found"].facets()
    assert sum(option.count for option in facets[0]["options"]) == 3


def test_the_empty_page_says_how_to_ask(client, published):
    published("Một đơn")
    response = client.get(PAGE)
    assert response.status_code == 200
    assert "Bạn muốn biết điều gì?" in response.content.decode()


def test_nothing_found_says_what_to_do(client, published):
    published("Một đơn")
    page = client.get(PAGE, {"q": "xyzzy"}).content.decode()
    assert "xyzzy" in page and "Gửi câu hỏi của bạn" in page


def test_in_english_the_page_is_english(client, published):
    published("Một đơn")
    response = client.get("/en/tim-kiem/", {"q": "don"})
    assert response.status_code == 200
    assert '<html lang="en">' in response.content.decode()


def test_no_input_is_an_error(client, published):
    published("Chuyển đổi số")
    for text in HOSTILE.values():
        sendable = text.encode("utf-8", "replace").decode()
        response = client.get(PAGE, {"q": sendable, "nam": sendable[:50], "co-quan": sendable[:50], "page": "x"})
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()


def test_raw_bytes_in_the_address_are_no_error(client, site):
    for raw in ("%00", "%ED%A0%80", "%FF%FE", "%", "q=1&q=2", "%E0%80"):
        assert client.get(f"{PAGE}?q={raw}").status_code == 200


def test_search_away_answers_are_found_with_a_notice(client, published, monkeypatch):
    published("Chuyển đổi số")

    class Away:
        def answers(self, query):
            raise SearchAway("ConnectionError")

    monkeypatch.setattr(engines, "engine", Away)
    page = client.get(PAGE, {"q": "chuyen doi so"}).content.decode()
    assert "Máy tìm kiếm đang tạm ngừng" in page
    assert "<mark>Chuyển đổi số</mark>" in page


def test_too_many_searches_are_slowed_kindly(client, site, settings):
    settings.SEARCH_RATE = "2/m"
    codes = [client.get(PAGE, {"q": "a"}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]

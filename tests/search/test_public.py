"""Public search: what is published, found by anyone, in any spelling, and never an error."""

from datetime import date
from xml.etree.ElementTree import Element, fromstring

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command

from cms.models import AnswerIndexPage, AnswerPage
from intake.models import Agency, Category, StrategicSystem
from search import engines, public, vocabulary
from search.indexes import ANSWERS
from search.models import AnswerEntry, Owed
from search.public import FILTERS, SHORT_FACET
from search.query import Correction, Results, SearchAway
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


def counts(client, name: str, **given) -> dict[str, int]:
    """Label -> count of the facet of this name."""
    found = client.get(PAGE, given).context["facets"][list(FILTERS).index(name)]
    return {option.label: option.count for option in [*found.options, *found.more]}


def test_filters_by_system_agency_and_year(client, published):
    published("Một đơn", system=StrategicSystem.objects.get(pk=2))
    published("Hai đơn", agency=Agency.objects.get(code="BYT"))
    published("Ba đơn", answered_on=date(2025, 9, 10), sent_on=date(2025, 9, 1))
    assert found(client, q="đơn", **{"he-thong": "2"}) == ["Một đơn"]
    assert found(client, **{"co-quan": "BYT"}) == ["Hai đơn"]
    assert found(client, nam="2025") == ["Ba đơn"]
    assert found(client, nam="2024") == []
    assert sum(counts(client, "system", **{"he-thong": "2"}).values()) == 3


def test_filters_by_category_initiative_province_and_outcome(client, published):
    health, other = Category.objects.get(code="health"), Category.objects.get(code="other")
    published("Một đơn", categories=[health, other], province_id="01", outcome="resolved")
    published("Hai đơn", categories=[other], initiative_id=10, outcome="explained")
    assert found(client, **{"linh-vuc": "health"}) == ["Một đơn"]
    assert sorted(found(client, **{"linh-vuc": ["health", "other"]})) == ["Hai đơn", "Một đơn"]
    assert found(client, tinh="01") == ["Một đơn"]
    assert found(client, **{"sang-kien": "10"}) == ["Hai đơn"]
    assert found(client, **{"ket-qua": "resolved"}) == ["Một đơn"]
    assert counts(client, "category", q="đơn") == {"Khác": 2, "Y tế": 1}
    # A facet's own counts ignore its filter; the others' do not.
    assert counts(client, "category", **{"linh-vuc": "health"}) == {"Khác": 2, "Y tế": 1}
    assert counts(client, "outcome", **{"linh-vuc": "health"}) == {"Đã giải quyết": 1}


def test_the_title_says_what_was_asked_in_the_language_of_the_page(client, published):
    published("Một đơn")
    page = client.get(PAGE, {"q": "đơn", "co-quan": "BKHCN"}).content.decode()
    assert "<title>Tìm: đơn · Bộ KH&amp;CN · 57</title>" in page
    page = client.get("/en/tim-kiem/", {"co-quan": "BKHCN"}).content.decode()
    assert "Ministry of Science and Technology" in page and 'lang="vi"' in page


def test_a_long_facet_is_folded_and_what_is_chosen_is_not(client, published):
    for code in ("BYT", "BCA", "BNV", "BTP", "BTC", "BCT", "BXD", "BQP", "BNG", "BGDDT"):
        published("Đơn", agency=Agency.objects.get(code=code))
    facet = client.get(PAGE, {"q": "đơn"}).context["facets"][3]
    assert (len(facet.options), len(facet.more)) == (SHORT_FACET, 2)
    last = facet.more[-1].value
    facet = client.get(PAGE, {"q": "đơn", "co-quan": last}).context["facets"][3]
    assert last in [option.value for option in facet.options] and facet.open


def test_a_wrong_letter_is_searched_for_too_and_said(client, published):
    published("Thủ tục hành chính ở xã", question="Thủ tục hành chính làm ở xã mất hai ngày.")
    vocabulary.recount(ANSWERS, force=True)
    vocabulary.forget()
    page = client.get(PAGE, {"q": "thu tuc hanh chinhh"}).content.decode()
    assert "Đã tìm cả:" in page and "hành chính</mark>" in page


def test_what_may_have_been_meant_is_offered_and_never_taken(client, published, monkeypatch):
    page = published("Một đơn")
    offered = Correction("đon", "đơn", "một đơn", used=False)
    answer = Results(ids=[page.pk], total=1, corrections=(offered, offered))
    monkeypatch.setattr(public, "search_answers", lambda query: answer)
    page = client.get(PAGE, {"q": "một đon", "co-quan": "BKHCN"}).content.decode()
    assert "Có phải bạn muốn tìm:" in page and "Đã tìm cả" not in page
    assert page.count("/tim-kiem/?q=m%E1%BB%99t+%C4%91%C6%A1n&amp;co-quan=BKHCN") == 1


# --- suggestions ------------------------------------------------------------------------------


def test_suggestions_lead_somewhere(client, published):
    page = published("Bệnh án điện tử liên thông", agency=Agency.objects.get(code="BYT"))
    titles = client.get(f"{PAGE}goi-y/", {"q": "benh an d"}).json()
    assert {"text": page.title, "kind": "câu trả lời", "url": page.url} in titles
    (agency,) = [one for one in client.get(f"{PAGE}goi-y/", {"q": "bộ y t"}).json() if one["kind"] == "cơ quan"]
    assert agency["url"] == "/tim-kiem/?co-quan=BYT"
    assert found(client, **{"co-quan": "BYT"}) == [page.title]
    english = client.get("/en/tim-kiem/goi-y/", {"q": "benh an"}).json()
    assert english and all(one["url"].startswith("/en/") for one in english)


def test_suggestions_show_nothing_that_is_not_published(client, published):
    published("Bệnh án điện tử").unpublish()
    settle()
    assert client.get(f"{PAGE}goi-y/", {"q": "bệnh án"}).json() == []


@pytest.mark.parametrize("text", ["", "a", " ", "\0", "x" * 5000, "<script>", "'\"--"])
def test_any_text_may_be_typed(client, site, text):
    assert client.get(f"{PAGE}goi-y/", {"q": text}).status_code == 200


# --- feed -------------------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"


def atom(response) -> Element:
    return fromstring(response.content)  # noqa: S314 (our own feed)


def test_a_search_is_a_feed(client, published, settings):
    settings.SITE_URL = "https://vidu.vn"
    published("Một đơn", answer="<p>Đã xem xét.</p>")
    published("Hai đơn", system=StrategicSystem.objects.get(pk=2))
    response = client.get(f"{PAGE}atom.xml", {"q": "đơn", "he-thong": "1"})
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = atom(response)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Một đơn"
    assert entry.find(f"{ATOM}link").get("href").startswith("https://vidu.vn/tra-loi/")
    assert "Đã xem xét." in entry.findtext(f"{ATOM}summary")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"].startswith("https://vidu.vn/tim-kiem/atom.xml?q=")
    assert links["alternate"].startswith("https://vidu.vn/tim-kiem/?q=")


def test_what_a_question_says_is_text_in_the_feed_and_no_markup(client, published):
    """A reader takes the summary for HTML, as its type says."""
    published("Một đơn", question='<b>Đậm</b> & <img src="http://vidu.vn/x">')
    (entry,) = atom(client.get(f"{PAGE}atom.xml")).findall(f"{ATOM}entry")
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    shown = BeautifulSoup(summary.text, "html.parser")
    assert [tag.name for tag in shown.find_all()] == ["p", "p"]
    assert shown.p.text == '<b>Đậm</b> & <img src="http://vidu.vn/x">'


def test_the_feed_is_found_from_the_page_and_unchanged_it_costs_nothing(client, published):
    published("Một đơn")
    page = client.get(PAGE, {"q": "đơn", "xep": "newest", "page": "2"}).content.decode()
    url = f"{PAGE}atom.xml?q=%C4%91%C6%A1n"
    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert f'href="{url}"' in page
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"if-none-match": etag}).status_code == 304
    published("Hai đơn")
    assert client.get(url, headers={"if-none-match": etag}).status_code == 200


def test_the_feed_of_everything_and_of_nothing(client, published):
    published("Một đơn")
    assert len(atom(client.get(f"{PAGE}atom.xml")).findall(f"{ATOM}entry")) == 1
    empty = f"{PAGE}atom.xml?q=xyzzy"
    assert client.get(empty)["ETag"] == client.get(empty)["ETag"]
    assert not atom(client.get(empty)).findall(f"{ATOM}entry")


def test_no_character_breaks_the_feed(client, site):
    for raw in ("%01", "%00", "%0B", "%ED%A0%80", "%EF%BF%BE", "%3C%26"):
        atom(client.get(f"{PAGE}atom.xml?q={raw}"))


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

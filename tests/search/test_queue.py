"""The officers' queue as a page: who sees what, every state in the address, a constant cost."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from intake import services
from intake.models import Submission
from search import engines
from search.query import SearchAway, SearchSilent
from tests.conftest import make_submission
from tests.search.conftest import index

pytestmark = pytest.mark.usefixtures("_server")
PAGE = "/can-bo/"


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)

    def get(path: str = "", **given):
        return client.get(PAGE + path, given or None)

    return get


def many(count: int) -> list[Submission]:
    made = [
        make_submission(title=f"Phiếu số {n}", body="Nội dung phản ánh về hồ sơ đất đai. " * 30) for n in range(count)
    ]
    index(*made)
    return made


def titles(response) -> list[str]:
    return [row.title for row in response.context["rows"]]


def test_the_coordinator_sees_what_waits(desk):
    one = make_submission()
    index(one)
    response = desk()
    assert response.status_code == 200
    assert titles(response) == [one.title]
    assert one.receipt_code in response.content.decode()


def test_a_stranger_is_sent_to_sign_in(client):
    response = client.get(PAGE, {"q": "một cửa"})
    assert response.status_code == 302
    assert quote("q=", safe="") in response.url


def test_a_part_of_a_page_sends_a_stranger_to_sign_in_as_a_whole(client, submission):
    here = "http://testserver/can-bo/?goc=all&q=một"
    response = client.get(
        f"/can-bo/phieu/{submission.receipt_code}/xem-nhanh/",
        headers={"HX-Request": "true", "HX-Current-URL": quote(here), "HX-Current-URL-URI-AutoEncoded": "true"},
    )
    assert response["HX-Redirect"] == f"/can-bo/dang-nhap/?next={quote('/can-bo/?goc=all&q=một', safe='/')}"
    assert not response.content


def test_people_without_a_handling_role_are_refused(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("khach"))
    assert client.get(PAGE).status_code == 403


def test_an_agency_sees_its_own_alone(client, officer, coordinator, ministry):
    ours, others = make_submission(title="Của chúng tôi"), make_submission(title="Của người khác")
    services.assign(ours, lead=ministry, actor=coordinator)
    index(ours, others)
    client.force_login(officer)
    for path in ("", "?goc=all", "?goc=fresh", "?q=cua", f"?q={others.receipt_code}&goc=all"):
        page = client.get(PAGE + path).content.decode()
        assert "Của người khác" not in page
    assert "Của chúng tôi" in client.get(PAGE).content.decode()


def test_unaccented_words_find_it_and_are_marked(desk):
    index(make_submission(title="Chuyển đổi số ở xã"))
    assert "<mark>Chuyển đổi số</mark> ở xã" in desk(q="chuyen doi so").content.decode()


def test_what_was_looked_for_is_marked_in_what_is_opened(desk):
    one = make_submission(title="Nộp <hồ sơ>", body="Đầu thư.\n\nHồ sơ nộp hai lần.")
    index(one)
    row = desk(goc="all", q="ho so").context["rows"][0]
    for url in (row.url, f"/can-bo/phieu/{one.receipt_code}/xem-nhanh/?thu=0&tu=goc%3Dall%26q%3Dho%2Bso"):
        page = desk(url.removeprefix(PAGE)).content.decode()
        assert "Nộp &lt;<mark>hồ sơ</mark>&gt;" in page
        assert "Đầu thư.\n\n<mark>Hồ sơ</mark> nộp hai lần." in page
    assert "<mark>" not in desk(f"phieu/{one.receipt_code}/").content.decode()


def test_what_is_opened_is_marked_as_its_row_is(desk):
    """A look-alike in the title is not what was typed, where the text has the word itself."""
    index(make_submission(title="Ma túy", body="Bà má ở quê."))
    row = desk(goc="all", q="má").context["rows"][0]
    assert "<mark>" not in row.title
    opened = desk(row.url.removeprefix(PAGE)).content.decode()
    assert "<mark>má</mark>" in opened and "<mark>Ma</mark>" not in opened


@pytest.mark.parametrize(("given", "back"), [({"tu": "goc=all&page=2"}, "goc=all&page=2&mo="), ({}, "mo=")])
def test_a_merge_from_the_preview_leads_back_to_it(desk, client, given, back):
    one, other = many(2)
    found = desk(f"giong/{one.receipt_code}/", **given)
    data = {"viec": "merge", "vao": one.receipt_code, "chon": other.receipt_code, "tu": found.context["state"]}
    assert f'name="tu" value="{found.context["state"].replace("&", "&amp;")}"' in found.content.decode()
    page = client.post(PAGE + "hang-loat/", data, follow=True)
    assert page.context["back_url"] == f"{PAGE}?{back}{one.receipt_code}"


def test_a_receipt_code_finds_it_however_it_is_typed(desk):
    one, _ = many(2)
    for typed in (one.receipt_code, one.receipt_code.lower(), one.receipt_code.replace("-", " ")):
        assert titles(desk(q=typed)) == [one.title]


def test_filters_make_chips_that_remove_themselves(desk):
    index(make_submission(kind="petition"), make_submission(kind="solution"))
    response = desk(loai="petition", **{"trang-thai": "received"})
    chips = response.context["desk"].chips
    assert [(str(chip.label), str(chip.value)) for chip in chips] == [
        ("Trạng thái", "Chờ phân loại"),
        ("Loại", "Kiến nghị"),
    ]
    assert chips[1].url == "/can-bo/?trang-thai=received"
    assert len(titles(response)) == 1


def test_the_options_of_a_filter_count_what_choosing_them_gives(desk):
    index(*(make_submission(kind=kind) for kind in ("petition", "petition", "solution")))
    response = desk(loai="petition", **{"bo-loc": "1"})
    kinds = next(choice for choice in response.context["desk"].choices() if choice["name"] == "loai")
    assert {option.value: option.count for option in kinds["options"]} == {"petition": 2, "solution": 1}


def test_the_views_count_without_the_filters(desk):
    late, soon = many(2)
    Submission.objects.filter(pk=late.pk).update(due_at=now() - timedelta(days=2))
    Submission.objects.filter(pk=soon.pk).update(due_at=now() + timedelta(hours=3))
    index(late, soon)
    counts = {link["url"]: link["count"] for link in desk(q="nothing such").context["desk"].view_links()}
    assert counts["/can-bo/?goc=overdue"] == 1
    assert counts["/can-bo/?goc=soon"] == 1
    assert counts["/can-bo/?goc=all"] == 2
    page = desk(goc="all").content.decode()
    assert "quá hạn 2 ngày" in page
    assert "còn 2 giờ" in page


def test_sorted_and_paged_nothing_is_lost_or_doubled(desk):
    made = many(60)
    seen = [title for page in ("1", "2", "3") for title in titles(desk(goc="all", page=page))]
    assert sorted(seen) == sorted(one.title for one in made)


def test_a_page_that_is_not_there_shows_one_that_is(desk):
    many(30)
    for page in ("0", "-1", "99999", "9" * 50, "a", "\u0663"):
        response = desk(goc="all", page=page)
        assert response.status_code == 200
        assert titles(response)


def test_the_cost_does_not_grow_with_the_rows(desk):
    many(2)
    desk(goc="all", q="hồ sơ")  # what is read once and kept
    with CaptureQueriesContext(connection) as few:
        desk(goc="all", q="hồ sơ")
    many(50)
    with CaptureQueriesContext(connection) as lots:
        response = desk(goc="all", q="hồ sơ")
    assert len(titles(response)) == 25
    assert len(lots) == len(few) <= 30


def test_a_full_page_is_light(desk):
    many(30)
    assert len(desk(goc="all", q="hồ sơ").content) <= 60_000


def test_the_whole_state_is_in_the_address(desk):
    many(30)
    page = desk(goc="all", q="hồ sơ", xep="newest", loai="feedback", page="2").content.decode()
    assert 'hx-push-url="/can-bo/?q=h%E1%BB%93+s%C6%A1&amp;goc=all&amp;xep=newest&amp;page=2&amp;mo=57-' in page


def test_the_preview_comes_back_with_its_address(desk):
    (one,) = many(1)
    page = desk(goc="all", mo=one.receipt_code).content.decode()
    assert f'hx-get="/can-bo/phieu/{one.receipt_code}/xem-nhanh/?thu=0"' in page
    assert 'hx-trigger="load"' in page
    assert 'class="rowitem" aria-current="true"' in page


@pytest.mark.parametrize("given", ["../../x", "57-\0", '"><script>', "57-ZZZZ-ZZZZ/", "%2e%2e"])
def test_a_forged_preview_opens_nothing_else(desk, given):
    page = desk(mo=given).content.decode()
    assert "<script>" not in page.replace('<script src="', "")
    assert 'hx-trigger="load"' not in page


def test_an_empty_page_says_what_to_do(desk):
    many(1)
    assert "Tìm trong tất cả" in desk(goc="overdue", q="hồ sơ").content.decode()
    assert "Không có phiếu nào khớp" in desk(q="xyzzy").content.decode()
    assert "Không còn phiếu nào ở đây" in desk(goc="approval").content.decode()


def test_signs_alone_find_nothing_and_say_so(desk):
    many(1)
    response = desk(q="!!! ???")
    assert response.context["results"].total == 0
    assert "Không có phiếu nào khớp" in response.content.decode()


def test_search_away_the_queue_still_lists_and_filters(desk, monkeypatch):
    one = make_submission(kind="petition", title="Chuyển đổi số")
    index(one, make_submission())

    class Away:
        def submissions(self, query):
            raise SearchAway("ConnectionError")

    monkeypatch.setattr(engines, "engine", Away)
    response = desk(goc="all", loai="petition", q="chuyen doi so")
    assert "Máy tìm kiếm đang tạm ngừng" in response.content.decode()
    assert len(titles(response)) == 1


def test_a_question_that_went_down_with_an_old_index_is_asked_again(desk, monkeypatch):
    one = make_submission(title="Chuyển đổi số")
    asked = []

    class Swapped:
        def submissions(self, query):
            asked.append(query)
            if len(asked) == 1:
                raise SearchAway("404 index_not_found_exception")
            return engines.Results(ids=[one.pk], total=1)

    monkeypatch.setattr(engines, "engine", Swapped)
    response = desk(goc="all", q="chuyen doi so")
    assert len(asked) == 2 and titles(response) == [one.title]
    assert "Máy tìm kiếm đang tạm ngừng" not in response.content.decode()


def test_a_silent_search_server_is_not_asked_by_everybody(desk, monkeypatch):
    asked = []

    class Silent:
        def submissions(self, query):
            asked.append(query)
            raise SearchSilent("ConnectionTimeout")

    monkeypatch.setattr(engines, "engine", Silent)
    pages = [desk().content.decode() for _ in range(4)]
    assert len(asked) == 1
    assert all("Máy tìm kiếm đang tạm ngừng" in page for page in pages)


@pytest.mark.skipif(bool(settings.ELASTICSEARCH_URL), reason="a search server lists what it was told, a second later")
def test_a_submission_that_is_not_indexed_yet_is_listed(desk):
    one = make_submission()
    assert one.receipt_code in desk().content.decode()


def test_what_the_index_wrongly_holds_is_not_shown(client, officer, coordinator, ministry, monkeypatch):
    """A search server may lag behind: the database has the last word."""
    hidden = make_submission()
    index(hidden)
    client.force_login(officer)

    class Stale:
        def submissions(self, query):
            from search.query import Results

            return Results(ids=[hidden.pk], total=1)

    monkeypatch.setattr(engines, "engine", Stale)
    assert client.get(PAGE).context["rows"] == []


def test_the_last_page_says_that_there_is_more(desk, monkeypatch):
    many(30)
    monkeypatch.setattr("search.desk.DEEPEST", 25)
    assert "Danh sách dừng ở đây" in desk(goc="all", q="hồ sơ").content.decode()
    assert "Danh sách dừng ở đây" not in desk(goc="all").content.decode()
    monkeypatch.setattr("search.desk.DEEPEST", 50)
    assert "Danh sách dừng ở đây" not in desk(goc="all", q="hồ sơ").content.decode()


def test_a_chip_turns_round(desk):
    index(make_submission(kind="petition", title="Một"), make_submission(kind="solution", title="Hai"))
    (chip,) = desk(goc="all", loai="petition").context["desk"].chips
    assert chip.flip == "/can-bo/?goc=all&-loai=petition"
    turned = desk("?goc=all&-loai=petition")
    assert titles(turned) == ["Hai"]
    (chip,) = turned.context["desk"].chips
    assert (str(chip.value), chip.flip) == ("không phải Kiến nghị", "/can-bo/?goc=all&loai=petition")


def test_the_two_ends_of_a_range_become_one_filter(desk):
    index(make_submission())
    response = desk(goc="all", **{"nhan-tu": "2026-01-01", "nhan-den": "2999-01-01", "do-chac-tu": ""})
    (chip,) = response.context["desk"].chips
    assert chip.value == "01/01/2026 đến 01/01/2999"
    assert len(titles(response)) == 1
    assert "nhan=2026-01-01..2999-01-01" in response.context["desk"].listing.state


def test_an_empty_page_says_which_filter_to_drop(desk):
    index(make_submission(kind="petition"), make_submission(kind="petition"), make_submission(kind="solution"))
    response = desk(goc="all", loai="petition", tep="yes")
    advice = {str(one["label"]): one["count"] for one in response.context["desk"].advice()}
    assert advice == {"Tệp kèm theo": 2}
    assert "thì có 2 phiếu" in response.content.decode()


def follow(desk, label: str, response) -> object:
    way = next(way for way in response.context["desk"].pages() if way["label"] == label)
    return desk(way["url"].removeprefix("/can-bo/"))


@pytest.mark.parametrize("sort", ["deadline", "newest", "oldest", "support"])
def test_forward_to_the_end_and_back(desk, sort):
    made = many(60)
    pages = [desk(goc="all", xep=sort)]
    pages += [follow(desk, "Sau", pages[0])]
    pages += [follow(desk, "Sau", pages[1])]
    seen = [title for page in pages for title in titles(page)]
    assert sorted(seen) == sorted(one.title for one in made)
    assert [len(titles(page)) for page in pages] == [25, 25, 10]
    assert "sau=" in pages[1].context["request"].get_full_path()
    assert titles(follow(desk, "Trước", pages[2])) == titles(pages[1])
    assert titles(follow(desk, "Đầu", pages[2])) == titles(pages[0])
    assert "Trang 3 / 3" in pages[2].content.decode()
    back = [follow(desk, "Cuối", pages[0])]
    back += [follow(desk, "Trước", back[0])]
    back += [follow(desk, "Trước", back[1])]
    assert [titles(page) for page in back[::-1]] == [titles(page) for page in pages]


def test_rows_that_leave_take_none_of_the_next_page_along(desk, coordinator, ministry):
    many(30)
    first = desk(goc="waiting", xep="newest")
    for submission in Submission.objects.filter(title__in=titles(first)[:5]):
        services.assign(submission, lead=ministry, actor=coordinator)
        index(submission)
    after = titles(follow(desk, "Sau", first))
    assert len(after) == 5
    assert not set(after) & set(titles(first))


def test_with_the_filters_open_a_full_page_is_light_still(desk):
    many(30)
    page = desk(goc="all", **{"bo-loc": "1"})
    assert len(page.content) <= 60_000
    assert "Tệp kèm theo" in page.content.decode()


@pytest.mark.parametrize(
    "given",
    [
        "?-loai=&-=x&--loai=petition&-khong-co=1",
        "?nguoi=999999999999&-nguoi=x&duyet=a:b&duyet=toi",
        "?nhan=0001-01-01..2026-01-01&-den-han=..0001-01-01",
        "?den-han=9999-12-31..9999-12-31",
        "?nhan=..&den-han=x..y&do-chac=999..1&tuoi=never&chac=%00",
        "?sau=%F0%9F%98%80&truoc=cuoi&page=-5&xep=random",
        "?" + "&".join(f"loai={n}" for n in range(60)),
    ],
)
def test_garbage_is_no_error(desk, given):
    many(2)
    assert desk(given).status_code == 200
    assert desk(given + "&bo-loc=1&q=phieu").status_code == 200


@pytest.mark.parametrize("path", ["/can-bo/", "/can-bo/mo-hinh/"])
def test_one_item_of_the_menu_is_current(desk, client, path):
    page = client.get(path, follow=True).content.decode()
    menu = page.split('class="nav flat"')[1].split("</nav>")[0]
    assert menu.count("aria-current") == 1

"""What only a browser shows of the officers' queue: focus, ticks, keys, what is seen of a mark, what is said of trouble."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, wait_until

AsUser = Callable[[str], Page]
INDEXED = "from intake.models import Submission as S; print(S.objects.exclude(visibility='sealed').filter(entry=None).count())"
HIDDEN_MARKS = """() => [...document.querySelectorAll('.rowitem')].filter(row => {
    const marks = [...row.querySelectorAll('mark')];
    const end = box => box.getBoundingClientRect().right + 1;
    return marks.length && !marks.some(mark => mark.getClientRects()[0].right <= end(mark.parentElement));
}).map(row => row.innerText)"""


@pytest.fixture(scope="module", autouse=True)
def _indexed(site: Site) -> None:
    wait_until(lambda: site.ask(INDEXED) == "0", 240, "the examples are indexed")


def chips(page: Page) -> list[str]:
    return [text.split(",")[0] for text in page.locator(".filters .chip").all_inner_texts()]


def test_a_filter_waits_until_it_is_chosen(site: Site, as_user: AsUser) -> None:
    page = as_user("dieuphoi")
    page.goto("/can-bo/?goc=all&bo-loc=1")
    page.focus("#loc-trang-thai")
    for key in ("ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
        page.wait_for_timeout(400)
    assert chips(page) == [] and "trang-thai" not in page.url
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("trang-thai="))
    assert len(chips(page)) == 1
    expect(page.locator("#loc-trang-thai")).to_be_focused()

    page.goto("/can-bo/?goc=all&bo-loc=1")
    page.focus("#loc-nhan-tu")
    page.keyboard.type("11102026", delay=60)
    page.wait_for_timeout(400)
    assert "nhan=" not in page.url
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"nhan-tu=\d{4}-1"))
    assert len(chips(page)) == 1

    page.goto("/can-bo/?goc=all")
    page.focus("#xep")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(400)
    assert "xep" not in page.url
    page.click("#xep")
    page.select_option("#xep", "oldest")
    page.wait_for_url(re.compile("xep=oldest"))


def test_the_focus_is_never_lost(site: Site, as_user: AsUser) -> None:
    page = as_user("dieuphoi")
    page.goto("/can-bo/?goc=all")
    page.locator(".rowitem .t").nth(20).focus()
    page.evaluate("document.getElementById('danh-sach').scrollTop = 300")
    code = page.locator(".rowitem input").nth(20).get_attribute("value")
    page.focus("a[rel=next]")
    page.locator(".rowitem .t").nth(20).focus()
    page.evaluate("document.querySelector('a[rel=next]').click()")
    page.wait_for_url(re.compile("page=2"))
    expect(page.locator(".rowitem .t").first).to_be_focused()
    page.go_back()
    page.wait_for_url(lambda url: "page" not in url)
    expect(page.locator(f".rowitem:has([value='{code}']) .t")).to_be_focused()
    assert page.evaluate("document.getElementById('danh-sach').scrollTop") > 100

    page.goto("/can-bo/?goc=all&loai=feedback&loai=petition&loai=initiative")
    page.locator(".filters .chip").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.count("loai=") == 2)
    expect(page.locator(".filters .chip").nth(1)).to_be_focused()


def test_what_is_ticked_stays_ticked(site: Site, as_user: AsUser) -> None:
    page = as_user("dieuphoi")
    count, boxes = page.locator("[data-bulk-count]"), page.locator(".rowitem input")
    page.goto("/can-bo/?goc=all&xep=newest")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.click("a[rel=next]")
    page.wait_for_url(re.compile("page=2"))
    expect(count).to_have_text("Đã chọn 2 phiếu")
    boxes.nth(0).check()
    page.go_back()
    page.wait_for_url(lambda url: "page" not in url)
    expect(boxes.nth(1)).to_be_checked()
    expect(count).to_have_text("Đã chọn 3 phiếu")
    page.click("button[name=viec][value=ask]")
    expect(page.get_by_role("heading", level=1)).to_contain_text("xem trước")
    page.get_by_role("link", name="Về danh sách").first.click()
    expect(count).to_have_text("Đã chọn 3 phiếu")
    page.goto("/can-bo/?goc=waiting")
    expect(count).to_have_text("")
    page.goto("/can-bo/?goc=all")
    expect(count).to_have_text("Đã chọn 3 phiếu")
    page.click("[data-bulk-none]")
    expect(count).to_have_text("")
    page.reload()
    expect(page.locator(".rowitem input:checked")).to_have_count(0)


def test_work_that_has_begun_takes_the_ticks_along(site: Site, as_user: AsUser) -> None:
    page = as_user("dieuphoi")
    page.goto("/can-bo/?goc=waiting")
    page.locator(".rowitem input").first.check()
    page.click("button[name=viec][value=ask]")
    page.select_option("#id_template", "place")
    page.click("button[data-once]")
    expect(page.get_by_role("heading", name="Sẽ đổi")).to_be_visible()
    page.click("button[data-once]")
    expect(page.locator("#tien-do")).to_contain_text("phiếu đã làm", timeout=60_000)
    page.get_by_role("link", name="Về danh sách").first.click()
    expect(page.locator("[data-bulk-count]")).to_have_text("")
    # What was only looked at keeps its ticks, also after a look at what was done before.
    page.locator(".rowitem input").first.check()
    page.click("button[name=viec][value=ask]")
    page.get_by_role("link", name="Thôi").click()
    page.get_by_role("link", name="Việc hàng loạt gần đây").click()
    page.locator("main ul a").first.click()
    expect(page.locator("#tien-do")).to_be_visible()
    page.goto("/can-bo/?goc=waiting")
    expect(page.locator("[data-bulk-count]")).to_have_text("Đã chọn 1 phiếu")


def test_keys_into_the_preview_and_to_the_work(site: Site, as_user: AsUser) -> None:
    page = as_user("dieuphoi")
    page.goto("/can-bo/?goc=all&trang-thai=closed&trang-thai=answered")
    for key in ("j", "p"):
        page.keyboard.press(key)
    expect(page.locator("#phieu h2.title")).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator("#nhac")).to_have_text(re.compile("không có gì để bạn sửa"))
    page.keyboard.press("b")
    expect(page.locator("#nhac")).to_have_text("")
    assert page.evaluate("document.activeElement.closest('.deeds') !== null")

    page.click("[data-keys]")
    page.uncheck("#phim-chu")
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("x")
    page.keyboard.press("?")
    expect(page.locator(".rowitem input:checked")).to_have_count(0)
    expect(page.locator("#phim")).to_be_hidden()
    page.click("[data-keys]")
    page.check("#phim-chu")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_mark_is_seen_in_every_row_that_has_one(site: Site, as_user: AsUser, width: int) -> None:
    page = as_user("dieuphoi")
    page.set_viewport_size({"width": width, "height": 900})
    for words in ("ho so", "nguoi dan", "du lieu"):
        page.goto(f"/can-bo/?goc=all&q={words}")
        assert page.locator(".rowitem mark").count() > 3
        assert page.evaluate(HIDDEN_MARKS) == []
        if width > 1000:
            page.locator(".rowitem .t").first.click()
            expect(page.locator("#phieu .preview")).to_be_visible()
            assert page.evaluate(HIDDEN_MARKS) == []


def test_trouble_is_said(site: Site, as_user: AsUser) -> None:
    page = as_user("dieuphoi")
    page.goto("/can-bo/?goc=all")
    page.route("**/xem-nhanh/**", lambda route: route.fulfill(status=500, body="<h1>Lỗi</h1>"))
    page.locator(".rowitem .t").first.click()
    expect(page.locator("#nhac")).to_contain_text("Chưa làm được")
    page.unroute("**/xem-nhanh/**")
    page.route("**/xem-nhanh/**", lambda route: route.abort())
    page.locator(".rowitem .t").first.click()
    expect(page.locator("#nhac")).to_contain_text("Không nối được")
    page.unroute("**/xem-nhanh/**")
    page.context.clear_cookies()
    page.locator(".rowitem .t").first.click()
    page.wait_for_url(re.compile(r"/can-bo/dang-nhap/\?next=/can-bo/"))

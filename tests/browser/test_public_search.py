"""The public side with a keyboard, on a phone, without script: suggestions, filters, answers before sending."""

import urllib.request
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import Site, wait_until
from .test_pages import RULES

LIKE = "Xã tôi được yêu cầu mua máy chủ riêng để chạy phần mềm, có được dùng chung trung tâm dữ liệu của tỉnh không?"


@pytest.fixture
def counted(site: Site) -> None:
    """The worker has counted the words of the answers, and the web process has heard of it."""

    def corrected() -> bool:
        with urllib.request.urlopen(f"{site.base}/tim-kiem/?q=du+lieuu", timeout=10) as page:
            return "Đã tìm cả" in page.read().decode()

    wait_until(corrected, 120, "a wrong letter is understood")


def faults(page: Page) -> list[str]:
    return [violation["id"] for violation in Axe().run(page, options=RULES).response["violations"]]


def test_suggestions_are_taken_with_the_keyboard(site: Site, page: Page) -> None:
    page.goto("/tim-kiem/")
    box = page.get_by_role("combobox")
    box.press_sequentially("bo y t", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert page.input_value("#tim") == "bo y t"  # what was typed is never changed
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/?co-quan=BYT")


def test_enter_without_a_choice_searches_for_what_was_typed(site: Site, page: Page) -> None:
    page.goto("/tra-loi/")
    page.locator("#tim").press_sequentially("du lieu", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/?q=du+lieu")


def test_on_a_phone_the_filters_are_a_sheet(site: Site, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/tim-kiem/?q=du+lieu")
    sheet = page.get_by_role("complementary", name="Lọc kết quả")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Lọc kết quả").click()
    expect(sheet).to_be_visible()
    assert faults(page) == []
    sheet.get_by_role("link").first.click()
    page.wait_for_url("**linh-vuc=**")
    expect(page.get_by_role("button", name="Lọc kết quả (1)")).to_be_visible()


def test_an_answer_is_offered_while_writing_and_may_be_enough(site: Site, counted: None, page: Page) -> None:
    page.goto("/gui/")
    page.fill("#id_title", "Xã không đủ tiền mua máy chủ riêng")
    with page.expect_request("**/tim-kiem/giong/") as sent:
        page.locator("#id_body").press_sequentially(f"{LIKE} Gọi tôi 0912 345 678, thu@vidu.vn", delay=2)
    assert "0912" not in sent.value.post_data and "vidu" not in sent.value.post_data
    offered = page.locator(".offered")
    expect(offered.get_by_role("link").first).to_contain_text("máy chủ riêng")
    assert page.evaluate("document.activeElement.id") == "id_body"  # nothing takes the writer away
    assert faults(page) == []
    with page.expect_popup() as opened:
        offered.get_by_role("link").first.click()
    assert "/tra-loi/" in opened.value.url
    offered.get_by_role("button", name="đã giải quyết điều tôi hỏi").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mừng là bạn đã có câu trả lời")
    page.get_by_role("link", name="Quay lại viết tiếp").click()
    expect(page.locator("#id_title")).to_have_value("Xã không đủ tiền mua máy chủ riêng")


def test_it_is_quiet_when_nothing_is_like_it(site: Site, counted: None, page: Page) -> None:
    page.goto("/gui/")
    with page.expect_response("**/tim-kiem/giong/") as answer:
        page.locator("#id_body").press_sequentially(
            "Con mèo nhà hàng xóm hay sang vườn nhà tôi phá mấy luống hoa.", delay=2
        )
    assert answer.value.status == 204
    expect(page.locator(".offered")).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 360])
def test_without_script(site: Site, counted: None, new_context: Callable[..., BrowserContext], width: int) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/tim-kiem/")
    page.fill("#tim", "du lieu")
    page.get_by_role("button", name="Tìm", exact=True).click()
    assert page.locator("li.answer").count() > 0
    page.goto("/gui/")
    page.fill("#id_title", "Xã không đủ tiền mua máy chủ riêng")
    page.fill("#id_body", LIKE)
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.locator(".offered").get_by_role("link").first).to_contain_text("máy chủ riêng")
    page.locator(".offered").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mừng là bạn đã có câu trả lời")

"""Every page in a real browser: status, axe (WCAG 2.2 AA), no sideways scroll, no other host, no errors, weight."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from .conftest import Site

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PUBLIC = [
    "/", "/gui/", "/tra-cuu/", "/tra-loi/", "/tra-loi/?he-thong=2", "/tim-kiem/", "/tim-kiem/?q=chuyen+doi+so",
    "/tim-kiem/?q=khongcogikhopca", "/tim-kiem/?he-thong=3&linh-vuc=data", "/en/tim-kiem/?q=du+lieu", "/huong-dan/", "/kenh-khac/", "/du-lieu-ca-nhan/", "/thanh-phan/", "/can-bo/dang-nhap/",
    "/en/", "/en/gui/", "/en/tra-loi/", "/khong-co-trang-nay/",
]  # fmt: skip
DESK = ["/can-bo/", "/can-bo/da-giup/", "/can-bo/?q=phan+mem", "/can-bo/?q=khongcogikhopca", "/can-bo/mo-hinh/"]


class Watcher:
    """What a page does besides being shown."""

    def __init__(self, page: Page, site: Site):
        self.page, self.site = page, site
        self.trouble: list[str] = []
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.trouble.append(f"script: {error}"))
        page.on("console", lambda message: self._console(message.type, message.text))

    def _request(self, request) -> None:
        if request.url.startswith("http") and not request.url.startswith(self.site.base):
            self.trouble.append(f"leaves the host: {request.url}")

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and "404" not in text:
            self.trouble.append(f"console: {text}")

    def look(self, path: str, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})
        response = self.page.goto(path)
        expected = 404 if "khong-co-trang" in path else 200
        if response is None or response.status != expected:
            self.trouble.append(f"{path}: status {response and response.status}")
        over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 1:
            self.trouble.append(f"{path} at {width}: {over} px too wide")
        for violation in Axe().run(self.page, options=RULES).response["violations"]:
            self.trouble.append(f"{path} at {width}: {violation['id']} {violation['nodes'][0]['html'][:120]}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_public_pages(site: Site, new_context: Callable[..., BrowserContext], width: int, scheme: str) -> None:
    watcher = Watcher(new_context(color_scheme=scheme).new_page(), site)
    for path in PUBLIC:
        watcher.look(path, width)
    answer = watcher.page.goto("/tra-loi/") and watcher.page.locator("li.answer a").first.get_attribute("href")
    watcher.look(str(answer), width)
    assert watcher.trouble == []


@pytest.mark.parametrize("width", [1280, 360])
def test_desk_pages(site: Site, as_user, width: int) -> None:
    watcher = Watcher(as_user("dieuphoi"), site)
    for path in DESK:
        watcher.look(path, width)
    codes = site.ask(
        "from intake.models import Submission\n"
        "for status in ('received', 'assigned', 'in_progress', 'needs_info', 'awaiting_approval', 'answered', 'rejected'):\n"
        "    print(Submission.objects.filter(status=status).values_list('receipt_code', flat=True).first())"
    ).split()
    assert len(codes) == 7
    for code in codes:
        watcher.look(f"/can-bo/phieu/{code}/", width)
    assert watcher.trouble == []


def test_the_officers_own_pages(site: Site, as_user) -> None:
    watcher = Watcher(as_user("chuyenvien"), site)
    watcher.look("/can-bo/", 360)
    code = site.ask(
        "from intake.models import Submission\n"
        "print(Submission.objects.filter(status='in_progress').values_list('receipt_code', flat=True).first())"
    )
    for width in (1280, 360):
        watcher.look(f"/can-bo/phieu/{code}/", width)
    assert watcher.trouble == []


@pytest.mark.parametrize("path", ["/", "/tim-kiem/?q=du+lieu", "/gui/"])
def test_a_page_weighs_little(site: Site, page: Page, path: str) -> None:
    sizes: dict[str, int] = {}

    def weigh(response) -> None:
        size = response.request.sizes()
        sizes[response.url] = size["responseBodySize"] + size["responseHeadersSize"]

    page.on("requestfinished", lambda request: weigh(request.response()))
    page.goto(path, wait_until="networkidle")
    assert 0 < sum(sizes.values()) <= 60 * 1024, sizes
    assert sum(size for url, size in sizes.items() if ".js" in url) <= 25 * 1024


def test_without_script_the_form_is_sent(site: Site, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/gui/")
    page.get_by_label("Kiến nghị").check()
    page.get_by_label("Tiêu đề").fill("Gửi khi không có script")
    page.get_by_label("Nội dung", exact=True).fill("Điện thoại cũ không chạy được script, vẫn muốn gửi ý kiến.")
    page.get_by_label("Họ tên, hoặc tên tổ chức").fill("Người Gửi Thử")
    page.get_by_label("Địa chỉ liên hệ").fill("Xã Thử")
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    page.get_by_role("button", name="Gửi ý kiến").click()
    assert "Gửi khi không có script" in page.input_value("#id_title")  # the box was not ticked: all is kept
    page.locator("#id_acknowledge").check()
    page.get_by_role("button", name="Gửi ý kiến").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Đã nhận ý kiến của bạn"


def test_errors_take_the_focus_and_lead_to_the_fields(site: Site, page: Page) -> None:
    page.goto("/gui/")
    page.get_by_role("button", name="Gửi ý kiến").click()
    summary = page.get_by_role("alert")
    assert summary.evaluate("element => element === document.activeElement")
    summary.get_by_role("link").nth(1).click()
    assert page.evaluate("document.activeElement.id") == "id_title"

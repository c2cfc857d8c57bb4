"""The one chain: form, routed, answered, approved, e-mailed, published, found, rated. In a real browser."""

import re

from playwright.sync_api import Page, expect

from .conftest import Site, wait_until

TITLE = "Trạm đo mặn tự động ở cống Cái Xép báo sai độ mặn"
BODY = (
    "Trạm quan trắc độ mặn tự động gửi số liệu về điện thoại cho bà con, nhưng cả tháng nay báo thấp hơn thực tế, "
    "nhiều nhà lấy nước vào ruộng bị hỏng lúa. Đề nghị kiểm định cảm biến và công khai dữ liệu hiệu chuẩn."
)
ANSWER = (
    "Cảm biến ở cống Cái Xép đã được kiểm định lại và thay đầu đo. Từ tuần tới số liệu kèm ngày hiệu chuẩn gần nhất; "
    "khi thấy sai lệch, bà con báo theo số ghi trên trạm."
)


def send(page: Page) -> tuple[str, str]:
    """Fill in the form as a citizen; gives the code and the key of the receipt."""
    page.goto("/")
    page.get_by_role("link", name="Gửi ý kiến").first.click()
    page.get_by_label("Phản ánh").check()
    page.get_by_label("Tiêu đề").fill(TITLE)
    page.get_by_label("Nội dung", exact=True).fill(BODY)
    page.get_by_label("Tỉnh, thành phố").select_option("86")
    page.get_by_label("Họ tên, hoặc tên tổ chức").fill("Người Gửi Thử")
    page.get_by_label("Địa chỉ liên hệ").fill("Ấp Thử, xã Thử")
    page.get_by_label("Thư điện tử").fill("nguoi.gui@vidu.vn")
    page.get_by_label(re.compile("đồng ý công khai nội dung")).check()
    page.get_by_label(re.compile("Tôi đã đọc phần lưu ý")).check()
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận ý kiến của bạn")
    code, key = page.locator(".receipt dd").nth(0).inner_text(), page.locator(".receipt dd").nth(1).inner_text()
    return code.strip(), key.strip()


def test_the_chain(site: Site, page: Page, as_user) -> None:
    code, key = send(page)

    # Found in the queue by unaccented words, once the worker has indexed it.
    coordinator = as_user("dieuphoi")

    def found() -> bool:
        coordinator.goto("/can-bo/?q=tram+do+man+tu+dong&view=all")
        return coordinator.get_by_text(TITLE).count() > 0

    wait_until(found, 120, "the queue finds it by unaccented words")

    def routed() -> bool:
        coordinator.goto(f"/can-bo/phieu/{code}/")
        return coordinator.get_by_text("Gợi ý của hệ thống, cần cán bộ xác nhận").count() > 0

    wait_until(routed, 60, "the model has looked at it")

    # Corrected and assigned.
    coordinator.get_by_label("Cơ quan chủ trì").select_option("BKHCN")
    coordinator.get_by_label("Tính chất").select_option("in_scope")
    coordinator.get_by_label("Sáng kiến đột phá").select_option("18")
    coordinator.get_by_role("button", name="Xác nhận và chuyển").click()
    expect(coordinator.get_by_role("status").filter(has_text="Đã xác nhận và chuyển")).to_be_visible()

    # Answered by the ministry's officer, approved by its approver.
    officer = as_user("chuyenvien")
    officer.goto(f"/can-bo/phieu/{code}/")
    officer.get_by_role("button", name="Nhận xử lý phiếu này").click()
    officer.get_by_label("Kết quả").select_option("resolved")
    officer.get_by_label("Nội dung trả lời").fill(ANSWER)
    officer.get_by_role("button", name="Trình duyệt").click()
    expect(officer.get_by_role("status").filter(has_text="Đã trình duyệt")).to_be_visible()
    approver = as_user("lanhdao")
    approver.goto(f"/can-bo/phieu/{code}/")
    approver.get_by_role("button", name="Duyệt và gửi cho người gửi").click()
    expect(approver.get_by_role("status").filter(has_text="Đã duyệt")).to_be_visible()

    # The e-mail has gone out.
    def mailed() -> bool:
        letters = [path.read_text(errors="replace") for path in (site.data / "mail").glob("*.log")]
        return any("nguoi.gui@vidu.vn" in letter and "multipart" in letter and code in letter for letter in letters)

    wait_until(mailed, 60, "the letters are sent")

    # Nothing is public before an editor publishes.
    page.goto("/tim-kiem/?q=tram+do+man+cai+xep")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(0)

    # An editor publishes the draft that the system made.
    editor = as_user("bientap")

    def drafted() -> str:
        return site.ask(
            "from cms.models import AnswerPage; "
            f"print(AnswerPage.objects.filter(submission__receipt_code='{code}').values_list('pk', flat=True).first() or '')"
        )

    wait_until(lambda: drafted() != "", 60, "a draft page stands before the editors")
    editor.goto(f"/quan-tri/pages/{drafted()}/edit/")
    editor.locator("button[name=action-publish]").first.evaluate("button => button.form.requestSubmit(button)")
    editor.wait_for_load_state()

    # Found by the public, without diacritics, and read.
    def public() -> bool:
        page.goto("/tim-kiem/?q=tram+do+man+cai+xep")
        return page.get_by_role("link", name=TITLE).count() > 0

    wait_until(public, 60, "the public finds it")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_role("main")).to_contain_text("thay đầu đo")
    assert "Người Gửi Thử" not in page.content()
    assert "nguoi.gui" not in page.content()
    assert code not in page.content()

    # Rated by the sender.
    page.goto("/tra-cuu/")
    page.get_by_label("Mã tiếp nhận").fill(code)
    page.get_by_label("Khóa tra cứu").fill(key)
    page.get_by_role("main").get_by_role("button", name="Tra cứu").click()
    expect(page.get_by_role("main")).to_contain_text("thay đầu đo")
    page.get_by_label("Rất hài lòng", exact=True).check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_role("status")).to_contain_text("Cảm ơn bạn")

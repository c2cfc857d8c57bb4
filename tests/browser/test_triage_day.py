"""A day of triage by keyboard alone: no mouse is touched from the sign-in to the saved view."""

import json
import os
import re
import signal
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from .conftest import Site, wait_until
from .test_pages import RULES

MAKE = """
from intake import services
from intake.services import NewSubmission, Sender
for n in range(60):
    services.submit(NewSubmission(title=f'Trạm sóng thôn {n:02d} mất liên lạc', external_id=f'triage-{n}', is_example=True,
        sender=Sender(name='Người Gửi Ví Dụ'), body=f'Trạm phát sóng của thôn {n:02d} mất liên lạc mỗi khi mưa, đề nghị kiểm tra.'))
for n in range(2):
    services.submit(NewSubmission(title='Cột điện gió ở mỏm Ví Dụ kêu to', external_id=f'twin-{n}', is_example=True,
        sender=Sender(name='Người Gửi Ví Dụ'), body='Cột điện gió ở mỏm Ví Dụ kêu to suốt đêm, đề nghị đo tiếng ồn rồi công bố.'))
"""
INDEXED = "from search.models import SubmissionEntry as E; print(E.objects.filter(submission__channel='web', title__contains=' thôn ').count())"

READ = "from intake.models import Triage as T; print(T.objects.filter(submission__external_id__regex='^(triage|twin)-').count())"


@pytest.fixture(scope="module")
def busy(site: Site) -> Site:
    """Sixty alike and two of the same, received, indexed and read by the machine."""
    site.ask(MAKE)
    wait_until(lambda: site.ask(INDEXED) == "60", 120, "the submissions are indexed")
    wait_until(lambda: site.ask(READ) == "62", 120, "the submissions are read")
    return site


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, wanted: Locator, most: int = 200, key: str = "Tab") -> None:
    """By Tab alone (or back by Shift+Tab)."""
    expect(wanted).to_be_visible()
    for _ in range(most):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError("Tab does not reach it")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def find(page: Page, words: str) -> None:
    press(page, "/")
    expect(page.locator("#tim")).to_be_focused()
    page.keyboard.type(words)
    press(page, "Enter")
    page.wait_for_url(re.compile("q="))
    expect(page.locator(".rowitem").first).to_be_visible()
    press(page, "Escape")


def no_axe(page: Page) -> None:
    assert [one["id"] for one in Axe().run(page, options=RULES).response["violations"]] == []


def test_a_day_of_triage_by_keyboard(busy: Site, as_user: Callable[[str], Page]) -> None:
    page = as_user("dieuphoi")
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))

    # Find: with the words as they come, without marks.
    find(page, "tram song thon")
    expect(page.locator("#so-phieu")).to_contain_text("60 phiếu")
    no_axe(page)

    # Preview, correct, assign: the next one of the list opens by itself.
    press(page, "j", "k", "Enter")
    expect(page.locator("#phieu .preview")).to_be_visible()
    first = page.locator(".rowitem[aria-current] .t").inner_text()
    assert "mo=57-" in page.url
    press(page, "e")
    lead = page.locator("#id_route_lead")
    expect(lead).to_be_focused()
    page.keyboard.type("Bộ Khoa học")
    tab_to(page, page.locator("#id_route_nature"))
    page.keyboard.type("Trong")
    tab_to(page, page.locator("#id_route_initiative"))
    page.keyboard.type("1. ")
    tab_to(page, page.locator("#phieu form").get_by_role("button", name="Xác nhận và chuyển"))
    press(page, "Enter")
    expect(page.locator("#thong-bao")).to_contain_text("Đã xác nhận và chuyển")
    expect(page.locator("#phieu .preview")).to_be_visible()
    second = page.locator(".rowitem[aria-current] .t").inner_text()
    assert second != first
    no_axe(page)

    # Back is true: the list with the first one in the preview.
    page.go_back()
    expect(page.locator("#tim")).to_have_value("tram song thon")

    # Assign fifty at once: all that match and still wait, chosen across pages.
    page.goto("/can-bo/?goc=waiting&q=tram+song+thon")
    press(page, "j", "x")
    expect(page.locator("[data-bulk-count]")).to_contain_text("Đã chọn 1 phiếu")
    tab_to(page, page.locator("[data-bulk-all]"), key="Shift+Tab")
    press(page, "Space")
    expect(page.locator("[data-bulk-count]")).to_contain_text("mọi phiếu khớp")
    tab_to(page, page.locator("button[name=viec][value=assign]"))
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("xem trước")
    no_axe(page)
    bulk_lead = page.locator("#id_lead")
    tab_to(page, bulk_lead)
    page.keyboard.type("Bộ Khoa học")
    tab_to(page, page.locator("button[data-once]"))
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Sẽ đổi")).to_be_visible()
    no_axe(page)
    tab_to(page, page.locator("button[data-once]"))
    press(page, "Enter")
    expect(page.locator("#tien-do")).to_contain_text("phiếu đã làm", timeout=90_000)
    no_axe(page)
    done = int(page.locator("#tien-do dd").first.inner_text())
    assert done >= 50
    tab_to(page, page.get_by_role("link", name="Về danh sách").last)
    press(page, "Enter")

    # Merge two that say the same.
    page.goto("/can-bo/?goc=waiting&q=cot+dien+gio+mom")
    expect(page.locator(".rowitem")).to_have_count(2)
    press(page, "j", "x", "j", "x")
    expect(page.locator("[data-bulk-count]")).to_contain_text("Đã chọn 2 phiếu")
    tab_to(page, page.locator("button[name=viec][value=merge]"))
    press(page, "Enter")
    tab_to(page, page.locator("button[data-once]"))
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Sẽ đổi")).to_be_visible()
    tab_to(page, page.locator("button[data-once]"))
    press(page, "Enter")
    expect(page.locator("#tien-do")).to_contain_text("phiếu đã làm", timeout=60_000)
    states = busy.ask(
        "from intake.models import Submission as S; "
        "print(*sorted(S.objects.filter(external_id__startswith='twin').values_list('status', flat=True)))"
    )
    assert states == "merged received"

    # Save a view, and come back to it.
    page.goto("/can-bo/?goc=all&q=tram+song+thon&xep=newest")
    tab_to(page, page.get_by_role("link", name="Lưu góc nhìn này"))
    press(page, "Enter")
    tab_to(page, page.locator("#id_name"))
    page.keyboard.type("Trạm sóng")
    tab_to(page, button(page, "Lưu"))
    press(page, "Enter")
    expect(page.locator("#thong-bao")).to_contain_text("Đã lưu góc nhìn")
    page.goto("/can-bo/")
    saved = page.locator("#goc-nhin").get_by_role("link", name="Trạm sóng")
    tab_to(page, saved)
    press(page, "Enter")
    page.wait_for_url(re.compile("xep=newest"))
    expect(page.locator("#so-phieu")).to_contain_text("60 phiếu")
    no_axe(page)
    assert trouble == []


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_of_the_desk_is_whole(busy: Site, as_user: Callable[[str], Page], width: int, tmp_path) -> None:
    page = as_user("dieuphoi")
    page.set_viewport_size({"width": width, "height": 900})
    code = busy.ask(
        "from intake.models import Submission as S; print(S.objects.get(external_id='twin-0').receipt_code)"
    )
    wrong = []
    for name, path in {
        "list": "/can-bo/?goc=all",
        "panel": "/can-bo/?goc=all&bo-loc=1&-loai=petition&nhan=2026-01-01..2026-12-31",
        "empty": "/can-bo/?goc=all&loai=petition&han=none&tep=yes",
        "preview": f"/can-bo/?goc=all&mo={code}",
        "page": f"/can-bo/phieu/{code}/",
        "split": f"/can-bo/phieu/{code}/tach-ra/",
        "save": "/can-bo/goc-nhin/?tu=goc%3Dall",
        "export": "/can-bo/xuat/?tu=goc%3Dall",
        "recent": "/can-bo/hang-loat/gan-day/",
    }.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=tmp_path / f"{name}-{width}.png")
        if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 1:
            wrong.append(f"{name}: too wide")
        wrong += [
            f"{name}: {one['id']} {one['nodes'][0]['html'][:120]}"
            for one in Axe().run(page, options=RULES).response["violations"]
        ]
    assert wrong == []


def test_without_script_the_same_can_be_done(busy: Site, new_context) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/can-bo/dang-nhap/")
    page.fill("[name=username]", "dieuphoi")
    page.fill("[name=password]", busy.environment["DEMO_PASSWORD"])
    page.click("main button[type=submit]")
    page.goto("/can-bo/?goc=waiting&q=cot+dien+gio+mom")
    page.check(".rowitem input")
    page.click("button[name=viec][value=ask]")
    page.select_option("#id_template", "place")
    page.click("button[data-once]")  # what the sender will read, and what changes
    page.click("button[data-once]")
    for _ in range(60):
        if "phiếu đã làm" in page.locator("#tien-do").inner_text():
            break
        page.wait_for_timeout(500)
        page.click("text=Tải lại")
    assert "phiếu đã làm" in page.locator("#tien-do").inner_text()


def test_a_mistake_in_the_preview_keeps_what_was_typed(busy: Site, as_user: Callable[[str], Page]) -> None:
    page = as_user("dieuphoi")
    page.goto("/can-bo/?goc=waiting&q=mom+vi+du")
    press(page, "j", "Enter")
    expect(page.locator("#phieu .preview")).to_be_visible()
    page.locator("#phieu summary", has_text="Không tiếp nhận").click()
    page.fill("#id_reject_note", "Xin gửi nơi khác")
    page.locator("#phieu").get_by_role("button", name="Ghi không tiếp nhận").click()
    expect(page.locator("#phieu .summary")).to_contain_text("Hãy chọn lý do")
    expect(page.locator("#id_reject_note")).to_have_value("Xin gửi nơi khác")
    assert "/can-bo/?" in page.url  # still the list
    no_axe(page)


BEGIN_JOB = """
from django.contrib.auth.models import User
from intake import services
from intake.services import NewSubmission, Sender
from search.bulk import jobs
made = [services.submit(NewSubmission(title=f'Việc loạt {n}', body='Nội dung của một việc trong loạt, để hỏi thêm.',
        sender=Sender(name='Người Gửi Ví Dụ'), external_id=f'loat-{n}')).pk for n in range(100)]
job = jobs.begin(User.objects.get(username='dieuphoi'), 'ask', made, matched=100, came_from='', data={})
jobs.start(job, data={}, text='Xin cho biết nơi xảy ra.')
print(job.pk)
"""
STATE = """
import json
from django.db.models import Count
from intake.models import Event
from search.models import BulkJob
job = BulkJob.objects.get(pk={pk})
asked = Event.objects.filter(name='question_asked', submission__external_id__startswith='loat-')
print(json.dumps({{'state': job.state, 'done': job.items.filter(outcome='done').count(), 'asked': asked.count(),
    'twice': asked.values('submission').annotate(n=Count('pk')).filter(n__gt=1).count()}}))
"""


def test_a_worker_killed_in_the_middle_does_nothing_twice(busy: Site) -> None:
    pk = busy.ask(BEGIN_JOB)

    def state() -> dict:
        return json.loads(busy.ask(STATE.format(pk=pk)))

    wait_until(lambda: state()["done"] >= 3, 120, "the job is under way")
    killed = busy.pids("celery -A config worker") or busy.pids("worker")
    assert killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: state()["state"] == "done", 240, "the job is carried on")
    assert state() == {"state": "done", "done": 100, "asked": 100, "twice": 0}

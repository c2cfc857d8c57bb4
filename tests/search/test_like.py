"""Answers offered before something is sent: quiet when nothing is good, counted, and no text is kept."""

from datetime import date

import pytest
from django.core.management import call_command

from cms import helped
from cms.models import AnswerHelp, AnswerIndexPage, AnswerPage
from intake.models import Agency
from search.models import Owed
from search.tasks import sync
from search.views import like
from tests.intake.test_citizen_views import filled
from tests.search.conftest import refresh

pytestmark = pytest.mark.usefixtures("_server")
QUESTION = (
    "Trạm y tế xã tôi dùng phần mềm bệnh án điện tử từ đầu năm nhưng không gửi được dữ liệu lên bệnh viện tỉnh, "
    "mỗi lần chuyển tuyến người bệnh lại phải cầm giấy."
)
LIKE = "Bệnh án điện tử của trạm y tế xã không gửi được lên bệnh viện tỉnh khi chuyển tuyến, người bệnh phải cầm giấy"
OTHER = "Đề nghị cho nhà khoa học ở nước ngoài ký hợp đồng theo nhiệm vụ với viện nghiên cứu trong nước"


@pytest.fixture
def answer(db) -> AnswerPage:
    call_command("load_site")
    page = AnswerPage(
        title="Bệnh án điện tử ở trạm y tế xã",
        question=QUESTION,
        answer="<p>Từ tháng sau hai hệ thống được nối với nhau.</p>",
        agency=Agency.objects.get(code="BYT"),
        sent_on=date(2026, 9, 1),
        answered_on=date(2026, 9, 10),
        live=False,
    )
    AnswerIndexPage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    for pk in list(Owed.objects.values_list("pk", flat=True)):
        sync(pk)
    refresh()
    return AnswerPage.objects.get(pk=page.pk)


def counted(answer: AnswerPage) -> tuple[int, int, int]:
    row = AnswerHelp.objects.filter(answer=answer).first()
    return (row.shown, row.opened, row.solved) if row else (0, 0, 0)


def test_an_answer_like_it_is_shown_with_a_way_to_say_it_was_enough(client, answer):
    response = client.post("/tim-kiem/giong/", {"text": LIKE})
    piece = response.content.decode()
    assert response.status_code == 200
    assert answer.title in piece and "hai hệ thống được nối" in piece
    assert f'form="da-giai-quyet" name="answer" value="{answer.pk}"' in piece
    assert counted(answer) == (1, 0, 0)


@pytest.mark.parametrize("text", ["", "abc", OTHER, "x" * 100_000, "\0" * 50, "0912 345 678 " * 40])
def test_it_is_quiet_when_nothing_is_good(client, answer, text):
    response = client.post("/tim-kiem/giong/", {"text": text})
    assert (response.status_code, response.content) == (204, b"")
    assert counted(answer) == (0, 0, 0)


def test_what_is_not_published_is_not_shown(client, answer):
    answer.unpublish()
    assert client.post("/tim-kiem/giong/", {"text": LIKE}).status_code == 204


def test_the_text_is_masked_before_it_is_searched_for(client, answer, monkeypatch):
    seen = []
    monkeypatch.setattr(like, "answers_like", lambda text: seen.append(text) or [])
    client.post("/tim-kiem/giong/", {"text": f"{LIKE} gọi 0912 345 678 hay thu@vidu.vn"})
    assert "0912" not in seen[0] and "vidu.vn" not in seen[0]


def test_what_is_marked_as_secret_is_not_searched_for(client, answer, monkeypatch):
    monkeypatch.setattr(like, "answers_like", lambda text: pytest.fail("searched"))
    assert client.post("/tim-kiem/giong/", {"text": f"TỐI MẬT\n{LIKE}"}).status_code == 204


def test_opened_and_solved_are_counted_once_a_day_for_one_address(client, answer):
    for _ in range(3):
        response = client.get(f"/tim-kiem/giong/{answer.pk}/")
        assert response.url == answer.url
        page = client.post("/tim-kiem/giai-quyet/", {"answer": answer.pk}).content.decode()
        assert answer.title in page and "Chưa có gì được gửi đi" in page
    assert counted(answer) == (0, 1, 1)
    client.post("/tim-kiem/giai-quyet/", {"answer": answer.pk}, REMOTE_ADDR="192.0.2.7")
    assert counted(answer) == (0, 1, 2)


@pytest.mark.parametrize("given", ["", "x", "-1", "999999", "9" * 40, "١"])
def test_an_answer_that_is_not_there_counts_nothing(client, answer, given):
    assert client.post("/tim-kiem/giai-quyet/", {"answer": given}).status_code == 404
    assert client.get("/tim-kiem/giong/999999/").status_code == 404
    assert not AnswerHelp.objects.exists()


def test_only_known_things_are_counted(answer):
    helped.count("shown", [answer.pk, 999999], "192.0.2.1")
    assert helped.figures() == {"shown": 1, "opened": 0, "solved": 0}
    with pytest.raises(ValueError, match="typed"):
        helped.count("typed", [answer.pk], "192.0.2.1")


def test_without_script_it_is_shown_when_the_form_comes_back(client, answer):
    response = client.post("/gui/", filled(title="Bệnh án điện tử trạm y tế", body=LIKE, name=""))
    assert response.status_code == 422
    assert answer.title in response.content.decode()
    # A form that is complete is sent, whatever might have answered it.
    assert client.post("/gui/", filled(title="Bệnh án điện tử trạm y tế", body=LIKE)).status_code == 302


def test_nothing_that_is_wrong_with_the_offer_hinders_the_form(client, answer, monkeypatch):
    def broken(text):
        raise RuntimeError("away")

    monkeypatch.setattr(like, "answers_like", broken)
    response = client.post("/gui/", filled(body=LIKE, name=""))
    assert response.status_code == 422
    assert "Hãy ghi họ tên" in response.content.decode()


def test_too_many_questions_are_slowed(client, answer, settings):
    settings.SEARCH_RATE = "1/m"
    assert [client.post("/tim-kiem/giong/", {"text": LIKE}).status_code for _ in range(2)] == [200, 429]


def test_coordinators_see_the_figures_and_nobody_else(client, answer, coordinator, officer):
    client.post("/tim-kiem/giong/", {"text": LIKE})
    client.post("/tim-kiem/giai-quyet/", {"answer": answer.pk})
    assert client.get("/can-bo/da-giup/").status_code == 302
    client.force_login(officer)
    assert client.get("/can-bo/da-giup/").status_code == 404
    client.force_login(coordinator)
    response = client.get("/can-bo/da-giup/")
    assert response.context["figures"] == {"shown": 1, "opened": 0, "solved": 1}
    assert answer.title in response.content.decode()


def test_an_empty_page_of_figures_says_why(client, answer, coordinator):
    client.force_login(coordinator)
    assert "Chưa có lần nào" in client.get("/can-bo/da-giup/").content.decode()

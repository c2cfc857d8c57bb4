"""The sender's pages, without a browser: what is kept, what is said, what is refused."""

import re
import time
import uuid

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

from intake import services
from intake.forms import citizen as forms
from intake.models import Submission
from tests.conftest import make_submission
from tests.intake.test_files import PDF, picture

pytestmark = pytest.mark.django_db


def filled(**changes) -> dict:
    return {
        "kind": "feedback",
        "title": "Phần mềm một cửa hay treo",
        "body": "Phần mềm một cửa của xã tôi sáng nào cũng treo, mong Bộ xem xét.",
        "sender_kind": "person",
        "name": "Người Thử",
        "address": "Số 1 đường Thử",
        "phone": "0912 345 678",
        "acknowledge": "on",
        "form_token": forms.new_token(),
    } | changes


def page(response) -> str:
    return response.content.decode()


def test_it_is_received_and_shown_with_code_and_key(client):
    response = client.post("/gui/", filled(), follow=True)
    submission = Submission.objects.get()
    assert response.status_code == 200
    assert submission.receipt_code in page(response)
    assert submission.lookup_key in page(response)
    assert "<svg" in page(response)


def test_nothing_is_ticked_beforehand(client):
    form = page(client.get("/gui/"))
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", form)
    assert len(boxes) == 5
    assert not any("checked" in box for box in boxes)


def test_the_place_and_the_consents_are_kept(client):
    client.post("/gui/", filled(province="01", commune="ba dinh", consent_publish="on"))
    submission = Submission.objects.get()
    assert (submission.province.code, submission.commune.name) == ("01", "Ba Đình")
    assert [c.purpose for c in submission.consents.all()] == ["publish"]


def test_files_are_kept(client):
    files = [SimpleUploadedFile("đơn.pdf", PDF), SimpleUploadedFile("anh.png", picture())]
    client.post("/gui/", filled(files=files))
    assert [a.name for a in Submission.objects.get().attachments.all()] == ["đơn.pdf", "anh.png"]


@pytest.mark.parametrize("left_out", ["kind", "title", "body", "name", "address", "phone", "acknowledge"])
def test_what_is_missing_is_named_and_the_rest_is_kept(client, left_out):
    data = filled(legal_text="Điều 5 quy định thử")
    del data[left_out]
    response = client.post("/gui/", data)
    assert response.status_code == 422
    assert f'href="#id_{left_out}' in page(response)
    assert "Điều 5 quy định thử" in page(response)
    assert not Submission.objects.exists()


def test_a_text_of_200_kb_is_refused_kindly_and_kept(client):
    response = client.post("/gui/", filled(body="chữ " * 50_000))
    assert response.status_code == 422
    assert "tối đa 20.000" in page(response)
    assert page(response).count("chữ ") > 40_000


def test_nul_bytes_do_no_harm(client):
    client.post("/gui/", filled(title="Phần\x00 mềm", body="Nội dung\x00 đủ dài để nhận được"))
    assert Submission.objects.get().title == "Phần mềm"


def test_a_wrong_file_is_named_and_the_text_is_kept(client):
    response = client.post("/gui/", filled(files=[SimpleUploadedFile("virus.exe", b"MZ")]))
    assert response.status_code == 422
    assert "virus.exe" in page(response)
    assert "Phần mềm một cửa hay treo" in page(response)


def test_an_expired_form_keeps_the_text_and_can_be_sent_again(client, monkeypatch):
    token = forms.new_token()
    monkeypatch.setattr(time, "time", lambda now=time.time: now() + 25 * 3600)
    response = client.post("/gui/", filled(form_token=token))
    assert response.status_code == 422
    assert "mở quá lâu" in page(response)
    fresh = re.search(r'name="form_token" value="([^"]+)"', page(response))[1]
    assert client.post("/gui/", filled(form_token=fresh)).status_code == 302


def test_a_double_click_is_one_submission(client):
    data = filled()
    first, second = client.post("/gui/", data), client.post("/gui/", data)
    assert first.url == second.url
    assert Submission.objects.count() == 1


def test_a_replayed_form_with_other_words_is_not_lost(client):
    data = filled()
    client.post("/gui/", data)
    response = client.post("/gui/", data | {"body": "Một nội dung khác hẳn, gửi lại từ trang cũ."})
    assert response.status_code == 409
    assert "Một nội dung khác hẳn" in page(response)
    assert Submission.objects.count() == 1


def test_a_forged_token_is_an_expired_one(client):
    forged = signing.TimestampSigner(salt="other").sign(uuid.uuid4().hex)
    assert client.post("/gui/", filled(form_token=forged)).status_code == 422


def test_a_secret_marking_is_stopped_before_it_is_stored(client):
    response = client.post("/gui/", filled(body="TỐI MẬT\nNội dung của một tài liệu mật giả định."))
    assert response.status_code == 422
    assert "bí mật nhà nước" in page(response)
    assert not Submission.objects.exists()


def test_without_the_csrf_token_the_text_is_kept(client):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/gui/", filled())
    assert response.status_code == 403
    assert "Phần mềm một cửa hay treo" in page(response)


def test_in_english_the_errors_are_english(client):
    response = client.post("/en/gui/", filled(title=""))
    assert 'lang="en"' in page(response)
    assert "Hãy viết tiêu đề" not in page(response)


def test_the_limit_keeps_the_text(client, settings, monkeypatch):
    monkeypatch.setattr("django_ratelimit.decorators.is_ratelimited", lambda **kwargs: True)
    response = client.post("/gui/", filled())
    assert response.status_code == 429
    assert "Phần mềm một cửa hay treo" in page(response)


def test_code_and_key_open_the_status(client, submission):
    response = client.post("/tra-cuu/", {"code": submission.receipt_code.lower(), "key": submission.lookup_key})
    assert response.url == f"/tra-cuu/{submission.receipt_code}/"
    assert submission.title in page(client.get(response.url))


def test_the_qr_address_opens_it_and_leaves_no_key_in_the_address(client, submission):
    response = client.get("/tra-cuu/", {"ma": submission.receipt_code, "khoa": submission.lookup_key})
    assert response.url == f"/tra-cuu/{submission.receipt_code}/"


@pytest.mark.parametrize("key", ["", "AAAA-BBBB-CCCC", "💥", "x" * 300])
def test_a_wrong_key_opens_nothing(client, submission, key):
    response = client.post("/tra-cuu/", {"code": submission.receipt_code, "key": key})
    assert response.status_code == 422
    assert submission.title not in page(response)
    assert client.get(f"/tra-cuu/{submission.receipt_code}/").status_code == 302


@pytest.mark.parametrize("code", ["57-0000-0001", "khong phai ma", "57-ZZZZ-ZZZZ", "' OR 1=1 --"])
def test_an_unknown_code_is_said_to_be_one(client, code):
    response = client.post("/tra-cuu/", {"code": code, "key": "AAAA-BBBB-CCCC"})
    assert response.status_code == 422
    assert 'role="alert"' in page(response)


def opened(client, submission: Submission) -> None:
    client.post("/tra-cuu/", {"code": submission.receipt_code, "key": submission.lookup_key})


def test_the_sender_answers_a_question(client, accepted, officer):
    services.ask(accepted, actor=officer, text="Xã nào, từ ngày nào?")
    opened(client, accepted)
    assert "Xã nào, từ ngày nào?" in page(client.get(f"/tra-cuu/{accepted.receipt_code}/"))
    client.post(f"/tra-cuu/{accepted.receipt_code}/bo-sung/", {"text": "Xã Ví Dụ, từ tháng ba."})
    accepted.refresh_from_db()
    assert (accepted.status, accepted.questions.get().reply) == ("in_progress", "Xã Ví Dụ, từ tháng ba.")


def test_the_sender_reads_the_answer_and_rates_it_once(client, answered):
    opened(client, answered)
    url = f"/tra-cuu/{answered.receipt_code}/"
    assert "máy chủ mới" in page(client.get(url))
    client.post(f"{url}danh-gia/", {"score": "5"})
    again = client.post(f"{url}danh-gia/", {"score": "1"}, follow=True)
    assert answered.answer.rating.score == 5
    assert "đã đánh giá" in page(again)


def test_a_draft_is_not_shown_to_the_sender(client, accepted, officer, ministry):
    services.draft_answer(accepted, actor=officer, agency=ministry, text="Bản thảo chưa duyệt", outcome="resolved")
    opened(client, accepted)
    assert "Bản thảo" not in page(client.get(f"/tra-cuu/{accepted.receipt_code}/"))


def test_another_browser_may_not_reply_or_rate(client, answered):
    client.post(f"/tra-cuu/{answered.receipt_code}/danh-gia/", {"score": "1"})
    assert not hasattr(answered.answer, "rating")


def test_suggestions_for_a_place(client):
    found = client.get("/dia-ban/", {"q": "huyen gia lam"}).json()
    assert any(place["province"] == "Hà Nội" for place in found)


def test_the_sender_of_one_reads_no_other(client, submission):
    other = make_submission(title="Việc của người khác")
    opened(client, submission)
    assert client.get(f"/tra-cuu/{other.receipt_code}/").status_code == 302


def test_a_forgotten_file_sent_again_is_not_dropped_in_silence(client):
    data = filled()
    client.post("/gui/", data)
    response = client.post("/gui/", data | {"files": [SimpleUploadedFile("đơn.pdf", PDF)]})
    assert response.status_code == 409


def test_a_page_of_blank_lines_is_read_quickly(client):
    started = time.perf_counter()
    assert client.post("/gui/", filled(body="xin chào các bạn tôi" + "\n" * 19_900 + "chào")).status_code == 302
    assert time.perf_counter() - started < 3


def test_a_name_of_several_lines_is_one_line(client):
    client.post("/gui/", filled(name="Quý khách\n\nMở http://vidu.vn"))
    assert Submission.objects.get().submitter.name == "Quý khách Mở http://vidu.vn"


def test_an_address_that_no_server_can_take_is_refused(client):
    response = client.post("/gui/", filled(email="nguyen@\u200d.vn"))
    assert response.status_code == 422


def test_a_shared_computer_forgets(client, submission):
    opened(client, submission)
    client.post("/tra-cuu/quen/")
    assert client.get(f"/tra-cuu/{submission.receipt_code}/").status_code == 302


def test_too_large_a_request_is_refused_before_it_is_read(client):
    response = client.post("/gui/", filled(), CONTENT_LENGTH=str(65 * 1024 * 1024))
    assert response.status_code == 413

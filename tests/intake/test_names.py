"""Names in the language of the page or letter: one way for every directory."""

import pytest
from django.core import mail as outbox
from django.utils import translation

from intake.models import Agency, Category, Initiative, Province, RejectionReason, StrategicSystem
from tests.conftest import make_submission
from tests.intake.test_citizen_views import filled, page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "key", "vietnamese", "english"),
    [
        (Agency, {"code": "BKHCN"}, "Bộ Khoa học và Công nghệ", "Ministry of Science and Technology"),
        (StrategicSystem, {"number": 3}, "3. Hệ thống an sinh và phúc lợi", "3. Social security and welfare"),
        (Initiative, {"number": 10}, "10. Y tế thông minh", "10. Smart health care"),
        (Category, {"code": "health"}, "Y tế", "Health"),
        (Province, {"code": "01"}, "Thành phố Hà Nội", "Hanoi"),
        (Province, {"code": "96"}, "Tỉnh Cà Mau", "Ca Mau Province"),
    ],
)
def test_a_name_follows_the_language(model, key, vietnamese, english):
    row = model.objects.get(**key)
    assert str(row) == vietnamese
    with translation.override("en"):
        assert str(row) == english


def test_every_row_that_the_public_sees_has_an_english_name():
    for model, field in (
        (Agency, "name_en"),
        (StrategicSystem, "name_en"),
        (Category, "name_en"),
        (Province, "name_en"),
    ):
        assert not model.objects.filter(**{field: ""}).exists(), model
    assert not Initiative.objects.filter(short_title_en="").exists()
    assert not RejectionReason.objects.filter(public_text_en="").exists()


def test_without_an_english_name_the_vietnamese_one_is_shown():
    with translation.override("en"):
        assert str(Agency(name="Cơ quan mới")) == "Cơ quan mới"
        assert Agency(name="Cơ quan mới", short_name="CQM").shown_short_name == "CQM"


def test_the_form_lists_places_and_subjects_in_its_language(client):
    english, vietnamese = page(client.get("/en/gui/")), page(client.get("/gui/"))
    assert ">Ho Chi Minh City</option>" in english and ">Health</option>" in english
    assert ">Hồ Chí Minh</option>" in vietnamese and ">Y tế</option>" in vietnamese


def test_a_commune_is_found_whatever_the_language_of_the_form(client):
    from intake.models import Submission

    client.post("/en/gui/", filled(province="01", commune="ba dinh"))
    assert Submission.objects.get().commune.name == "Ba Đình"


def test_a_letter_names_the_agency_in_its_language(answered):
    from intake import tasks

    answered.submitter.language = "en"
    answered.submitter.save()
    tasks.dispatch_event(answered.events.get(name="answered").pk)
    tasks.send_email(answered.events.get(name="answered").emails.get().pk)
    assert "Ministry of Science and Technology has answered" in outbox.outbox[-1].body


def test_vietnamese_words_on_an_english_page_say_so(client):
    submission = make_submission()
    client.post("/tra-cuu/", {"code": submission.receipt_code, "key": submission.lookup_key})
    shown = page(client.get(f"/en/tra-cuu/{submission.receipt_code}/"))
    assert f'<h1 lang="vi">{submission.title}</h1>' in shown

"""From an approved answer to the public page: only what the sender allowed, nothing before an editor publishes."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from wagtail.models import Revision

from cms.models import AnswerPage, HomePage, InfoPage
from cms.publishing import as_rich_text, clean_html, draft_answer_page, slug_for
from cms.site import ensure_site
from intake import consents, services, tasks
from intake.models import Agency, Consent
from tests.conftest import ANSWER, make_submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def index(db):
    return ensure_site()


@pytest.fixture
def allowed(ministry, coordinator, officer, approver):
    """An answered submission whose sender allowed publication."""
    submission = make_submission(
        consents=("publish",), body="Phần mềm hay treo, gọi tôi số 0912 345 678 để biết thêm chi tiết nhé."
    )
    services.assign(submission, lead=ministry, actor=coordinator)
    services.accept(submission, actor=officer)
    services.draft_answer(submission, actor=officer, agency=ministry, text=ANSWER, outcome="resolved")
    services.propose_answer(submission, actor=officer)
    services.approve_answer(submission, actor=approver)
    return submission


def test_an_answer_becomes_a_draft_without_personal_data(index, allowed):
    page = draft_answer_page(allowed)
    assert (page.live, page.agency, page.outcome) == (False, allowed.answer.agency, "resolved")
    assert "0912" not in page.question
    assert page.sender_name == ""
    assert allowed.receipt_code not in page.slug


def test_the_same_answer_has_one_page(index, allowed):
    assert draft_answer_page(allowed).pk == draft_answer_page(allowed).pk


def test_dispatching_the_answer_drafts_the_page(index, allowed):
    tasks.dispatch_event(allowed.events.get(name="answered").pk)
    assert AnswerPage.objects.filter(submission=allowed).exists()


def test_without_consent_there_is_no_page(index, answered):
    assert draft_answer_page(answered) is None


def test_nothing_is_public_before_publication(client, index, allowed):
    page = draft_answer_page(allowed)
    assert client.get(f"/tra-loi/{page.slug}/").status_code == 404
    assert page.title not in client.get("/tra-loi/").content.decode()


def test_publishing_and_taking_down_is_told_to_intake(client, index, allowed):
    page = draft_answer_page(allowed)
    page.get_latest_revision().publish()
    allowed.refresh_from_db()
    assert allowed.visibility == "public"
    assert client.get(f"/tra-loi/{page.slug}/").status_code == 200
    page.refresh_from_db()
    page.unpublish()
    allowed.refresh_from_db()
    assert allowed.visibility == "private"
    assert [e.name for e in allowed.events.all()][-2:] == ["published", "unpublished"]


def test_a_rating_reaches_the_public_page(index, allowed):
    page = draft_answer_page(allowed)
    event = services.rate(allowed, score=4)
    tasks.dispatch_event(event.pk)
    page.refresh_from_db()
    assert page.rating == 4


def test_the_site_is_made_once(index):
    homes, pages = HomePage.objects.count(), InfoPage.objects.count()
    ensure_site()
    assert (HomePage.objects.count(), InfoPage.objects.count()) == (homes, pages) == (1, 8)


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/huong-dan/", "/en/huong-dan/", "/tra-loi/", "/en/tra-loi/?he-thong=x&nam=abc"]
)
def test_public_pages_answer(client, index, path):
    assert client.get(path).status_code == 200


def test_english_beside_vietnamese(client, index):
    page = InfoPage.objects.get(slug="huong-dan")
    assert page.title_en in client.get("/en/huong-dan/").content.decode()
    assert page.title in client.get("/huong-dan/").content.decode()


def test_demo_accounts_are_refused_outside_demo_mode(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("load_demo")


def test_the_demo_site_is_loaded_once(settings, index):
    settings.DEMO, settings.DEMO_PASSWORD = True, "thu-mat-khau"
    call_command("load_demo")
    first = AnswerPage.objects.live().count()
    call_command("load_demo")
    assert AnswerPage.objects.live().count() == first >= 40
    assert set(AnswerPage.objects.live().values_list("system", flat=True)) == {1, 2, 3, 4, 5, 6}
    assert all(AnswerPage.objects.values_list("is_example", flat=True))
    assert all(page.categories.exists() for page in AnswerPage.objects.all())


def test_editors_may_publish_and_only_that(client, index, django_user_model):
    editor = django_user_model.objects.create_user("bien tap")
    editor.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(editor)
    for path in (f"/quan-tri/pages/{index.pk}/", "/quan-tri/pages/", "/quan-tri/pages/search/?q=so"):
        assert client.get(path, follow=True).status_code == 200
    response = client.get("/quan-tri/")
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert client.get("/can-bo/").status_code == 403


def test_an_administrator_edits_the_directories(admin_client, index):
    agency = Agency.objects.get(code="BKHCN")
    assert admin_client.get("/quan-tri/snippets/intake/agency/").status_code == 200
    assert admin_client.get(f"/quan-tri/snippets/intake/agency/edit/{agency.pk}/").status_code == 200


@pytest.mark.parametrize("text", ["<script>x</script>", "a & b", "Dòng một\nDòng hai\n\nĐoạn hai"])
def test_what_an_officer_types_is_text(text):
    assert "<script" not in as_rich_text(text)
    assert as_rich_text(text).startswith("<p>")


def test_only_plain_markup_is_kept():
    assert clean_html('<p onclick="x">a<script>b</script><a href="/x" style="c">d</a></p>').startswith("<p>a")
    assert "script" not in clean_html("<script>b</script>")
    assert "onclick" not in clean_html('<p onclick="x">a</p>')


def test_slugs_know_the_letter_d():
    assert slug_for("Đường phố Đà Nẵng", 7) == "duong-pho-da-nang-7"


def test_taking_back_the_consent_deletes_the_page_and_its_revisions(client, index, allowed):
    page = draft_answer_page(allowed)
    page.get_latest_revision().publish()
    consents.withdraw_consent(allowed, purpose="publish")
    for event in allowed.events.filter(dispatched_at=None):
        tasks.dispatch_event(event.pk)
    assert client.get(f"/tra-loi/{page.slug}/").status_code == 404
    assert not AnswerPage.objects.filter(submission=allowed).exists()
    assert not Revision.objects.filter(object_id=str(page.pk)).exists()
    allowed.refresh_from_db()
    assert allowed.visibility == "private"
    assert allowed.events.filter(name="unpublished").exists()
    assert draft_answer_page(allowed) is None


def test_taking_back_the_name_clears_it_wherever_wagtail_keeps_it(index, allowed):
    Consent.objects.create(submission=allowed, purpose="show_name", text_version="x")
    page = draft_answer_page(allowed)
    assert page.sender_name
    page.get_latest_revision().publish()
    consents.withdraw_consent(allowed, purpose="show_name")
    for event in allowed.events.filter(dispatched_at=None):
        tasks.dispatch_event(event.pk)
    page = AnswerPage.objects.get(pk=page.pk)
    assert page.live and page.sender_name == ""
    assert not any(revision.content["sender_name"] for revision in page.revisions.all())


def test_an_editor_cannot_put_a_name_without_consent(index, allowed):
    page = draft_answer_page(allowed)
    page.sender_name = "Người Thử Nghiệm"
    page.save_revision().publish()
    page.refresh_from_db()
    assert page.live and page.sender_name == ""

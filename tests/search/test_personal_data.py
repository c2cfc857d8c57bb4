"""A telephone number, an address, a number of identity and a name, planted in a submission, and looked for everywhere.

Looked for: index documents, copies, full-text tables, events and queue, logs, suggestions, exports, and
every page of those who have no right to them.
"""

import io
import json
import logging

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from openpyxl import load_workbook

from cms.publishing import draft_answer_page
from cms.site import ensure_site
from intake import services
from intake.models import Event, Submission, Submitter
from intake.services import Sender
from search.indexes import ANSWERS, SUBMISSIONS
from search.query import rest
from search.suggest import suggest
from search.sync import sync
from search.tasks import sweep
from search.vocabulary import forget, lexicon, recount
from tests.conftest import make_submission
from tests.search.conftest import index

NAME, PHONE, EMAIL, IDENTITY = "Trịnh Quỳnh Uyển", "0987 654 321", "uyen.tq.5791@thu.vidu.vn", "001 185 123 456"
ADDRESS, PAPER = "Ngõ 9 đường Hoàn Toàn Bịa", "079 185 426"
SENDER = Sender(name=NAME, address=ADDRESS, phone=PHONE, email=EMAIL, id_number=IDENTITY)
BODY = (
    f"Tôi là {NAME}, ở {ADDRESS}. Đề nghị sửa phần mềm một cửa. Xin gọi {PHONE} hoặc {PHONE.replace(' ', '')}, "
    f"thư {EMAIL}, CCCD {IDENTITY} hay {IDENTITY.replace(' ', '')}. TRỊNH QUỲNH UYỂN "
    # As they are written without marks, by keystrokes, in another punctuation, against machines that collect.
    f"(Trinh Quynh Uyen, Trijnh Quyfnh Uyeern), Ngõ 9, đường Hoàn Toàn Bịa; {EMAIL.replace('@', '(at)')}, giay to {PAPER}"
)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_server")]
# Where the sender's own words stand, for those who may read them, and where the sender is, encrypted.
KEPT = {(Submission, "title"), (Submission, "body")}


def bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def traces(text: str) -> list[str]:
    """What of the person is left, however it was cut into words or spelled."""
    from classifier.text import fold

    seen = bare(fold(text))
    wanted = [NAME, PHONE, PHONE[1:], EMAIL, EMAIL.partition("@")[0], IDENTITY, PAPER, ADDRESS, "Quyfnh"]
    return [one for one in wanted if bare(fold(one)) in seen]


@pytest.fixture
def planted(coordinator, ministry, officer) -> Submission:
    """Sent, assigned, accepted."""
    one = make_submission(title=f"Xin gọi {PHONE}", body=BODY, sender=SENDER, consents=("publish",))
    services.assign(one, lead=ministry, actor=coordinator)
    services.accept(one, actor=officer)
    index(one)
    return one


def test_the_helper_sees_them(planted):
    assert len(traces(BODY)) == 9
    assert traces(planted.body) and Submitter.objects.get(submission=planted).name == NAME


def test_no_row_of_the_database_but_the_senders_own_words(planted):
    """Every text of every table, as it is stored."""
    for model in apps.get_models():
        if not model._meta.managed:
            continue
        names = [field.attname for field in model._meta.local_concrete_fields if (model, field.attname) not in KEPT]
        quote = connection.ops.quote_name
        columns = ", ".join(quote(model._meta.get_field(name).column) for name in names)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {quote(model._meta.db_table)}")  # noqa: S608 (our own tables)
            for row in cursor.fetchall():
                assert traces(" ".join(map(str, row))) == [], model


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 is SQLite's")
def test_no_word_of_the_full_text_tables(planted):
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search_submission_words', 'instance')")
        cursor.execute("SELECT term FROM temp.words ORDER BY doc, col, offset")
        words = " ".join(term for (term,) in cursor.fetchall())
        cursor.execute("DROP TABLE temp.words")
    assert "phan mem" in words
    assert traces(words) == []


@pytest.mark.skipif(not settings.ELASTICSEARCH_URL, reason="no search server here")
def test_no_document_of_the_search_server(planted):
    from search.engines.elastic_server import client

    for kind in (SUBMISSIONS, ANSWERS):
        dump = client().search(index=kind.alias, query={"match_all": {}}, size=1_000)
        assert kind is ANSWERS or dump["hits"]["hits"]
        assert traces(json.dumps(dump.body, ensure_ascii=False)) == []


def test_no_event_message_or_log(planted, queue, caplog, monkeypatch):
    class Away:
        def write(self, *given):
            from search.query import SearchAway

            raise SearchAway("500 broken")

        def has(self, index_):
            return True

    with caplog.at_level(logging.DEBUG):
        services.ask(planted, actor=planted.handler, text="Xin cho biết thêm?")
        sync(SUBMISSIONS, [planted.pk])
        monkeypatch.setattr("search.sync.servers", lambda: [Away()])
        from search.models import Owed

        Owed.objects.owe("submission", planted.pk)
        Owed.objects.update(since="2026-01-01T00:00Z")
        sweep()
    rest.end()
    assert caplog.records
    assert traces(caplog.text) == []
    assert queue is not None and traces(json.dumps(queue, default=str)) == []
    for event in Event.objects.all():
        assert traces(f"{event.note} {json.dumps(event.data)}") == []


def test_no_suggestion_correction_or_counted_word(planted, coordinator):
    recount(SUBMISSIONS, force=True)
    forget()
    counted = lexicon(SUBMISSIONS).as_json()
    together = [*counted["pairs"], *counted["phrases"]]
    assert all(bare(one) not in {bare(NAME), bare("quỳnh uyển"), bare("trịnh quỳnh")} for one in together)
    for typed in ("xin", "xin gọi", "trịnh", "quynh uyen", "0987", EMAIL[:6], "001185"):
        for user, kind in ((coordinator, SUBMISSIONS), (None, ANSWERS)):
            assert traces(" ".join(one.text for one in suggest(typed, user, kind))) == []
    forget()


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_no_export_without_contacts(planted, client, coordinator, format_):
    client.force_login(coordinator)
    response = client.post("/can-bo/xuat/", {"dang": format_, "tu": "goc=all"})
    content = b"".join(response.streaming_content)
    if format_ == "xlsx":
        rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
        content = "\n".join(" ".join(map(str, row)) for row in rows).encode()
    assert planted.receipt_code in content.decode()
    assert traces(content.decode()) == []


def test_no_contact_in_an_export_of_another_agency(planted, client, stranger):
    client.force_login(stranger)
    response = client.post("/can-bo/xuat/", {"dang": "csv", "tu": "goc=all", "lien-he": "1"})
    content = b"".join(response.streaming_content).decode()
    assert planted.receipt_code not in content and traces(content) == []


def test_no_page_of_the_list_and_no_public_page(planted, client, coordinator, stranger):
    pages = ["/can-bo/", "/can-bo/?goc=all", "/can-bo/?goc=all&bo-loc=1", "/can-bo/?goc=all&q=phan+mem"]
    code = planted.receipt_code
    for user in (coordinator, stranger):
        client.force_login(user)
        for page in pages:
            assert traces(client.get(page).content.decode()) == [], (user.username, page)
    for page in (f"/can-bo/phieu/{code}/", f"/can-bo/phieu/{code}/xem-nhanh/", f"/can-bo/giong/{code}/"):
        assert traces(client.get(page).content.decode()) == [], page  # the stranger's
    client.logout()
    for page in ("/", "/tra-loi/", "/tim-kiem/?q=phan+mem", f"/tim-kiem/?q={code}", f"/can-bo/phieu/{code}/"):
        assert traces(client.get(page, follow=True).content.decode()) == [], page


def test_the_queue_does_not_find_it_by_the_name(planted, client, coordinator):
    client.force_login(coordinator)
    assert planted.receipt_code in client.get("/can-bo/?goc=all&q=phan+mem").content.decode()
    assert planted.receipt_code not in client.get("/can-bo/?goc=all&q=Quynh+Uyen").content.decode()


def test_no_draft_of_a_public_page_nor_what_wagtail_keeps_of_it(planted, officer, approver, ministry):
    ensure_site()
    text = f"Kính gửi bà {NAME} ({ADDRESS}, {PHONE}).\n\nPhần mềm đã được sửa xong trong tuần này, xin cảm ơn."
    services.draft_answer(planted, actor=officer, agency=ministry, text=text, outcome="resolved")
    services.propose_answer(planted, actor=officer)
    services.approve_answer(planted, actor=approver)
    page = draft_answer_page(planted)
    assert "Phần mềm" in page.answer and "phần mềm" in page.question
    for kept in page.revisions.all():
        assert traces(json.dumps(kept.content, ensure_ascii=False)) == []

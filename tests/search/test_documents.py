"""What an index holds: listed by hand, and nothing that points to a person."""

from dataclasses import asdict, fields

from search.documents import AnswerDocument, SubmissionDocument, submission_document, submissions_to_index
from search.indexes import ANSWERS, SUBMISSIONS
from search.models import SubmissionEntry
from tests.conftest import make_submission
from tests.search.conftest import index

PHONE, EMAIL, IDENTITY, NAME = "0912 345 678", "nguyen.thu@vidu.vn", "001 085 123 456", "Người Thử Nghiệm"
BODY = f"Tôi đề nghị. Gọi {PHONE}, thư {EMAIL}, CCCD số {IDENTITY}."


def planted():
    return make_submission(title=f"Xin gọi {PHONE}", body=BODY)


def traces(text: str) -> list[str]:
    """What of the person is left, however it was cut into words."""
    bare = "".join(character for character in text.lower() if character.isalnum())
    wanted = [PHONE, EMAIL, IDENTITY, NAME, "Số 1 đường Thử", "thu@vidu.vn"]
    return [one for one in wanted if "".join(c for c in one.lower() if c.isalnum()) in bare]


def test_the_fields_of_document_and_index_are_the_same():
    for document, index_ in ((SubmissionDocument, SUBMISSIONS), (AnswerDocument, ANSWERS)):
        assert [field.name for field in fields(document)] and {field.name for field in fields(document)} == set(
            index_.properties
        )


def test_a_document_holds_no_trace_of_the_person(db, _server):
    one = planted()
    document = submission_document(submissions_to_index([one.pk]).get())
    assert traces(repr(asdict(document))) == []
    index(one)
    assert traces(repr(SubmissionEntry.objects.values().get())) == []


def test_no_page_of_the_queue_shows_one(client, coordinator, _server):
    index(planted())
    client.force_login(coordinator)
    for words in ("", "đề nghị", PHONE, EMAIL, IDENTITY):
        page = client.get("/can-bo/", {"q": words}).content.decode()
        inner = page.split('id="phieu-danh-sach"')[-1].split("</ul>")[0]
        assert traces(inner) == [] or 'id="phieu-danh-sach"' not in page


def test_a_telephone_number_finds_nobody(engine, coordinator, _server):
    from tests.search.conftest import ask

    index(planted())
    for words in (PHONE, PHONE.replace(" ", ""), EMAIL, IDENTITY, NAME):
        results = ask(engine, coordinator, words)
        assert results.width != "all" or not results.ids


def test_the_words_are_prepared_for_every_engine(db, _server):
    one = make_submission(title="Hoà Bình", body="ĐỔI mới, KH&CN 4.0")
    document = submission_document(submissions_to_index([one.pk]).get())
    assert (document.title, document.title_folded) == (" hòa bình ", " hoa binh ")
    assert (document.body, document.body_folded) == (" đổi mới kh cn 4 0 ", " doi moi kh cn 4 0 ")

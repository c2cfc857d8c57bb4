"""Sentence vectors with the real encoder; without one everything goes on by words."""

from time import monotonic

import numpy as np
import pytest

from classifier.encoder import default_encoder
from search import meaning, vectors, vocabulary
from search.analysis import parse
from search.indexes import ANSWERS
from search.models import AnswerMeaning
from search.query import Query, Sort
from search.similar import answers_like
from search.sync import sync
from tests.search.test_suggest import published  # noqa: F401 (a fixture)

needs_encoder = pytest.mark.skipif(default_encoder() is None, reason="no encoder for this machine")
ELECTRONIC = "Nộp hồ sơ trên mạng xong vẫn bị gọi lên nộp bản giấy"


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "encoder", default_encoder)


@needs_encoder
def test_the_encoder_is_the_one_that_the_centres_were_measured_with():
    assert default_encoder().name == meaning._centres()["encoder"]


@needs_encoder
def test_what_means_the_same_is_near_with_marks_or_without(encoder, words):
    texts = [meaning.of_text(text, words) for text in (ELECTRONIC, "Camera quay vào cổng nhà tôi suốt đêm")]
    for query in ("thủ tục trực tuyến mà đòi bản in", "thu tuc truc tuyen ma doi ban in"):
        asked = meaning.of_query(parse(query), words)
        assert asked @ texts[0] > asked @ texts[1] + 0.15


@needs_encoder
def test_an_abbreviation_means_what_it_stands_for(encoder, words):
    from search.analysis import Synonyms

    known = Synonyms.of([("TTHC", "thủ tục hành chính")])
    short, long = (meaning.of_query(parse(text, known), words) for text in ("TTHC cấp xã", "thủ tục hành chính cấp xã"))
    assert short @ long > 0.99


@needs_encoder
@pytest.mark.parametrize("text", ["xyzzy qwrt", "12345", "?", ""])
def test_words_that_no_text_has_mean_nothing(encoder, words, text):
    assert meaning.of_query(parse(text), words) is None


@needs_encoder
def test_a_published_answer_has_a_vector_and_keeps_it(encoder, published, monkeypatch):  # noqa: F811
    page = published(ELECTRONIC)
    held = AnswerMeaning.objects.get()
    assert len(held.vector) == meaning.BYTES
    assert np.linalg.norm(meaning.as_array(held.vector)) == pytest.approx(1.0, abs=0.01)
    monkeypatch.setattr(vectors, "of_answer", lambda *texts: pytest.fail("computed twice"))
    sync(ANSWERS, [page.pk])


@needs_encoder
def test_an_answer_is_found_that_shares_no_word(engine, encoder, published, words, monkeypatch):  # noqa: F811
    from search import asking

    monkeypatch.setattr(asking, "lexicon", lambda index: words)
    page = published(ELECTRONIC, question="Đã ký số hẳn hoi mà bộ phận một cửa đòi giấy dấu đỏ.")
    published("Bản đồ quy hoạch xã chỉ là ảnh mờ", question="Không tra được thửa đất nào.")
    query = Query(terms=parse("dịch vụ công trực tuyến bắt in tài liệu"), sort=Sort.RELEVANCE)
    results = asking.ask_widely(engine, ANSWERS, query)
    assert results.ids[:1] == [page.pk]


@needs_encoder
def test_it_costs_a_web_process_little(encoder):
    began = monotonic()
    meaning._of_words.cache_clear()
    assert meaning._of_words("nộp hồ sơ trên mạng rồi vẫn phải nộp giấy") is not None
    assert monotonic() - began < 2.0  # 0.02 s on an idle machine


def test_without_an_encoder_there_are_words_alone(engine, published, words):  # noqa: F811
    assert meaning.of_query(parse("thủ tục"), words) is None
    assert meaning.of_text("thủ tục", words) is None
    published(ELECTRONIC)
    assert not AnswerMeaning.objects.exists()
    assert answers_like("Nộp hồ sơ trên mạng xong vẫn phải nộp bản giấy")


def test_a_matrix_reads_what_is_new_and_what_has_changed():
    rows = [(1, unit(0)), (2, unit(1))]
    matrix = vectors.Matrix(lambda held: [rows.pop(0)] if rows else [])
    look = matrix._refresh
    asked = meaning.as_array(unit(1))
    assert [key for key, _ in matrix.near(asked, 5)] == [1]
    matrix._looked = -vectors.LOOK_AGAIN
    look()
    assert matrix.near(asked, 5) == [(2, 1.0), (1, 0.0)]
    assert matrix.near(asked, 5, only=[1]) == [(1, 0.0)]
    rows.append((1, unit(1)))
    matrix._looked = -vectors.LOOK_AGAIN
    assert matrix.near(asked, 1) == [(2, 1.0)]
    assert len(matrix) == 2


def unit(axis: int) -> bytes:
    vector = np.zeros(meaning.DIMENSIONS, np.float16)
    vector[axis] = 1.0
    return vector.tobytes()


@pytest.mark.parametrize("stored", [None, b"", b"\0" * 10])
def test_a_vector_of_another_kind_is_none(stored):
    assert meaning.from_encoder(stored) is None


@pytest.fixture(autouse=True)
def _forget() -> None:
    vocabulary.forget()

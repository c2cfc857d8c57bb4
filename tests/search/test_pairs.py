"""Vietnamese pairs: the same rows on every engine."""

from dataclasses import replace

import pytest

from search import asking
from search.abbreviations import synonyms
from search.analysis import Width, parse
from search.asking import ask_widely
from search.indexes import SUBMISSIONS
from search.query import Query, Results, Sort
from tests.conftest import make_submission
from tests.search.conftest import ask, index
from tests.search.pairs import EXACT_FIRST, FOUND, NOT_FOUND, REPAIRED, TYPED_FIRST


@pytest.fixture
def counted(words, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words are known, as they are once the worker has counted them."""
    monkeypatch.setattr(asking, "lexicon", lambda index: words)


def widely(engine, user, text: str, **changes) -> Results:
    query = Query(terms=parse(text, synonyms()), user=user, sort=Sort.RELEVANCE, size=400)
    return ask_widely(engine, SUBMISSIONS, replace(query, **changes))


def make(texts) -> dict[str, int]:
    made = {text: make_submission(title="Phiếu thử", body=text) for text in dict.fromkeys(texts)}
    index(*made.values())
    return {text: submission.pk for text, submission in made.items()}


def test_there_are_enough_rows():
    rows = [*FOUND, *REPAIRED, *NOT_FOUND, *EXACT_FIRST, *TYPED_FIRST]
    assert len(rows) >= 150
    assert len(set(rows)) == len(rows)


def test_every_query_finds_its_text_among_all_others(engine, coordinator):
    made = make(text for _, text in FOUND)
    lost = []
    for query, text in FOUND:
        results = ask(engine, coordinator, query, size=len(made))
        if made[text] not in results.ids or results.width != Width.ALL:
            lost.append((query, text, results.width))
    assert lost == []


def test_a_misspelt_query_finds_its_text_and_says_what_was_done(engine, coordinator, counted):
    made = make(text for _, text in [*FOUND, *REPAIRED])
    lost = []
    for query, text in REPAIRED:
        results = widely(engine, coordinator, query)
        if made[text] not in results.ids or results.width != Width.ALL or not results.corrections:
            lost.append((query, text, results.width, results.corrections))
    assert lost == []


def test_what_is_right_is_not_corrected(engine, coordinator, counted):
    make(text for _, text in FOUND)
    corrected = [query for query, _ in FOUND if any(one.used for one in widely(engine, coordinator, query).corrections)]
    assert corrected == []


@pytest.mark.parametrize(("query", "text"), NOT_FOUND)
def test_what_is_not_there_is_not_found_whole(engine, indexed, coordinator, counted, query, text):
    indexed(text, title="Lá phiếu")
    results = widely(engine, coordinator, query)
    assert not results.ids or results.width != Width.ALL


@pytest.mark.parametrize(("query", "first", "second"), EXACT_FIRST)
def test_the_exact_tone_stands_first(engine, indexed, coordinator, query, first, second):
    one, other = indexed(first), indexed(second)
    assert ask(engine, coordinator, query).ids == [one.pk, other.pk]
    # Whichever is older.
    later = indexed(first)
    assert ask(engine, coordinator, query).ids[-1] == other.pk
    assert later.pk in ask(engine, coordinator, query).ids[:2]


@pytest.mark.parametrize(("query", "first", "second"), TYPED_FIRST)
def test_what_was_typed_stands_before_what_may_have_been_meant(
    engine, indexed, coordinator, counted, query, first, second
):
    one, other = indexed(first), indexed(second)
    assert widely(engine, coordinator, query).ids == [one.pk, other.pk]


def test_a_query_that_has_hits_is_only_offered_another(engine, indexed, coordinator, counted):
    one = indexed("Tấm hình chính diện")
    for _ in range(5):
        indexed("Thủ tục hành chính", title="Thủ tục")
    results = widely(engine, coordinator, "hình chính")
    assert results.ids == [one.pk]
    assert [(c.typed, c.meant, c.query, c.used) for c in results.corrections] == [("hình", "hành", "hành chính", False)]


def test_nobody_is_offered_a_word_of_what_he_may_not_see(engine, indexed, coordinator, stranger, counted):
    indexed("Thủ tục hành chính")
    assert widely(engine, coordinator, "thủ tục hình chính").corrections
    results = widely(engine, stranger, "thủ tục hình chính")
    assert (results.ids, results.total, results.corrections) == ([], 0, ())


def test_one_exact_word_in_a_long_text_stands_before_many_that_look_alike(engine, indexed, coordinator):
    exact = indexed("Kính gửi cơ quan. " + "Chúng tôi trình bày sự việc như sau. " * 60 + "Xin hỏi về thuế.")
    other = indexed("Thuê nhà, cho thuê, người thuê, đi thuê", title="Thuê thuê thuê")
    assert ask(engine, coordinator, "thuế").ids == [exact.pk, other.pk]


def test_without_marks_both_are_found(engine, indexed, coordinator):
    one, other = indexed("nộp thuế"), indexed("thuê nhà")
    assert set(ask(engine, coordinator, "thue").ids) == {one.pk, other.pk}


def test_words_side_by_side_stand_before_words_apart(engine, indexed, coordinator):
    apart = indexed("Công an xã báo nghệ nhân làng nghề được công nhận, nghệ thuật")
    together = indexed("Hỗ trợ công nghệ cho làng nghề, công tác xã hội")
    assert ask(engine, coordinator, "cong nghe").ids == [together.pk, apart.pk]


def test_what_was_searched_for_without_hits_is_not_offered_again(engine, indexed, coordinator, counted):
    """The likelier words have hits, but none under the filter that the offered list would keep."""
    indexed("Thủ tục hành chính")
    results = widely(engine, coordinator, "thủ tục hình chính", filters={"nature": ("secret",)})
    assert (results.total, results.corrections) == (0, ())

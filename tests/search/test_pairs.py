"""Vietnamese pairs: the same rows on every engine."""

import pytest

from search.analysis import Width
from tests.conftest import make_submission
from tests.search.conftest import ask, index
from tests.search.pairs import EXACT_FIRST, FOUND


def test_there_are_enough_rows():
    assert len(FOUND) >= 60
    assert len(set(FOUND)) == len(FOUND)


def test_every_query_finds_its_text_among_all_others(engine, coordinator):
    made = {text: make_submission(title="Phiếu thử", body=text) for _, text in FOUND}
    index(*made.values())
    lost = []
    for query, text in FOUND:
        results = ask(engine, coordinator, query, size=len(FOUND))
        if made[text].pk not in results.ids or results.width != Width.ALL:
            lost.append((query, text, results.width))
    assert lost == []


@pytest.mark.parametrize(("query", "first", "second"), EXACT_FIRST)
def test_the_exact_tone_stands_first(engine, indexed, coordinator, query, first, second):
    one, other = indexed(first), indexed(second)
    assert ask(engine, coordinator, query).ids == [one.pk, other.pk]
    # Whichever is older.
    later = indexed(first)
    assert ask(engine, coordinator, query).ids[-1] == other.pk
    assert later.pk in ask(engine, coordinator, query).ids[:2]


def test_one_exact_word_in_a_long_text_stands_before_many_that_look_alike(engine, indexed, coordinator):
    exact = indexed("Kính gửi cơ quan. " + "Chúng tôi trình bày sự việc như sau. " * 60 + "Xin hỏi về thuế.")
    other = indexed("Thuê nhà, cho thuê, người thuê, đi thuê", title="Thuê thuê thuê")
    assert ask(engine, coordinator, "thuế").ids == [exact.pk, other.pk]


def test_without_marks_both_are_found(engine, indexed, coordinator):
    one, other = indexed("nộp thuế"), indexed("thuê nhà")
    assert set(ask(engine, coordinator, "thue").ids) == {one.pk, other.pk}


@pytest.mark.parametrize("query", ["xe lửa", "số nhà 12345", "khu công nghệ", "đ"])
def test_what_is_not_there_is_not_found_whole(engine, indexed, coordinator, query):
    indexed("Chuyển đổi số ở khu dân cư")
    results = ask(engine, coordinator, query)
    assert not results.ids or results.width != Width.ALL


def test_words_side_by_side_stand_before_words_apart(engine, indexed, coordinator):
    apart = indexed("Công an xã báo nghệ nhân làng nghề được công nhận, nghệ thuật")
    together = indexed("Hỗ trợ công nghệ cho làng nghề, công tác xã hội")
    assert ask(engine, coordinator, "cong nghe").ids == [together.pk, apart.pk]

"""The words that a lexicon has counted: kept, read back, counted anew when the index has changed."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from search import vocabulary
from search.indexes import SUBMISSIONS
from search.lexicon import Lexicon, count
from search.models import Vocabulary
from search.vocabulary import lexicon, recount

TEXTS = ["Thủ tục hành chính. Một cửa", "thủ tục hành chính ở xã", "Chính sách mới"]


def test_words_and_pairs_are_counted_within_sentences():
    known = count(TEXTS)
    assert known.words["thủ"] == 2
    assert known.pairs == {("thủ", "tục"): 2, ("tục", "hành"): 2, ("hành", "chính"): 2}
    assert known.folded_words["chinh"] == 3
    assert known.knows("CHÍNH".lower()) and known.knows("chinh") and not known.knows("cung")


def test_phrases_are_those_of_texts_that_may_be_shown():
    assert count(TEXTS).phrases == {}
    assert count([], TEXTS).phrases == {"thủ tục hành chính": 2}


def test_it_comes_back_from_the_database_as_it_was():
    known = count([], TEXTS)
    assert Lexicon.from_json(known.as_json()) == known


def test_marks_are_put_back():
    assert count(TEXTS * 3).accented(["thu", "tuc", "hanh", "chính"]) == ["thủ", "tục", "hành", "chính"]


@pytest.mark.parametrize("text", ["", "\0", "a" * 100_000, "12 34 !!!", "\ud800"])
def test_any_text_can_be_counted(text):
    assert count([text], [text]).texts == 2


def test_without_a_count_nothing_is_known(db):
    assert lexicon(SUBMISSIONS) == Lexicon()


def test_it_is_counted_anew_when_it_is_old_and_the_index_has_changed(indexed):
    indexed("Bản Nậm Chà ngập nước")
    assert recount(SUBMISSIONS)
    assert not recount(SUBMISSIONS)  # fresh
    Vocabulary.objects.update(counted_at=now() - timedelta(hours=1))
    assert not recount(SUBMISSIONS)  # nothing has changed
    indexed("Bản Hzoong ngập nước")
    assert recount(SUBMISSIONS)
    vocabulary.forget()
    assert lexicon(SUBMISSIONS).knows("hzoong")


def test_another_process_hears_of_a_newer_count(indexed, monkeypatch):
    recount(SUBMISSIONS)
    assert not lexicon(SUBMISSIONS).knows("hzoong")
    indexed("Bản Hzoong ngập nước")
    recount(SUBMISSIONS, force=True)
    assert not lexicon(SUBMISSIONS).knows("hzoong")  # not yet
    monkeypatch.setattr(vocabulary, "LOOK_AGAIN", 0.0)
    assert lexicon(SUBMISSIONS).knows("hzoong")

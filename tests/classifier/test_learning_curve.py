"""More texts and more decisions: both curves on a corpus of some hundred texts."""

import pytest

from classifier.items import Item
from classifier.learning_curve import by_thousands, one_by_one
from classifier.material import prepare
from classifier.training import train
from tests.classifier.stand_ins import LetterEncoder


@pytest.fixture(scope="module", params=[None, LetterEncoder()], ids=["words", "meaning"])
def learnt(request, few_examples, taxonomy):
    model = train(few_examples, taxonomy, encoder=request.param)
    return prepare(few_examples, None, request.param), model, request.param


def test_more_texts_do_better(learnt):
    material, model, _ = learnt
    few, many = by_thousands(material, model, sizes=(60, 230))
    assert (few["texts"], many["texts"]) == (60, 230)
    assert set(few) - {"texts"} == ({"words"} if material.data.vectors is None else {"words", "words_and_meaning"})
    assert many["words"]["initiative_top1"] > few["words"]["initiative_top1"]


def test_decisions_are_learnt_as_they_come(learnt):
    material, model, encoder = learnt
    items = [Item(str(i), f"Xin nuôi tảo biển ngoài khơi bằng lồng số {i}", 29) for i in range(60)]
    first, second, last = one_by_one(material, model, items, encoder)
    assert (first["items"], second["items"], last["items"]) == (25, 50, 60)
    assert first["words"]["learning"] == first["words"]["without"]
    assert last["words"]["last_learning"] > last["words"]["last_without"]
    assert last["words"]["learning"]["system_or_outside"] > last["words"]["without"]["system_or_outside"]

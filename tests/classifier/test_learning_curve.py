"""More texts and more decisions: both curves on a corpus of some hundred texts."""

import numpy as np
import pytest

from classifier import populations, teaching
from classifier.arriving import arrivals, one_by_one
from classifier.items import Item
from classifier.learning_curve import by_decisions, by_thousands
from classifier.material import prepare
from classifier.teaching import Taught
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
    _, model, encoder = learnt
    items = [Item(str(i), f"Xin nuôi tảo biển ngoài khơi bằng lồng số {i}", 29) for i in range(60)]
    first, second, last = by_decisions(model, items, encoder, orders=2)
    assert (first["decisions"], second["decisions"], last["decisions"]) == (25, 50, 60)
    assert first["system"]["learning"] == first["system"]["without"]
    assert last["system"]["learning"] > last["system"]["without"]
    gain, low, high = last["system"]["gain"]
    assert low <= gain <= high and gain > 0.3
    assert "agency" not in last  # nobody said who answers


def test_no_text_is_seen_before_its_turn(learnt):
    """What nobody could guess is not guessed in the step that decides it, and is in the next."""
    _, model, encoder = learnt
    texts = [f"Chim hót trong vườn nhà ông nội lúc {i} giờ" for i in range(50)]
    taught = [Taught(text, "in_scope", 29) for text in texts]
    none = [Taught(f"Xin nuôi tảo biển bằng lồng số {i}", "in_scope", 10) for i in range(25)]
    lesson = teaching.prepare(model, [*none, *taught], encoder)
    right, _ = one_by_one(arrivals(lesson, [*none, *taught], model.taxonomy), np.arange(75))["initiative"]
    assert right[25:50].mean() < 0.2 and right[50:].mean() > 0.8


def test_a_population_is_read_by_heads_that_never_saw_it(learnt, few_examples, monkeypatch):
    material, model, _ = learnt
    groups = sorted({one.group for one in few_examples})
    monkeypatch.setattr(populations, "POPULATIONS", {group: (group,) for group in groups[:2]})
    monkeypatch.setattr(populations, "SIZES", (10,))
    monkeypatch.setattr(populations, "FEWEST", 5)
    found = populations.populations(material, few_examples, model, orders=1)
    assert {(one["shares"], one["decisions"]) for one in found} == {("written", 10), ("drawn", 10)}
    assert all(one["initiative_loss"][0] < 0.5 for one in found)

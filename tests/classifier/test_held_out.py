"""What the card says was measured: texts held out, taken through the same steps as those that arrive."""

import json

import numpy as np
import pytest

from classifier import artifact
from classifier.card import level_card
from classifier.held_out import Scored
from classifier.service import Router
from classifier.training import train
from tests.classifier.stand_ins import LetterEncoder

LEVELS = {"nature", "system", "initiative", "agency"}


@pytest.fixture(scope="module")
def model(few_examples, taxonomy):
    return train(few_examples, taxonomy, encoder=LetterEncoder())


def _scored(p, targets, weights=None):
    p = np.array(p, np.float32)
    weights = np.ones(len(p)) if weights is None else np.array(weights)
    return Scored(tuple(range(p.shape[1])), p, np.array(targets), weights, np.array(["a"] * len(p)))


def test_both_ways_of_reading_are_measured_at_every_level(model):
    assert set(model.card["levels"]) == {"words", "words_and_meaning"}
    for found in model.card["levels"].values():
        assert set(found) == LEVELS
        for level in found.values():
            low, high = level["interval"]
            assert low <= level["top1"] <= high
            assert level["top1"] <= level["top3"]
            assert sum(row["n"] for row in level["reliability"]) == level["rows"]
            assert len(level["coverage_curve"]) == 20
            assert level["coverage_curve"][-1]["right"] == pytest.approx(level["top1"], abs=0.001)
            assert level["set"]["coverage"] >= 0.88


def test_the_confusion_counts_every_text_once(model):
    level = model.card["levels"]["words"]["system"]
    assert len(level["confusion"]) == 7
    assert sum(map(sum, level["confusion"])) == level["rows"]


def test_the_card_is_json_and_small(model):
    assert len(json.dumps(model.card)) < 100_000


def test_sets_of_likely_labels_come_with_the_model(model, few_examples, tmp_path):
    artifact.save(tmp_path / "m", model)
    stored = artifact.load(tmp_path / "m")
    assert stored.sets == model.sets
    for router in (Router(stored), Router(stored, encoder=LetterEncoder())):
        for routing in router.route([e.text for e in few_examples[:20]]):
            for level in LEVELS:
                guesses = getattr(routing, level)
                likely = routing.likely[level]
                assert likely == tuple(g.value for g in guesses[: len(likely)])
                assert likely


def test_outside_texts_weigh_as_stated():
    found = level_card("system", _scored([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3]], [0, 1, 1], [2.0, 0.5, 0.5]))
    assert found["top1"] == pytest.approx(2 / 3, abs=1e-4)


def test_errors_of_scope_are_counted_both_ways_for_each_writer_who_wrote_enough_of_both():
    inside_wrong, inside, outside_wrong, outside = [0.6, 0.4], [0.4, 0.6], [0.4, 0.6], [0.6, 0.4]
    p = [inside_wrong] * 2 + [inside] * 6 + [outside_wrong] + [outside] * 9
    found = level_card("system", _scored(p, [1] * 8 + [0] * 10))["scope_errors"]
    assert found == {"a": {"inside": 8, "outside": 10, "outwards": 0.25, "inwards": 0.1}}
    assert level_card("system", _scored(p[1:], [1] * 7 + [0] * 10))["scope_errors"] == {}


def test_a_writer_with_few_texts_gets_no_figure():
    found = level_card("nature", _scored([[0.9, 0.1]] * 7, [0] * 7))
    assert found["by_writer"] == {"mean": None, "groups": {}}


def test_too_few_texts_to_hold_any_out(few_examples, taxonomy):
    same = [type(e)(e.id, e.text, e.initiative, e.nature, e.agency, group="one") for e in few_examples[:200]]
    model = train(same, taxonomy)
    assert model.card["levels"] == {}
    assert Router(model).route([same[0].text])[0].likely["system"]

"""Training on a few texts: it learns, it repeats itself, it refuses what cannot be learnt."""

from dataclasses import replace

import numpy as np
import pytest

from classifier.corpus import Example, load_descriptions
from classifier.fitting import evened
from classifier.reading import read_text, rows
from classifier.service import Router
from classifier.training import train
from tests.classifier.stand_ins import LetterEncoder


def test_it_learns_what_it_was_shown(small_model, few_examples):
    routings = Router(small_model).route([example.text for example in few_examples])
    right = [r.initiative[0].value == e.initiative for r, e in zip(routings, few_examples, strict=True)]
    assert np.mean(right) > 0.8


def test_descriptions_add_classes_nobody_wrote_about(few_examples, taxonomy):
    model = train(few_examples, taxonomy, descriptions=load_descriptions())
    assert model.initiative.classes == tuple(range(1, 31))
    (routing,) = Router(model).route(["Nhà máy điện hạt nhân và lò phản ứng mô-đun nhỏ"])
    assert next(g.value for g in routing.initiative if g.value) == 28


def test_a_model_with_meaning_routes_without_it_too(few_examples, taxonomy):
    encoder = LetterEncoder()
    model = train(few_examples[:150], taxonomy, encoder=encoder)
    text = few_examples[0].text
    assert Router(model, encoder=encoder).route([text])[0].vector.shape == (384,)
    assert Router(model).route([text])[0].vector is None


def test_another_encoder_is_left_aside(few_examples, taxonomy):
    model = train(few_examples[:150], taxonomy, encoder=LetterEncoder())
    other = LetterEncoder()
    other.name = "letters 2"
    assert Router(model, encoder=other).health()["encoder"] is None


def test_the_stated_share_of_outside_moves_the_line(small_model):
    text = "Đề nghị lắp thêm trạm biến áp và cột sóng cho thôn"
    few = Router(small_model, prior_outside=0.1).route([text])[0]
    many = Router(small_model, prior_outside=0.9).route([text])[0]
    outside = [next(g.p for g in r.initiative if g.value == 0) for r in (few, many)]
    assert outside[0] < outside[1]


def test_one_side_alone_cannot_be_learnt(taxonomy):
    only_outside = [Example(str(i), f"đường thôn {i}", 0, "out_of_scope", "BXD") for i in range(9)]
    with pytest.raises(ValueError, match="two classes"):
        train(only_outside, taxonomy)


def test_decisions_of_people_join_the_written_texts(few_examples, taxonomy):
    decided = [Example(f"d{i}", f"Xin cấp sóng vệ tinh cho tàu cá số {i}", 16, weight=3) for i in range(8)]
    model = train([*few_examples, *decided], taxonomy, origin="decisions and synthetic")
    assert model.card["data"]["origin"] == "decisions and synthetic"
    assert Router(model).route(["sóng vệ tinh cho tàu cá"])[0].initiative[0].value == 16


def test_unusable_labels_do_not_stop_it(few_examples, taxonomy):
    odd = [replace(few_examples[0], id="x", text="😀 \ud800", agency="NOBODY", nature="")]
    assert train([*few_examples, *odd], taxonomy).agency.classes


def test_evened_weights_make_length_say_nothing():
    labels, strata = [0, 0, 0, 1, 0, 1, 1], [0, 0, 0, 0, 1, 1, 1]
    weights = evened(labels, strata)
    for stratum in (0, 1):
        totals = [
            sum(w for w, a, b in zip(weights, labels, strata, strict=True) if (a, b) == (label, stratum))
            for label in (0, 1)
        ]
        assert totals[0] == pytest.approx(totals[1])


def test_the_scope_is_told_how_much_a_text_is_about_any_initiative(few_examples, taxonomy):
    model = train(few_examples, taxonomy)
    readings = [read_text(example.text) for example in few_examples[:40]]
    logits = model.logits(rows(model.vectoriser, readings, model.accents), None)
    told = logits["scope"] - model.scope.logits(rows(model.vectoriser, readings, model.accents), None)
    likeliest = logits["initiative"].max(axis=1)
    assert model.scope.beside[0] > 0
    assert told[:, 1] == pytest.approx(model.scope.beside[0] * likeliest / 2, abs=1e-3)
    assert told[:, 0] == pytest.approx(-told[:, 1], abs=1e-3)

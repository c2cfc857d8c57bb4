"""What decisions teach on top of the written texts: nothing where there are none, more as they come."""

from dataclasses import replace

import numpy as np
import pytest

from classifier import artifact, teaching
from classifier.corpus import Example
from classifier.corrections import from_arrays, to_arrays
from classifier.model import HEADS
from classifier.service import Router
from classifier.teaching import Taught
from classifier.training import train
from tests.classifier.stand_ins import LetterEncoder

ALGAE = [f"Xin nuôi tảo biển ngoài khơi bằng lồng lưới số {i}" for i in range(30)]
NEXT = "Xin nuôi tảo biển ngoài khơi, thả lồng lưới ở vịnh"


@pytest.fixture(scope="module", params=[None, LetterEncoder()], ids=["words", "meaning"])
def started(request, few_examples, taxonomy):
    return train(few_examples, taxonomy, encoder=request.param), request.param


def lesson(started, *taught: Taught):
    model, encoder = started
    return teaching.prepare(model, taught, encoder)


def taught_model(started, *taught: Taught):
    own = lesson(started, *taught)
    return replace(own.model, corrections=own.corrections(np.arange(len(taught))))


def first(model, encoder, text: str, level: str = "initiative"):
    return getattr(Router(model, encoder=encoder).route([text])[0], level)[0]


def test_it_works(started):
    model, encoder = started
    before = first(model, encoder, NEXT)
    p = []
    for count in (1, 5, 30):
        taught = [Taught(text, "in_scope", 29, None, "BNNMT") for text in ALGAE[:count]]
        guesses = Router(taught_model(started, *taught), encoder=encoder).route([NEXT])[0].initiative
        p.append(next(guess.p for guess in guesses if guess.value == 29))
    assert before.value != 29 or before.p < p[-1]
    assert p == sorted(p) and p[-1] > 0.8


def test_without_decisions_nothing_changes(started, few_examples):
    own = lesson(started, Taught(NEXT, "in_scope", 29))
    none = own.corrections(np.zeros(0, int))
    everything = np.arange(1)
    mode = "words" if own.vectors is None else "words_and_meaning"
    p = own.probabilities(mode, everything, everything[:0])
    assert none.words == {} and all((p[name] == own.p[mode][name]).all() for name in HEADS)


def test_other_texts_are_left_in_peace(started, few_examples):
    model, encoder = started
    texts = [one.text for one in few_examples[:100]]
    taught = taught_model(started, *(Taught(text, "in_scope", 29) for text in ALGAE[:5]))
    before, after = (
        [routing.initiative[0].value for routing in Router(m, encoder=encoder).route(texts)] for m in (model, taught)
    )
    assert np.mean([a == b for a, b in zip(before, after, strict=True)]) > 0.9


def test_what_nobody_said_is_not_taught(started):
    own = lesson(started, Taught("Cấp điện cho trạm sạc", "in_scope", None, 4))
    assert own.allowed["agency"].sum() == 0
    assert own.allowed["scope"].tolist() == [[False, True]]
    classes = own.model.initiative.classes
    of_system = set(own.model.taxonomy.systems[4])
    assert {label for label, open_ in zip(classes, own.allowed["initiative"][0], strict=True) if open_} == (
        of_system & set(classes)
    )


def test_half_a_decision_teaches_less(started):
    _, encoder = started
    p = []
    for weight in (0.25, 1.0):
        model = taught_model(started, *(Taught(text, "in_scope", 29, weight=weight) for text in ALGAE[:5]))
        guesses = Router(model, encoder=encoder).route([NEXT])[0].initiative
        p.append(next(guess.p for guess in guesses if guess.value == 29))
    assert p[0] < p[1]


def test_it_is_kept_in_the_artefact(started, tmp_path):
    _, encoder = started
    model = taught_model(started, *(Taught(text, "in_scope", 29, None, "BNNMT") for text in ALGAE))
    version = artifact.save(tmp_path / "model", model)
    loaded = artifact.load(tmp_path / "model")
    assert loaded.version == version and loaded.corrections is not None
    before, after = (Router(m, encoder=encoder).route([NEXT])[0].initiative[0] for m in (model, loaded))
    assert before.value == after.value == 29 and before.p == pytest.approx(after.p, abs=0.1)  # letters fit int8 badly


def test_a_model_without_decisions_has_no_arrays(small_model):
    assert small_model.corrections is None and from_arrays({}) is None


def test_the_same_decisions_give_the_same_model(started):
    taught = [Taught(text, "in_scope", 29) for text in ALGAE]
    one, two = (to_arrays(taught_model(started, *taught).corrections) for _ in range(2))
    assert one.keys() == two.keys() and all((one[name] == two[name]).all() for name in one)


def test_words_that_decisions_taught_are_reasons(started):
    _, encoder = started
    model = taught_model(started, *(Taught(text, "in_scope", 29) for text in ALGAE))
    taught = {reason.phrase for reason in Router(model, encoder=encoder).route([NEXT])[0].reasons}
    assert any("ngoài khơi" in phrase or "lồng" in phrase or "tảo" in phrase for phrase in taught)


def test_an_agency_of_a_province_is_one_of_them(started, few_examples: list[Example]):
    own = lesson(started, Taught(NEXT, "in_scope", 29, None, "UBND-01"))
    labels = [c for c, open_ in zip(own.model.agency.classes, own.allowed["agency"][0], strict=True) if open_]
    assert labels in ([], ["UBND"])

"""The shipped model with and without its encoder, and a small model trained in a second."""

import json
from pathlib import Path

import pytest

import classifier
from classifier.corpus import Example, load_corpus
from classifier.encoder import default_encoder
from classifier.model import Model
from classifier.service import Router, load_router
from classifier.taxonomy import Taxonomy
from classifier.training import train

ROOM = Path(classifier.__file__).parent
SHIPPED = ROOM / "model"


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return Taxonomy.from_dict(json.loads((ROOM / "directory.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def words_router() -> Router:
    return load_router(SHIPPED, encoder=None)


@pytest.fixture(scope="session")
def full_router() -> Router:
    if default_encoder() is None:
        pytest.skip("no sentence encoder on this machine")
    return load_router(SHIPPED)


@pytest.fixture(params=["words", "full"])
def router(request) -> Router:
    return request.getfixturevalue(f"{request.param}_router")


@pytest.fixture(scope="session")
def few_examples() -> list[Example]:
    """Some 240 texts: four initiatives, outside, and every nature there is."""
    kept: dict[tuple[int, str], list[Example]] = {}
    for example in load_corpus():
        if example.initiative in {0, 10, 16, 19, 29}:
            kept.setdefault((example.initiative, example.nature), []).append(example)
    return [example for group in kept.values() for example in group[:25]][:400]


@pytest.fixture(scope="session")
def small_model(few_examples, taxonomy) -> Model:
    return train(few_examples, taxonomy)

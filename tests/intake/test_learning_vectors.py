"""Vectors of written texts are kept in a folder, those of submissions with their triage alone."""

import numpy as np
import pytest

from intake import services
from intake.learning import registry
from intake.learning.decisions import decided
from intake.learning.examples import labelled
from intake.learning.making import Recipe, make
from intake.learning.vectors import KeptVectors, KnownVectors, of_decisions, stored
from intake.models import ModelVersion, Triage
from tests.classifier.stand_ins import LetterEncoder
from tests.intake.learning import corpus, decide, fresh_texts, small_model

pytestmark = pytest.mark.django_db


class Counting(LetterEncoder):
    """How many texts it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def encode(self, texts):
        self.given += texts
        return super().encode(texts)


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.MODELS_DIR = tmp_path / "models"
    return settings.MODELS_DIR / "vectors"


def kept(folder) -> int:
    (file,) = folder.glob("*.npz")
    with np.load(file) as known:
        return len(known["keys"])


def test_decided_texts_leave_nothing_in_the_folder(folder, coordinator):
    """Training reads them; only what was written for the project is kept."""
    decide(fresh_texts(40), actor=coordinator, lead="BKHCN")
    rows = labelled(decided())
    encoder = Counting()
    few = Recipe(corpus=lambda: corpus()[::4], encoder=lambda: encoder, describe=False)
    make(rows, few, encoder, of_decisions(encoder, small_model(), {}))
    assert kept(folder) == len(corpus()[::4])
    before = len(encoder.given)
    make(rows, few, encoder, of_decisions(encoder, small_model(), {}))
    assert 0 < len(encoder.given) - before <= 40  # the written texts are not encoded again


def test_what_was_kept_of_others_before_is_forgotten(folder):
    first = KeptVectors(LetterEncoder())
    first.encode(["văn bản viết", "một quyết định của năm trước"])
    again = KeptVectors(LetterEncoder())
    again.encode(["văn bản viết"])
    again.encode(["văn bản viết", "một nhãn chưa ai viết"])
    again.forget_the_rest(["một nhãn chưa ai viết"])
    assert kept(folder) == 1


def test_a_vector_stored_with_a_triage_is_used_if_it_is_this_encoders():
    own, other = LetterEncoder().encode(["một"])[0], np.eye(384, dtype=np.float32)[0]
    for vector, asked in ((own, ["một"]), (other, ["một", "một"])):
        encoder = Counting()
        KnownVectors(encoder, {"một": vector}).encode(["một"])
        assert encoder.given == asked


def test_a_sealed_submission_has_no_vector(submission, coordinator):
    registry.shipped()
    version = ModelVersion.objects.get()
    ModelVersion.objects.update(metrics={"encoder": "letters 1"})
    vector = LetterEncoder().encode(["x"])[0].astype(np.float16).tobytes()
    Triage.objects.create(submission=submission, model_version=version.version, decision="suggest", vector=vector)
    assert set(stored([submission.pk], "letters 1")) == {submission.pk}
    services.seal(submission, actor=coordinator)
    assert stored([submission.pk], "letters 1") == {} and not Triage.objects.exists()

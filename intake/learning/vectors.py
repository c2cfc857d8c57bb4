"""Vectors of written texts are kept in a folder; those of submissions with their triage.

So what is sealed, or withheld from the machine, is gone with its triage, but for models that learnt from it: they
hold the vectors of what they learnt (`classifier.corrections`).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings

from classifier.encoder import DIMENSIONS, Encoder, VectorCache, default_encoder

from ..models import ModelVersion, Triage

if TYPE_CHECKING:
    from classifier.model import Model

CHUNK = 256
"""Texts between two writings of the folder: a killed training has at most these to do again."""
ALIKE = 0.995
"""Least cosine between a stored vector and a fresh one of the same text; else none is believed."""


class KnownVectors:
    """An encoder that first looks at what is known of decided texts; see ``classifier.encoder.Encoder``.

    Writes nothing.
    """

    def __init__(self, encoder: Encoder, known: Mapping[str, np.ndarray]) -> None:
        """``known``: vectors that this encoder gave before; left aside if it gives others today."""
        first = next(iter(known), None)
        alike = first is not None and float(encoder.encode([first])[0] @ known[first]) >= ALIKE
        self._encoder = encoder
        self._known = dict(known) if alike else {}

    @property
    def name(self) -> str:
        return self._encoder.name

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        self._known |= dict(zip(new, self._encoder.encode(new), strict=True)) if new else {}
        rows = [self._known[text] for text in texts]
        return np.stack(rows).astype(np.float32) if rows else np.zeros((0, DIMENSIONS), np.float32)


class KeptVectors:
    """An encoder that keeps what it gives in a folder: for texts that ship with the code."""

    def __init__(self, encoder: Encoder) -> None:
        self._folder = VectorCache(settings.MODELS_DIR / "vectors", encoder)

    @property
    def name(self) -> str:
        return self._folder.name

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        for start in range(0, len(texts), CHUNK):
            self._folder.encode(texts[start : start + CHUNK])
        return self._folder.encode(texts)

    def forget_the_rest(self, also: Sequence[str]) -> None:
        """Of the folder only what was asked for since it was opened stays, without the texts ``also``."""
        self._folder.forget_the_rest(also)


def kept_vectors() -> KeptVectors | None:
    """This machine's encoder with its folder; None where there is no encoder."""
    encoder = default_encoder()
    return KeptVectors(encoder) if encoder else None


def stored(ids: Sequence[int], encoder_name: str) -> dict[int, np.ndarray]:
    """Submission to its unit vector float32 (384,), from triages by models with this encoder."""
    versions = [row.version for row in ModelVersion.objects.all() if row.metrics.get("encoder") == encoder_name]
    found: dict[int, np.ndarray] = {}
    for start in range(0, len(ids), 500):
        rows = Triage.objects.filter(submission__in=ids[start : start + 500], model_version__in=versions)
        for submission, vector in rows.exclude(vector=None).order_by("pk").values_list("submission", "vector"):
            found[submission] = unit(np.frombuffer(bytes(vector or b""), np.float16).astype(np.float32))
    return found


def unit(vector: np.ndarray) -> np.ndarray:
    """At length 1 again: float16 rounds."""
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def of_decisions(encoder: Encoder, model: "Model", texts: Mapping[int, str]) -> KnownVectors:
    """An encoder that knows what was stored with the triages of these submissions (id to text)."""
    from classifier.reading import for_encoder, read_text

    vectors = stored(list(texts), encoder.name)
    return KnownVectors(
        encoder, {for_encoder(read_text(texts[pk]), model.accents): vector for pk, vector in vectors.items()}
    )

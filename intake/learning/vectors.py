"""Each text is encoded once: vectors kept with triages, and a folder for all other texts."""

from collections.abc import Sequence
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


class KeptVectors:
    """An encoder that first looks at what is known already; see ``classifier.encoder.Encoder``."""

    def __init__(self, encoder: Encoder) -> None:
        self._folder = VectorCache(settings.MODELS_DIR / "vectors", encoder)
        self._encoder = encoder
        self._known: dict[str, np.ndarray] = {}

    @property
    def name(self) -> str:
        return self._encoder.name

    def remember(self, texts: Sequence[str], vectors: np.ndarray) -> None:
        """Vectors that this encoder gave before; left aside if it gives others today."""
        if not texts:
            return
        fresh = self._encoder.encode(texts[:1])[0]
        if float(fresh @ vectors[0]) >= ALIKE:
            self._known |= dict(zip(texts, vectors, strict=True))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        for start in range(0, len(new), CHUNK):
            self._folder.encode(new[start : start + CHUNK])
        rest = dict(zip(new, self._folder.encode(new), strict=True)) if new else {}
        rows = [self._known[text] if text in self._known else rest[text] for text in texts]
        return np.stack(rows).astype(np.float32) if rows else np.zeros((0, DIMENSIONS), np.float32)


def kept_vectors() -> KeptVectors | None:
    """This machine's encoder with its memory; None where there is no encoder."""
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


def remember_triaged(encoder: KeptVectors, model: "Model", texts: dict[int, str]) -> None:
    """Tell the encoder what was stored with the triages of these submissions (id to text)."""
    from classifier.reading import for_encoder, read_text

    vectors = stored(list(texts), encoder.name)
    if vectors:
        given = [for_encoder(read_text(texts[pk]), model.accents) for pk in vectors]
        encoder.remember(given, np.stack(list(vectors.values())))

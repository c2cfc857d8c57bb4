"""One text as a model takes it: its words with their places, and what the encoder is to be given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.accents import AccentModel
from classifier.encoder import HEAD_SYLLABLES, TAIL_SYLLABLES, Encoder, shorten
from classifier.features import read
from classifier.text import LanguageForm, Word, decode_telex, language_form, words


@dataclass(frozen=True)
class Reading:
    """A text read once, for every head."""

    text: str
    words: tuple[Word, ...]
    form: LanguageForm

    @property
    def document(self) -> list[str]:
        """The words alone, as the vectoriser wants them."""
        return [word.text for word in self.words]


def read_text(text: str) -> Reading:
    """Raises nothing, whatever the text; cost is bounded by ``text.clip``."""
    return Reading(text, tuple(read(text)), language_form(text))


def for_encoder(reading: Reading, accents: AccentModel) -> str:
    """The text the encoder reads: as it is, or with its accents put back where they are missing."""
    if reading.form == "accented":
        return reading.text
    text = shorten(reading.text)
    if reading.form == "telex":
        return decode_telex(text)
    seen = [word.text for word in words(text)][: HEAD_SYLLABLES + TAIL_SYLLABLES]
    return " ".join(accents.restore(seen))


def vectors(
    readings: Iterable[Reading], accents: AccentModel, encoder: Encoder, centre: np.ndarray | None
) -> np.ndarray:
    """float32 (texts, 384): unit vectors, after ``centre`` is taken off if there is one."""
    raw = encoder.encode([for_encoder(reading, accents) for reading in readings])
    return raw if centre is None else centred(raw, centre)


def centred(raw: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Rows minus the mean of the training texts, at unit length again."""
    moved = raw - centre
    norms = np.linalg.norm(moved, axis=1, keepdims=True)
    return (moved / np.maximum(norms, 1e-9)).astype(np.float32)


def documents(readings: Sequence[Reading]) -> list[list[str]]:
    """The words of each."""
    return [reading.document for reading in readings]

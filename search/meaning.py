"""Sentence vectors: of queries, of submissions, of published answers. Without an encoder there are none.

Every vector here is float32 or float16 of `DIMENSIONS`, centred and of unit length, so that the product
of two is their cosine. The encoder puts all Vietnamese texts close together: what is common to them is
taken off first, and short queries have a middle of their own (`centres.json`, measured over the corpus).
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .analysis import Terms
from .lexicon import Lexicon

if TYPE_CHECKING:
    import numpy as np

    from classifier.encoder import Encoder

DIMENSIONS = 384
BYTES = 2 * DIMENSIONS
ANSWER_SYLLABLES = 120  # of an answer that are read
_CENTRES = Path(__file__).with_name("centres.json")


@lru_cache(maxsize=1)
def encoder() -> "Encoder | None":
    """Loaded the first time something is asked by its meaning: 0.4 s with numpy, once a process."""
    from classifier.encoder import default_encoder

    found = default_encoder()
    return found if found is not None and found.name == _centres()["encoder"] else None


@lru_cache(maxsize=1)
def _centres() -> dict[str, Any]:
    import numpy as np

    held = json.loads(_CENTRES.read_text(encoding="utf-8"))
    middles = {key: np.frombuffer(b64decode(held[key]), "<f2").astype(np.float32) for key in ("texts", "queries")}
    return {"encoder": held["encoder"], **middles}


def centred(raw: "np.ndarray", middle: str = "texts") -> "np.ndarray":
    """Rows without what all texts (or `queries`) have in common, at unit length."""
    import numpy as np

    moved = raw - _centres()[middle]
    return (moved / np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1e-9)).astype(np.float32)


def of_query(terms: Terms, lexicon: Lexicon) -> "np.ndarray | None":
    """What the query means, shape (384,): abbreviations written out, marks put back where they are missing.

    None for words that no text here has: any vector is near to something.
    """
    known = any(map(lexicon.knows, (word for unit in terms.content for word in unit.words)))
    if not known or encoder() is None:
        return None
    words: list[str] = []
    for unit in terms.units:
        written = unit.also[0].words if unit.also else unit.near[0].words if unit.near else unit.words
        words += written
    return _of_words(" ".join(lexicon.accented(words)))


@lru_cache(maxsize=512)
def _of_words(text: str) -> "np.ndarray":
    engine = encoder()
    assert engine is not None
    return centred(engine.encode([text]), "queries")[0]


def of_text(text: str, lexicon: Lexicon) -> "np.ndarray | None":
    """What a longer text means, shape (384,): at most its first and last 300 syllables, 0.5 s."""
    engine = encoder()
    if engine is None or not text.strip():
        return None
    from classifier.reading import for_encoder, read_text

    return centred(engine.encode([for_encoder(read_text(text), lexicon.accents)]))[0]


def of_answer(title: str, question: str, answer: str) -> "tuple[bytes, str] | None":
    """The vector of a published answer as float16, and what it was made of; see `same_text`.

    The mean of three: title, question and (the beginning of) the answer are each asked for in other words.
    """
    engine = encoder()
    if engine is None:
        return None
    start = " ".join(answer.split()[:ANSWER_SYLLABLES])
    mean = centred(engine.encode([title, f"{title}\n{question}", f"{title}\n{start}"])).mean(axis=0)
    import numpy as np

    return (mean / np.linalg.norm(mean)).astype(np.float16).tobytes(), fingerprint(title, question, answer)


def fingerprint(*texts: str) -> str:
    """Changes with the texts and with the encoder."""
    whole = "\0".join([json.loads(_CENTRES.read_text(encoding="utf-8"))["encoder"], *texts])
    return hashlib.sha256(whole.encode(errors="replace")).hexdigest()


def from_encoder(stored: bytes | memoryview | None) -> bytes | None:
    """A vector as the classifier keeps it (float16, the encoder's own scale), as this room does."""
    if stored is None or len(stored) != BYTES:
        return None
    import numpy as np

    return centred(np.frombuffer(stored, np.float16).astype(np.float32)).astype(np.float16).tobytes()


def as_array(vector: bytes | memoryview | None) -> "np.ndarray | None":
    """A vector of this room, shape (384,), float32."""
    if vector is None:
        return None
    import numpy as np

    return np.frombuffer(vector, np.float16).astype(np.float32)


def numbers(vector: bytes | memoryview | None) -> list[float] | None:
    """As a search server takes it."""
    if vector is None:
        return None
    import numpy as np

    rows: Sequence[float] = np.frombuffer(vector, np.float16).astype(float).round(5).tolist()
    return list(rows)

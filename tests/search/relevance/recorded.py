"""Vectors of the example texts and the judged queries, kept so that a test of them takes seconds.

`python bench/relevance.py --write` makes the file; a text that is not in it is encoded anew.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from classifier.encoder import Encoder, default_encoder

FILE = Path(__file__).with_name("vectors.npz")


class Recorded:
    """An encoder that remembers; raises RuntimeError for a new text where there is no real one."""

    @cached_property
    def known(self) -> dict[str, np.ndarray]:
        if not FILE.exists():
            return {}
        with np.load(FILE, allow_pickle=False) as held:
            return dict(zip(held["keys"].tolist(), held["vectors"].astype(np.float32), strict=True))

    @cached_property
    def engine(self) -> Encoder:
        found = default_encoder()
        if found is None:
            raise RuntimeError("no encoder for this machine, and the text is not in the file")
        return found

    @property
    def name(self) -> str:
        return self.engine.name

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        keys = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.known}
        if new:
            self.known.update(zip(new, self.engine.encode(list(new.values())), strict=True))
        return np.stack([self.known[key] for key in keys])


class Keeping(Recorded):
    """The same from nothing, to be written."""

    @cached_property
    def known(self) -> dict[str, np.ndarray]:
        return {}

    def write(self) -> None:
        np.savez(FILE, keys=np.array(sorted(self.known)), vectors=self._rows())

    def _rows(self) -> np.ndarray:
        return np.stack([self.known[key] for key in sorted(self.known)]).astype(np.float16)

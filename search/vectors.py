"""The vectors of an index in the memory of one process, for engines that have no index of them.

One matrix product over at most `MOST` rows of 768 bytes; rows that come or change are read every few
seconds. What a person may not see is left out by the caller's own query, never by this.
"""

from collections.abc import Callable, Iterable
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from wagtail.rich_text import get_text_for_indexing

from intake.models import Triage

from .documents import answers_to_index
from .indexes import ANSWERS, SUBMISSIONS, Index
from .meaning import DIMENSIONS, fingerprint, from_encoder, of_answer
from .models import AnswerMeaning

if TYPE_CHECKING:
    import numpy as np

MOST = 100_000  # the newest: 77 MB
LOOK_AGAIN = 5.0  # seconds
CHUNK = 8_192  # rows that are turned to float32 at a time
Rows = Iterable[tuple[int, bytes]]


class Matrix:
    """Vectors by key; safe to share between threads."""

    def __init__(self, fresh: "Callable[[Matrix], Rows]") -> None:
        import numpy as np

        self._fresh, self._lock, self._looked = fresh, Lock(), -LOOK_AGAIN
        self.seen: dict[int, str] = {}  # what `fresh` has read already, in its own terms
        self.last = 0
        self._at: dict[int, int] = {}
        self._keys = np.zeros(0, np.int64)
        self._rows = np.zeros((0, DIMENSIONS), np.float16)

    def __len__(self) -> int:
        return len(self._at)

    def near(self, vector: "np.ndarray", k: int, only: Iterable[int] | None = None) -> list[tuple[int, float]]:
        """The `k` nearest keys with their cosines, nearest first; `only`: among these."""
        import numpy as np

        self._refresh()
        keys, rows = self._keys, self._rows
        if not len(keys):
            return []
        scores = np.empty(len(keys), np.float32)
        for start in range(0, len(keys), CHUNK):
            scores[start : start + CHUNK] = rows[start : start + CHUNK].astype(np.float32) @ vector
        if only is not None:
            scores[~np.isin(keys, np.fromiter(only, np.int64))] = -2.0
        best = np.argpartition(-scores, min(k, len(keys)) - 1)[:k]
        best = best[np.lexsort((-keys[best], -scores[best]))]
        return [(int(keys[i]), float(scores[i])) for i in best if scores[i] > -2.0]

    def _refresh(self) -> None:
        with self._lock:
            if monotonic() - self._looked < LOOK_AGAIN:
                return
            self._put(list(self._fresh(self))[-MOST:])
            self._looked = monotonic()

    def _put(self, fresh: list[tuple[int, bytes]]) -> None:
        """New arrays: whoever is reading the old ones keeps them."""
        import numpy as np

        if not fresh:
            return
        newest = dict(fresh)
        kept = np.array([key not in newest for key in self._keys.tolist()], bool)
        added = np.frombuffer(b"".join(newest.values()), np.float16).reshape(-1, DIMENSIONS)
        keys = np.concatenate([self._keys[kept], np.fromiter(newest, np.int64)])[-MOST:]
        self._rows = np.concatenate([self._rows[kept], added])[-MOST:]
        self._keys = keys
        self._at = {key: at for at, key in enumerate(keys.tolist())}


def _fresh_submissions(held: Matrix) -> Rows:
    """The newest vector of each submission: triages are only ever added."""
    newest = Triage.objects.filter(pk__gt=held.last, vector__isnull=False).order_by("-pk")
    rows = newest.values_list("pk", "submission_id", "vector")[:MOST]
    for pk, submission, stored in reversed(rows):
        held.last = pk
        if vector := from_encoder(stored):
            yield submission, vector


def _fresh_answers(held: Matrix) -> Rows:
    there = dict(AnswerMeaning.objects.values_list("pk", "of_text"))
    changed = [key for key, of_text in there.items() if held.seen.get(key) != of_text]
    held.seen = there
    for start in range(0, len(changed), 500):
        rows = AnswerMeaning.objects.filter(pk__in=changed[start : start + 500]).values_list("pk", "vector")
        for key, vector in rows:
            yield key, bytes(vector)


def remember(ids: Iterable[int]) -> None:
    """Compute and keep the vectors of these answers, of those whose text is new: 0.5 s each, for the worker."""
    for page in answers_to_index(ids):
        texts = (page.title, page.question, get_text_for_indexing(page.answer))
        if hasattr(page, "meaning") and page.meaning.of_text == fingerprint(*texts):
            continue
        if found := of_answer(*texts):
            AnswerMeaning.objects.update_or_create(page=page, defaults={"vector": found[0], "of_text": found[1]})


_held: dict[Index, Matrix] = {}
_FRESH = {SUBMISSIONS: _fresh_submissions, ANSWERS: _fresh_answers}


def matrix(index: Index) -> Matrix:
    return _held.get(index) or _held.setdefault(index, Matrix(_FRESH[index]))


def forget() -> None:
    """For tests: another database, other vectors."""
    _held.clear()

"""What the classifier says about one text: the contract every other room reads."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, overload

import numpy as np

from classifier.text import LanguageForm

Level = Literal["nature", "system", "initiative", "agency"]
Decision = Literal["assign", "suggest", "abstain"]

NATURES = (
    "in_scope",
    "out_of_scope",
    "complaint",
    "denunciation",
    "procedure",
    "legal_conflict",
    "spam",
    "secret",
)
"""Thông tư 05/2021/TT-TTCP, Điều 6: by content, purpose and request, not by the sender's title.

``legal_conflict`` reports rules that contradict each other; it may be in scope besides.
"""

OUTSIDE = 0
"""The system and the initiative of a text outside the scope of Resolution 57-NQ/TW."""


class Guess(NamedTuple):
    """One value of a level and its probability, 0 to 1."""

    value: int | str
    p: float


class Guesses(Sequence[Guess]):
    """All values of a level, best first, their ``p`` summing to 1: each made into a guess when looked at."""

    __slots__ = ("_p", "_values")

    def __init__(self, values: np.ndarray, p: np.ndarray) -> None:
        """``values``: objects (n,), int or str; ``p``: float64 (n,), falling."""
        self._values = values
        self._p = p

    def __len__(self) -> int:
        return len(self._p)

    def likely(self, least: float) -> tuple[int | str, ...]:
        """The values that are at least so probable; the first one always."""
        size = len(self._p) - int(self._p[::-1].searchsorted(least))
        return tuple(self._values[: max(size, 1)].tolist())

    @overload
    def __getitem__(self, at: int) -> Guess: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Guess, ...]: ...
    def __getitem__(self, at: int | slice) -> Guess | tuple[Guess, ...]:
        if isinstance(at, slice):
            return tuple(map(Guess, self._values[at].tolist(), self._p[at].tolist()))
        return Guess(self._values[at], float(self._p[at]))

    def __iter__(self) -> Iterator[Guess]:
        return map(Guess, self._values.tolist(), self._p.tolist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Guesses) and self[:] == other[:]

    def __hash__(self) -> int:
        return hash(self[:])

    def __repr__(self) -> str:
        return f"Guesses({self[:]!r})"


@dataclass(frozen=True)
class Reason:
    """A phrase that spoke for the first guess, as the sender spelt it.

    ``start`` and ``end`` are offsets in the text given, so ``text[start:end] == phrase``.
    ``weight`` is the phrase's share, 0 to 1, of all that spoke for the guess.
    """

    phrase: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Routing:
    """The guesses of every level, best first, each level's ``p`` summing to 1 over all its classes.

    A system is the sum of its initiatives and initiatives include scope, so the levels agree:
    the ``p`` of system 0 is that of initiative 0. At least five guesses a level, or all there are.
    ``decision`` is the most careful of ``decisions``; the model never says *assign* by itself.
    """

    nature: Guesses
    system: Guesses
    initiative: Guesses
    agency: Guesses
    decision: Decision
    decisions: dict[Level, Decision]
    model_version: str
    explain: Callable[[], tuple[Reason, ...]] = field(repr=False, compare=False)
    """Works out ``reasons``; nobody need call it."""
    vector: np.ndarray | None
    """float32 (384,), unit length, for similar texts; None without an encoder."""
    language_form: LanguageForm
    unknown: float
    """Share, 0 to 1, of the words of the text that the model's vocabulary lacks: a sign of drift."""
    likely: dict[Level, tuple[int | str, ...]]
    """The labels that hold the right one nine times in ten (a conformal set, LAC), best first."""

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Phrases of the text that spoke for the first guess, strongest first; worked out when asked for."""
        return self.explain()

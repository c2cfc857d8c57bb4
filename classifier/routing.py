"""What the classifier says about one text: the contract every other room reads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

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

    nature: tuple[Guess, ...]
    system: tuple[Guess, ...]
    initiative: tuple[Guess, ...]
    agency: tuple[Guess, ...]
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

"""Decisions as they arrive: what the model says of each, with those before it learnt and without.

The same for decisions of an installation, for labelled items and for writers held out of the corpus: what is
learnt is what ``teaching`` learns of an installation's decisions, and no text is seen before its turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.heads import Shares
from classifier.held_out import served
from classifier.policy import LEVELS
from classifier.routing import Level
from classifier.taxonomy import Taxonomy
from classifier.teaching import Lesson, Taught

STEP = 25
"""Decisions between two learnings."""
NOWHERE = -1
"""Column of a decision that is none of the labels."""
LEAST = 1e-6
"""Under which no probability counts in a logarithm."""


@dataclass(frozen=True)
class Said:
    """What a model said of some texts at one level."""

    right: np.ndarray
    """float64 (texts,): 1 where the first guess was the decision, else 0; NaN where nobody decided."""
    loss: np.ndarray
    """float64 (texts,): minus the logarithm of the decision's probability; NaN likewise."""


@dataclass(frozen=True)
class Arrivals:
    """Decisions with what was decided of them; rows belong together."""

    lesson: Lesson
    taxonomy: Taxonomy
    decided: Mapping[Level, Sequence[int | str | None]]

    @property
    def mode(self) -> str:
        """How the machine reads here: with meaning where there is an encoder."""
        return "words" if self.lesson.vectors is None else "words_and_meaning"

    def said(self, ask: np.ndarray, learn: np.ndarray) -> dict[Level, Said]:
        """Of the rows ``ask`` after learning the rows ``learn``; int both."""
        p = self.lesson.probabilities(self.mode, ask, learn)
        model = self.lesson.model
        classes = {name: head.classes for name, head in model.heads.items()}
        readings = [self.lesson.readings[i] for i in ask.tolist()]
        given = served(readings, p, classes, model.settings, self.taxonomy)
        return {level: _said(given[level], [self.decided[level][i] for i in ask.tolist()]) for level in LEVELS}


def arrivals(lesson: Lesson, taught: Sequence[Taught], taxonomy: Taxonomy) -> Arrivals:
    """``taught``: those of the lesson, in its order."""
    system_of = taxonomy.system_of
    decided: dict[Level, list[int | str | None]] = {
        "nature": [one.nature or None for one in taught],
        "system": [one.system if one.initiative is None else system_of.get(one.initiative) for one in taught],
        "initiative": [one.initiative for one in taught],
        "agency": [one.agency or None for one in taught],
    }
    return Arrivals(lesson, taxonomy, decided)


def _said(shares: Shares, decided: Sequence[int | str | None]) -> Said:
    column = {label: i for i, label in enumerate(shares.labels)}
    known = np.array([label is not None for label in decided], bool)
    columns = np.array([column.get(label, NOWHERE) if label is not None else NOWHERE for label in decided])
    p = np.where(columns == NOWHERE, 0.0, shares.p[np.arange(len(decided)), columns])
    right = np.where(known, (shares.p.argmax(axis=1) == columns).astype(float), np.nan)
    return Said(right, np.where(known, -np.log(np.maximum(p, LEAST)), np.nan))


def one_by_one(arriving: Arrivals, order: np.ndarray, step: int = STEP) -> dict[Level, tuple[np.ndarray, np.ndarray]]:
    """By level, right first guesses with learning and without, float64 (decisions,) each, in ``order``.

    Each is guessed with those learnt that came before its step of ``step``; NaN where nobody decided.
    """
    none = np.zeros(0, int)
    steps = [order[start : start + step] for start in range(0, len(order), step)]
    without = [arriving.said(now, none) for now in steps]
    learnt = [without[0], *(arriving.said(now, order[: step * i]) for i, now in enumerate(steps[1:], start=1))]
    return {
        level: (
            np.concatenate([one[level].right for one in learnt]),
            np.concatenate([one[level].right for one in without]),
        )
        for level in LEVELS
    }


def so_far(rights: np.ndarray, step: int = STEP) -> list[float | None]:
    """Share right among all up to the end of each step; None where nothing was decided yet."""
    ends = [min(end, len(rights)) for end in range(step, len(rights) + step, step)]
    counted = [rights[:end][~np.isnan(rights[:end])] for end in ends]
    return [round(float(one.mean()), 4) if len(one) else None for one in counted]

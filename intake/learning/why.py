"""Why the machine guessed as it did: decided submissions near this one, and what spoke against another label.

Runs in a web request: vectors come from the database, and the model is loaded without its encoder (its
words alone name the phrases), once a process and only when somebody asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Q

from classifier.similar import rank

from ..models import ModelVersion, Submission
from ..models.submission import SubmissionQuerySet
from ..triage import model_folder, text_of
from .registry import UnusableModel
from .vectors import stored

if TYPE_CHECKING:
    from classifier.routing import Reason
    from classifier.service import Router

NEAREST = 3
LOOKED_AT = 1_000
"""Newest decided submissions that are compared."""
COMPARED_BY_WORDS = 60
"""Of these the nearest by meaning, whose words are then compared as well."""
LEAST, LEAST_BY_WORDS = 0.23, 0.15
"""Score under which a neighbour explains nothing, with vectors and by words alone. Of the three nearest among 1,000
texts of other writers about a third lie above; of these 58 in 100 have the label of the text with vectors, 79 by
words, which look among the guessed initiatives only."""
MEANING_SHARE = 0.5
"""Of a score; the rest is shared words."""


@dataclass(frozen=True)
class Near:
    """A submission that people have decided, and how near it is, 0 to 1."""

    submission: Submission
    score: float

    @property
    def percent(self) -> int:
        return round(100 * max(0.0, min(1.0, self.score)))


def nearest(submission: Submission, user) -> list[Near]:
    """The nearest decided or answered submissions that this person may read, nearest first."""
    decided = Submission.objects.visible_to(user).for_the_machine().exclude(pk=submission.pk).exclude(nature="")
    meaning = _by_meaning(submission, decided)
    ids = list(meaning) or _by_guess(submission, decided)
    found = list(decided.filter(pk__in=ids).select_related("initiative", "system").distinct())
    if not found:
        return []
    (ranked,) = rank([text_of(submission)], [text_of(row) for row in found], k=len(found))
    scores = {found[one.index].pk: one.score for one in ranked}
    if meaning:
        scores = {pk: (1 - MEANING_SHARE) * score + MEANING_SHARE * meaning[pk] for pk, score in scores.items()}
    near = sorted((Near(row, scores[row.pk]) for row in found), key=lambda one: -one.score)
    least = LEAST if meaning else LEAST_BY_WORDS
    return [one for one in near[:NEAREST] if one.score >= least]


def _encoder() -> str:
    """The encoder of the model in use, by name; empty without one."""
    row = ModelVersion.objects.filter(status=ModelVersion.Status.CHAMPION).first()
    return row.metrics.get("encoder", "") if row else ""


def _by_meaning(submission: Submission, decided: SubmissionQuerySet) -> dict[int, float]:
    """The nearest by stored vectors, with their cosine once what all share is taken off; empty without vectors."""
    name = _encoder()
    own = stored([submission.pk], name).get(submission.pk) if name else None
    if own is None:
        return {}
    known = stored(list(decided.order_by("-pk").values_list("pk", flat=True)[:LOOKED_AT]), name)
    if not known:
        return {}
    ids, matrix = list(known), np.stack([*known.values(), own])
    matrix = matrix - matrix.mean(axis=0)
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
    cosines = matrix[:-1] @ matrix[-1]
    order = np.argsort(-cosines, kind="stable")[:COMPARED_BY_WORDS]
    return {ids[i]: float(cosines[i]) for i in order.tolist()}


def _by_guess(submission: Submission, decided: SubmissionQuerySet) -> list[int]:
    """The newest of the initiatives that were guessed first."""
    triage = submission.triages.first()
    values = [p.value for p in triage.predictions.filter(level="initiative")[:3]] if triage else []
    numbers = [int(value) for value in values if value.isdigit()]
    outside = Q(initiative=None, system=None) if 0 in numbers else Q(pk=None)
    rows = decided.filter(Q(initiative__in=numbers) | outside).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:COMPARED_BY_WORDS])


# --- why not -------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _words_router(folder: Path, stamp: int) -> "Router":
    from classifier.service import load_router

    return load_router(folder, encoder=None)


def why_not(submission: Submission, initiative: int, *, first: int) -> "Sequence[Reason]":
    """Phrases that spoke for `first`, the guess shown, and against this initiative (0: outside the scope).

    Raises ValueError if the model does not know one of the two, UnusableModel if it cannot be read.
    """
    from classifier.artifact import UntrustedModel

    folder = model_folder().resolve()
    try:
        router = _words_router(folder, (folder / "manifest.json").stat().st_mtime_ns)
    except (UntrustedModel, OSError) as error:
        raise UnusableModel(folder.name) from error
    return router.why_not(text_of(submission), initiative, first=first)

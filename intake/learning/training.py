"""One training from start to end: collect, guard, learn, compare, promote or keep with the reason.

The newest decisions are held back and never learnt from, so that champion and challenger are compared
on what neither has seen: each model is put to use as it was measured, not trained once more on all.
"""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from classifier.encoder import Encoder
from classifier.policy import LEVELS
from classifier.routing import Routing

from ..directory import taxonomy
from ..models import ModelChange, ModelVersion, TrainingRun
from . import registry
from .compare import Comparison, compare
from .decisions import decided
from .examples import Labelled, labelled
from .guard import Suspect, inspect
from .letters import tell_administrators
from .lock import one_at_a_time
from .making import INSTALLED, Recipe, make
from .policies import BACKING
from .vectors import KnownVectors, of_decisions
from .words import of_run

if TYPE_CHECKING:
    from classifier.service import Router

log = logging.getLogger(__name__)

HELD_BACK, LEAST_HELD_BACK = 0.2, 30
"""Newest share of the decisions that is held back, and the least number of them."""
LEAST_LEARNT = 30
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Split:
    """Decisions by time: those to learn from, and the newest, held back."""

    learnt: list[Labelled]
    held: list[Labelled] = field(default_factory=list)


def split(rows: Sequence[Labelled]) -> Split:
    """The newest fifth, at least thirty, is held back."""
    cut = len(rows) - max(LEAST_HELD_BACK, math.ceil(HELD_BACK * len(rows)))
    return Split(list(rows[: max(0, cut)]), list(rows[max(0, cut) :]))


def train(run: TrainingRun, recipe: Recipe = INSTALLED) -> TrainingRun:
    """Do one run. Raises lock.Busy if another is under way; whatever else fails is written on the run.

    A run that was killed is begun anew by whoever calls this next: nothing of it was put to use.
    """
    with one_at_a_time():
        run.refresh_from_db()
        if run.state == TrainingRun.State.DONE:
            return run
        TrainingRun.objects.filter(state=TrainingRun.State.RUNNING).exclude(pk=run.pk).update(
            state=TrainingRun.State.QUEUED
        )
        TrainingRun.objects.filter(pk=run.pk).update(
            state=TrainingRun.State.RUNNING, started_at=now(), attempts=F("attempts") + 1
        )
        try:
            facts = _train(run, recipe)
        except Exception as error:
            log.exception("training %s failed", run.pk)
            _close(run, state=TrainingRun.State.FAILED, reason=type(error).__name__)
            tell(run)
            raise
        _close(run, state=TrainingRun.State.DONE, **facts)
    tell(run)
    return run


def tell(run: TrainingRun) -> None:
    """A letter for a failed run or a refused batch; one, however many nights it stays so."""
    before = TrainingRun.objects.filter(pk__lt=run.pk).first()
    if run.state != TrainingRun.State.FAILED and run.outcome != TrainingRun.Outcome.REFUSED:
        return
    if before is None or _what(before) != _what(run):
        tell_administrators(lambda: of_run(run))


def _what(run: TrainingRun) -> tuple[object, ...]:
    return (
        run.state,
        run.outcome,
        run.reason,
        [(one["actor"], one.get("aspect")) for one in run.data.get("suspects", ())],
    )


def _close(run: TrainingRun, **facts: Any) -> None:
    TrainingRun.objects.filter(pk=run.pk).update(ended_at=now(), **facts)
    run.refresh_from_db()


def _train(run: TrainingRun, recipe: Recipe) -> dict[str, Any]:
    registry.reconcile()
    champion = registry.champion()
    parts = split(labelled(decided()))
    counts = {"learnt": len(parts.learnt), "held_back": len(parts.held)}
    if len(parts.learnt) < LEAST_LEARNT:
        return _facts(TrainingRun.Outcome.TOO_FEW, counts | {"wanted": LEAST_LEARNT + LEAST_HELD_BACK})
    if _known(parts, champion):
        return _facts(TrainingRun.Outcome.UNCHANGED, counts)

    encoder = recipe.encoder()
    readers = _readers(encoder, champion, parts)
    old = _router(registry.folder_of(champion), readers)
    batch = [one for one in parts.learnt + parts.held if not _seen(one, champion)]
    said = _route(old, batch)
    suspects = inspect(batch, said)
    if suspects:
        return _refused(suspects, batch, counts)

    held_before = dict(zip([one.decided.submission_id for one in batch], said, strict=True))
    before = [held_before[one.decided.submission_id] for one in parts.held]
    model = make(parts.learnt, recipe, encoder, readers)
    version = registry.keep(
        model,
        trained_by=run.requested_by,
        decisions=len(parts.learnt),
        learnt_until=parts.learnt[-1].decided.at,
        metrics={"encoder": model.encoder_name},
    )
    after = _route(_router(registry.folder_of(version), readers), parts.held)
    version.metrics |= {"outcomes": _outcomes(parts.held, after)}
    comparison = compare(parts.held, before, after)
    return _decide(run, champion, version, comparison, counts)


def _known(parts: Split, champion: ModelVersion) -> bool:
    """Whether the champion has learnt all of it, or the last challenger was made of just the same."""
    newest = parts.learnt[-1].decided.at
    if champion.learnt_until and newest <= champion.learnt_until:
        # Fewer than it learnt: some were sealed, objected to or set aside, and are to be forgotten.
        forgets = sum(_seen(one, champion) for one in parts.learnt) < champion.decisions
        if not forgets or any(_seen(one, champion) for one in parts.held):
            return True
    last = TrainingRun.objects.filter(outcome=TrainingRun.Outcome.KEPT).select_related("version").first()
    made_of = (last.version.learnt_until, last.version.decisions) if last and last.version else None
    return made_of == (newest, len(parts.learnt)) and registry.usable(champion)


def _outcomes(held: Sequence[Labelled], said: Sequence[Routing]) -> dict[str, list[tuple[float, bool]]]:
    """Level to (probability, right) of the first guesses: the record that a new model starts with."""
    return {
        level: [
            (round(guess.p, 4), str(guess.value) == one.decided.labels[level])
            for one, routing in zip(held[-BACKING:], said[-BACKING:], strict=True)
            if level in one.decided.labels and (guess := getattr(routing, level)[0])
        ]
        for level in LEVELS
    }


def _seen(one: Labelled, champion: ModelVersion) -> bool:
    return champion.learnt_until is not None and one.decided.at <= champion.learnt_until


def _facts(outcome: str, data: dict[str, Any], version: ModelVersion | None = None) -> dict[str, Any]:
    return {"outcome": outcome, "data": data, "version": version}


def _refused(suspects: Sequence[Suspect], batch: Sequence[Labelled], counts: dict[str, int]) -> dict[str, Any]:
    data = counts | {
        "suspects": [suspect.data() for suspect in suspects],
        "since": min(one.decided.at for one in batch).isoformat(),
        "until": max(one.decided.at for one in batch).isoformat(),
    }
    return _facts(TrainingRun.Outcome.REFUSED, data)


@transaction.atomic
def _decide(
    run: TrainingRun, champion: ModelVersion, version: ModelVersion, comparison: Comparison, counts: dict[str, int]
) -> dict[str, Any]:
    """Promote or keep; what people have chosen meanwhile, or gone back to, is not overruled by the schedule."""
    present = ModelVersion.objects.select_for_update().filter(status=ModelVersion.Status.CHAMPION).first()
    overtaken = present != champion
    gone_back = run.requested_by is None and registry.rolled_back()
    ModelVersion.objects.filter(pk=version.pk).update(metrics=version.metrics | {"held_back": comparison.data()})
    version.refresh_from_db()
    data = counts | comparison.data() | {"overtaken": overtaken, "gone_back": gone_back}
    if not comparison.promotes or overtaken or gone_back:
        ModelChange.objects.create(version=version, action=ModelChange.Action.KEPT)
        return _facts(TrainingRun.Outcome.KEPT, data, version)
    registry.promote(version, actor=run.requested_by)
    return _facts(TrainingRun.Outcome.PROMOTED, data, version)


# --- reading -----------------------------------------------------------------------------------


def _readers(encoder: Encoder | None, champion: ModelVersion, parts: Split) -> KnownVectors | None:
    """What decided texts are read with: each is encoded once, and kept with its triage alone."""
    from classifier import artifact

    if encoder is None:
        return None
    texts = {one.decided.submission_id: one.text for one in parts.learnt + parts.held}
    return of_decisions(encoder, artifact.load(registry.folder_of(champion)), texts)


def _router(folder, encoder: Encoder | None) -> "Router":
    from classifier.service import load_router

    return load_router(folder, encoder=encoder)


def _route(router: "Router", rows: Sequence[Labelled]) -> list[Routing]:
    directory = taxonomy()
    return [
        routing
        for start in range(0, len(rows), 64)
        for routing in router.route(
            [one.text for one in rows[start : start + 64]],
            taxonomy=directory,
            provinces=[one.province for one in rows[start : start + 64]],
        )
    ]

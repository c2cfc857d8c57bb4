"""What a model of an installation is made of: the written texts, and on top of them the decisions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from django.utils.timezone import localdate

from classifier.corpus import Example
from classifier.encoder import Encoder, default_encoder

from ..directory import taxonomy
from .examples import ORIGIN, Labelled
from .growth import learning
from .vectors import KeptVectors, KnownVectors

if TYPE_CHECKING:
    from classifier.model import Model


def written_corpus() -> list[Example]:
    """The texts that ship with the code, copies of one another left out."""
    from classifier.corpus import load_corpus
    from classifier.corpus_check import without_copies

    return without_copies(load_corpus())


@dataclass(frozen=True)
class Recipe:
    """What goes in beside the decisions; the defaults are those of an installation."""

    corpus: Callable[[], Sequence[Example]] = written_corpus
    encoder: Callable[[], Encoder | None] = default_encoder
    describe: bool = True


INSTALLED = Recipe()


def make(learnt: Sequence[Labelled], recipe: Recipe, encoder: Encoder | None, readers: KnownVectors | None) -> "Model":
    """A model of the written texts, and on top of it what the decisions teach."""
    from classifier import teaching
    from classifier.arriving import arrivals
    from classifier.corpus import load_descriptions
    from classifier.reading import for_encoder, read_text
    from classifier.training import AS_OF
    from classifier.training import train as fit

    directory = taxonomy()
    written = _of_today(recipe.corpus(), directory)
    unwritten = _unwritten(learnt, written)
    kept = KeptVectors(encoder) if encoder else None
    base = fit(
        [*written, *unwritten],
        directory,
        encoder=kept,
        descriptions=load_descriptions() if recipe.describe else None,
        as_of=max(AS_OF, localdate(learnt[-1].decided.at).isoformat()),
        origin=ORIGIN,
    )
    if kept:
        kept.forget_the_rest([for_encoder(read_text(one.text), base.accents) for one in unwritten])
    taught = [one.taught for one in learnt]
    lesson = teaching.prepare(base, taught, readers)
    known = min(len(taught), teaching.MOST)
    data = base.card["data"] | {"rows": len(written) + known}  # each decision once
    curve = learning(arrivals(lesson, taught, directory))
    return replace(
        base,
        corrections=lesson.corrections(np.arange(len(taught))),
        card={**base.card, "data": data, "decisions": {"learnt": known, "curve": curve}},
    )


def _unwritten(learnt: Sequence[Labelled], written: Sequence[Example]) -> list[Example]:
    """Decisions with a label that no written text has: a correction needs a class to correct."""
    from classifier.material import taught_agencies

    initiatives = {one.initiative for one in written}
    agencies = taught_agencies(written)
    examples = [one.example for one in learnt if one.initiative is not None]
    return [
        one
        for one in examples
        if one.initiative not in initiatives or (one.agency and not taught_agencies([one], least=1) <= agencies)
    ]


def _of_today(corpus: Sequence[Example], directory) -> list[Example]:
    """Without the texts of initiatives that are no longer in the plan."""
    return [example for example in corpus if example.initiative in directory.system_of]

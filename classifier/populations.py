"""How much decisions teach, on writers held out of the corpus who stand for a population that arrives.

The heads learn the other writers; texts of the held-out ones come as decisions in random order, as they were
written or with class shares of their own drawn at random, and guesses are measured on those not yet decided.
``teaching.VARIANCES`` was chosen here.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from classifier import levels
from classifier.arriving import Arrivals, arrivals
from classifier.corpus import Example
from classifier.features import SparseRows
from classifier.fitting import learn_and_score
from classifier.heads import topicality
from classifier.held_out import ORDINARY
from classifier.material import Material
from classifier.model import HEADS, Model
from classifier.policy import LEVELS
from classifier.teaching import Lesson, Taught, allowed_classes

POPULATIONS: Mapping[str, Sequence[str]] = {
    "start": ("start",),
    "S": ("summaries:S",),
    "R": ("remit:R",),
    "H": ("proposals:H",),
    "T": ("contrast:T",),
    "V": ("people:V",),
    "A": ("initiatives:A", "outside:A", "agencies:A", "natures:A"),
    "B": ("initiatives:B", "outside:B", "agencies:B", "natures:B"),
}
"""Writers with all that they wrote, by name: groups of the corpus."""
SIZES = (25, 75, 200)
ASKED = 300
"""Texts that are guessed after each number of decisions, the next to come."""
FEWEST = 50
SKEW = 0.7
"""Concentration of the Dirichlet that shares of initiatives are drawn from: a few have most."""


def populations(material: Material, examples: Sequence[Example], model: Model, orders: int) -> list[dict[str, Any]]:
    """Differences of accuracy and log loss, with decisions less without, by shares and number of decisions.

    ``model`` gives classes, scales and stated shares. The interval is of the mean over populations.
    """
    cells: dict[tuple[str, int], dict[str, list[dict[str, float]]]] = {}
    for name, groups in POPULATIONS.items():
        arriving, initiatives = _population(material, examples, model, groups)
        for shares in ("written", "drawn"):
            for seed in range(orders):
                order = _order(initiatives, shares, seed)
                for size, found in _after(arriving, order):
                    cells.setdefault((shares, size), {}).setdefault(name, []).append(found)
    return [{"shares": shares, "decisions": size, **_summed(own)} for (shares, size), own in cells.items()]


def _population(
    material: Material, examples: Sequence[Example], model: Model, groups: Sequence[str]
) -> tuple[Arrivals, np.ndarray]:
    """The ordinary texts of these groups, read by heads that learnt the other ones; and their initiatives."""
    own = np.array([i for i, example in enumerate(examples) if example.group in groups])
    learn = np.setdiff1d(np.arange(len(material.initiatives)), own)
    ask = own[[examples[i].nature in ORDINARY for i in own.tolist()]]
    marks: Mapping[str, Sequence[Any]] = {
        "scope": material.scope,
        "initiative": material.inside,
        "nature": material.natures,
        "agency": material.agencies,
    }
    logits: dict[str, dict[str, np.ndarray]] = {}
    for name in ("initiative", *(other for other in HEADS if other != "initiative")):
        topics = {mode: topicality(of) for mode, of in logits["initiative"].items()} if name == "scope" else None
        logits[name] = learn_and_score(
            material.data, marks[name], model.heads[name], learn=learn, ask=ask, beside=topics
        )
    mode = "words" if material.data.vectors is None else "words_and_meaning"
    classes = {name: head.classes for name, head in model.heads.items()}
    of_mode = {name: given[mode] for name, given in logits.items()}
    p = levels.probabilities(of_mode, classes, model.settings, model.settings.prior_outside)
    taught = [Taught(e.text, e.nature, e.initiative, None, e.agency) for e in (examples[i] for i in ask.tolist())]
    plain = material.data.plain[ask].sorted_indices()
    lesson = Lesson(
        model,
        {mode: p},
        [material.readings[i] for i in ask.tolist()],
        SparseRows(plain.indptr, plain.indices, plain.data),
        None if material.data.vectors is None else material.data.vectors[ask],
        allowed_classes(model, taught),
        np.ones(len(ask)),
    )
    return arrivals(lesson, taught, model.taxonomy), np.array([one.initiative for one in taught])


def _order(initiatives: np.ndarray, shares: str, seed: int) -> np.ndarray:
    """int: all rows in random order; *drawn*: as from a population with class shares of its own."""
    generator = np.random.default_rng(seed)
    if shares == "written":
        return generator.permutation(len(initiatives))
    classes, counts = np.unique(initiatives, return_counts=True)
    wanted = generator.dirichlet(np.full(len(classes), SKEW)) + 1e-4
    if classes[0] == 0 and len(classes) > 1:
        outside = generator.uniform(0.15, 0.85)
        wanted[1:] *= (1 - outside) / wanted[1:].sum()
        wanted[0] = outside
    weights = (wanted / counts)[np.searchsorted(classes, initiatives)]
    return np.argsort(generator.exponential(size=len(initiatives)) / weights)


def _after(arriving: Arrivals, order: np.ndarray) -> Iterator[tuple[int, dict[str, float]]]:
    for size in SIZES:
        ask = order[size : size + ASKED]
        if len(ask) < FEWEST:
            return
        before, after = arriving.said(ask, np.zeros(0, int)), arriving.said(ask, order[:size])
        yield (
            size,
            {
                f"{level}_{what}": float(np.nanmean(getattr(after[level], what) - getattr(before[level], what)))
                for level in LEVELS
                for what in ("right", "loss")
                if not np.isnan(before[level].right).all()
            },
        )


def _summed(own: Mapping[str, Sequence[Mapping[str, float]]]) -> dict[str, Any]:
    """Of each measure the mean over populations and 1.96 standard errors of it."""
    found: dict[str, Any] = {"populations": len(own)}
    for measure in sorted({name for rows in own.values() for row in rows for name in row}):
        means = [np.mean([row[measure] for row in rows if measure in row]) for rows in own.values()]
        known = np.array([mean for mean in means if not np.isnan(mean)])
        half = 1.96 * known.std(ddof=1) / len(known) ** 0.5 if len(known) > 1 else float("nan")
        found[measure] = [round(float(known.mean()), 4), round(float(half), 4)]
    return found

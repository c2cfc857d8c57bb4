"""What the model would have said of texts whose writers it had not learnt from, level by level.

Every text of a fold is scored by heads that saw none of the fold; the scores go through the same steps
as those of a text that arrives. The card's numbers and the sets of likely labels come from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier import levels
from classifier.agencies import AgencyBlend
from classifier.corpus import Example
from classifier.fitting import Fitted
from classifier.heads import Shares
from classifier.model import HEADS, Settings
from classifier.reading import Reading
from classifier.routing import NATURES, Level
from classifier.taxonomy import Taxonomy

ORDINARY = frozenset({"", "in_scope", "out_of_scope"})
"""Natures whose initiative says whether the text is in scope; of the others it names the topic alone."""


@dataclass(frozen=True)
class Scored:
    """Held-out texts at one level, those whose label is known."""

    labels: tuple[int | str, ...]
    p: np.ndarray
    """float32 (texts, labels), rows summing to 1."""
    targets: np.ndarray
    """int (texts,): the column of the right label."""
    weights: np.ndarray
    """float (texts,): under which the share outside the scope is the stated one."""
    groups: np.ndarray
    """str (texts,): who wrote each, by the name of the group."""

    @property
    def confidence(self) -> np.ndarray:
        """float (texts,): the probability of the first guess."""
        return self.p.max(axis=1)

    @property
    def right(self) -> np.ndarray:
        """float (texts,): 1 where the first guess is the right label, else 0."""
        return (self.p.argmax(axis=1) == self.targets).astype(float)


def score(
    examples: Sequence[Example],
    readings: Sequence[Reading],
    fitted: Mapping[str, Fitted],
    settings: Settings,
    taxonomy: Taxonomy,
) -> dict[str, dict[Level, Scored]]:
    """For *words* and, with an encoder, *words_and_meaning*; empty where no fold scored every head."""
    rows = _common(fitted, len(examples))
    if not len(rows):
        return {}
    kept = [examples[i] for i in rows.tolist()]
    found = {}
    for mode in fitted["scope"].logits():
        logits = {name: _pick(fitted[name], mode, rows) for name in HEADS}
        classes = {name: fitted[name].head.classes for name in HEADS}
        p = levels.probabilities(logits, classes, settings, settings.prior_outside)
        given = served([readings[i] for i in rows.tolist()], p, classes, settings, taxonomy)
        found[mode] = {level: _scored(level, shares, kept, settings, taxonomy) for level, shares in given.items()}
    return {mode: scored for mode, scored in found.items() if all(len(s.targets) for s in scored.values())}


def _common(fitted: Mapping[str, Fitted], examples: int) -> np.ndarray:
    """Rows of examples that every head scored."""
    rows = np.arange(examples)
    for name in HEADS:
        rows = np.intersect1d(rows, fitted[name].scored)
    return rows


def _pick(fitted: Fitted, mode: str, rows: np.ndarray) -> np.ndarray:
    order = np.argsort(fitted.scored)
    return fitted.logits()[mode][order[np.searchsorted(fitted.scored[order], rows)]]


def served(
    readings: Sequence[Reading],
    p: Mapping[str, np.ndarray],
    classes: levels.Classes,
    settings: Settings,
    taxonomy: Taxonomy,
) -> dict[Level, Shares]:
    """What the heads' probabilities ``p``, (texts, classes) each, come to at every level."""
    given = levels.initiatives(p["scope"], p["initiative"], classes["initiative"])
    texts = [reading.text for reading in readings]
    return {
        "initiative": given,
        "system": levels.systems(given, taxonomy.system_of),
        "nature": levels.natures(texts, p["nature"], p["scope"], classes["nature"]),
        "agency": AgencyBlend(taxonomy, settings, classes["agency"]).blend(readings, p["agency"], given),
    }


def _target(level: Level, example: Example, taxonomy: Taxonomy) -> int | str | None:
    if level == "nature":
        return example.nature if example.nature in NATURES else None
    if level == "agency":
        return example.agency or None
    if example.nature not in ORDINARY:
        return None
    return example.initiative if level == "initiative" else taxonomy.system_of.get(example.initiative, 0)


def _scored(
    level: Level, shares: Shares, examples: Sequence[Example], settings: Settings, taxonomy: Taxonomy
) -> Scored:
    column = {label: i for i, label in enumerate(shares.labels)}
    targets = [_target(level, example, taxonomy) for example in examples]
    rows = [i for i, target in enumerate(targets) if target in column]
    outside = np.array([examples[i].initiative == 0 for i in rows], bool)
    return Scored(
        shares.labels,
        shares.p[rows].astype(np.float32),
        np.array([column[target] for target in targets if target in column], int),
        _reweighted(outside, settings.prior_outside),
        np.array([examples[i].group or f"#{i}" for i in rows]),
    )


def _reweighted(outside: np.ndarray, prior: float) -> np.ndarray:
    share = outside.mean() if len(outside) else 0.0
    if share in {0.0, 1.0}:
        return np.ones(len(outside))
    return np.where(outside, prior / share, (1 - prior) / (1 - share))

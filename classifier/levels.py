"""From the heads' logits to probabilities of every level that agree with each other.

The same for one text that arrives and for the texts held out in training, so that what the card says
was measured is what is served.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from classifier.guard import secret_marking
from classifier.heads import Label, softmax, with_prior
from classifier.model import PLAIN, Settings
from classifier.routing import NATURES, OUTSIDE

UNSTATED = 0.01
"""Share of a class that the settings do not name."""
CERTAIN = 0.98
"""Probability of *secret* where a marking was found by rule."""

Classes = Mapping[str, Sequence[Label]]


def probabilities(
    logits: Mapping[str, np.ndarray], classes: Classes, settings: Settings, outside: float
) -> dict[str, np.ndarray]:
    """Of each head, float64 (texts, classes), under the stated shares; ``outside``: 0 to 1, of scope."""
    natures = [settings.nature_prior.get(str(nature), UNSTATED) for nature in classes["nature"]]
    agencies = [settings.agency_prior.get(str(code), UNSTATED) for code in classes["agency"]]
    return {
        "scope": with_prior(softmax(logits["scope"]), [outside, 1 - outside]),
        "initiative": softmax(logits["initiative"]),
        "nature": with_prior(softmax(logits["nature"]), natures),
        "agency": with_prior(softmax(logits["agency"]), agencies),
    }


def initiatives(scope: np.ndarray, inside: np.ndarray, classes: Sequence[Label]) -> dict[int, float]:
    """Every initiative and 0, summing to 1. ``scope`` (2,), ``inside`` (classes,): of one text."""
    given = zip(classes, inside.tolist(), strict=True)
    return {OUTSIDE: float(scope[0]), **{int(i): float(scope[1]) * p for i, p in given}}


def systems(p: Mapping[int, float], system_of: Mapping[int, int]) -> dict[int, float]:
    """Every system and 0: the sums of its initiatives' probabilities ``p``."""
    found = dict.fromkeys(sorted({OUTSIDE, *system_of.values()}), 0.0)
    for initiative, share in p.items():
        found[system_of.get(initiative, OUTSIDE)] += share
    return found


def natures(text: str, nature: np.ndarray, scope: np.ndarray, classes: Sequence[Label]) -> dict[str, float]:
    """Every nature, summing to 1; PLAIN is split by scope, a marking of secrecy overrules all."""
    p = dict.fromkeys(NATURES, 0.0)
    for label, share in zip(classes, nature.tolist(), strict=True):
        if label == PLAIN:
            p["out_of_scope"] += share * float(scope[0])
            p["in_scope"] += share * float(scope[1])
        else:
            p[str(label)] += share
    if secret_marking(text):
        rest = 1 - p["secret"]
        p = {n: v * (1 - CERTAIN) / rest if rest else 0.0 for n, v in p.items()}
        p["secret"] = CERTAIN if rest else 1.0
    return p

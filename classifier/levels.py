"""From the heads' logits to probabilities of every level that agree with each other.

The same for one text that arrives and for the texts held out in training, so that what the card says
was measured is what is served.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from classifier.guard import secret_marking
from classifier.heads import Label, Shares, softmax, with_prior
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


def initiatives(scope: np.ndarray, inside: np.ndarray, classes: Sequence[Label]) -> Shares:
    """0 and every initiative, summing to 1. ``scope`` (texts, 2), ``inside`` (texts, classes)."""
    return Shares((OUTSIDE, *classes), np.hstack([scope[:, :1], scope[:, 1:] * inside]))


def systems(given: Shares, system_of: Mapping[int, int]) -> Shares:
    """Every system and 0: the sums of the probabilities ``given`` to its initiatives."""
    labels = tuple(sorted({OUTSIDE, *system_of.values()}))
    own = np.array([system_of.get(int(label), OUTSIDE) for label in given.labels])
    return Shares(labels, given.p @ (own[:, None] == np.array(labels)).astype(float))


def natures(texts: Sequence[str], nature: np.ndarray, scope: np.ndarray, classes: Sequence[Label]) -> Shares:
    """Every nature, summing to 1; PLAIN is split by scope, a marking of secrecy overrules all.

    ``nature`` (texts, classes), ``scope`` (texts, 2).
    """
    p = np.zeros((len(texts), len(NATURES)))
    for label, shares in zip(classes, nature.T, strict=True):
        if label == PLAIN:
            p[:, NATURES.index("out_of_scope")] += shares * scope[:, 0]
            p[:, NATURES.index("in_scope")] += shares * scope[:, 1]
        else:
            p[:, NATURES.index(str(label))] += shares
    secret = NATURES.index("secret")
    for row, text in zip(p, texts, strict=True):
        if secret_marking(text):
            rest = 1 - row[secret]
            row *= (1 - CERTAIN) / rest if rest else 0.0
            row[secret] = CERTAIN if rest else 1.0
    return Shares(NATURES, p)

"""The learning curve of an installation: its decisions as they came, guessed with those before and without."""

from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.policy import LEVELS

if TYPE_CHECKING:
    from classifier.arriving import Arrivals

MOST = 500
"""Newest decisions that are gone through again, a learning each ``STEP``."""
STEPS = 20
"""Points of the curve, at most."""


def learning(arriving: "Arrivals") -> list[dict[str, Any]]:
    """After each step: how many decisions, and for each level the share right so far with learning and without."""
    from classifier.arriving import STEP, one_by_one, so_far

    count = len(arriving.lesson.weights)
    order = np.arange(max(0, count - MOST), count)
    step = max(STEP, -(-len(order) // STEPS))
    found = one_by_one(arriving, order, step)
    rows: list[dict[str, Any]] = [{"decisions": min(end, len(order))} for end in range(step, len(order) + step, step)]
    for level in LEVELS:
        learnt, without = (so_far(rights, step) for rights in found[level])
        for row, share, before in zip(rows, learnt, without, strict=True):
            row[level] = {"learning": share, "without": before}
    return rows

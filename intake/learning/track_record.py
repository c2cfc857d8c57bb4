"""What a probability has been worth here: of guesses this sure, how many people confirmed."""

from django.core.cache import cache

from classifier.thresholds import ENOUGH, isotonic

from .decisions import decided, outcomes

COUNTED = 1_000
RECOUNT_SECONDS = 600


def borne_out(p: float) -> int | None:
    """Of a hundred first guesses of the initiative with about this probability; None under 100 decisions."""
    steps = cache.get("borne-out")
    if steps is None:
        found = outcomes(decided(newest=COUNTED), "initiative")
        steps = isotonic(found) if len(found) >= ENOUGH else []
        cache.set("borne-out", steps, RECOUNT_SECONDS)
    below = [share for first, share in steps if first <= p]
    if not steps:
        return None
    return round(100 * (below[-1] if below else steps[0][1]))

"""The administrator's table of abbreviations, as queries use it."""

from .analysis import Synonyms
from .models import Abbreviation


def synonyms() -> Synonyms:
    """Read anew for every search: one small query, and an edit works at once."""
    pairs: list[tuple[str, str]] = []
    for written, means, both_ways in Abbreviation.objects.values_list("written", "means", "both_ways"):
        pairs.append((written, means))
        if both_ways:
            pairs.append((means, written))
    return Synonyms.of(pairs)

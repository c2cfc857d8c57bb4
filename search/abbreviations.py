"""The administrator's table of abbreviations, as queries use it."""

from functools import lru_cache

from .analysis import Synonyms
from .models import Abbreviation

Row = tuple[str, str, bool]


def synonyms() -> Synonyms:
    """Read anew for every search, so that an edit works at once; prepared anew only where it changed."""
    return _prepared(tuple(Abbreviation.objects.values_list("written", "means", "both_ways")))


@lru_cache(maxsize=2)
def _prepared(rows: tuple[Row, ...]) -> Synonyms:
    pairs: list[tuple[str, str]] = []
    for written, means, both_ways in rows:
        pairs.append((written, means))
        if both_ways:
            pairs.append((means, written))
    return Synonyms.of(pairs)

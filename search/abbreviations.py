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
    """Short forms of one meaning stand for each other, too; two meanings of one short form do not."""
    spellings: dict[str, list[str]] = {}
    for written, means, both_ways in rows:
        if both_ways:
            spellings.setdefault(means.casefold(), []).append(written)
    pairs = [(written, means) for written, means, _both_ways in rows]
    pairs += [(means, written) for written, means, both_ways in rows if both_ways]
    pairs += [(written, other) for written, means, _ in rows for other in spellings.get(means.casefold(), ())]
    return Synonyms.of(pairs)

"""The administrator's table of abbreviations, as queries use it."""

from functools import lru_cache
from time import monotonic

from .analysis import Synonyms
from .models import Abbreviation

SECONDS = 5  # for which a process holds the table, unless the change was made in it


def synonyms() -> Synonyms:
    return _read(int(monotonic() / SECONDS))


@lru_cache(maxsize=1)
def _read(turn: int) -> Synonyms:
    """Short forms of one meaning stand for each other, too; two meanings of one short form do not."""
    rows = list(Abbreviation.objects.values_list("written", "means", "both_ways"))
    spellings: dict[str, list[str]] = {}
    for written, means, both_ways in rows:
        if both_ways:
            spellings.setdefault(means.casefold(), []).append(written)
    pairs = [(written, means) for written, means, _both_ways in rows]
    pairs += [(means, written) for written, means, both_ways in rows if both_ways]
    pairs += [(written, other) for written, means, _ in rows for other in spellings.get(means.casefold(), ())]
    return Synonyms.of(pairs)


forget = _read.cache_clear

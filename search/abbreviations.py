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
    pairs: list[tuple[str, str]] = []
    for written, means, both_ways in Abbreviation.objects.values_list("written", "means", "both_ways"):
        pairs.append((written, means))
        if both_ways:
            pairs.append((means, written))
    return Synonyms.of(pairs)


forget = _read.cache_clear

"""Words by LIKE over the prepared copies: PostgreSQL without a search server, and any search that is away.

Slow on large tables, right on all: a blank stands around every word, so a word is found whole.
"""

from functools import reduce
from operator import add, and_, or_

from django.db.models import Q, QuerySet

from ..analysis import Phrase, Terms, Unit, is_accented
from ..query import Width
from .sql import SqlEngine, flag
from .sql_indexes import SqlIndex


def _has(words: tuple[str, ...], *columns: str) -> Q:
    wanted = f" {' '.join(words)} "
    return reduce(or_, (Q(**{f"entry__{column}__contains": wanted}) for column in columns))


def _folded(phrase: Phrase) -> Q:
    return _has(phrase.folded, "title_folded", "body_folded")


def _word(word: str, *, exact: bool) -> Q:
    if exact and is_accented(word):
        return _has((word,), "title", "body")
    return _folded(Phrase((word,)))


def _unit(unit: Unit, *, exact: bool = False) -> Q:
    typed = reduce(and_, [*(_word(word, exact=exact) for word in unit.words), *map(_folded, unit.together)])
    return reduce(or_, map(_folded, unit.also if exact else [*unit.also, *unit.near]), typed)


class DatabaseEngine(SqlEngine):
    name = "database"

    def matching(self, index: SqlIndex, hits: QuerySet, terms: Terms, width: Width) -> QuerySet:
        if width == Width.PAIR:
            parts = list(map(_folded, [*terms.pairs, *terms.others]))
        else:
            parts = list(map(_unit, terms.required(width)))
        if not parts:
            return hits.none()
        return hits.filter(reduce(and_ if width in {Width.ALL, Width.CONTENT} else or_, parts))

    def ranked(self, index: SqlIndex, hits: QuerySet, terms: Terms, width: Width) -> QuerySet:
        keys = []
        if terms.accented and width == Width.ALL:
            keys.append(flag(reduce(and_, (_unit(unit, exact=True) for unit in terms.units))).desc())
        if terms.near and width == Width.ALL:
            keys.append(flag(reduce(and_, map(_unit, terms.as_typed.units))).desc())
        if terms.phrase:
            keys.append(flag(_has(terms.phrase.folded, "title_folded")).desc())
        together = [flag(_folded(pair)) for pair in terms.pairs]
        if together:
            keys.append(reduce(add, together).desc())
        in_title = [flag(_has(Phrase((word,)).folded, "title_folded")) for word in dict.fromkeys(terms.words)]
        if in_title:
            keys.append(reduce(add, in_title).desc())
        return hits.order_by(*keys, "-pk")

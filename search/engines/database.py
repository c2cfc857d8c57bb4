"""Words by LIKE over the prepared copies: PostgreSQL without a search server, and any search that is away.

Slow on large tables, right on all: a blank stands around every word, so a word is found whole.
"""

from functools import reduce
from operator import and_, or_

from django.db.models import Q, QuerySet

from ..analysis import Phrase, Terms, Unit, is_accented
from ..query import Width
from .sql import SqlEngine, SqlIndex, flag


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
    typed = reduce(and_, (_word(word, exact=exact) for word in unit.words))
    return reduce(or_, map(_folded, unit.also), typed)


class DatabaseEngine(SqlEngine):
    name = "database"

    def matching(self, index: SqlIndex, hits: QuerySet, terms: Terms, width: Width) -> QuerySet:
        if width == Width.ALL:
            return hits.filter(reduce(and_, map(_unit, terms.units)))
        if width == Width.ANY:
            return hits.filter(reduce(or_, map(_unit, terms.units)))
        parts = [*terms.pairs, *(phrase for unit in terms.units for phrase in unit.also)]
        return hits.filter(reduce(or_, map(_folded, parts))) if parts else hits.none()

    def ranked(self, index: SqlIndex, hits: QuerySet, terms: Terms, width: Width) -> QuerySet:
        keys = []
        if terms.accented and width == Width.ALL:
            keys.append(flag(reduce(and_, (_unit(unit, exact=True) for unit in terms.units))).desc())
        if terms.phrase:
            keys.append(flag(_has(terms.phrase.folded, "title_folded")).desc())
            keys.append(flag(_folded(terms.phrase)).desc())
        in_title = (flag(_has(Phrase((word,)).folded, "title_folded")) for word in dict.fromkeys(terms.words))
        return hits.order_by(*keys, reduce(lambda a, b: a + b, in_title).desc(), "-pk")

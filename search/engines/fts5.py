"""SQLite's FTS5 over the prepared copies: words by inverted index, the rest by SQL."""

from django.db import connection
from django.db.models import Case, FloatField, Q, QuerySet
from django.db.models.expressions import RawSQL

from ..analysis import Phrase, Terms, Unit, is_accented
from ..query import Width
from .sql import SqlEngine, flag
from .sql_indexes import ANSWERS, SUBMISSIONS, SqlIndex

TABLES = {SUBMISSIONS: "search_submission_words", ANSWERS: "search_answer_words"}
TRIGGERS = {f"{table}_{event}" for table in TABLES.values() for event in ("insert", "update", "delete")}
EXACT, FOLDED = "{title body}", "{title_folded body_folded}"
# bm25 weights of title, body, title_folded, body_folded: the exact word and the title count more.
WEIGHTS = (6.0, 2.0, 3.0, 1.0)


def _quoted(words: tuple[str, ...]) -> str:
    return '"' + " ".join(word.replace('"', "") for word in words) + '"'


def _word(word: str) -> str:
    """The word without its marks; with them it counts more, but is not asked for."""
    plain = f"{FOLDED} : {_quoted(Phrase((word,)).folded)}"
    return f"({plain} OR {EXACT} : {_quoted((word,))})" if is_accented(word) else f"({plain})"


def _phrase(phrase: Phrase) -> str:
    return f"{FOLDED} : {_quoted(phrase.folded)}"


def _unit(unit: Unit) -> str:
    typed = " AND ".join([*map(_word, unit.words), *map(_phrase, unit.together)])
    return "(" + " OR ".join([f"({typed})", *map(_phrase, [*unit.also, *unit.near])]) + ")"


def expression(terms: Terms, width: Width) -> str:
    """What a hit must have, as FTS5 writes it; phrases add to the rank alone. Empty: nothing can match."""
    units = list(map(_unit, terms.required(width)))
    if width == Width.PAIR:
        return " OR ".join(map(_phrase, [*terms.pairs, *terms.others]))
    if width == Width.ANY or not units:
        return " OR ".join(units)
    # Whoever has all units has the first: the pairs beside it change the rank and not the hits.
    together = " OR ".join([units[0], *map(_phrase, terms.pairs)])
    if terms.phrase:
        together += f" OR {EXACT} : {_quoted(terms.phrase.words)} OR {_phrase(terms.phrase)}"
    return f"({' AND '.join(units)}) AND ({together})"


def exact_expression(terms: Terms) -> str:
    """The same with every mark the reader typed asked for: those hits stand first."""

    def word(text: str) -> str:
        return f"{EXACT} : {_quoted((text,))}" if is_accented(text) else _phrase(Phrase((text,)))

    def unit(one: Unit) -> str:
        typed = " AND ".join([*map(word, one.words), *map(_phrase, one.together)])
        return "(" + " OR ".join([f"({typed})", *map(_phrase, one.also)]) + ")"

    return " AND ".join(map(unit, terms.units))


class Fts5Engine(SqlEngine):
    name = "fts5"

    def check(self) -> None:
        """The tables answer, and the triggers that fill them are there."""
        with connection.cursor() as cursor:
            for table in TABLES.values():
                cursor.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH 'a' LIMIT 1")  # noqa: S608 (our own name)
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            missing = TRIGGERS - {name for (name,) in cursor.fetchall()}
        if missing:
            raise LookupError(f"triggers are missing: {sorted(missing)}")

    def matching(self, index: SqlIndex, hits: QuerySet, terms: Terms, width: Width) -> QuerySet:
        wanted = expression(terms, width)
        return hits.filter(pk__in=_rowids(index, wanted)) if wanted else hits.none()

    def starting(self, index: SqlIndex, hits: QuerySet, words: tuple[str, ...]) -> QuerySet:
        return hits.filter(pk__in=_rowids(index, f"title_folded : {_quoted(words)} *"))

    def ranked(self, index: SqlIndex, hits: QuerySet, terms: Terms, width: Width) -> QuerySet:
        table = TABLES[index]
        hits = hits.filter(words__fts__matches=expression(terms, width))
        rank = RawSQL(f"bm25({table}, %s, %s, %s, %s)", WEIGHTS, output_field=FloatField())  # noqa: S608 (our own name)
        tiers = []
        if terms.accented and width == Width.ALL:
            tiers.append(_among(index, exact_expression(terms)).desc())
        if terms.near and width == Width.ALL:
            tiers.append(_among(index, expression(terms.as_typed, width)).desc())
        return hits.order_by(*tiers, rank, "-pk")


def _rowids(index: SqlIndex, wanted: str) -> RawSQL:
    table = TABLES[index]
    return RawSQL(f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [wanted])  # noqa: S608 (our own name)


def _among(index: SqlIndex, wanted: str) -> Case:
    return flag(Q(pk__in=_rowids(index, wanted)))

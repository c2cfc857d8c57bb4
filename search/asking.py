"""From a query to results: the engine's hits, and what else the reader may have meant.

Typing errors and words run together are searched for beside what was typed (`search.spelling`), and
the results say so; what means the same in other words joins where there is room (`search.fusion`).
A query that has hits is never replaced.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .fusion import LOOKED_AT, says_enough, wants_meaning, with_meaning
from .indexes import SUBMISSIONS, Index
from .meaning import of_query
from .query import Correction, Query, Results, Width
from .spelling import Reading, another_word, corrected, read
from .vocabulary import lexicon

if TYPE_CHECKING:
    from .engines import Engine

Ask = Callable[[Query], Results]
FEW = 3  # hits up to which a likelier word is offered


def ask_widely(engine: "Engine", index: Index, query: Query) -> Results:
    """One request to the engine; a few more where nothing, or next to nothing, has every word.

    How widely words are taken and what joins by its meaning is decided without the reader's filters:
    else a list under a filter would hold more than the count beside that filter has said.
    """
    ask = engine.submissions if index is SUBMISSIONS else engine.answers
    if not query.terms or query.only is not None or Width.ALL not in query.widths:
        return ask(query)
    terms, readings = read(query.terms, lexicon(index))
    query, found, free = _by_words(ask, index, replace(query, terms=terms), readings)
    if not wants_meaning(query, free):
        return found
    vector = of_query(terms, lexicon(index))
    if vector is None:
        return found
    return with_meaning(ask, query, found, free, engine.nearest(index, vector, query, LOOKED_AT))


def _by_words(ask: Ask, index: Index, query: Query, readings: Sequence[Reading]) -> tuple[Query, Results, Results]:
    """The query as it was asked in the end, its hits, and the hits without its filters."""
    found = ask(query)
    free = found if not query.filters or says_enough(query, found) else ask(_free(query))
    if not (free.width == Width.ALL and free.total):
        meant = _meant_otherwise(ask, index, query)
        if meant:
            query, free, otherwise = meant
            found = replace(ask(replace(query, views={})), views=found.views)
            readings = otherwise if found.total else ()
    if found.width != free.width:
        found = replace(ask(replace(query, widths=(free.width,), views={})), width=free.width, views=found.views)
    found = replace(found, corrections=_said(query, readings, used=found.total > 0))
    offers = found.width == Width.ALL and 0 < found.total <= FEW and query.page == 1
    return query, _offering(ask, index, query, found) if offers else found, free


def _free(query: Query) -> Query:
    """The same words over all that the view holds: how many hits, and how widely taken."""
    return replace(query, filters={}, page=1, size=0, after="", before="", facets=(), views={})


def _meant_otherwise(ask: Ask, index: Index, query: Query) -> tuple[Query, Results, Sequence[Reading]] | None:
    """What has every word if one is taken for another that goes with its neighbours; None if nothing has."""
    reading = another_word(query.terms, lexicon(index))
    if reading is None:
        return None
    meant = replace(query, terms=corrected(query.terms, [reading]), widths=(Width.ALL,))
    free = ask(_free(meant))
    return (meant, free, [reading]) if free.total else None


def _offering(ask: Ask, index: Index, query: Query, found: Results) -> Results:
    """The same hits, and a likelier query if it has more of them."""
    reading = another_word(query.terms, lexicon(index))
    if reading is None or found.corrections:
        return found
    likelier = replace(query, terms=corrected(query.terms, [reading]), widths=(Width.ALL,), size=1, facets=(), views={})
    if ask(likelier).total <= found.total:
        return found
    return replace(found, corrections=_said(query, [reading], used=False))


def _said(query: Query, readings: Sequence[Reading], *, used: bool) -> tuple[Correction, ...]:
    whole = " ".join(corrected(query.terms, readings).words) if readings else ""
    return tuple(Correction(one.typed, " ".join(one.meant[0].words), whole, used) for one in readings)

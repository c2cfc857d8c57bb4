"""Words and meaning in one list.

Who typed words that texts have gets those texts first: what only means the same follows, and only
where there are few hits. Where no text has all the words, both lists are merged by reciprocal rank
(Cormack et al. 2009), the words counting the less the wider they had to be taken. Weights and limits
were chosen on the judged queries of `tests/search/relevance`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .analysis import Terms
from .query import Query, Results, Sort, Width

Ask = Callable[[Query], Results]
Near = Sequence[tuple[int, float]]

PLENTY = 10  # hits with all the words from which nothing is added
MOST = 5  # hits by meaning alone
LOOKED_AT = 30  # nearest vectors
TOP = 10  # hits by words that are merged with them
K = 10  # of reciprocal rank: the smaller, the more the first places count
WEIGHTS = {Width.PAIR: 0.2, Width.ANY: 0.1}  # of the list by words; that by meaning has 1
LEAST = {True: 0.2, False: 0.1}  # least cosine, where texts have all the words and where none has
SHARE = 0.4  # of the best cosine that another must have


def wants_meaning(query: Query, free: Results) -> bool:
    """Whether the list by words, not yet filtered (`free`), leaves room for more."""
    return _may_have_more(query) and not (_is_strong(free) and free.total >= PLENTY)


def says_enough(query: Query, found: Results) -> bool:
    """Whether what was found under filters already tells how wide the words are and whether meaning joins."""
    return found.width == Width.ALL and found.total >= (PLENTY if _may_have_more(query) else 1)


def _may_have_more(query: Query) -> bool:
    return bool(query.meaning and query.terms and query.sort == Sort.RELEVANCE and query.code is None)


def with_meaning(ask: Ask, query: Query, found: Results, free: Results, near: Near) -> Results:
    """The same page of the longer list; `near`: nearest vectors among what the reader may see, best first.

    What joins is chosen among all that the view holds (`free`: the hits there by words), and then filtered
    like them. Totals and facet counts are those of the longer list. At most four more requests to the engine.
    """
    least = max(LEAST[_is_strong(free)], SHARE * max((cosine for _, cosine in near), default=0.0))
    near = [one for one in near if one[1] >= least]
    if not near:
        return found
    more = _more(ask, query, free, [key for key, _ in near])
    if _is_strong(free):
        return _after(query, found, more)
    return _before(ask, query, found, more)


def _is_strong(found: Results) -> bool:
    return found.total > 0 and found.width in {Width.ALL, Width.CONTENT}


@dataclass(frozen=True)
class _More:
    """What meaning found: all of it that passes the filters, best first, and what no word would have."""

    passing: list[int]
    new: list[int]
    facets: Mapping[str, list[tuple[str, int]]]


def _more(ask: Ask, query: Query, free: Results, near: list[int]) -> _More:
    bare = replace(query, page=1, ahead=0, size=len(near), views={}, facets=(), only=tuple(near), sort=Sort.NEWEST)
    held: set[int] = set()
    if free.total:
        held = set(ask(replace(bare, filters={}, widths=(free.width,))).ids)
    fresh = tuple([key for key in near if key not in held][:MOST])
    wordless = replace(bare, terms=Terms())
    new = ask(replace(wordless, only=fresh, facets=query.facets)) if fresh else Results([], 0)
    passing = set(ask(replace(wordless, only=tuple(held))).ids) if held and query.filters else held
    passing |= set(new.ids)
    return _More([key for key in near if key in passing], [key for key in near if key in set(new.ids)], new.facets)


def _after(query: Query, found: Results, more: _More) -> Results:
    """All hits by words are on the first page: the others follow."""
    first = found.ids if query.page == 1 else []
    start = max(0, query.offset - found.total)
    room = query.size - len(first)
    return _joined(found, [*first, *more.new[start : start + room]], more)


def _before(ask: Ask, query: Query, found: Results, more: _More) -> Results:
    """The best of both stand first, the rest of the words' own list after them."""
    by_words: list[int] = []
    if found.total:
        top = found if query.page == 1 and query.size >= TOP else ask(_page(query, found, 1, TOP))
        by_words = top.ids[:TOP]
    lead = merged(by_words, more.passing, WEIGHTS.get(found.width, 0.0))
    lead = lead[: max((at for at, key in enumerate(lead, 1) if key in set(more.new)), default=TOP)]
    start = (query.page - 1) * query.size
    shown = lead[start : start + query.size]
    rest: list[int] = []
    if found.total and len(shown) < query.size:
        own = _page(query, found, query.page, query.size)
        rest = ask(replace(own, ahead=len(lead), excluding=tuple(lead))).ids[: query.size - len(shown)]
    return _joined(found, [*shown, *rest], more)


def _page(query: Query, found: Results, page: int, size: int) -> Query:
    return replace(query, page=page, size=size, widths=(found.width,), facets=(), views={})


def merged(by_words: Sequence[int], by_meaning: Sequence[int], weight: float) -> list[int]:
    """By reciprocal rank; `weight` of a place in the list by words, 1 of one in the list by meaning."""
    scores: dict[int, float] = {}
    for keys, worth in ((by_meaning, 1.0), (by_words, weight)):
        for place, key in enumerate(keys, start=1):
            scores[key] = scores.get(key, 0.0) + worth / (K + place)
    return sorted(scores, key=lambda key: -scores[key])


def _joined(found: Results, ids: list[int], more: _More) -> Results:
    return replace(
        found,
        ids=ids,
        total=found.total + len(more.new),
        facets={name: _summed(counts, more.facets.get(name, ())) for name, counts in found.facets.items()},
        by_meaning=frozenset(more.new) & frozenset(ids),
    )


def _summed(one: Sequence[tuple[str, int]], other: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Counts of a facet added up; by count if they were, else in the order they had."""
    counts = dict(one)
    for value, number in other:
        counts[value] = counts.get(value, 0) + number
    by_count = all(a[1] >= b[1] for a, b in zip(one, one[1:], strict=False))
    return sorted(counts.items(), key=lambda item: -item[1]) if by_count else list(counts.items())

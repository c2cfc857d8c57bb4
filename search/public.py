"""The public's search: over what is published, from an address to what a page shows."""

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy, ngettext

from cms.models import AnswerPage

from .abbreviations import synonyms
from .address import Address
from .analysis import parse
from .documents import answer_text
from .engines import search_answers
from .facets import Chip, chips_of, options_of
from .labels import Labels
from .query import DEEPEST, Query, Results, Sort

SIZE = 10
FILTERS = {
    "system": gettext_lazy("Hệ thống chiến lược"),
    "agency": gettext_lazy("Cơ quan trả lời"),
    "year": gettext_lazy("Năm trả lời"),
}
FILTER_PARAMS = {"system": "he-thong", "agency": "co-quan", "year": "nam"}
OTHER_PARAMS = {"q": "q", "sort": "xep", "page": "page"}
SORTS = {Sort.RELEVANCE: gettext_lazy("khớp nhất trước"), Sort.NEWEST: gettext_lazy("mới nhất trước")}


class PublicSearch:
    """One page of results."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.labels = Labels()
        self.q = address.get("q")
        terms = parse(self.q, synonyms())
        asked = address.get("sort")
        self.query = Query(
            terms=terms,
            filters=address.filters,
            sort=Sort(asked) if asked in set(SORTS) else Sort.RELEVANCE if terms else Sort.NEWEST,
            page=address.page(SIZE),
            size=SIZE,
            facets=tuple(FILTERS),
        )
        # Nothing was asked: the page says how to ask, and lets people browse by the facets.
        self.asked = bool(self.q or address.filters)
        self.results = self._search()

    def _search(self) -> Results:
        if self.q and not self.query.terms:
            return Results(ids=[], total=0)
        found = search_answers(self.query)
        if not found.ids and found.total and self.query.page > 1:
            last = -(-min(found.total, DEEPEST) // SIZE)
            again = search_answers(replace(self.query, page=last, facets=()))
            found = replace(found, ids=again.ids)
        return found

    @property
    def page(self):
        return Paginator(range(min(self.results.total, DEEPEST)), SIZE).get_page(self.query.page)

    def answers(self) -> list[dict[str, Any]]:
        """The hits in order, in the words of `components/answer_row.html`."""
        pages = AnswerPage.objects.live().public().select_related("agency").in_bulk(self.results.ids)
        return [self._row(pages[pk]) for pk in self.results.ids if pk in pages]

    def _row(self, page: AnswerPage) -> dict[str, Any]:
        marker = self.results.marker
        days = page.days_late
        return {
            "page": page,
            "title": marker.title(page.title),
            "snippet": marker.snippet(answer_text(page), 240),
            "late": ngettext("Muộn %(n)d ngày", "Muộn %(n)d ngày", days) % {"n": days} if days else "",
        }

    def facets(self) -> list[dict[str, Any]]:
        """Filters with counts that ignore themselves."""
        return [
            {"title": label, "options": options_of(name, self.results, self.address, self.labels)}
            for name, label in FILTERS.items()
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        return chips_of(FILTERS, self.address, self.labels)

    def sorts(self) -> list[dict[str, Any]]:
        if not self.query.terms:
            return []
        return [
            {"label": label, "url": self.address.url(sort=sort), "current": sort == self.query.sort}
            for sort, label in SORTS.items()
        ]

    def kept(self) -> list[tuple[str, str]]:
        """What a new question from the box keeps: the filters, not the page."""
        return [(FILTER_PARAMS[name], value) for name, values in self.address.filters.items() for value in values]

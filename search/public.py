"""The public's search: over what is published, from an address to what a page or a feed shows."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.models import AnswerPage

from .abbreviations import synonyms
from .address import Address
from .analysis import Width, parse
from .documents import answer_text
from .engines import search_answers
from .facets import Chip, Option, chips_of, options_of
from .labels import Labels
from .query import DEEPEST, NO, Query, Results, Sort

SIZE = 10
SNIPPET = 240  # characters
SHORT_FACET = 8  # values of a facet shown before "more"
OPEN_FACETS = frozenset({"category", "system"})
FILTERS = {
    "category": gettext_lazy("Lĩnh vực, cơ chế"),
    "system": gettext_lazy("Hệ thống chiến lược"),
    "initiative": gettext_lazy("Sáng kiến đột phá"),
    "agency": gettext_lazy("Cơ quan trả lời"),
    "province": gettext_lazy("Tỉnh, thành phố"),
    "year": gettext_lazy("Năm trả lời"),
    "outcome": gettext_lazy("Kết quả"),
}
PARAMS = {
    "category": "linh-vuc",
    "system": "he-thong",
    "initiative": "sang-kien",
    "agency": "co-quan",
    "province": "tinh",
    "year": "nam",
    "outcome": "ket-qua",
}
FILTER_PARAMS = PARAMS | {NO + name: NO + param for name, param in PARAMS.items()}
OTHER_PARAMS = {"q": "q", "sort": "xep", "page": "page"}
SORTS = {Sort.RELEVANCE: gettext_lazy("khớp nhất trước"), Sort.NEWEST: gettext_lazy("mới nhất trước")}


@dataclass(frozen=True)
class Facet:
    """One filter with its values; `more` are those behind a fold."""

    title: Any
    options: list[Option]
    more: list[Option]
    open: bool


class PublicSearch:
    """One page of results."""

    def __init__(
        self, address: Address, *, newest: bool = False, size: int = SIZE, widths: tuple[Width, ...] = tuple(Width)
    ) -> None:
        self.address = address
        self.labels = Labels()
        self.q = address.get("q")
        terms = parse(self.q, synonyms())
        asked = address.get("sort")
        by_fit = asked != Sort.NEWEST and bool(terms) and not newest
        self.query = Query(
            terms=terms,
            filters=address.filters,
            sort=Sort.RELEVANCE if by_fit else Sort.NEWEST,
            page=address.page(size),
            size=size,
            facets=() if newest else tuple(FILTERS),
            widths=widths,
        )
        # Nothing was asked: the page says how to ask, and lets people browse by the facets.
        self.asked = bool(self.q or address.filters)
        self.results = self._search()

    def _search(self) -> Results:
        if self.q and not self.query.terms:
            return Results(ids=[], total=0)
        found = search_answers(self.query)
        if not found.ids and found.total and self.query.page > 1:
            last = -(-min(found.total, DEEPEST) // self.query.size)
            again = search_answers(replace(self.query, page=last, facets=()))
            found = replace(found, ids=again.ids)
        return found

    @property
    def title(self) -> str:
        """What was asked, in words: the heading of the page, the name of the feed."""
        narrowed = " · ".join(chip.value for chip in self.chips)
        if self.q:
            said = _("Tìm: %(q)s") % {"q": self.q}
            return f"{said} · {narrowed}" if narrowed else said
        return _("Câu trả lời: %(filters)s") % {"filters": narrowed} if narrowed else _("Câu trả lời đã công khai")

    @property
    def page(self):
        return Paginator(range(min(self.results.total, DEEPEST)), self.query.size).get_page(self.query.page)

    @cached_property
    def pages(self) -> list[AnswerPage]:
        """The hits in order, as they are now."""
        found = AnswerPage.objects.live().public().select_related("agency").in_bulk(self.results.ids)
        return [found[pk] for pk in self.results.ids if pk in found]

    def answers(self) -> list[dict[str, Any]]:
        """The hits in the words of `components/answer_row.html`."""
        marker = self.results.marker
        return [
            {
                "page": page,
                "title": marker.title(page.title, beside=text),
                "snippet": marker.snippet(text, SNIPPET, beside=page.title),
                "late": lateness(page),
                "by_meaning": page.pk in self.results.by_meaning,
            }
            for page in self.pages
            for text in (answer_text(page),)
        ]

    def facets(self) -> list[Facet]:
        """Filters with counts that ignore themselves."""
        return [self._facet(name, label) for name, label in FILTERS.items()]

    def _facet(self, name: str, label: Any) -> Facet:
        options = options_of(name, self.results, self.address, self.labels)
        shown = [option for at, option in enumerate(options) if at < SHORT_FACET or option.current]
        more = [option for option in options if option not in shown]
        return Facet(label, shown, more, name in OPEN_FACETS or name in self.address.filters)

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

    def instead(self) -> list[dict[str, str]]:
        return [{"q": q, "url": self.address.url(q=q)} for q in self.results.instead]

    def also(self) -> list[str]:
        return self.results.also

    def kept(self) -> list[tuple[str, str]]:
        """What a new question from the box keeps: the filters, not the page."""
        return [(FILTER_PARAMS[name], value) for name, values in self.address.filters.items() for value in values]


def lateness(page: AnswerPage) -> str:
    """How late it was, in words; empty if it was not."""
    days = page.days_late
    return ngettext("Muộn %(n)d ngày", "Muộn %(n)d ngày", days) % {"n": days} if days else ""

"""One page of the officers' queue: rows, views, filters and what to do when there is nothing."""

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from intake.models import Membership, Opening, Submission
from intake.receipts import read_code

from . import cursor, saved
from .address import Address
from .engines import search_submissions
from .facets import Chip, chips_of, options_of
from .filters import BETWEEN, DATES, RANGES
from .labels import Labels
from .listing import FACETS, FILTERS, OTHER_PARAMS, PARAMS, SIZE, SORTS, Listing, search_page, usual_sort
from .query import DEEPEST, Results, Sort
from .rows import Row, rows_of

RECENT = 20
RECENT_FIELDS = tuple(f"submission__{name}" for name in ("receipt_code", "redacted_title", "version"))
MOST_ADVICE = 6  # filters of an empty page that are tried without


class Desk:
    """One page of the queue."""

    def __init__(self, address: Address, member: Membership, user: Any) -> None:
        self.address, self.member, self.user = address, member, user
        self.listing = Listing(address, member, user)
        self.labels = Labels(member)
        self.view, self.q = self.listing.view, self.listing.q
        # The submission in the preview; what is no receipt code opens nothing.
        self.open_code = read_code(address.get("open")) or ""
        self.panel = bool(address.get("panel"))
        views = saved.views_of(member, saved.MOST + 1)
        self.saved, self.more_saved = views[: saved.MOST], len(views) > saved.MOST
        self.query = replace(
            self.listing.query,
            facets=FACETS if self.panel else (),
            views={view.key: view.within for view in self.listing.views} | saved.plain_conditions(self.saved, member),
        )
        self.results = self._search()

    def _search(self) -> Results:
        if self.listing.says_nothing:
            # Nothing in it can be searched for: no hits, and the views' counts as ever.
            found = search_submissions(replace(self.query, size=0, facets=()))
            return replace(found, ids=[], total=0)
        found = search_page(self.query)
        if not found.ids and found.total and self.query.page > 1:
            last = replace(self.query, page=-(-min(found.total, DEEPEST) // SIZE), after="", facets=(), views={})
            again = search_page(replace(last, before="" if self.by_offset else cursor.END))
            found = replace(found, ids=again.ids, ends=again.ends)
        return found

    @property
    def key(self) -> str:
        """What this list is called by what is kept for it in a browser: on every page, in every order."""
        here = self.address.url(view=self.view.key, sort="", panel="").partition("?")[2]
        return f"{self.member.user_id}?{here}"

    @property
    def by_offset(self) -> bool:
        """By fit there is no place to begin after: pages are counted, and end somewhere."""
        return self.query.sort == Sort.RELEVANCE and bool(self.query.terms)

    @property
    def beyond(self) -> bool:
        """Whether this is the last page that can be paged to, and there is more."""
        return self.by_offset and self.results.total > DEEPEST and self.page.number == self.page.paginator.num_pages

    @cached_property
    def page(self) -> Page:
        reach = min(self.results.total, DEEPEST) if self.by_offset else self.results.total
        return Paginator(range(reach), SIZE).get_page(self.query.page)

    def pages(self) -> list[dict[str, Any]]:
        """The ways from this page; each begins at a row, where the order allows."""
        page, last = self.page, self.page.paginator.num_pages
        if last < 2:
            return []
        first, after = self.results.ends
        before = {"before": first} if first else {}
        ways: list[dict[str, Any]] = []
        if page.has_previous():
            ways.append({"label": _("Đầu"), "url": self.address.turned(1)})
            back = before if page.number > 2 else {}  # the first page is whole, whatever has come meanwhile
            ways.append({"label": _("Trước"), "url": self.address.turned(page.number - 1, **back), "rel": "prev"})
        ways.append({"label": "", "number": page.number, "last": last})
        if page.has_next():
            end = {} if self.by_offset else {"before": cursor.END}
            next_ = {"after": after} if after else {}
            ways.append({"label": _("Sau"), "url": self.address.turned(page.number + 1, **next_), "rel": "next"})
            ways.append({"label": _("Cuối"), "url": self.address.turned(last, **end)})
        return ways

    @cached_property
    def rows(self) -> list[Row]:
        return rows_of(self.results, self.address, self.listing.state, self.user, self.labels, self.open_code)

    @property
    def open_place(self) -> int:
        """Where the submission in the preview stands on this page."""
        return next((place for place, row in enumerate(self.rows) if row.current), 0)

    def view_links(self) -> list[dict[str, Any]]:
        """The views with their counts; the text and the filters stay behind."""
        return [
            {
                "label": view.label,
                "url": f"{self.address.path}?{OTHER_PARAMS['view']}={view.key}",
                "count": self.results.views.get(view.key),
                "current": view.key == self.view.key and not self.current_saved,
                "late": view.late and self.results.views.get(view.key),
                "mine": view.mine,
            }
            for view in self.listing.views
        ]

    @cached_property
    def current_saved(self) -> int | None:
        """The saved view that this page is, if it is one."""
        here = saved.canonical(self.listing.state)
        return next((view.pk for view in self.saved if view.address == here), None)

    @cached_property
    def saved_links(self) -> list[dict[str, Any]]:
        """The saved views; those with words are counted apart, but for the one that this page is."""
        counts = saved.known_counts(self.saved, self.results, self.member)
        if self.current_saved:
            counts[self.current_saved] = self.results.total
        return [
            {
                "view": view,
                "url": f"{self.address.path}?{view.address}",
                "count": counts.get(view.pk),
                "current": view.pk == self.current_saved,
            }
            for view in self.saved
        ]

    @property
    def counts_missing(self) -> bool:
        return any(link["count"] is None for link in self.saved_links)

    def recent(self) -> list[dict[str, Any]]:
        """What this officer opened last, the newest first, with a sign where it has changed since."""
        visible = Submission.objects.visible_to(self.user)
        rows = Opening.objects.filter(user=self.user, submission__in=visible).select_related("submission")
        return [
            {
                "url": reverse("intake:submission", args=[row.submission.receipt_code]),
                "title": Truncator(row.submission.redacted_title).chars(48),
                "changed": row.submission.version > row.version,
            }
            for row in rows.order_by("-opened_at").only("version", *RECENT_FIELDS)[:RECENT]
        ]

    def choices(self) -> list[dict[str, Any]]:
        """Every filter with values as a list to choose from; counted while the panel is open."""
        return [
            {
                "name": PARAMS[name],
                "label": FILTERS[name],
                "chosen": bool(self.address.filters.get(name)),
                "options": options_of(name, self.results, self.address, self.labels),
            }
            for name in FACETS
        ]

    def ranges(self) -> list[dict[str, Any]]:
        """Filters with two ends, each in a field of its own that holds what is asked for."""
        found = []
        for name in sorted(RANGES, key=list(FILTERS).index):
            first, _found, last = next(iter(self.address.filters.get(name, ())), "").partition(BETWEEN)
            date = name in DATES
            found.append({"name": PARAMS[name], "label": FILTERS[name], "date": date, "first": first, "last": last})
        return found

    def kept(self) -> list[tuple[str, str]]:
        """Every filter that is on and has no field in the form, as the form sends it along."""
        params, shown = self.address.params, RANGES if self.panel else ()
        on = ((name, values) for name, values in self.address.filters.items() if name not in shown)
        return [(params[name], value) for name, values in on for value in values]

    @cached_property
    def chips(self) -> list[Chip]:
        return chips_of(FILTERS, self.address, self.labels)

    def advice(self) -> list[dict[str, Any]]:
        """Of an empty page: what would be there without each of the filters, where anything would."""
        found = []
        for chip in self.chips[:MOST_ADVICE]:
            listing = Listing(chip.rest or self.address, self.member, self.user)
            if listing.says_nothing:
                continue
            total = search_submissions(replace(listing.query, size=0)).total
            if total:
                found.append({"label": chip.label, "value": chip.value, "url": chip.url, "count": total})
        return found

    def instead(self) -> list[dict[str, str]]:
        return [{"q": q, "url": self.address.url(q=q)} for q in self.results.instead]

    def also(self) -> list[str]:
        return self.results.also

    @property
    def sorted_by(self) -> Any:
        return SORTS[self.query.sort]

    def sorts(self) -> list[dict[str, Any]]:
        """The usual order has no value: sent along unchanged it says nothing about the next question."""
        usual = usual_sort(self.query.terms)
        usable = [sort for sort in SORTS if sort != Sort.RELEVANCE or self.query.terms]
        return [
            {"value": "" if sort == usual else sort, "label": SORTS[sort], "current": sort == self.query.sort}
            for sort in usable
        ]

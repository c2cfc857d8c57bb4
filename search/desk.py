"""The officers' queue: its views, its rows, its filters, from an address to what a page shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.models import Assignment, Membership, Role, Submission
from intake.receipts import read_code
from intake.templatetags.deadlines import deadline_level, deadline_words
from intake.workflow import OPEN, Status

from .abbreviations import synonyms
from .address import Address
from .analysis import parse
from .engines import search_submissions
from .facets import Chip, chips_of, options_of
from .labels import Labels
from .query import DEEPEST, Due, Filters, Query, Results, Sort

SIZE = 25
CHIP = 32  # characters: a chip is a hint, the preview has the whole name
FILTERS = {
    "status": gettext_lazy("Trạng thái"),
    "due": gettext_lazy("Hạn"),
    "system": gettext_lazy("Hệ thống"),
    "initiative": gettext_lazy("Sáng kiến"),
    "agency": gettext_lazy("Cơ quan"),
    "kind": gettext_lazy("Loại"),
    "nature": gettext_lazy("Tính chất"),
    "province": gettext_lazy("Tỉnh, thành phố"),
}
SORTS = {
    Sort.DEADLINE: gettext_lazy("hạn gần nhất trước"),
    Sort.NEWEST: gettext_lazy("mới nhất trước"),
    Sort.RELEVANCE: gettext_lazy("khớp nhất trước"),
}
FILTER_PARAMS = {
    "status": "trang-thai",
    "due": "han",
    "system": "he-thong",
    "initiative": "sang-kien",
    "agency": "co-quan",
    "kind": "loai",
    "nature": "tinh-chat",
    "province": "tinh",
}
OTHER_PARAMS = {"q": "q", "view": "goc", "sort": "xep", "page": "page", "open": "mo"}
_CODE = re.compile(r"\s*57[\s-]?\w{4}[\s-]?\w{4}\s*", re.ASCII)


@dataclass(frozen=True)
class View:
    """A named cut through the queue."""

    key: str
    label: Any
    within: Filters
    mine: bool = False
    late: bool = False


ALL = "all"


def views_for(member: Membership) -> list[View]:
    """The views of this person's role; the first is where the desk opens."""
    still_open = tuple(sorted(OPEN))
    waiting = View("waiting", gettext_lazy("Chờ phân loại"), {"status": (Status.RECEIVED,)}, mine=True)
    unsure = View("unsure", gettext_lazy("Máy không chắc"), {"status": (Status.RECEIVED,), "decision": ("abstain",)})
    mine = View("mine", gettext_lazy("Của tôi"), {"handler": (str(member.user_id),), "status": still_open}, mine=True)
    fresh = View("fresh", gettext_lazy("Mới chuyển đến"), {"status": (Status.ASSIGNED,)}, mine=True)
    soon = View("soon", gettext_lazy("Sắp đến hạn"), {"due": (Due.SOON,)}, mine=True)
    overdue = View("overdue", gettext_lazy("Quá hạn"), {"due": (Due.OVERDUE,)}, mine=True, late=True)
    approval = View("approval", gettext_lazy("Chờ duyệt"), {"status": (Status.AWAITING_APPROVAL,)})
    everything = View(ALL, gettext_lazy("Tất cả"), {})
    if member.role == Role.COORDINATOR:
        return [waiting, soon, overdue, unsure, approval, everything]
    if member.role == Role.APPROVER:
        return [approval, mine, fresh, soon, overdue, everything]
    return [fresh, mine, soon, overdue, approval, everything]


@dataclass(frozen=True)
class Row:
    """One line of the list, in the words of `components/queue_row.html`."""

    code: str
    url: str
    title: SafeString
    text: SafeString
    chips: list[dict[str, str]]
    due: Any
    due_text: str
    due_level: str
    attrs: SafeString
    current: bool


class Desk:
    """One page of the queue."""

    def __init__(self, address: Address, member: Membership, user: Any) -> None:
        self.address, self.member, self.user = address, member, user
        self.labels = Labels()
        self.views = views_for(member)
        self.view = self._chosen_view()
        # The submission in the preview; what is no receipt code opens nothing.
        self.open_code = read_code(address.get("open")) or ""
        self.q = address.get("q")
        self.query = self._query()
        self.results = self._search()

    def _chosen_view(self) -> View:
        """The one asked for; a search or a filter from elsewhere looks at everything."""
        by_key = {view.key: view for view in self.views}
        asked = self.address.get("view")
        if asked in by_key:
            return by_key[asked]
        return by_key[ALL] if asked or self.address.get("q") or self.address.filters else self.views[0]

    def _query(self) -> Query:
        code = read_code(self.q) if _CODE.fullmatch(self.q) else None
        terms = parse("" if code else self.q, synonyms())
        asked = self.address.get("sort")
        default = Sort.RELEVANCE if terms else Sort.DEADLINE
        return Query(
            terms=terms,
            code=code,
            filters=self.address.filters,
            within=self.view.within,
            user=self.user,
            sort=Sort(asked) if asked in set(Sort) else default,
            page=self.address.page(SIZE),
            size=SIZE,
            facets=tuple(FILTERS),
            views={view.key: view.within for view in self.views},
        )

    def _search(self) -> Results:
        if self.q and not self.query.terms and not self.query.code:
            # Nothing in it can be searched for: no hits, and the views' counts as ever.
            found = search_submissions(replace(self.query, size=0, facets=()))
            return replace(found, ids=[], total=0)
        found = search_submissions(self.query)
        if not found.ids and found.total and self.query.page > 1:
            last = -(-min(found.total, DEEPEST) // SIZE)
            again = search_submissions(replace(self.query, page=last, facets=(), views={}))
            found = replace(found, ids=again.ids)
        return found

    @property
    def beyond(self) -> bool:
        """Whether this is the last page that can be paged to, and there is more."""
        return self.results.total > DEEPEST and self.page.number == self.page.paginator.num_pages

    @property
    def page(self):
        paginator = Paginator(range(min(self.results.total, DEEPEST)), SIZE)
        return paginator.get_page(self.query.page)

    def rows(self) -> list[Row]:
        """The hits in order; what the database says this person may not read is not among them."""
        active = Assignment.objects.filter(ended_at=None).select_related("agency")
        shown = (
            Submission.objects.visible_to(self.user)
            .filter(pk__in=self.results.ids)
            .select_related("entry")
            .defer("title", "body", "legal_text", "entry__title", "entry__title_folded", "entry__body")
            .defer("entry__body_folded")
            .prefetch_related(Prefetch("assignments", active, to_attr="active"))
        )
        by_id = {submission.pk: submission for submission in shown}
        return [self._row(by_id[pk]) for pk in self.results.ids if pk in by_id]

    def _row(self, submission: Submission) -> Row:
        code, marker = submission.receipt_code, self.results.marker
        due = submission.due_at if submission.is_open else None
        words, level = deadline_words(due), deadline_level(due)
        if submission.status == Status.NEEDS_INFO:
            words, level = _("chờ người gửi"), "paused"
        return Row(
            code=code,
            url=reverse("intake:submission", args=[code]),
            title=marker.title(submission.redacted_title),
            text=marker.snippet(submission.redacted_body),
            chips=list(self._chips(submission)),
            due=due,
            due_text=words,
            due_level=level,
            attrs=format_html(
                'hx-get="{}" hx-push-url="{}"',
                reverse("intake:submission_pane", args=[code]),
                self.address.opening(code),
            ),
            current=code == self.open_code,
        )

    def _chips(self, submission: Submission) -> Iterable[dict[str, str]]:
        entry = getattr(submission, "entry", None)
        if submission.status != Status.RECEIVED:
            yield {"text": submission.get_status_display()}
        if submission.nature:
            yield {"text": self._subject(submission.nature, submission.initiative_id, submission.system_id)}
        elif entry is None or entry.initiative is None:
            yield {"text": _("Chưa có gợi ý")}
        elif entry.decision == "abstain":
            yield {"text": _("Máy không chắc"), "kind": "warn", "sign": "question"}
        else:
            yield {"text": self._subject(entry.nature, entry.initiative, entry.system)}
        lead = next((one.agency.code for one in submission.active if one.role == Assignment.Role.LEAD), None)
        if lead:
            yield {"text": self.labels.of("agency", lead)}
        elif entry and entry.lead:
            name = self.labels.of("agency", entry.lead)
            yield {"text": name if entry.p_lead is None else f"{name} {round(entry.p_lead * 100)}%"}

    def _subject(self, nature: str, initiative: int | None, system: int | None) -> str:
        if initiative:
            return Truncator(self.labels.short_initiative(initiative)).chars(CHIP)
        if system:
            return Truncator(self.labels.of("system", str(system))).chars(CHIP)
        return self.labels.of("nature", nature) if nature and nature != "in_scope" else _("Ngoài phạm vi")

    def view_links(self) -> list[dict[str, Any]]:
        """The views with their counts; the text and the filters stay behind."""
        return [
            {
                "label": view.label,
                "url": f"{self.address.path}?{OTHER_PARAMS['view']}={view.key}",
                "count": self.results.views.get(view.key),
                "current": view.key == self.view.key,
                "late": view.late and self.results.views.get(view.key),
                "mine": view.mine,
            }
            for view in self.views
        ]

    def choices(self) -> list[dict[str, Any]]:
        """Every filter as a list to choose from."""
        return [
            {
                "name": FILTER_PARAMS[name],
                "label": label,
                "options": options_of(name, self.results, self.address, self.labels),
            }
            for name, label in FILTERS.items()
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        return chips_of(FILTERS, self.address, self.labels)

    @property
    def sorted_by(self) -> Any:
        return SORTS[self.query.sort]

    def sorts(self) -> list[dict[str, Any]]:
        usable = [sort for sort in SORTS if sort != Sort.RELEVANCE or self.query.terms]
        return [{"value": sort, "label": SORTS[sort], "current": sort == self.query.sort} for sort in usable]

"""A state of the officers' queue: from its address to the question that is asked of search."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy

from intake.models import Membership, Role
from intake.receipts import read_code
from intake.workflow import OPEN, Status

from .abbreviations import synonyms
from .address import Address
from .analysis import Terms, Width, parse
from .cursor import END
from .engines import search_submissions
from .filters import BETWEEN, RANGES
from .query import DEEPEST, NO, Due, Filters, Query, Results, Sort, negated

SIZE = 25
ME = "toi"  # in an address: whoever reads it
FILTERS = {
    "status": gettext_lazy("Trạng thái"),
    "due": gettext_lazy("Hạn"),
    "age": gettext_lazy("Đã nhận"),
    "kind": gettext_lazy("Loại"),
    "nature": gettext_lazy("Tính chất"),
    "system": gettext_lazy("Hệ thống"),
    "initiative": gettext_lazy("Sáng kiến"),
    "agency": gettext_lazy("Cơ quan"),
    "suggested": gettext_lazy("Cơ quan máy đề nghị"),
    "category": gettext_lazy("Lĩnh vực"),
    "province": gettext_lazy("Tỉnh, thành phố"),
    "handler": gettext_lazy("Người phụ trách"),
    "band": gettext_lazy("Máy chắc đến đâu"),
    "decision": gettext_lazy("Máy đề nghị"),
    "language": gettext_lazy("Cách gõ"),
    "files": gettext_lazy("Tệp kèm theo"),
    "approver": gettext_lazy("Duyệt"),
    "received": gettext_lazy("Ngày nhận"),
    "deadline": gettext_lazy("Ngày đến hạn"),
    "confidence": gettext_lazy("Độ chắc (%)"),
}
FACETS = tuple(name for name in FILTERS if name not in RANGES | {"approver"})
PARAMS = {
    "status": "trang-thai",
    "due": "han",
    "age": "tuoi",
    "kind": "loai",
    "nature": "tinh-chat",
    "system": "he-thong",
    "initiative": "sang-kien",
    "agency": "co-quan",
    "suggested": "co-quan-goi-y",
    "category": "linh-vuc",
    "province": "tinh",
    "handler": "nguoi",
    "band": "chac",
    "decision": "goi-y",
    "language": "go",
    "files": "tep",
    "approver": "duyet",
    "received": "nhan",
    "deadline": "den-han",
    "confidence": "do-chac",
}
FILTER_PARAMS = PARAMS | {NO + name: NO + param for name, param in PARAMS.items()}
OTHER_PARAMS = {
    "q": "q",
    "view": "goc",
    "sort": "xep",
    "page": "page",
    "after": "sau",
    "before": "truoc",
    "open": "mo",
    "panel": "bo-loc",
}
SORTS = {
    Sort.DEADLINE: gettext_lazy("hạn gần nhất trước"),
    Sort.NEWEST: gettext_lazy("mới nhất trước"),
    Sort.OLDEST: gettext_lazy("cũ nhất trước"),
    Sort.SUPPORT: gettext_lazy("nhiều người cùng nói trước"),
    Sort.RELEVANCE: gettext_lazy("khớp nhất trước"),
}
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
_OPEN = tuple(sorted(OPEN))
# Those that mean the same to everybody, whoever's sidebar lists them.
COMMON = {
    view.key: view
    for view in (
        View("waiting", gettext_lazy("Chờ phân loại"), {"status": (Status.RECEIVED,)}, mine=True),
        View("unsure", gettext_lazy("Máy không chắc"), {"status": (Status.RECEIVED,), "decision": ("abstain",)}),
        View("fresh", gettext_lazy("Mới chuyển đến"), {"status": (Status.ASSIGNED,)}, mine=True),
        View("soon", gettext_lazy("Sắp đến hạn"), {"due": (Due.SOON,)}, mine=True),
        View("overdue", gettext_lazy("Quá hạn"), {"due": (Due.OVERDUE,)}, mine=True, late=True),
        View("approval", gettext_lazy("Chờ duyệt"), {"status": (Status.AWAITING_APPROVAL,)}),
        View(ALL, gettext_lazy("Tất cả"), {}),
    )
}
# What a name that no view has stands for: nothing, rather than everything.
UNKNOWN = View("none", gettext_lazy("Không có góc nhìn này"), {"status": ("none",)})
_LISTED = {
    Role.COORDINATOR: ("waiting", "soon", "overdue", "unsure", "approval", ALL),
    Role.APPROVER: ("to-approve", "mine", "fresh", "soon", "overdue", "approval", ALL),
    Role.OFFICER: ("fresh", "mine", "soon", "overdue", "approval", ALL),
}


def approver_value(member: Membership) -> str:
    return f"{member.agency.code}:{member.user_id}"


def views_for(member: Membership) -> list[View]:
    """The views of this person's role; the first is where the desk opens."""
    own = {"handler": (str(member.user_id),), "status": _OPEN}
    approver = {"approver": (approver_value(member),)}
    every = COMMON | {
        "mine": View("mine", gettext_lazy("Của tôi"), own, mine=True),
        "to-approve": View("to-approve", gettext_lazy("Chờ tôi duyệt"), approver, mine=True),
    }
    return [every[key] for key in _LISTED.get(Role(member.role), _LISTED[Role.OFFICER])]


def read_address(given: MultiValueDict) -> Address:
    """The state in a query string. The two ends of a range come from a form apart and are kept as one.

    A receipt code is looked for everywhere: no view and no filter stays beside it.
    """
    values = given.copy()
    for name in RANGES:
        param = PARAMS[name]
        ends = [str(values.get(f"{param}-{end}", ""))[:20].strip() for end in ("tu", "den")]
        if any(ends):
            values[param] = BETWEEN.join(ends)
    address = Address.read(reverse("search:queue"), values, filters=FILTER_PARAMS, others=OTHER_PARAMS)
    if not code_in(address.get("q")):
        return address
    return replace(address, filters={}, others=address.others | {"view": ALL})


def code_in(q: str) -> str | None:
    """The receipt code, where nothing else was typed."""
    return read_code(q) if _CODE.fullmatch(q) else None


def usual_sort(terms: Terms) -> Sort:
    """The order where none was chosen."""
    return Sort.RELEVANCE if terms else Sort.DEADLINE


def search_page(query: Query) -> Results:
    """A page of a list. The last one has what whole pages leave over: back from it, the first one is whole too."""
    found = search_submissions(query)
    rest = found.total % SIZE
    if query.before != END or not 0 < rest < len(found.ids):
        return found
    last = search_submissions(replace(query, size=rest, facets=(), views={}))
    return replace(found, ids=last.ids, ends=last.ends)


class Listing:
    """What one person sees of one state of the queue."""

    def __init__(self, address: Address, member: Membership, user: Any) -> None:
        self.address, self.member, self.user = address, member, user
        self.views = views_for(member)
        self.view = self._chosen_view()
        self.q = address.get("q")

    @classmethod
    def of(cls, state: str, member: Membership, user: Any) -> "Listing":
        """From a query string that was kept."""
        return cls(read_address(QueryDict(state)), member, user)

    def _chosen_view(self) -> View:
        """The one asked for; a search or a filter from elsewhere looks at everything."""
        if asked := self.address.get("view"):
            return (COMMON | {view.key: view for view in self.views}).get(asked, UNKNOWN)
        return COMMON[ALL] if self.address.get("q") or self.address.filters else self.views[0]

    @cached_property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """Those of the address, with "me" replaced by who reads."""
        mine = {"handler": str(self.member.user_id), "approver": approver_value(self.member)}
        return {
            name: tuple(mine.get(negated(name)[0], value) if value == ME else value for value in values)
            for name, values in self.address.filters.items()
        }

    @cached_property
    def query(self) -> Query:
        code = code_in(self.q)
        terms = parse("" if code else self.q, synonyms())
        asked = self.address.get("sort")
        after, before = self.address.get("after"), self.address.get("before")
        return Query(
            terms=terms,
            code=code,
            filters=self.filters,
            within=self.view.within,
            user=self.user,
            sort=Sort(asked) if asked in set(Sort) else usual_sort(terms),
            page=self.address.page(SIZE, deep=bool(after or before)),
            size=SIZE,
            after=after,
            before=before,
        )

    @property
    def says_nothing(self) -> bool:
        """Something was typed, and nothing in it can be searched for."""
        return bool(self.q) and not self.query.terms and not self.query.code

    @property
    def state(self) -> str:
        """Its query string: what a link, a form or a saved view carries."""
        return self.address.here().partition("?")[2]

    @property
    def matching(self) -> Query:
        """What has all the words: not a part of them, nor only their meaning."""
        return replace(self.query, widths=(Width.ALL,), meaning=False)

    def batches(self, most: int, size: int = 500, *, matching: bool = False) -> Iterator[list[int]]:
        """The keys of its hits from the first on, in order, `most` of them at the most."""
        if self.says_nothing:
            return
        asked = self.matching if matching else self.query
        query = replace(asked, page=1, size=min(size, most), after="", before="", facets=(), views={})
        found, page = 0, 1
        while found < most:
            results = search_submissions(query)
            ids = results.ids[: most - found]
            if ids:
                yield ids
            found += len(ids)
            page += 1
            if len(results.ids) < query.size or (not results.ends[1] and page * query.size > DEEPEST):
                return
            query = replace(query, after=results.ends[1], page=page)

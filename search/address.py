"""The state of a search page is its address: what it says, and the addresses next to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from .analysis import LONGEST_QUERY
from .query import DEEPEST, MOST_VALUES, NO

FLEETING = frozenset({"page", "after", "before", "open"})  # of one page, not of the list


@dataclass(frozen=True)
class Address:
    """The query string of a search page, cleaned: known names, short values, no empty ones."""

    path: str
    # What a name is called in the address: people read and send addresses.
    params: Mapping[str, str]
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(
        cls, path: str, given: MultiValueDict, *, filters: Mapping[str, str], others: Mapping[str, str]
    ) -> "Address":
        """From a request's GET; `filters` (many values) and `others` (one): name -> parameter."""
        found = {name: _values(given.getlist(param)) for name, param in filters.items()}
        rest = {name: _clean(given.get(param, ""), LONGEST_QUERY) for name, param in others.items()}
        return cls(
            path,
            {**filters, **others},
            {name: values for name, values in found.items() if values},
            {name: value for name, value in rest.items() if value},
        )

    def get(self, name: str) -> str:
        return self.others.get(name, "")

    def page(self, size: int, *, deep: bool = False) -> int:
        """The page asked for; never past what an offset can reach, unless a cursor leads there (`deep`)."""
        text = self.get("page")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
        return max(1, number if deep else min(number, DEEPEST // size))

    def here(self) -> str:
        """This very page."""
        return self._join(self.filters, {name: value for name, value in self.others.items() if name != "open"})

    def url(self, **changes: str) -> str:
        """This page with other values; an empty one takes the name away. Any change leads to page one."""
        return self._join(self.filters, self._lasting | changes)

    def with_filter(self, name: str, value: str) -> str:
        """This page with the filter set to this one value ("": without it)."""
        filters = self.filters | {name: (value,) if value else ()}
        return self._join(filters, self._lasting)

    def dropping(self, name: str, value: str) -> "Address":
        """The first page of this list without one value of a filter."""
        left = tuple(one for one in self.filters.get(name, ()) if one != value)
        filters = {key: values for key, values in (self.filters | {name: left}).items() if values}
        return replace(self, filters=filters, others=self._lasting)

    def without(self, name: str, value: str) -> str:
        """This page without one value of a filter."""
        return self.dropping(name, value).here()

    def over(self, path: str) -> "Address":
        """The same search on another page."""
        return replace(self, path=path)

    def opening(self, code: str) -> str:
        """This very page with one submission in the preview."""
        return self._join(self.filters, self.others | {"open": code})

    def flipped(self, name: str, value: str) -> str:
        """This page with one value excluded instead of asked for, or the other way round."""
        other = name[1:] if name.startswith(NO) else NO + name
        kept = {name: tuple(one for one in self.filters.get(name, ()) if one != value)}
        there = tuple(dict.fromkeys([*self.filters.get(other, ()), value]))
        return self._join(self.filters | kept | {other: there}, self._lasting)

    def turned(self, page: int, **more: str) -> str:
        """Another page of the same list: by its number, and by a cursor where there is one."""
        return self._join(self.filters, self._lasting | {"page": str(page) if page > 1 else ""} | more)

    def bare(self) -> str:
        """Without filters, the rest kept."""
        return self._join({}, self._lasting)

    @property
    def _lasting(self) -> dict[str, str]:
        """What another page of the search keeps."""
        return {name: value for name, value in self.others.items() if name not in FLEETING}

    def _join(self, filters: dict[str, tuple[str, ...]], others: dict[str, str]) -> str:
        query = QueryDict(mutable=True)
        for name, value in others.items():
            if value:
                query[self.params[name]] = value
        for name, values in filters.items():
            if values:
                query.setlist(self.params[name], list(values))
        encoded = query.urlencode()
        return f"{self.path}?{encoded}" if encoded else self.path


def _values(given: list[str]) -> tuple[str, ...]:
    cleaned = (_clean(value, 40) for value in given[:MOST_VALUES])
    return tuple(dict.fromkeys(value for value in cleaned if value))


def _clean(value: str, longest: int) -> str:
    """Without what no database takes (NUL) and no address can carry (lone surrogates)."""
    kept = "".join(c for c in value[: 4 * longest] if c != "\0" and not "\ud800" <= c <= "\udfff")
    return " ".join(kept.split())[:longest]

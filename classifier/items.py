"""Labelled texts to measure a router on; for measuring only, never for learning from."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.routing import OUTSIDE


@dataclass(frozen=True)
class Item:
    """One labelled text: what it is and, if known, who answered it."""

    id: str
    text: str
    initiative: int
    """1 to 30; 0 outside the scope."""
    agency: str = ""
    """The answering body by name."""
    also: tuple[int, ...] = ()
    """Initiatives that a reader would accept beside the first; 0: outside."""

    @property
    def outside(self) -> bool:
        """Whether its first label is outside the scope."""
        return self.initiative == OUTSIDE


def load_items(path: Path) -> list[Item]:
    """Items of a file of JSON lines: ``text``, ``initiative`` (null: outside), ``agency_answered``, ``also``.

    ``also`` is one more initiative or a list of them. Raises ValueError where there is none, and on a line
    that is not such an object, with its number.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(_item(json.loads(line), number))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"line {number}: {type(error).__name__}: {error}") from error
    if not found:
        raise ValueError("no items")
    return found


def _item(row: Any, number: int) -> Item:
    if not isinstance(row["text"], str):
        raise TypeError("text is not a string")
    return Item(
        str(row.get("id", number)),
        row["text"],
        int(row.get("initiative") or OUTSIDE),
        row.get("agency_answered") or "",
        _also(row.get("also")),
    )


def _also(value: Any) -> tuple[int, ...]:
    if value is None:
        return ()
    return tuple(int(one or OUTSIDE) for one in (value if isinstance(value, list) else [value]))

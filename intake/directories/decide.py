"""What to do with one row: the file, the database and what was loaded before, compared."""

from __future__ import annotations

from enum import Enum
from typing import Any

Values = dict[str, Any]


class Action(Enum):
    CREATE = "created"
    UPDATE = "updated"
    KEEP = "kept"
    CONFLICT = "conflicts"
    NOTHING = "unchanged"


def decide(file: Values, current: Values | None, seeded: Values, *, overwrite: bool) -> Action:
    """The action for one row; ``seeded`` is empty when a person made the row.

    An administrator's edit is kept, quietly while the file says what it said when loaded, as
    a conflict once the file has moved too. ``overwrite`` takes the file.
    """
    if current is None:
        return Action.CREATE
    if current == file:
        return Action.NOTHING
    edited = not seeded or any(current[field] != value for field, value in seeded.items())
    if overwrite or not edited:
        return Action.UPDATE
    return Action.KEEP if file == seeded else Action.CONFLICT

"""Where a page of a list begins: the sort values of the row before it, as opaque text in the address.

Pages by offset slide when rows leave the list; a page that begins after a row does not, and its cost
does not grow with how deep it lies.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

END = "cuoi"  # before the end of the list: its last page
LONGEST = 200


def write(engine: str, values: list[Any]) -> str:
    """A cursor of this engine; the values must be JSON."""
    return urlsafe_b64encode(json.dumps([engine, *values], separators=(",", ":")).encode()).decode().rstrip("=")


def read(engine: str, cursor: str, length: int) -> list[Any] | None:
    """The values, or None: no cursor, not one of this engine, or of another order."""
    if not cursor or len(cursor) > LONGEST:
        return None
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (Error, ValueError):
        return None
    if not isinstance(values, list) or values[:1] != [engine] or len(values) != length + 1:
        return None
    kept = values[1:]
    simple = all(one is None or isinstance(one, bool | int | float) and abs(one) < 2**63 for one in kept)
    return kept if simple else None

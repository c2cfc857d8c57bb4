"""JSON lines with an `id` and a `text`, as the commands read and write them."""

import json
from collections.abc import Iterable, Iterator


def items(lines: Iterable[bytes]) -> Iterator[dict]:
    """Id and text of each line; a bad one says what is wrong with it."""
    for given in lines:
        if not given.strip():
            continue
        known = None
        try:
            item = json.loads(given.decode("utf-8-sig", errors="replace"))
            known = item["id"]
            if known is None or not isinstance(item["text"], str):
                raise TypeError("an id and a text are needed")
            yield {"id": known, "text": item["text"]}
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            yield {"id": known, "error": f"{type(error).__name__}: {error}"}


def line(row: dict) -> str:
    """One line of output; what UTF-8 cannot hold is replaced."""
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace").decode()

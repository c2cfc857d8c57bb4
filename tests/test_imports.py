"""Imports run one way: classifier <- intake <- cms <- search; config names the rooms as strings."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("classifier", "intake", "cms", "search")
MAY_IMPORT = {room: set(ROOMS[: place + 1]) for place, room in enumerate(ROOMS)} | {"config": set()}


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and first word of every absolute import, also those inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.partition(".")[0]


def wrong_imports(room: str, root: Path = ROOT) -> list[str]:
    return [
        f"{path.relative_to(root)}:{line} imports {name}"
        for path in sorted((root / room).rglob("*.py"))
        for line, name in imported(path)
        if name in ROOMS and name not in MAY_IMPORT[room]
    ]


@pytest.mark.parametrize("room", [*ROOMS, "config"])
def test_a_room_knows_only_the_rooms_below_it(room: str) -> None:
    assert wrong_imports(room) == []


def test_an_import_upwards_is_found_even_inside_a_function(tmp_path: Path) -> None:
    (tmp_path / "intake").mkdir()
    (tmp_path / "intake" / "late.py").write_text("def f():\n    from search.queue import find\n", encoding="utf-8")
    assert wrong_imports("intake", tmp_path) == ["intake/late.py:2 imports search"]

"""The training texts that ship with the code, all written for it (synthetic), and their loader.

``*.jsonl``: one text a line with ``id``, ``text``, ``initiative`` (0: outside the scope) and, where
known, ``nature`` and ``agency``. ``descriptions.json``: each initiative in short paraphrases.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
DESCRIPTIONS = FOLDER / "descriptions.json"


@dataclass(frozen=True)
class Example:
    """One labelled text: written for training, or a decision of a person on a received one."""

    id: str
    text: str
    initiative: int
    """1 to 30; 0 outside the scope."""
    nature: str = ""
    """A value of ``routing.NATURES``; empty if nobody said."""
    agency: str = ""
    """Agency code; empty if nobody said."""
    weight: float = 1.0
    group: str = ""
    """Texts of one group are never split between training and measuring; empty: a group of its own."""


def load_corpus(folder: Path = FOLDER) -> list[Example]:
    """All texts of the folder's ``*.jsonl``, in the order of file names and lines.

    A line that is not a whole JSON object is left out, and a text that occurred before. The texts of
    one writer in one file make a group: a writer's habits must not pass for a topic.
    """
    examples, seen = [], set()
    for path in sorted(folder.glob("*.jsonl")):
        for row in _rows(path):
            text = row["text"].strip()
            if text and text not in seen:
                seen.add(text)
                examples.append(_example(row, text, path.stem))
    return examples


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and isinstance(row.get("text"), str) and "initiative" in row:
            yield row


def _example(row: dict[str, Any], text: str, source: str) -> Example:
    initiative = int(row["initiative"] or 0)
    return Example(
        id=str(row.get("id", "")),
        text=text,
        initiative=initiative,
        nature=row.get("nature") or "",
        agency=row.get("agency") or "",
        weight=float(row.get("weight", 1.0)),
        group=f"{source}:{row['writer']}" if len(str(row.get("writer", ""))) == 1 else source,
    )


@dataclass(frozen=True)
class Descriptions:
    """What the classes are about, in short paraphrases of ours: a little knowledge before any text."""

    titles: dict[int, str]
    """Initiative to its short official title."""
    initiatives: dict[int, tuple[str, ...]]
    agencies: dict[str, tuple[str, ...]]
    """Agency code (or ``model.LOCAL``) to its duties."""
    natures: dict[str, tuple[str, ...]]


def load_descriptions(path: Path = DESCRIPTIONS) -> Descriptions:
    """The paraphrases that ship with the code."""
    data = json.loads(path.read_text(encoding="utf-8"))
    initiatives = {int(number): entry for number, entry in data["initiatives"].items()}
    return Descriptions(
        titles={number: entry["title"] for number, entry in initiatives.items()},
        initiatives={n: (entry["title"], *entry["sentences"]) for n, entry in initiatives.items()},
        agencies={code: tuple(sentences) for code, sentences in data["agencies"].items()},
        natures={nature: tuple(sentences) for nature, sentences in data["natures"].items()},
    )


def corpus_hash(examples: list[Example]) -> str:
    """SHA-256, hex, of all that the texts and labels say, whatever their order."""
    lines = sorted(json.dumps([e.text, e.initiative, e.nature, e.agency, e.weight]) for e in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()

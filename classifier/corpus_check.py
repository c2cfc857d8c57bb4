"""Finds what should not stand in a training corpus: copies in disguise, stock phrases, bad lines.

``python -m classifier.corpus_check`` prints one JSON object and fails on lines that are not valid and on copies.
``training`` leaves out what ``without_copies`` does.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from classifier.corpus import FOLDER, Example, load_corpus
from classifier.routing import NATURES
from classifier.text import fold, syllables

MOST_ALIKE = 0.6
"""Cosine of folded syllable bigrams above which two texts of one class are one."""
RUN = 6
"""Words in a run that may pass for a stock phrase."""
MOST_SHARED = 0.01
"""Share of the texts of a class above which a run is one, if it stands in more than ``FEW``."""
FEW = 3


@dataclass(frozen=True)
class Report:
    """What was found. Ids are those of the rows."""

    rows: int
    bad_lines: tuple[str, ...]
    """File and line number of what is not a labelled text."""
    copies: tuple[tuple[str, str, float], ...]
    """Earlier text, later text, cosine."""
    stock_phrases: tuple[tuple[str, int], ...]
    """Folded run of words and in how many texts of a class it stands."""


def _folded(text: str) -> list[str]:
    return [fold(word) for word in syllables(text)]


def _similarity(texts: Sequence[str]) -> np.ndarray:
    """float32 (texts, texts): cosine of the counts of folded syllable bigrams."""
    column: dict[tuple[str, str], int] = {}
    rows, columns = [], []
    for i, text in enumerate(texts):
        for pair in pairwise(_folded(text)):
            rows.append(i)
            columns.append(column.setdefault(pair, len(column)))
    ones = np.ones(len(rows), np.float32)
    counts = sp.csr_matrix((ones, (rows, columns)), shape=(len(texts), max(len(column), 1)))
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    return (counts @ counts.T).toarray() / np.maximum(np.outer(lengths, lengths), 1e-9)


def copies(examples: Sequence[Example]) -> list[tuple[int, int, float]]:
    """Pairs (earlier, later, cosine) above ``MOST_ALIKE`` that share initiative and nature."""
    return [pair for members in _classes(examples) for pair in _copies_among(examples, members)]


def _copies_among(examples: Sequence[Example], members: Sequence[int]) -> Iterable[tuple[int, int, float]]:
    alike = np.tril(_similarity([examples[i].text for i in members]), -1)
    for later, earlier in zip(*np.nonzero(alike > MOST_ALIKE), strict=True):
        yield members[earlier], members[later], round(float(alike[later, earlier]), 3)


def without_copies(examples: Sequence[Example]) -> list[Example]:
    """The examples, of each set of near-copies only the first."""
    dropped = {later for _, later, _ in copies(examples)}
    return [example for i, example in enumerate(examples) if i not in dropped]


def _classes(examples: Sequence[Example]) -> Iterable[list[int]]:
    """Rows that share initiative and nature."""
    classes: dict[tuple[int, str], list[int]] = defaultdict(list)
    for i, example in enumerate(examples):
        classes[example.initiative, example.nature].append(i)
    return classes.values()


def stock_phrases(examples: Sequence[Example], most: float = MOST_SHARED) -> list[tuple[str, int]]:
    """Runs of ``RUN`` words found in more than the share ``most`` of a class, commonest first.

    Names of bodies, laws and programmes are among them.
    """
    found: Counter[str] = Counter()
    for members in _classes(examples):
        runs: Counter[str] = Counter()
        for i in members:
            folded = _folded(examples[i].text)
            runs.update({" ".join(folded[k : k + RUN]) for k in range(len(folded) - RUN + 1)})
        least = max(FEW, most * len(members))
        found |= Counter({run: n for run, n in runs.items() if n > least})
    return found.most_common()


def bad_lines(folder: Path) -> list[str]:
    """Lines that are not JSON, or without text, or with a label nobody knows."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            if line.strip() and not _is_good(line):
                found.append(f"{path.name}:{number}")
    return found


def _is_good(line: str) -> bool:
    try:
        row = json.loads(line)
        return (
            bool(row["text"].strip())
            and int(row["initiative"] or 0) in range(31)
            and row.get("nature", "") in {"", *NATURES}
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def check(folder: Path = FOLDER) -> Report:
    """Look through a folder of corpus files."""
    examples = load_corpus(folder)
    return Report(
        rows=len(examples),
        bad_lines=tuple(bad_lines(folder)),
        copies=tuple((examples[a].id, examples[b].id, c) for a, b, c in copies(examples)),
        stock_phrases=tuple(stock_phrases(examples)),
    )


def main() -> None:
    """Print the report; exit 1 if a line is bad or a text a copy."""
    report = check()
    print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    sys.exit(1 if report.bad_lines or report.copies else 0)


if __name__ == "__main__":
    main()

"""How well the right texts are found: judged queries over the example answers and submissions.

`queries.jsonl`, a query a line: `text`, who asks (`by`), in which `index`, `grades` of the texts that
answer it (3: exactly, 2: well, 1: partly; all others 0; `A7` and `S12` are places in the demo's files),
and whether it shares any content word with those of grade 3. Written and judged for this project.
`queries_items.jsonl`, the same over real petitions that the project does not hold, by their ids.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
EXAMPLES, ITEMS = "queries.jsonl", "queries_items.jsonl"
GOOD = 2  # the least grade that counts as found


@dataclass(frozen=True)
class Judged:
    id: str
    by: str
    index: str
    text: str
    grades: Mapping[str, int]
    shares_words: bool = True


def judged(file: str = EXAMPLES) -> list[Judged]:
    return [Judged(**json.loads(line)) for line in (FOLDER / file).read_text(encoding="utf-8").splitlines()]


def ndcg(found: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain, 0 to 1 (Järvelin & Kekäläinen 2002, gain 2^grade - 1)."""
    ideal = _gain(sorted(grades.values(), reverse=True)[:k])
    return _gain([grades.get(name, 0) for name in found[:k]]) / ideal


def _gain(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, start=1))


def recall(found: Sequence[str], grades: Mapping[str, int], k: int = 5) -> float:
    """Share of the good texts that stand among the first `k`, 0 to 1."""
    good = {name for name, grade in grades.items() if grade >= GOOD}
    return len(good & set(found[:k])) / len(good)


def averages(found: Mapping[str, Sequence[str]], queries: Sequence[Judged]) -> dict[str, float]:
    """Means over all queries, and of those that share no word with what answers them."""
    wordless = [one for one in queries if not one.shares_words]
    named = {"": queries, "_no_shared_word": wordless}
    named |= {f"_{by}": [one for one in queries if one.by == by] for by in ("citizen", "officer")}
    values = {}
    for name, chosen in named.items():
        if not chosen:
            continue
        values[f"ndcg10{name}"] = sum(ndcg(found[one.id], one.grades) for one in chosen) / len(chosen)
        values[f"recall5{name}"] = sum(recall(found[one.id], one.grades) for one in chosen) / len(chosen)
    return {name: round(value, 3) for name, value in values.items()}

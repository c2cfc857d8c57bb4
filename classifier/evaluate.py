"""Measures a router on labelled items: accuracy by level, calibration, robustness, faithfulness.

``python -m classifier.evaluate ITEMS.jsonl`` prints one JSON object. Items carry ``text``,
``initiative`` (null or 0: outside) and, if known, ``agency_answered``. For measuring only.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifier import measures
from classifier.perturb import PERTURBATIONS
from classifier.routing import OUTSIDE, Guess, Routing
from classifier.service import Router, load_router
from classifier.text import words

REMOVED = 3
"""Phrases taken out of a text to see whether the decision hung on them."""


@dataclass(frozen=True)
class Item:
    """One labelled text: what it is and, if known, who answered it."""

    id: str
    text: str
    initiative: int
    """1 to 30; 0 outside the scope."""
    agency: str = ""
    """The answering body by name."""


def load_items(path: Path) -> list[Item]:
    """Items of a file of JSON lines, ``initiative`` null meaning outside."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    return [Item(str(r["id"]), r["text"], int(r.get("initiative") or 0), r.get("agency_answered") or "") for r in rows]


@dataclass(frozen=True)
class Measure:
    """A share or an area, 0 to 1, its 95 % bootstrap interval, and of how many.

    Resampling widens calibration errors: their interval lies above the value and is an upper bound.
    """

    value: float
    low: float
    high: float
    n: int


def _measure(statistic: Callable[..., float], *columns: np.ndarray) -> Measure:
    n = len(columns[0])
    value = statistic(*columns) if n else float("nan")
    return Measure(value, *measures.bootstrap(statistic, *columns), n)


def _mean(values: Sequence[bool]) -> Measure:
    return _measure(lambda array: float(array.mean()), np.array(values, dtype=float))


def _rank_inside(routing: Routing, initiative: int) -> int:
    """Place, from 1, of an initiative among those other than 0."""
    inside = [guess.value for guess in routing.initiative if guess.value != OUTSIDE]
    return inside.index(initiative) + 1


def _p(guesses: Sequence[Guess], value: int | str) -> float:
    return next((guess.p for guess in guesses if guess.value == value), 0.0)


def accuracy(router: Router, items: Sequence[Item]) -> dict[str, Measure]:
    """Initiative (in scope), all 31 classes, system with outside, scope, the surest, calibration."""
    routings = router.route([item.text for item in items])
    inside = [(r, i) for r, i in zip(routings, items, strict=True) if i.initiative != OUTSIDE]
    ranks = [_rank_inside(routing, item.initiative) for routing, item in inside]
    system_of = router.model.taxonomy.system_of
    right = [r.initiative[0].value == i.initiative for r, i in zip(routings, items, strict=True)]
    system = [r.system[0].value == system_of[i.initiative] for r, i in zip(routings, items, strict=True)]
    outside = np.array([_p(routing.initiative, OUTSIDE) for routing in routings])
    is_outside = np.array([item.initiative == OUTSIDE for item in items])
    found = {
        "initiative_top1": _mean([rank == 1 for rank in ranks]),
        "initiative_top3": _mean([rank <= 3 for rank in ranks]),
        "initiative_or_outside": _mean(right),
        "system_or_outside": _mean(system),
        "outside_auroc": _measure(measures.auroc, outside, is_outside),
    }
    for name, hits, guesses in (
        ("initiative", right, [r.initiative[0] for r in routings]),
        ("system", system, [r.system[0] for r in routings]),
    ):
        confidence, hit = np.array([g.p for g in guesses]), np.array(hits)
        found[f"{name}_surest_30"] = _measure(measures.among_surest, confidence, hit)
        found[f"{name}_ece"] = _measure(measures.calibration_error, confidence, hit)
    return found | agencies(router, items, routings)


def agencies(router: Router, items: Sequence[Item], routings: Sequence[Routing]) -> dict[str, Measure]:
    """Agency top-1 and top-3 where the body that answered is known to the taxonomy."""
    taxonomy = router.model.taxonomy
    known = [
        (routing, code)
        for routing, item in zip(routings, items, strict=True)
        if item.agency and (code := taxonomy.agency_named(item.agency))
    ]
    return {f"agency_top{k}": _mean([code in {g.value for g in r.agency[:k]} for r, code in known]) for k in (1, 3)}


def robustness(router: Router, items: Sequence[Item]) -> dict[str, dict[str, float]]:
    """Points (of 100) lost and decisions changed when the same texts are typed otherwise."""
    texts = [item.text for item in items]
    wanted = [item.initiative for item in items]
    system_of = router.model.taxonomy.system_of
    plain = _firsts(router, texts)
    found = {}
    for name, change in PERTURBATIONS.items():
        typed = _firsts(router, [change(text) for text in texts])
        found[name] = {
            "initiative_loss": _share(plain, wanted) - _share(typed, wanted),
            "system_loss": _share([system_of[i] for i in plain], [system_of[i] for i in wanted])
            - _share([system_of[i] for i in typed], [system_of[i] for i in wanted]),
            "changed": 100 - _share(plain, typed),
        }
    return found


def _firsts(router: Router, texts: Sequence[str]) -> list[int]:
    return [int(routing.initiative[0].value) for routing in router.route(texts)]


def _share(found: Sequence[int], wanted: Sequence[int]) -> float:
    return 100 * float(np.mean(np.array(found) == np.array(wanted)))


def faithfulness(router: Router, items: Sequence[Item]) -> dict[str, Measure]:
    """Share of first guesses that change without the named phrases, and without random others."""
    texts = [item.text for item in items]
    routings = router.route(texts)
    generator = np.random.default_rng(0)
    named, other = [], []
    for text, routing in zip(texts, routings, strict=True):
        spans = [(reason.start, reason.end) for reason in routing.reasons[:REMOVED]]
        named.append(_cut(text, spans))
        other.append(_cut(text, _random_spans(text, spans, generator)))
    before = [routing.initiative[0].value for routing in routings]
    return {
        "flips_named": _mean([a != b for a, b in zip(before, _firsts(router, named), strict=True)]),
        "flips_random": _mean([a != b for a, b in zip(before, _firsts(router, other), strict=True)]),
    }


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + " " + text[end:]
    return text


def _random_spans(text: str, spans: Sequence[tuple[int, int]], generator: np.random.Generator) -> list[tuple[int, int]]:
    """As many runs of words of the same lengths, none touching the spans or each other."""
    seen = list(words(text))
    free = np.array([all(w.end <= s or w.start >= e for s, e in spans) for w in seen], bool)
    chosen = []
    for start, end in spans:
        size = sum(start <= w.start < end for w in seen)
        places = [i for i in range(len(seen) - size + 1) if size and free[i : i + size].all()]
        if places:
            at = int(generator.choice(places))
            free[at : at + size] = False
            chosen.append((seen[at].start, seen[at + size - 1].end))
    return chosen


PARTS: dict[str, Callable[[Router, Sequence[Item]], dict[str, Any]]] = {
    "accuracy": accuracy,
    "robustness": robustness,
    "faithfulness": faithfulness,
}


def evaluate(router: Router, items: Sequence[Item]) -> dict[str, Any]:
    """Every measure of this module, JSON-ready."""
    return {name: _plain(part(router, items)) for name, part in PARTS.items()}


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {k: round(v, 4) for k, v in (vars(m) if isinstance(m, Measure) else m).items()}
        for name, m in found.items()
    }


def main() -> None:
    """Measure the shipped model, or another, on a file of items."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=Path)
    parser.add_argument("--model", type=Path, default=Path(__file__).parent / "model")
    parser.add_argument("--without-encoder", action="store_true")
    options = parser.parse_args()
    extra = {"encoder": None} if options.without_encoder else {}
    router = load_router(options.model, **extra)
    print(json.dumps(evaluate(router, load_items(options.items)), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()

"""Measures a router on labelled items: accuracy by level, calibration, robustness, faithfulness.

``python -m classifier.evaluate ITEMS.jsonl`` prints one JSON object; ``--strip``, ``--nfd``, ``--upper``,
``--telex`` and ``--template`` disturb the texts first. A folder in the layout of the VNTC news corpus is
measured with the same recipe trained on it (``vntc``).
"""

import argparse
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from classifier import faithful, measures, vntc
from classifier.items import Item, load_items
from classifier.perturb import PERTURBATIONS
from classifier.routing import OUTSIDE, Guess, Level, Routing
from classifier.service import Router, load_router

DISTURBANCES = {
    "strip": "no_accents",
    "nfd": "nfd",
    "upper": "upper",
    "telex": "telex",
    "template": "template",
}
"""Option to the name of the change in ``perturb.PERTURBATIONS``."""


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


def _mean(values: Sequence[bool] | Sequence[float]) -> Measure:
    return _measure(lambda array: float(array.mean()), np.array(values, dtype=float))


def _rank_inside(routing: Routing, initiative: int) -> int:
    """Place, from 1, of an initiative among those other than 0."""
    inside = [guess.value for guess in routing.initiative if guess.value != OUTSIDE]
    return inside.index(initiative) + 1


def _p(guesses: Sequence[Guess], value: int | str) -> float:
    return next((guess.p for guess in guesses if guess.value == value), 0.0)


def accuracy(router: Router, items: Sequence[Item]) -> dict[str, Measure]:
    """Initiative (in scope), all 31 classes, system with outside, scope, the surest, calibration, agency.

    ``system_or_outside`` takes second labels where items carry them, ``system_strict`` does not.
    ``..._ece_floor``: the calibration error that chance alone would show with these probabilities, and
    as ``high`` what it stays below 95 times in 100. Raises ValueError on an initiative that the model lacks.
    """
    system_of = router.model.taxonomy.system_of
    for item in items:
        if unknown := {item.initiative, *item.also} - {OUTSIDE, *system_of}:
            raise ValueError(f"item {item.id}: no initiative {unknown.pop()}")
    routings = router.route([item.text for item in items])
    ranks = [_rank_inside(r, i.initiative) for r, i in zip(routings, items, strict=True) if not i.outside]
    right = [r.initiative[0].value == i.initiative for r, i in zip(routings, items, strict=True)]
    strict = [r.system[0].value == system_of[i.initiative] for r, i in zip(routings, items, strict=True)]
    system = [
        r.system[0].value in {system_of[one] for one in (i.initiative, *i.also)}
        for r, i in zip(routings, items, strict=True)
    ]
    outside = np.array([_p(routing.initiative, OUTSIDE) for routing in routings])
    is_outside = np.array([item.outside for item in items], bool)
    first_outside = np.array([routing.initiative[0].value == OUTSIDE for routing in routings], bool)
    found = {
        "initiative_top1": _mean([rank == 1 for rank in ranks]),
        "initiative_top3": _mean([rank <= 3 for rank in ranks]),
        "initiative_or_outside": _mean(right),
        "system_or_outside": _mean(system),
        "system_strict": _mean(strict),
        "outside_auroc": _measure(measures.auroc, outside, is_outside),
        "outside_taken_for_inside": _mean((~first_outside[is_outside]).tolist()),
        "inside_taken_for_outside": _mean(first_outside[~is_outside].tolist()),
    }
    found |= _certainty("initiative", [r.initiative[0].p for r in routings], right)
    found |= _certainty("system", [r.system[0].p for r in routings], system)
    return found | agencies(router, items, routings) | _sets(items, routings)


def _certainty(name: str, p: Sequence[float], hits: Sequence[bool]) -> dict[str, Measure]:
    confidence, hit = np.array(p), np.array(hits, float)
    floor, highest = measures.calibration_floor(confidence)
    return {
        f"{name}_surest_30": _measure(measures.among_surest, confidence, hit),
        f"{name}_mean_p": _mean(confidence.tolist()),
        f"{name}_ece": _measure(measures.calibration_error, confidence, hit),
        f"{name}_ece_floor": Measure(floor, 0.0, highest, len(hit)),
    }


def _sets(items: Sequence[Item], routings: Sequence[Routing]) -> dict[str, Measure]:
    """How often the set of likely initiatives holds the right one, and how many it names."""
    held = [i.initiative in r.likely["initiative"] for r, i in zip(routings, items, strict=True)]
    sizes = [float(len(r.likely["initiative"])) for r in routings]
    return {"initiative_set_coverage": _mean(held), "initiative_set_size": _mean(sizes)}


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
    systems = [system_of[i] for i in wanted]
    plain, plain_system = _firsts(router, texts, "initiative"), _firsts(router, texts, "system")
    found = {}
    for name, change in PERTURBATIONS.items():
        changed = [change(text) for text in texts]
        typed, typed_system = _firsts(router, changed, "initiative"), _firsts(router, changed, "system")
        found[name] = {
            "initiative_loss": _share(plain, wanted) - _share(typed, wanted),
            "system_loss": _share(plain_system, systems) - _share(typed_system, systems),
            "changed": 100 - _share(plain, typed),
        }
    return found


def _firsts(router: Router, texts: Sequence[str], level: Level) -> list[int]:
    return [int(getattr(routing, level)[0].value) for routing in router.route(texts)]


def _share(found: Sequence[int], wanted: Sequence[int]) -> float:
    return 100 * float(np.mean(np.array(found) == np.array(wanted)))


def faithfulness(router: Router, items: Sequence[Item]) -> dict[str, Measure]:
    """Share of first guesses that change without the named phrases, and without random others."""
    named, other = faithful.flips(router, items)
    return {"flips_named": _mean(named), "flips_random": _mean(other)}


PARTS: dict[str, Callable[[Router, Sequence[Item]], dict[str, Any]]] = {
    "accuracy": accuracy,
    "robustness": robustness,
    "faithfulness": faithfulness,
}


def evaluate(router: Router, items: Sequence[Item], *, disturb: Sequence[str] = ()) -> dict[str, Any]:
    """Every measure of this module, JSON-ready, for the texts as ``disturb`` (keys of ``DISTURBANCES``) leaves them."""
    for name in disturb:
        change = PERTURBATIONS[DISTURBANCES[name]]
        items = [replace(item, text=change(item.text)) for item in items]
    return {name: _plain(part(router, items)) for name, part in PARTS.items()}


def evaluate_path(path: Path, router: Router, *, disturb: Sequence[str] = ()) -> dict[str, Any]:
    """``evaluate`` for a file of items, ``vntc.evaluate`` for a folder.

    Raises ValueError on a folder of another kind, and as ``load_items`` does.
    """
    return vntc.evaluate(path) if path.is_dir() else evaluate(router, load_items(path), disturb=disturb)


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {k: None if math.isnan(v) else round(v, 4) for k, v in (vars(m) if isinstance(m, Measure) else m).items()}
        for name, m in found.items()
    }


def main() -> None:
    """Measure the shipped model, or another, on a file of items."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=Path)
    parser.add_argument("--model", type=Path, default=Path(__file__).parent / "model")
    parser.add_argument("--without-encoder", action="store_true")
    for name in DISTURBANCES:
        parser.add_argument(f"--{name}", action="append_const", dest="disturb", const=name)
    options = parser.parse_args()
    extra = {"encoder": None} if options.without_encoder else {}
    router = load_router(options.model, **extra)
    found = evaluate_path(options.items, router, disturb=options.disturb or ())
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()

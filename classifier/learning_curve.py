"""What more texts and more decisions bring.

``python -m classifier.learning_curve`` prints JSON: accuracy on writers not learnt from by how many
texts of the corpus were learnt. What decisions bring instead: with ``--populations`` on held-out writers of the
corpus (``populations``), with ``--items FILE`` on labelled items, which are predicted and then learnt as an
installation would (``arriving``).
"""

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from classifier import measures, teaching
from classifier.arriving import STEP, arrivals, one_by_one
from classifier.corpus import load_corpus, load_descriptions
from classifier.corpus_check import without_copies
from classifier.encoder import Encoder, VectorCache, default_encoder
from classifier.fitting import Data, learn_and_score
from classifier.heads import softmax, topicality, with_prior
from classifier.items import Item, load_items
from classifier.material import Material, prepare
from classifier.model import Model
from classifier.populations import populations
from classifier.routing import Level
from classifier.service import load_router
from classifier.teaching import Taught


def by_thousands(material: Material, model: Model, sizes: Sequence[int] = ()) -> list[dict[str, Any]]:
    """Accuracy by number of texts learnt, in each fold on its own writers; ``sizes``: else 1, 2, 4 ... thousand.

    ``model`` gives classes and scales. The texts are drawn in one fixed order at random.
    """
    total = min(len(material.data.held_out) - len(out) for out in material.data.folds)
    found = []
    doublings = [1000 << k for k in range(20) if 1000 << k < total]
    for size in sizes or (*doublings, total):
        asked, p = _learn_some(material, model, size)
        targets = np.array([material.initiatives[i] for i in asked.tolist()])
        found.append({"texts": size, **{mode: _accuracy(shares, targets, model) for mode, shares in p.items()}})
    return found


def _learn_some(material: Material, model: Model, size: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    data = material.data
    described = np.setdiff1d(np.arange(len(data.weights)), data.held_out)
    asked, parts = [], []
    for out in data.folds:
        others = np.random.default_rng(0).permutation(np.setdiff1d(data.held_out, out))
        learn = np.sort(np.concatenate([described, others[:size]]))
        ask = out[[material.natures[i] == "plain" for i in out.tolist()]]
        asked.append(ask)
        parts.append(_probabilities(data, material.scope, material.inside, model, learn, ask))
    return np.concatenate(asked), {mode: np.concatenate([part[mode] for part in parts]) for mode in parts[0]}


def _probabilities(
    data: Data,
    scope: Sequence[int | None],
    inside: Sequence[int | None],
    model: Model,
    learn: np.ndarray,
    ask: np.ndarray,
) -> dict[str, np.ndarray]:
    """By mode, float64 (ask, 31): outside first, then the initiatives of the model."""
    insides = learn_and_score(data, inside, model.initiative, learn=learn, ask=ask)
    topics = {mode: topicality(logits) for mode, logits in insides.items()}
    scopes = learn_and_score(data, scope, model.scope, learn=learn, ask=ask, beside=topics)
    outside = model.settings.prior_outside
    found = {}
    for mode, logits in scopes.items():
        p = with_prior(softmax(logits), [outside, 1 - outside])
        found[mode] = np.hstack([p[:, :1], p[:, 1:] * softmax(insides[mode])])
    return found


def _accuracy(p: np.ndarray, targets: np.ndarray, model: Model) -> dict[str, float | None]:
    """``p``: (texts, 31); ``targets``: (texts,), initiatives, 0 outside. None: nothing to measure it on."""
    classes = [0, *map(int, model.initiative.classes)]
    column = np.array([classes.index(target) for target in targets.tolist()])
    is_inside = targets > 0
    found = {
        "initiative_top1": measures.top_k(p[is_inside, 1:], column[is_inside] - 1, 1),
        "initiative_top3": measures.top_k(p[is_inside, 1:], column[is_inside] - 1, 3),
        "outside_auroc": measures.auroc(p[:, 0], ~is_inside),
        "system_or_outside": float(_right_systems(p, targets, model).mean()),
    }
    return {name: None if math.isnan(value) else round(value, 4) for name, value in found.items()}


def _right_systems(p: np.ndarray, targets: np.ndarray, model: Model) -> np.ndarray:
    """bool (texts,): whether the likeliest system, outside included, is the right one."""
    system_of = model.taxonomy.system_of
    systems = np.array([0, *(system_of[int(i)] for i in model.initiative.classes)])
    sums = np.stack([p[:, systems == s].sum(axis=1) for s in range(systems.max() + 1)], axis=1)
    return sums.argmax(axis=1) == np.array([system_of[target] for target in targets.tolist()])


def by_decisions(model: Model, items: Sequence[Item], encoder: Encoder | None, orders: int) -> list[dict[str, Any]]:
    """After each step of decisions on the items, in ``orders`` random orders: share right so far, and the gain.

    The gain's interval is a bootstrap over items of their mean difference, with learning less without.
    """
    taught = [_taught(item, model) for item in items]
    arriving = arrivals(teaching.prepare(model, taught, encoder), taught, model.taxonomy)
    generator = np.random.default_rng(0)
    drawn = [generator.permutation(len(items)) for _ in range(orders)]
    rights = [(order, one_by_one(arriving, order)) for order in drawn]
    return [_so_far(rights, min(end, len(items))) for end in range(STEP, len(items) + STEP, STEP)]


def _so_far(
    rights: Sequence[tuple[np.ndarray, Mapping[Level, tuple[np.ndarray, np.ndarray]]]], end: int
) -> dict[str, Any]:
    """Of the levels that the items speak of."""
    found: dict[str, Any] = {"decisions": end}
    levels: tuple[Level, ...] = ("system", "initiative", "agency")
    for level in levels:
        # By order and item: NaN where nobody decided, or the item came later.
        learnt, without = np.full((2, len(rights), len(rights[0][0])), np.nan)
        for row, (order, of_level) in enumerate(rights):
            learnt[row, order[:end]], without[row, order[:end]] = (own[:end] for own in of_level[level])
        asked = ~np.isnan(learnt)
        if not asked.any():
            continue
        items = asked.any(axis=0)
        gains = np.nanmean((learnt - without)[:, items], axis=0)
        low, high = measures.bootstrap(lambda values: float(values.mean()), gains, draws=2000)
        found[level] = {
            "learning": round(float(learnt[asked].mean()), 4),
            "without": round(float(without[asked].mean()), 4),
            "gain": [round(float(gains.mean()), 4), round(low, 4), round(high, 4)],
        }
    return found


def _taught(item: Item, model: Model) -> Taught:
    nature = "out_of_scope" if item.outside else "in_scope"
    return Taught(item.text, nature, item.initiative, None, model.taxonomy.agency_named(item.agency) or "")


def main() -> None:
    """Print a curve for the shipped model and corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--items", type=Path)
    asked.add_argument("--populations", action="store_true")
    parser.add_argument("--orders", type=int, default=20)
    parser.add_argument("--cache", type=Path, default=None, help="folder for sentence vectors")
    parser.add_argument("--without-encoder", action="store_true")
    options = parser.parse_args()
    encoder: Encoder | None = None if options.without_encoder else default_encoder()
    model = load_router(Path(__file__).parent / "model", encoder=None).model
    if options.items:
        found: Any = by_decisions(model, load_items(options.items), encoder, options.orders)
    else:
        kept = VectorCache(options.cache, encoder) if encoder and options.cache else encoder
        examples = without_copies(load_corpus())
        with threadpool_limits(1):
            material = prepare(examples, load_descriptions(), kept)
            if options.populations:
                found = populations(material, examples, model, options.orders)
            else:
                found = by_thousands(material, model)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

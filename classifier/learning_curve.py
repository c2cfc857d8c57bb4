"""What more texts and more decisions bring.

``python -m classifier.learning_curve`` prints JSON: accuracy on writers not learnt from by how many
texts of the corpus were learnt. With ``--items FILE`` instead what decisions bring: the labelled items of
the file are predicted and then learnt, ``STEP`` at a time in the order of the file, as a service would.
"""

import argparse
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from classifier import measures
from classifier.corpus import load_corpus, load_descriptions
from classifier.corpus_check import without_copies
from classifier.encoder import Encoder, VectorCache, default_encoder
from classifier.features import SparseRows
from classifier.fitting import Data, as_csr, learn_and_score
from classifier.heads import softmax, topicality, with_prior
from classifier.items import Item, load_items
from classifier.material import Material, prepare
from classifier.model import Model
from classifier.reading import documents, read_text, rows, vectors
from classifier.service import load_router
from classifier.text import fold

STEP = 25
DECISION_WEIGHT = 3.0
"""What a person's decision counts against a written text."""


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


def one_by_one(
    material: Material, model: Model, items: Sequence[Item], encoder: Encoder | None
) -> list[dict[str, Any]]:
    """After each ``STEP`` items: share right so far, with learning from those before and without."""
    joined = _with_items(material, items, encoder)
    known = len(material.initiatives)
    truth = [item.initiative for item in items]
    scope = [*material.scope, *(int(i > 0) for i in truth)]
    inside = [*material.inside, *(i or None for i in truth)]
    asked = np.arange(len(items)) + known
    frozen = _probabilities(joined, scope, inside, model, np.arange(known), asked)
    learnt: dict[str, list[np.ndarray]] = {mode: [] for mode in frozen}
    for start, end in _steps(len(items)):
        p = _probabilities(joined, scope, inside, model, np.arange(known + start), asked[start:end])
        for mode, shares in p.items():
            learnt[mode].append(shares)
    whole = {mode: np.concatenate(parts) for mode, parts in learnt.items()}
    return [_so_far(whole, frozen, np.array(truth), end, model) for _, end in _steps(len(items))]


def _steps(count: int) -> Iterator[tuple[int, int]]:
    return ((start, min(start + STEP, count)) for start in range(0, count, STEP))


def _so_far(
    learnt: Mapping[str, np.ndarray], frozen: Mapping[str, np.ndarray], truth: np.ndarray, end: int, model: Model
) -> dict[str, Any]:
    last = slice(max(0, end - STEP), end)
    found: dict[str, Any] = {"items": end}
    for mode, p in learnt.items():
        found[mode] = {
            "learning": _accuracy(p[:end], truth[:end], model),
            "without": _accuracy(frozen[mode][:end], truth[:end], model),
            "last_learning": round(float(_right_systems(p[last], truth[last], model).mean()), 4),
            "last_without": round(float(_right_systems(frozen[mode][last], truth[last], model).mean()), 4),
        }
    return found


def _with_items(material: Material, items: Sequence[Item], encoder: Encoder | None) -> Data:
    """The material with the items after it, read with its vocabulary."""
    data = material.data
    readings = [read_text(item.text) for item in items]
    width = len(material.vectoriser.terms)
    folded: SparseRows = material.vectoriser.transform(
        [[fold(word) for word in document] for document in documents(readings)]
    )
    plain = rows(material.vectoriser, readings, material.accents)
    joined = data.vectors
    if joined is not None and encoder is not None:
        joined = np.vstack([joined, vectors(readings, material.accents, encoder, material.centre)])
    return replace(
        data,
        plain=sp.vstack([data.plain, as_csr(plain, width)]).tocsr(),
        folded=sp.vstack([data.folded, as_csr(folded, width)]).tocsr(),
        vectors=joined,
        weights=np.concatenate([data.weights, np.full(len(items), DECISION_WEIGHT)]),
    )


def main() -> None:
    """Print a curve for the shipped model and corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=Path)
    parser.add_argument("--cache", type=Path, default=None, help="folder for sentence vectors")
    parser.add_argument("--without-encoder", action="store_true")
    options = parser.parse_args()
    encoder: Encoder | None = None if options.without_encoder else default_encoder()
    model = load_router(Path(__file__).parent / "model", encoder=None).model
    kept = VectorCache(options.cache, encoder) if encoder and options.cache else encoder
    with threadpool_limits(1):
        material = prepare(without_copies(load_corpus()), load_descriptions(), kept)
        found: dict[str, Any] = {} if options.items else {"by_thousands": by_thousands(material, model)}
        if options.items:
            found["one_by_one"] = one_by_one(material, model, load_items(options.items), encoder)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

"""What a person should know of a model before trusting it: data, priors, measures, limits.

All measures are of texts whose writers the heads had not learnt from, with the outside texts weighted
to the stated share of what arrives.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from classifier import measures
from classifier.conformal import COVERAGE, in_set, least_probability
from classifier.corpus import Example, corpus_hash
from classifier.encoder import Encoder
from classifier.fitting import Fitted
from classifier.heads import Label
from classifier.held_out import Scored
from classifier.model import PLAIN, Settings
from classifier.routing import OUTSIDE, Level


def gettext_noop(message: str) -> str:
    """Marks a sentence of the card for translation where it is shown."""
    return message


KNOWN_LIMITS = (
    gettext_noop("Văn bản huấn luyện do người viết cho dự án, không phải phiếu thật."),
    gettext_noop("Các tỷ lệ đo trên văn bản của người viết chưa gặp khi học; phiếu thật có thể cho tỷ lệ khác."),
    gettext_noop("Cơ quan địa phương chỉ được gợi ý đúng khi văn bản nêu địa danh."),
)
SETTLED = 8
"""Texts of one writer from which a figure for that writer is given."""


def model_card(
    examples: Sequence[Example],
    fitted: Mapping[str, Fitted],
    scored: Mapping[str, Mapping[Level, Scored]],
    settings: Settings,
    encoder: Encoder | None,
    origin: str,
    as_of: str,
) -> dict[str, Any]:
    """JSON-ready. ``held_out``: each head alone; ``levels``: what is served, by mode and level."""
    return {
        "intended_use": "Gợi ý phân loại cho cán bộ điều phối; không tự quyết định, không tự từ chối.",
        "data": {
            "origin": origin,
            "as_of": as_of,
            "rows": len(examples),
            "sha256": corpus_hash(list(examples)),
            "initiatives": _counts(e.initiative for e in examples),
            "natures": _counts(e.nature or PLAIN for e in examples),
            "agencies": _counts(e.agency for e in examples if e.agency),
        },
        "priors": {"outside": settings.prior_outside, "nature": dict(settings.nature_prior)},
        "encoder": encoder.name if encoder else None,
        "scales": {
            name: {
                "alone": round(fit.head.alone, 3),
                "together": [round(scale, 3) for scale in fit.head.together],
                "beside": [round(scale, 3) for scale in fit.head.beside],
            }
            for name, fit in fitted.items()
        },
        "held_out": {name: measures.head_measures(fit) for name, fit in fitted.items()},
        "levels": {
            mode: {level: level_card(level, one) for level, one in of_mode.items()} for mode, of_mode in scored.items()
        },
        "known_limits": list(KNOWN_LIMITS),
    }


def sets(scored: Mapping[str, Mapping[Level, Scored]]) -> dict[str, dict[str, float]]:
    """For ``Model.sets``: the least probability of a likely label, by mode and level."""
    return {mode: {level: round(_least(one), 6) for level, one in of_mode.items()} for mode, of_mode in scored.items()}


def level_card(level: Level, scored: Scored) -> dict[str, Any]:
    """Accuracy with its interval, calibration, coverage against accuracy, sets, confusion, recall."""
    confidence, right, weights = scored.confidence, scored.right, scored.weights
    low, high = measures.bootstrap(measures.weighted_mean, right, weights)
    found = {
        "rows": len(right),
        "top1": round(measures.weighted_mean(right, weights), 4),
        "interval": [round(low, 4), round(high, 4)],
        "top3": round(measures.weighted_mean(_among_first(scored, 3), weights), 4),
        "by_writer": _by_writer(scored),
        "calibration_error": round(_error(measures.reliability(confidence, right, weights)), 4),
        "reliability": measures.reliability(confidence, right, weights),
        "coverage_curve": measures.coverage_curve(confidence, right, weights),
        "set": _set(scored),
    }
    if level == "system":
        found["confusion"] = _confusion(scored)
        found["scope_errors"] = _scope_errors(scored)
    if level == "initiative":
        found["recall"] = {
            str(label): round(float(right[scored.targets == i].mean()), 3)
            for i, label in enumerate(scored.labels)
            if (scored.targets == i).any()
        }
        found["outside_auroc"] = round(_auroc(scored), 4)
    return found


def _among_first(scored: Scored, k: int) -> np.ndarray:
    own = scored.p[np.arange(len(scored.targets)), scored.targets]
    return ((scored.p > own[:, None]).sum(axis=1) < k).astype(float)


def _by_writer(scored: Scored) -> dict[str, Any]:
    """Share right for each group of ``SETTLED`` texts or more, and the mean of those shares."""
    shares = {
        group: round(float(scored.right[scored.groups == group].mean()), 3)
        for group in np.unique(scored.groups).tolist()
        if (scored.groups == group).sum() >= SETTLED
    }
    return {"mean": round(float(np.mean(list(shares.values()))), 4) if shares else None, "groups": shares}


def _error(table: Sequence[Mapping[str, float]]) -> float:
    return sum(row["weight"] * abs(row["p"] - row["right"]) for row in table)


def _least(scored: Scored) -> float:
    own = scored.p[np.arange(len(scored.targets)), scored.targets]
    return least_probability(own, scored.weights)


def _set(scored: Scored) -> dict[str, float]:
    """Asked and measured coverage, and the mean size. Measured on the texts the threshold comes from."""
    least = _least(scored)
    members = in_set(scored.p, least)
    own = members[np.arange(len(scored.targets)), scored.targets].astype(float)
    return {
        "asked": COVERAGE,
        "least_p": round(least, 6),
        "coverage": round(measures.weighted_mean(own, scored.weights), 4),
        "size": round(measures.weighted_mean(members.sum(axis=1).astype(float), scored.weights), 2),
    }


def _confusion(scored: Scored) -> list[list[int]]:
    """Rows: what a text is; columns: what it was taken for; both in the order of the systems, 0 first."""
    size = len(scored.labels)
    counts = np.zeros((size, size), int)
    np.add.at(counts, (scored.targets, scored.p.argmax(axis=1)), 1)
    return counts.tolist()


def _scope_errors(scored: Scored) -> dict[str, dict[str, float]]:
    """For each group: texts inside and outside, and the shares taken for the other.

    The stated share of outside texts is settled by them, see ``training.PRIOR_OUTSIDE``.
    """
    outside = scored.labels.index(OUTSIDE)
    is_outside, taken = scored.targets == outside, scored.p.argmax(axis=1) == outside
    found = {}
    for group in np.unique(scored.groups).tolist():
        inside, out = (scored.groups == group) & ~is_outside, (scored.groups == group) & is_outside
        if min(inside.sum(), out.sum()) >= SETTLED:
            found[group] = {
                "inside": int(inside.sum()),
                "outside": int(out.sum()),
                "outwards": round(float(taken[inside].mean()), 4),
                "inwards": round(1 - float(taken[out].mean()), 4),
            }
    return found


def _auroc(scored: Scored) -> float:
    column = scored.labels.index(OUTSIDE)
    return measures.auroc(scored.p[:, column], scored.targets == column)


def _counts(values: Iterable[Label]) -> dict[str, int]:
    return {str(key): n for key, n in sorted(Counter(values).items(), key=lambda kv: str(kv[0]))}

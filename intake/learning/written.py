"""What the card of a model says of written texts: every level, every initiative, by number of texts learnt.

Measured when the model was trained, on texts of writers it had not met; what decisions taught is not in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classifier.policy import LEVELS
from classifier.routing import Level
from classifier.thresholds import wilson

from . import charts
from .charts import Bin, Chart, Reached


@dataclass(frozen=True)
class LevelRow:
    """One level in numbers: shares as whole percents, sizes as they are."""

    level: Level
    rows: int
    first: int
    least: int
    most: int
    among_three: int
    misjudged: int
    """Points between what the machine said and what came true, on average."""
    set_holds: int
    set_size: float
    by_writer: int | None
    """Mean of the writers' own shares."""


@dataclass(frozen=True)
class Written:
    levels: Sequence[LevelRow]
    recall: Sequence[tuple[str, int]]
    """Initiative (0: outside) to the share of its texts that were found, worst first."""
    charts: Mapping[Level, tuple[Chart, Chart]]
    """Level to calibration, and share right among the surest."""
    by_texts: Chart | None


def written(card: Mapping[str, Any], mode: str) -> Written | None:
    """``mode``: words, or words_and_meaning; None where the card has no measures of it."""
    found = card.get("levels", {}).get(mode)
    if not found:
        return None
    known: list[Level] = [level for level in LEVELS if level in found]
    recall = found.get("initiative", {}).get("recall", {})
    return Written(
        [_row(level, found[level]) for level in known],
        sorted(((label, _percent(share)) for label, share in recall.items()), key=lambda pair: (pair[1], int(pair[0]))),
        {level: (calibration(level, found[level]), coverage(level, found[level])) for level in known},
        _by_texts(card.get("learning_curve", []), mode),
    )


def _row(level: Level, one: Mapping[str, Any]) -> LevelRow:
    mean = one["by_writer"]["mean"]
    low, high = one["interval"]
    return LevelRow(
        level,
        one["rows"],
        _percent(one["top1"]),
        _percent(low),
        _percent(high),
        _percent(one["top3"]),
        _percent(one["calibration_error"]),
        _percent(one["set"]["coverage"]),
        one["set"]["size"],
        None if mean is None else _percent(mean),
    )


def _percent(share: float) -> int:
    return round(100 * share)


def calibration(level: Level, one: Mapping[str, Any]) -> Chart:
    """Said against come true, of one level of a card."""
    bins = [Bin(b["n"], b["p"], b["right"], *wilson(round(b["right"] * b["n"]), b["n"])) for b in one["reliability"]]
    return charts.calibration(bins, f"calibration-{level}")


def coverage(level: Level, one: Mapping[str, Any]) -> Chart:
    """Share right among the surest, of one level of a card."""
    reached = []
    for step in one["coverage_curve"]:
        n = round(step["coverage"] * one["rows"])
        reached.append(Reached(step["coverage"], step["right"], *wilson(round(step["right"] * n), n), n))
    return charts.coverage(reached, f"coverage-{level}")


def _by_texts(curve: Sequence[Mapping[str, Any]], mode: str) -> Chart | None:
    steps = [(one["texts"], one[mode]["system_or_outside"]) for one in curve if mode in one]
    return charts.growth(steps, key="by-texts") if len(steps) > 1 else None

"""Turns labelled texts and descriptions into what the heads learn from: features, labels, folds."""

import bisect
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from classifier.accents import AccentModel, fit_accents
from classifier.corpus import Descriptions, Example
from classifier.encoder import DIMENSIONS, Encoder
from classifier.features import Vectoriser, fit_vectoriser
from classifier.fitting import Data, as_csr
from classifier.model import LOCAL, PLAIN
from classifier.reading import Reading, centred, documents, read_text, vectors
from classifier.taxonomy import PROVINCE_AGENCY
from classifier.text import fold

MIN_AGENCY = 3
"""Agencies with fewer texts are left to the lead table and to the names found."""
DESCRIPTION_WEIGHT = 1.0
FOLDS = 5
LENGTHS = (25, 35, 45, 60, 80)
"""Words at which texts fall into another class of length; scope must not be guessed from length."""


@dataclass(frozen=True)
class Material:
    """Everything to learn from, examples first and then descriptions; all rows belong together."""

    readings: tuple[Reading, ...]
    initiatives: tuple[int | None, ...]
    """0 to 30; None of the descriptions of something else."""
    natures: tuple[str | None, ...]
    agencies: tuple[str | None, ...]
    accents: AccentModel
    vectoriser: Vectoriser
    centre: np.ndarray
    """float32 (384,): the mean vector; zeros without encoder."""
    data: Data

    @property
    def scope(self) -> list[int | None]:
        """1 inside, 0 outside, None unknown."""
        return [None if i is None else int(i > 0) for i in self.initiatives]

    @property
    def inside(self) -> list[int | None]:
        """The initiative of those inside the scope."""
        return [i or None for i in self.initiatives]

    @property
    def lengths(self) -> list[int]:
        """The class of length of each text, see ``LENGTHS``."""
        return [bisect.bisect_right(LENGTHS, len(reading.words)) for reading in self.readings]


def prepare(examples: Sequence[Example], descriptions: Descriptions | None, encoder: Encoder | None) -> Material:
    """Read every text once, learn vocabulary and accents, encode."""
    rows = _gather(examples, descriptions)
    readings = [read_text(text) for text in rows.texts]
    accents = fit_accents(r.document for r in readings if r.form == "accented")
    vectoriser = fit_vectoriser(documents(readings))
    centre, meaning = _meaning(readings, accents, encoder)
    return Material(
        tuple(readings),
        tuple(rows.initiatives),
        tuple(rows.natures),
        tuple(rows.agencies),
        accents,
        vectoriser,
        centre,
        _features(vectoriser, readings, meaning, rows),
    )


@dataclass(frozen=True)
class _Rows:
    """Everything to learn from, examples first and then descriptions, as parallel lists."""

    texts: list[str]
    initiatives: list[int | None]
    natures: list[str | None]
    agencies: list[str | None]
    weights: np.ndarray
    groups: np.ndarray


# --- rows --------------------------------------------------------------------------------------


def _gather(examples: Sequence[Example], descriptions: Descriptions | None) -> _Rows:
    agencies = taught_agencies(examples)
    rows: list[tuple[str, int | None, str | None, str | None]] = [
        (
            e.text,
            e.initiative,
            _nature_class(e),
            _agency_class(e.agency) if _agency_class(e.agency) in agencies else None,
        )
        for e in examples
    ]
    natures = {nature for _, _, nature, _ in rows}
    described = list(_described(descriptions, natures, agencies)) if descriptions else []
    texts, initiatives, nature_list, agency_list = map(list, zip(*rows, *described, strict=True))
    weights = [e.weight for e in examples] + [DESCRIPTION_WEIGHT] * len(described)
    groups = np.concatenate([_groups(examples), np.full(len(described), -1)])
    return _Rows(texts, initiatives, nature_list, agency_list, np.array(weights), groups)


def taught_agencies(examples: Iterable[Example], least: int = MIN_AGENCY) -> set[str]:
    """The classes of the agency head that have ``least`` of these texts or more."""
    counts = Counter(_agency_class(example.agency) for example in examples)
    return {code for code, n in counts.items() if code and n >= least}


def _described(
    descriptions: Descriptions, natures: set[str | None], agencies: set[str]
) -> Iterable[tuple[str, int | None, str | None, str | None]]:
    for initiative, sentences in descriptions.initiatives.items():
        yield from ((sentence, initiative, None, None) for sentence in sentences)
    for nature, sentences in descriptions.natures.items():
        if nature in natures:
            yield from ((sentence, None, nature, None) for sentence in sentences)
    for code, sentences in descriptions.agencies.items():
        if code in agencies:
            yield from ((sentence, None, None, code) for sentence in sentences)


def _nature_class(example: Example) -> str:
    return PLAIN if example.nature in {"", "in_scope", "out_of_scope"} else example.nature


def _agency_class(code: str) -> str:
    return LOCAL if code.startswith(PROVINCE_AGENCY) else code


def _groups(examples: Sequence[Example]) -> np.ndarray:
    """int (examples,): the number of each one's group, in order of appearance."""
    numbers: dict[str, int] = {}
    names = (example.group or f"#{i}" for i, example in enumerate(examples))
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=int)


# --- features ----------------------------------------------------------------------------------


def _meaning(
    readings: Sequence[Reading], accents: AccentModel, encoder: Encoder | None
) -> tuple[np.ndarray, np.ndarray | None]:
    if encoder is None:
        return np.zeros(DIMENSIONS, np.float32), None
    raw = vectors(readings, accents, encoder, None)
    centre = raw.mean(axis=0, dtype=np.float64).astype(np.float32)
    return centre, centred(raw, centre)


def _features(vectoriser: Vectoriser, readings: Sequence[Reading], meaning: np.ndarray | None, rows: _Rows) -> Data:
    width = len(vectoriser.terms)
    plain = documents(readings)
    folded = [[fold(word) for word in document] for document in plain]
    return Data(
        plain=as_csr(vectoriser.transform(plain), width),
        folded=as_csr(vectoriser.transform(folded), width),
        vectors=meaning,
        weights=rows.weights,
        folds=split(rows.groups, np.array([i or 0 for i in rows.initiatives])),
    )


def split(groups: np.ndarray, classes: np.ndarray) -> tuple[np.ndarray, ...]:
    """Rows of each fold: groups whole, classes spread as evenly as whole groups allow.

    ``groups``: int (texts,): texts of one group are held out together; -1 never is (descriptions).
    """
    usable = np.flatnonzero(groups >= 0)
    splits = min(FOLDS, len(set(groups[usable].tolist())))
    if splits < 2:
        return ()
    splitter = StratifiedGroupKFold(splits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a class smaller than the number of folds
        try:
            found = list(splitter.split(usable, classes[usable], groups[usable]))
        except ValueError:  # every class is
            return ()
    return tuple(usable[out] for _, out in found if len(out))

"""Learns a model from labelled texts: written ones at first, decisions of people as they come.

``python -m classifier.training`` trains the model that ships with the code on the corpus that ships
with it. The same texts give the same model: nothing here reads the clock or draws at random.
"""

import argparse
import bisect
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from classifier import artifact
from classifier.accents import AccentModel, fit_accents
from classifier.card import model_card
from classifier.corpus import (
    Descriptions,
    Example,
    load_corpus,
    load_descriptions,
)
from classifier.corpus_check import without_copies
from classifier.encoder import DIMENSIONS, Encoder, VectorCache, default_encoder
from classifier.features import Vectoriser, fit_vectoriser
from classifier.fitting import Data, Fitted, as_csr, evened, fit_head
from classifier.heads import Label
from classifier.model import LOCAL, PLAIN, Model, Settings
from classifier.reading import Reading, centred, documents, read_text, vectors
from classifier.taxonomy import PROVINCE_AGENCY, Taxonomy
from classifier.text import fold

PRIOR_OUTSIDE = 0.6
"""Stated share of texts outside the scope: portals report that most of what arrives is. Uncounted."""
NATURE_PRIOR = {
    PLAIN: 0.70,
    "procedure": 0.10,
    "complaint": 0.08,
    "denunciation": 0.05,
    "legal_conflict": 0.03,
    "spam": 0.03,
    "secret": 0.01,
}
"""Stated shares of what arrives; no portal publishes them. Re-weight with received texts."""
MIN_AGENCY = 3
"""Agencies with fewer texts are left to the lead table and to the names found."""
DESCRIPTION_WEIGHT = 1.0
SCOPE_WORDS = 1.0
"""Cap on words against meaning for scope: writers share words that real senders do not, and the
meaning alone told scope better on two sets of real petitions."""
LENGTHS = (25, 35, 45, 60, 80)
"""Words at which texts fall into another class of length; scope must not be guessed from length."""
AS_OF = "2026-11-25"
"""When the corpus that ships was written."""


@dataclass(frozen=True)
class _Rows:
    """Everything to learn from, examples first and then descriptions, as parallel lists."""

    texts: list[str]
    initiatives: list[int | None]
    natures: list[str | None]
    agencies: list[str | None]
    weights: np.ndarray
    groups: np.ndarray


def train(
    rows: Iterable[Example],
    taxonomy: Taxonomy,
    *,
    encoder: Encoder | None = None,
    prior_outside: float = PRIOR_OUTSIDE,
    descriptions: Descriptions | None = None,
    as_of: str = AS_OF,
    origin: str = "synthetic",
) -> Model:
    """Learn every head. ``encoder`` None trains a model for TF-IDF alone.

    ``prior_outside``: share, 0 to 1, of texts outside the scope among those that will arrive.
    ``origin`` goes on the card: *synthetic*, or what the rows are. Raises ValueError without texts
    both inside and outside the scope.
    """
    examples = list(rows)
    data_rows = _gather(examples, descriptions)
    with threadpool_limits(1):  # sums in one order, so that the same texts give the same weights
        return _train(examples, data_rows, taxonomy, encoder, prior_outside, as_of, origin)


def _train(
    examples: list[Example],
    rows: _Rows,
    taxonomy: Taxonomy,
    encoder: Encoder | None,
    prior_outside: float,
    as_of: str,
    origin: str,
) -> Model:
    readings = [read_text(text) for text in rows.texts]
    accents = fit_accents(r.document for r in readings if r.form == "accented")
    vectoriser = fit_vectoriser(documents(readings))
    centre, meaning = _meaning(readings, accents, encoder)
    data = _features(vectoriser, readings, meaning, rows)
    scope_labels = [None if i is None else int(i > 0) for i in rows.initiatives]
    fitted = {
        "scope": _fit(data, scope_labels, [_length_class(r) for r in readings], most_words=SCOPE_WORDS),
        "initiative": _fit(data, [i or None for i in rows.initiatives]),
        "nature": _fit(data, rows.natures, offsets=True),
        "agency": _fit(data, rows.agencies),
    }
    settings = Settings(
        prior_outside=prior_outside,
        nature_prior=NATURE_PRIOR,
        agency_prior=_agency_prior(rows.agencies[: len(examples)]),
    )
    return Model(
        vectoriser=vectoriser,
        centre=centre,
        encoder_name=encoder.name if encoder else "",
        accents=accents,
        settings=settings,
        taxonomy=taxonomy,
        card=model_card(examples, fitted, settings, encoder, origin, as_of),
        as_of=as_of,
        scope=fitted["scope"][0].head,
        initiative=fitted["initiative"][0].head,
        nature=fitted["nature"][0].head,
        agency=fitted["agency"][0].head,
    )


# --- rows --------------------------------------------------------------------------------------


def _gather(examples: Sequence[Example], descriptions: Descriptions | None) -> _Rows:
    counts = Counter(_agency_class(example.agency) for example in examples)
    agencies = {code for code, n in counts.items() if code and n >= MIN_AGENCY}
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


def _agency_prior(agencies: Iterable[str | None]) -> dict[str, float]:
    """Shares between equal ones and those of the texts, whose writers had quotas: the square root."""
    roots = {code: math.sqrt(n) for code, n in sorted(Counter(filter(None, agencies)).items())}
    return {code: round(root / sum(roots.values()), 5) for code, root in roots.items()}


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
        groups=rows.groups,
    )


def _length_class(reading: Reading) -> int:
    return bisect.bisect_right(LENGTHS, len(reading.words))


def _fit(
    data: Data,
    labels: Sequence[Label | None],
    strata: Sequence[int] | None = None,
    **options: Any,
) -> tuple[Fitted, list[Label]]:
    """A head learnt from the labelled rows, and the labels of those it was tried on."""
    known = np.array([i for i, label in enumerate(labels) if label is not None], dtype=int)
    wanted = [labels[i] for i in known.tolist()]
    part = data.take(known)
    if strata is not None:
        even = evened(wanted, [strata[i] for i in known.tolist()])
        part = replace(part, weights=part.weights * even)
    fitted = fit_head(part, wanted, **options)
    return fitted, [wanted[i] for i in fitted.held_out.tolist()]


# --- command -----------------------------------------------------------------------------------


def main() -> None:
    """Train on the shipped corpus and write the artefact."""
    import json

    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).parent
    parser.add_argument("--out", type=Path, default=here / "model")
    parser.add_argument("--cache", type=Path, default=None, help="folder for sentence vectors")
    parser.add_argument("--without-encoder", action="store_true")
    options = parser.parse_args()
    taxonomy = Taxonomy.from_dict(json.loads((here / "directory.json").read_text(encoding="utf-8")))
    encoder = None if options.without_encoder else default_encoder()
    if encoder and options.cache:
        encoder = VectorCache(options.cache, encoder)
    examples = without_copies(load_corpus())
    model = train(examples, taxonomy, encoder=encoder, descriptions=load_descriptions())
    version = artifact.save(options.out, model, replace_existing=True)
    print(f"{version}: {options.out}")


if __name__ == "__main__":
    main()

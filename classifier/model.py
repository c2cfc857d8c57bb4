"""All that is learnt, as plain arrays and settings: what an artefact holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from classifier.accents import AccentModel
from classifier.corrections import Corrections
from classifier.features import SparseRows, Vectoriser
from classifier.heads import Head, topicality
from classifier.taxonomy import Taxonomy

PLAIN = "plain"
"""The nature of a text that is none of the special ones; the scope head splits it in two."""
LOCAL = "UBND"
"""The learnt class of all provinces' agencies; the place named in the text chooses among them."""

HEADS = ("scope", "initiative", "nature", "agency")


@dataclass(frozen=True)
class Settings:
    """Stated, not learnt: the shares expected among what arrives, and the blend for agencies."""

    prior_outside: float = 0.65
    """Share of texts outside the scope. No count of real traffic exists; re-weight when one does."""
    nature_prior: Mapping[str, float] = field(default_factory=dict)
    """Share of each nature, PLAIN included; sums to 1."""
    agency_table: float = 0.3
    """Weight of initiative x lead table beside the learnt agency model's 1, both as logarithms."""
    agency_prior: Mapping[str, float] = field(default_factory=dict)
    """Share of each learnt agency among what arrives; sums to 1."""
    agency_named: float = 2.5
    """Logits added to an agency that the text names."""


@dataclass(frozen=True)
class Model:
    """What ``training.train`` makes, ``artifact.save`` keeps and ``service.Router`` serves."""

    vectoriser: Vectoriser
    centre: np.ndarray
    """float32 (384,), mean of the training vectors, taken off before use; zeros without encoder."""
    anchors: np.ndarray
    """float32 (anchors, 384): vectors of texts learnt from, centred, unit length; what the meaning
    layers read is the nearness to them (``kernel``). None of them without encoder."""
    encoder_name: str
    """The encoder the vectors came from; empty if trained without one."""
    scope: Head
    """Classes 0 (outside) and 1 (inside), under equal shares."""
    initiative: Head
    """Classes 1 to 30, given that the text is inside."""
    nature: Head
    """PLAIN and the special natures, under equal shares."""
    agency: Head
    """Agency codes, LOCAL for all provinces."""
    accents: AccentModel
    settings: Settings
    taxonomy: Taxonomy
    card: Mapping[str, Any]
    """What a person should know before trusting it; JSON-ready."""
    as_of: str
    """Date of the newest training text, YYYY-MM-DD."""
    sets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """For *words* and for *words_and_meaning*, by level: the least probability of a label that belongs
    in the set of likely ones (``conformal``); a level that is missing has the first guess alone."""
    corrections: Corrections | None = None
    """What decisions have taught on top; None where there were none."""
    version: str = ""
    """Set by the artefact: the date and the beginning of the hash of all that was learnt."""

    @property
    def heads(self) -> dict[str, Head]:
        """By name, in the order of ``HEADS``."""
        return {name: getattr(self, name) for name in HEADS}

    def logits(self, rows: SparseRows, near: np.ndarray | None) -> dict[str, np.ndarray]:
        """Of each head, float32 (texts, classes); ``near`` as in ``Head.logits``."""
        initiative = self.initiative.logits(rows, near)
        return {
            "scope": self.scope.logits(rows, near, topicality(initiative)),
            "initiative": initiative,
            "nature": self.nature.logits(rows, near),
            "agency": self.agency.logits(rows, near),
        }

"""The classifier as the other rooms use it: texts in, routings out.

Loads in well under a second and needs no scikit-learn. Safe to share between threads.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np

from classifier import artifact, explain
from classifier.agencies import AgencyBlend
from classifier.encoder import Encoder, default_encoder
from classifier.features import SparseRows
from classifier.guard import secret_marking
from classifier.heads import softmax, with_prior
from classifier.model import PLAIN, Model
from classifier.policy import Policy, most_careful
from classifier.reading import Reading, centred, read_text, vectors
from classifier.reading import rows as reading_rows
from classifier.routing import NATURES, OUTSIDE, Guess, Level, Reason, Routing
from classifier.taxonomy import Taxonomy

Value = TypeVar("Value", int, str)

CERTAIN = 0.98
"""Probability of *secret* where a marking was found by rule."""
KEPT_AGENCIES = 10


class Router:
    """Routes texts with one model; see ``load_router``."""

    def __init__(
        self,
        model: Model,
        *,
        encoder: Encoder | None = None,
        policy: Policy | None = None,
        prior_outside: float | None = None,
    ) -> None:
        """``encoder`` is left aside unless it is the one the model was trained with.

        ``prior_outside``: share, 0 to 1, of texts outside the scope among those received here, where
        it has been counted; else the model's stated one.
        """
        self.model = model
        self.encoder = encoder if encoder and encoder.name == model.encoder_name else None
        self._policy = policy or Policy()
        self._outside = model.settings.prior_outside if prior_outside is None else prior_outside
        self._blends: dict[str, AgencyBlend] = {}

    def route(
        self,
        texts: Sequence[str],
        *,
        taxonomy: Taxonomy | None = None,
        provinces: Sequence[str] | None = None,
    ) -> list[Routing]:
        """One routing a text, in order. Any ``str`` will do; what is read of a long one is bounded.

        ``provinces``: the two-digit code that each sender gave, empty where none did; a local matter
        then goes there, also if the text names no place. Raises ValueError if its length differs.
        """
        if not texts:
            return []
        taxonomy = taxonomy or self.model.taxonomy
        blend = self._blend(taxonomy)
        readings = [read_text(text) for text in texts]
        rows = self._rows(readings)
        raw = self._vectors(readings)
        meaning = None if raw is None else centred(raw, self.model.centre)
        scope, initiative, nature, agency = self._probabilities(rows, meaning)
        places = [""] * len(texts) if provinces is None else provinces
        if len(places) != len(texts):
            raise ValueError("as many provinces as texts")
        return [
            self._routing(
                reading, places[i], rows.row(i), None if raw is None else raw[i],
                scope[i], initiative[i], nature[i], agency[i], blend, taxonomy,
            )
            for i, reading in enumerate(readings)
        ]  # fmt: skip

    def why_not(self, text: str, initiative: int) -> tuple[Reason, ...]:
        """The phrases that spoke for the first guess and against ``initiative`` (0: outside).

        Raises ValueError if the model does not know the initiative.
        """
        reading = read_text(text)
        rows = self._rows([reading])
        raw = self._vectors([reading])
        meaning = None if raw is None else centred(raw, self.model.centre)
        scope, inside, _, _ = self._probabilities(rows, meaning)
        p = self._initiatives(scope[0], inside[0])
        first = max(p, key=p.__getitem__)
        return explain.difference(self.model, reading, rows, first, initiative)

    def vectors(self, texts: Sequence[str]) -> np.ndarray | None:
        """float32 (texts, 384), the ``vector`` of each routing alone; None without an encoder."""
        return self._vectors([read_text(text) for text in texts]) if texts else None

    def health(self) -> dict[str, Any]:
        """What runs here: version, whether with an encoder, and what the model was trained with."""
        return {
            "version": self.model.version,
            "encoder": self.encoder.name if self.encoder else None,
            "trained_with": self.model.encoder_name or None,
            "as_of": self.model.as_of,
            "rows": self.model.card.get("data", {}).get("rows"),
            "taxonomy": self.model.taxonomy.digest[:12],
            "prior_outside": self._outside,
        }

    # --- steps -------------------------------------------------------------------------------

    def _blend(self, taxonomy: Taxonomy) -> AgencyBlend:
        known = self._blends.get(taxonomy.digest)
        if known is None:
            known = AgencyBlend(taxonomy, self.model.settings, self.model.agency.classes)
            self._blends = {taxonomy.digest: known}
        return known

    def _rows(self, readings: Sequence[Reading]) -> SparseRows:
        return reading_rows(self.model.vectoriser, readings, self.model.accents)

    def _vectors(self, readings: Sequence[Reading]) -> np.ndarray | None:
        if self.encoder is None:
            return None
        return vectors(readings, self.model.accents, self.encoder, None)

    def _probabilities(
        self, rows: SparseRows, meaning: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        model = self.model
        settings = model.settings
        natures = [settings.nature_prior.get(str(nature), 0.01) for nature in model.nature.classes]
        agencies = [settings.agency_prior.get(str(code), 0.01) for code in model.agency.classes]
        return (
            with_prior(softmax(model.scope.logits(rows, meaning)), [self._outside, 1 - self._outside]),
            softmax(model.initiative.logits(rows, meaning)),
            with_prior(softmax(model.nature.logits(rows, meaning)), natures),
            with_prior(softmax(model.agency.logits(rows, meaning)), agencies),
        )

    def _initiatives(self, scope: np.ndarray, inside: np.ndarray) -> dict[int, float]:
        """Every initiative and 0, with probabilities that sum to 1."""
        given = zip(self.model.initiative.classes, inside.tolist(), strict=True)
        return {OUTSIDE: float(scope[0]), **{int(i): float(scope[1]) * p for i, p in given}}

    def _natures(self, text: str, nature: np.ndarray, scope: np.ndarray) -> dict[str, float]:
        p = dict.fromkeys(NATURES, 0.0)
        for label, share in zip(self.model.nature.classes, nature.tolist(), strict=True):
            if label == PLAIN:
                p["out_of_scope"] += share * float(scope[0])
                p["in_scope"] += share * float(scope[1])
            else:
                p[str(label)] += share
        if secret_marking(text):
            rest = 1 - p["secret"]
            p = {n: v * (1 - CERTAIN) / rest if rest else 0.0 for n, v in p.items()}
            p["secret"] = CERTAIN if rest else 1.0
        return p

    def _routing(
        self,
        reading: Reading,
        place: str,
        row: SparseRows,
        vector: np.ndarray | None,
        scope: np.ndarray,
        inside: np.ndarray,
        nature: np.ndarray,
        agency: np.ndarray,
        blend: AgencyBlend,
        taxonomy: Taxonomy,
    ) -> Routing:
        initiatives = self._initiatives(scope, inside)
        systems: dict[int, float] = dict.fromkeys((OUTSIDE, *taxonomy.systems), 0.0)
        for initiative, p in initiatives.items():
            systems[taxonomy.system_of.get(initiative, OUTSIDE)] += p
        agencies = blend.blend(reading, agency, initiatives, place)
        levels: dict[Level, tuple[Guess, ...]] = {
            "nature": _guesses(self._natures(reading.text, nature, scope)),
            "system": _guesses(systems),
            "initiative": _guesses(initiatives),
            "agency": _guesses(dict(zip(blend.codes, agencies.tolist(), strict=True))),
        }
        decisions = self._policy.decide_all(levels)
        first = int(levels["initiative"][0].value)
        return Routing(
            nature=levels["nature"],
            system=levels["system"],
            initiative=levels["initiative"],
            agency=levels["agency"],
            decision=most_careful(decisions),
            decisions=decisions,
            model_version=self.model.version,
            reasons=explain.reasons(self.model, reading, row, first, inside),
            vector=vector,
            language_form=reading.form,
        )


def _guesses(p: Mapping[Value, float]) -> tuple[Guess, ...]:
    """All values, best first, the directory's order among equals."""
    ranked = sorted(p.items(), key=lambda item: -item[1])
    total = math.fsum(p.values())
    return tuple(Guess(value, share / total) for value, share in ranked)


def load_router(folder: Path, *, encoder: Encoder | Literal["default"] | None = "default", **options: Any) -> Router:
    """The router of an artefact, with this machine's encoder if there is one.

    ``encoder=None`` routes from the words alone. Raises ``artifact.UntrustedModel`` and
    FileNotFoundError. Other options are those of ``Router``.
    """
    model = artifact.load(folder)
    found = default_encoder() if isinstance(encoder, str) else encoder
    return Router(model, encoder=found, **options)

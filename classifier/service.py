"""The classifier as the other rooms use it: texts in, routings out.

Loads in well under a second and needs no scikit-learn. Safe to share between threads.
"""

import math
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np

from classifier import artifact, explain, levels
from classifier.agencies import AgencyBlend
from classifier.encoder import Encoder, default_encoder
from classifier.features import SparseRows, Vectoriser
from classifier.kernel import nearness
from classifier.model import Model
from classifier.policy import Policy, most_careful
from classifier.reading import Reading, centred, read_text, vectors
from classifier.reading import rows as reading_rows
from classifier.routing import Guess, Level, Reason, Routing
from classifier.taxonomy import Taxonomy

Value = TypeVar("Value", int, str)


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
        policy: Policy | None = None,
    ) -> list[Routing]:
        """One routing a text, in order. Any ``str`` will do; what is read of a long one is bounded.

        ``provinces``: the two-digit code that each sender gave, empty where none did; a local matter
        then goes there, also if the text names no place. ``policy``: instead of the router's own.
        Raises ValueError if there are not as many provinces as texts.
        """
        if not texts:
            return []
        taxonomy = taxonomy or self.model.taxonomy
        blend = self._blend(taxonomy)
        readings = [read_text(text) for text in texts]
        rows = self._rows(readings)
        raw = self._vectors(readings)
        p = self._probabilities(rows, self._centred(raw))
        places = [""] * len(texts) if provinces is None else provinces
        if len(places) != len(texts):
            raise ValueError("as many provinces as texts")
        return [
            self._routing(
                reading, places[i], rows.row(i), None if raw is None else raw[i],
                {name: shares[i] for name, shares in p.items()}, blend, taxonomy, policy or self._policy,
            )
            for i, reading in enumerate(readings)
        ]  # fmt: skip

    def why_not(self, text: str, initiative: int, *, first: int) -> tuple[Reason, ...]:
        """The phrases that spoke for ``first``, the guess that was shown, and against ``initiative`` (0: outside).

        Raises ValueError if the model does not know one of the two.
        """
        reading = read_text(text)
        return explain.difference(self.model, reading, self._rows([reading]), first, initiative)

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

    def _centred(self, raw: np.ndarray | None) -> np.ndarray | None:
        return None if raw is None else centred(raw, self.model.centre)

    def _probabilities(self, rows: SparseRows, vectors: np.ndarray | None) -> dict[str, np.ndarray]:
        p = uncorrected(self.model, rows, vectors, self._outside)
        corrections = self.model.corrections
        return corrections.apply(p, rows, vectors) if corrections else p

    def _routing(
        self,
        reading: Reading,
        place: str,
        row: SparseRows,
        vector: np.ndarray | None,
        p: Mapping[str, np.ndarray],
        blend: AgencyBlend,
        taxonomy: Taxonomy,
        policy: Policy,
    ) -> Routing:
        model = self.model
        initiatives = levels.initiatives(p["scope"], p["initiative"], model.initiative.classes)
        agencies = blend.blend(reading, p["agency"], initiatives, place)
        guesses: dict[Level, tuple[Guess, ...]] = {
            "nature": _guesses(levels.natures(reading.text, p["nature"], p["scope"], model.nature.classes)),
            "system": _guesses(levels.systems(initiatives, taxonomy.system_of)),
            "initiative": _guesses(initiatives),
            "agency": _guesses(dict(zip(blend.codes, agencies.tolist(), strict=True))),
        }
        decisions = policy.decide_all(guesses)
        first = int(guesses["initiative"][0].value)
        return Routing(
            nature=guesses["nature"],
            system=guesses["system"],
            initiative=guesses["initiative"],
            agency=guesses["agency"],
            decision=most_careful(decisions),
            decisions=decisions,
            model_version=model.version,
            explain=lambda: explain.reasons(model, reading, row, first, p["initiative"]),
            vector=vector,
            language_form=reading.form,
            unknown=_unknown(model.vectoriser, reading),
            likely=self._likely(guesses, vector is not None),
        )

    def _likely(self, guesses: Mapping[Level, Sequence[Guess]], meaning: bool) -> dict[Level, tuple[int | str, ...]]:
        least = self.model.sets.get("words_and_meaning" if meaning else "words", {})
        return {level: likely(ranked, least.get(level, 1.0)) for level, ranked in guesses.items()}


def uncorrected(model: Model, rows: SparseRows, vectors: np.ndarray | None, outside: float) -> dict[str, np.ndarray]:
    """Of each head, float64 (texts, classes): what the written texts alone say.

    ``vectors``: float32 (texts, 384), centred, or None; ``outside``: share of texts outside the scope.
    """
    near = None if vectors is None else nearness(vectors, model.anchors)
    logits = {name: head.logits(rows, near) for name, head in model.heads.items()}
    classes = {name: head.classes for name, head in model.heads.items()}
    return levels.probabilities(logits, classes, model.settings, outside)


def likely(guesses: Sequence[Guess], least: float) -> tuple[int | str, ...]:
    """The values of the guesses, best first, that are at least so probable; the first one always."""
    return (guesses[0].value, *(guess.value for guess in guesses[1:] if guess.p >= least))


def _unknown(vectoriser: Vectoriser, reading: Reading) -> float:
    column = vectoriser.column
    return sum(word.text not in column for word in reading.words) / max(len(reading.words), 1)


def _guesses(p: Mapping[Value, float]) -> tuple[Guess, ...]:
    """All values, best first, the directory's order among equals."""
    ranked = sorted(p.items(), key=itemgetter(1), reverse=True)
    total = math.fsum(p.values())
    return tuple([Guess(value, share / total) for value, share in ranked])


def load_router(folder: Path, *, encoder: Encoder | Literal["default"] | None = "default", **options: Any) -> Router:
    """The router of an artefact, with this machine's encoder if there is one.

    ``encoder=None`` routes from the words alone. Raises ``artifact.UntrustedModel`` and
    FileNotFoundError. Other options are those of ``Router``.
    """
    model = artifact.load(folder)
    found = default_encoder() if isinstance(encoder, str) else encoder
    return Router(model, encoder=found, **options)

"""The classifier as the other rooms use it: texts in, routings out.

Loads in well under a second and needs no scikit-learn. Safe to share between threads.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from classifier import artifact, explain, levels
from classifier.agencies import AgencyBlend
from classifier.encoder import Encoder, default_encoder
from classifier.features import SparseRows, Vectoriser
from classifier.guard import accusation
from classifier.heads import Shares
from classifier.kernel import nearness
from classifier.model import Model
from classifier.policy import TO_A_PERSON, Policy, by_a_person, most_careful
from classifier.reading import Reading, centred, read_text, vectors
from classifier.reading import rows as reading_rows
from classifier.routing import Guesses, Level, Reason, Routing
from classifier.taxonomy import Taxonomy
from classifier.text import clip

WINDOW = 80
"""Words in which the natures that go to a person are looked for: in a long letter one sentence weighs little."""


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
        if provinces is not None and len(provinces) != len(texts):
            raise ValueError("as many provinces as texts")
        if not texts:
            return []
        readings = [read_text(text) for text in texts]
        rows = self._rows(readings)
        raw = self._vectors(readings)
        p = self._probabilities(rows, self._centred(raw))
        shares = self._shares(readings, p, taxonomy or self.model.taxonomy, provinces or ())
        ranked = {level: _ranked(of_level) for level, of_level in shares.items()}
        return [
            self._routing(
                reading,
                {level: guesses[i] for level, guesses in ranked.items()},
                policy or self._policy,
                None if raw is None else raw[i],
                partial(self._reasons, reading, ranked["initiative"][i], rows, p["initiative"], i),
            )
            for i, reading in enumerate(readings)
        ]

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

    def _shares(
        self, readings: Sequence[Reading], p: Mapping[str, np.ndarray], taxonomy: Taxonomy, places: Sequence[str]
    ) -> dict[Level, Shares]:
        model = self.model
        texts = [reading.text for reading in readings]
        given = levels.initiatives(p["scope"], p["initiative"], model.initiative.classes)
        return {
            "nature": levels.natures(texts, p["nature"], p["scope"], model.nature.classes),
            "system": levels.systems(given, taxonomy.system_of),
            "initiative": given,
            "agency": self._blend(taxonomy).blend(readings, p["agency"], given, places),
        }

    def _routing(
        self,
        reading: Reading,
        guesses: Mapping[Level, Guesses],
        policy: Policy,
        vector: np.ndarray | None,
        why: Callable[[], tuple[Reason, ...]],
    ) -> Routing:
        decisions = policy.decide_all(guesses)
        if "assign" in decisions.values() and self._needs_a_person(reading, policy.caution):
            decisions = by_a_person(decisions)
        least = self.model.sets.get("words" if vector is None else "words_and_meaning", {})
        return Routing(
            nature=guesses["nature"],
            system=guesses["system"],
            initiative=guesses["initiative"],
            agency=guesses["agency"],
            decision=most_careful(decisions),
            decisions=decisions,
            model_version=self.model.version,
            explain=why,
            vector=vector,
            language_form=reading.form,
            unknown=_unknown(self.model.vectoriser, reading),
            likely={level: ranked.likely(least.get(level, 1.0)) for level, ranked in guesses.items()},
        )

    def _needs_a_person(self, reading: Reading, caution: float) -> bool:
        """Whether some part of the text accuses, complains or may hold a secret, or some part was not read."""
        if len(clip(reading.text)) > 1 or accusation(reading.text):
            return True
        p = self._probabilities(self._rows(reading.windows(WINDOW)), None)["nature"]
        careful = [nature in TO_A_PERSON for nature in self.model.nature.classes]
        return bool(p[:, careful].sum(axis=1).max() >= caution)

    def _reasons(
        self, reading: Reading, guesses: Guesses, rows: SparseRows, p_initiative: np.ndarray, at: int
    ) -> tuple[Reason, ...]:
        return explain.reasons(self.model, reading, rows.row(at), int(guesses[0].value), p_initiative[at])


def uncorrected(model: Model, rows: SparseRows, vectors: np.ndarray | None, outside: float) -> dict[str, np.ndarray]:
    """Of each head, float64 (texts, classes): what the written texts alone say.

    ``vectors``: float32 (texts, 384), centred, or None; ``outside``: share of texts outside the scope.
    """
    near = None if vectors is None else nearness(vectors, model.anchors)
    classes = {name: head.classes for name, head in model.heads.items()}
    return levels.probabilities(model.logits(rows, near), classes, model.settings, outside)


def _unknown(vectoriser: Vectoriser, reading: Reading) -> float:
    words = reading.document
    return 1 - sum(map(vectoriser.column.__contains__, words)) / len(words) if words else 0.0


def _ranked(shares: Shares) -> list[Guesses]:
    """For each text; equals in the directory's order."""
    order = np.argsort(-shares.p, axis=1, kind="stable")
    p = np.take_along_axis(shares.p / shares.p.sum(axis=1, keepdims=True), order, axis=1)
    return list(map(Guesses, np.array(shares.labels, object)[order], p))


def load_router(folder: Path, *, encoder: Encoder | Literal["default"] | None = "default", **options: Any) -> Router:
    """The router of an artefact, with this machine's encoder if there is one.

    ``encoder=None`` routes from the words alone. Raises ``artifact.UntrustedModel`` and
    FileNotFoundError. Other options are those of ``Router``.
    """
    model = artifact.load(folder)
    found = default_encoder() if isinstance(encoder, str) else encoder
    return Router(model, encoder=found, **options)

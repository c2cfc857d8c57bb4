"""Who should answer: what decisions taught, the lead table, and the bodies and places named."""

from collections.abc import Mapping, Sequence

import numpy as np

from classifier.heads import Label, softmax
from classifier.mentions import Mentions
from classifier.model import LOCAL, Settings
from classifier.reading import Reading
from classifier.taxonomy import PROVINCE_AGENCY, Taxonomy

LEAD_SHARE = 0.7
"""Of an initiative's share in the lead table, what goes to the lead; the others split the rest."""
LEAST_LEARNT, LEAST_TABLE = 1e-4, 1e-2
"""Least share of every agency of the directory: what a text names can lift it from there."""
UNTAUGHT = 0.2
"""What the lead table alone says of an agency without texts to learn from, against what was learnt of the others.
At 1, of 6,361 held-out texts 71 were given to such an agency first, and none of them rightly."""
SHARPNESS = 0.8
"""The experts agree by habit: their product is a little too sure. Measured on held-out texts."""
PLACED = 1.0
"""Logit by which a province or district named in the text makes its own People's Committee likelier."""
LATER_NAME = 0.5
"""How much an agency named after the first one is lifted, against the first."""


class AgencyBlend:
    """Turns the learnt agencies and the initiatives' probabilities into those of one directory."""

    def __init__(self, taxonomy: Taxonomy, settings: Settings, learnt: Sequence[Label]) -> None:
        """``learnt``: the classes of the learnt agency head."""
        self.codes = tuple(taxonomy.agencies)
        self._taxonomy = taxonomy
        self._settings = settings
        self._learnt = tuple(learnt)
        self._is_local = np.array([label == LOCAL for label in learnt], bool)
        self._row = {code: i for i, code in enumerate(self.codes)}
        self._provinces = [code for code in self.codes if code.startswith(PROVINCE_AGENCY)]
        self._mentions = Mentions(taxonomy)
        self._leads = self._lead_matrix()
        self._nobody = np.zeros(len(self.codes))
        taught = {*learnt, *(self._provinces if LOCAL in learnt else ())}
        self._taught = np.array([code in taught for code in self.codes], bool)

    def _lead_matrix(self) -> np.ndarray:
        """float64 (31, agencies): the share of each agency for each initiative, 0 being outside."""
        matrix = np.zeros((max(self._taxonomy.system_of, default=0) + 1, len(self.codes)))
        for initiative, (lead, others) in self._taxonomy.leads.items():
            if initiative >= len(matrix):
                continue
            known = [self._row[code] for code in others if code in self._row]
            if lead in self._row:
                matrix[initiative, self._row[lead]] += LEAD_SHARE if known else 1.0
            for column in known:
                matrix[initiative, column] += (1 - LEAD_SHARE) / len(known)
        return matrix

    def blend(
        self,
        reading: Reading,
        learnt: np.ndarray,
        initiatives: Mapping[int, float],
        place: str = "",
    ) -> np.ndarray:
        """float64 (agencies,) summing to 1, in the order of ``codes``: a product of experts.

        Of agencies that the learnt head does not know, the lead table alone speaks.

        ``learnt``: probabilities (classes of the head,); ``initiatives``: 0 to 30 with theirs;
        ``place``: code of the province the sender gave.
        """
        named = self._mentions.provinces(reading.text, reading.words)
        if named:
            learnt = np.where(self._is_local, learnt * np.exp(PLACED), learnt)
        own = self._spread(learnt, named or ([place] if place else []))
        table = sum(
            (p * self._leads[i] for i, p in initiatives.items() if 0 < i < len(self._leads)),
            self._nobody,
        )
        own = np.where(self._taught, own, UNTAUGHT * table)
        own /= max(float(own.sum()), LEAST_LEARNT)
        table = table + (1 - table.sum()) * own
        logits = np.log(own + LEAST_LEARNT) + self._settings.agency_table * np.log(table + LEAST_TABLE)
        for rank, code in enumerate(self._mentions.agencies(reading.text, reading.words)):
            logits[self._row[code]] += self._settings.agency_named * (1.0 if rank == 0 else LATER_NAME)
        return softmax(SHARPNESS * logits)

    def _spread(self, learnt: np.ndarray, places: Sequence[str]) -> np.ndarray:
        """Learnt classes on the agencies of the directory, LOCAL on the provinces named or on all."""
        own = np.zeros(len(self.codes))
        provinces = [c for c in map(self._taxonomy.province_agency, places) if c]
        for label, p in zip(self._learnt, learnt, strict=True):
            if label == LOCAL:
                targets = provinces or self._provinces
            else:
                targets = [label] if label in self._row else []
            for code in targets:
                own[self._row[code]] += p / len(targets)
        total = own.sum()
        return own / total if total else np.full(len(own), 1 / max(len(own), 1))

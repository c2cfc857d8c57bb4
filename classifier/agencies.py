"""Who should answer: what decisions taught, the lead table, and the bodies and places named."""

from collections.abc import Sequence

import numpy as np

from classifier.heads import Label, Shares, softmax
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
        self._row = {code: i for i, code in enumerate(self.codes)}
        self._provinces = [code for code in self.codes if code.startswith(PROVINCE_AGENCY)]
        self._mentions = Mentions(taxonomy)
        self._leads = self._lead_matrix()
        self._local = learnt.index(LOCAL) if LOCAL in learnt else None
        self._known = self._spread_matrix(learnt)
        taught = {*learnt, *(self._provinces if LOCAL in learnt else ())}
        self._taught = np.array([code in taught for code in self.codes], bool)

    def _lead_matrix(self) -> np.ndarray:
        """float64 (31, agencies): the share of each agency for each initiative, 0 being outside: nobody's."""
        matrix = np.zeros((max(self._taxonomy.system_of, default=0) + 1, len(self.codes)))
        for initiative, (lead, others) in self._taxonomy.leads.items():
            if not 0 < initiative < len(matrix):
                continue
            known = [self._row[code] for code in others if code in self._row]
            if lead in self._row:
                matrix[initiative, self._row[lead]] += LEAD_SHARE if known else 1.0
            for column in known:
                matrix[initiative, column] += (1 - LEAD_SHARE) / len(known)
        return matrix

    def _spread_matrix(self, learnt: Sequence[Label]) -> np.ndarray:
        """float64 (learnt, agencies): where the share of a class goes in the directory, LOCAL to all provinces."""
        matrix = np.zeros((len(learnt), len(self.codes)))
        for row, label in enumerate(learnt):
            for code in self._provinces if label == LOCAL else [label]:
                if code in self._row:
                    matrix[row, self._row[str(code)]] = 1 / (len(self._provinces) if label == LOCAL else 1)
        return matrix

    def blend(
        self, readings: Sequence[Reading], learnt: np.ndarray, initiatives: Shares, places: Sequence[str] = ()
    ) -> Shares:
        """The agencies of the directory with float64 shares summing to 1: a product of experts.

        Of agencies that the learnt head does not know, the lead table alone speaks.

        ``learnt``: probabilities (texts, classes of the head); ``places``: for each text the code of the
        province its sender gave, empty where none did.
        """
        named = [self._mentions.find(reading.text, reading.words) for reading in readings]
        if self._local is not None:
            placed = np.array([bool(provinces) for _, provinces in named], bool)
            learnt = learnt.copy()
            learnt[placed, self._local] *= np.exp(PLACED)
        own = learnt @ self._known
        for i, (_, provinces) in enumerate(named):
            self._send_home(own[i], learnt[i], provinces or places[i : i + 1])
        total = own.sum(axis=1, keepdims=True)
        own = np.where(total > 0, own / np.maximum(total, 1e-300), 1 / max(len(self.codes), 1))
        table = initiatives.p @ self._leads[[int(i) if int(i) < len(self._leads) else 0 for i in initiatives.labels]]
        own = np.where(self._taught, own, UNTAUGHT * table)
        own /= np.maximum(own.sum(axis=1, keepdims=True), LEAST_LEARNT)
        table = table + (1 - table.sum(axis=1, keepdims=True)) * own
        logits = np.log(own + LEAST_LEARNT) + self._settings.agency_table * np.log(table + LEAST_TABLE)
        for row, (agencies, _) in zip(logits, named, strict=True):
            for rank, code in enumerate(agencies):
                row[self._row[code]] += self._settings.agency_named * (1.0 if rank == 0 else LATER_NAME)
        return Shares(self.codes, softmax(SHARPNESS * logits))

    def _send_home(self, own: np.ndarray, learnt: np.ndarray, places: Sequence[str]) -> None:
        """Move the share of all provinces to those of the places, in ``own`` (agencies,)."""
        provinces = [self._row[code] for code in map(self._taxonomy.province_agency, places) if code]
        if provinces and self._local is not None:
            own -= learnt[self._local] * self._known[self._local]
            own[provinces] += learnt[self._local] / len(provinces)

"""The corpus holds what its data sheet says, class by class."""

import json
from collections import Counter, defaultdict

import pytest

from classifier.corpus import FOLDER, load_corpus

WORDS = range(15, 251)
BODIES_WITH_FEW = frozenset({"VKSNDTC", "VTV", "UBKHCNMT", "DTN", "TLDLD", "VHLKHXH"})
"""Bodies that the corpus names beside those it means to teach."""


@pytest.fixture(scope="module")
def rows():
    lines = [line for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").split("\n")]
    return [row for line in lines if line.strip() and len((row := json.loads(line))["text"].split()) in WORDS]


def test_every_initiative_has_sixty_texts_in_six_registers(rows):
    counts = Counter(row["initiative"] for row in rows)
    registers = defaultdict(set)
    for row in rows:
        registers[row["initiative"]].add(row.get("register"))
    assert min(counts[i] for i in range(1, 31)) >= 60
    assert min(len(registers[i] - {None}) for i in range(1, 31)) >= 6


def test_eight_hundred_texts_lie_outside(rows):
    assert sum(row["initiative"] == 0 for row in rows) >= 800


@pytest.mark.parametrize("nature", ["complaint", "denunciation", "procedure", "legal_conflict", "spam", "secret"])
def test_every_nature_has_a_hundred_and_twenty_texts(nature):
    assert sum(example.nature == nature for example in load_corpus()) >= 120


def test_every_agency_that_is_taught_has_thirty_texts():
    counts = Counter("UBND" if e.agency.startswith("UBND-") else e.agency for e in load_corpus() if e.agency)
    assert {agency for agency, n in counts.items() if n < 30} <= BODIES_WITH_FEW

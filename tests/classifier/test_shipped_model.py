"""The model in the repository: whole, small, quick, and made from the corpus beside it."""

import json
import subprocess
import sys

from classifier import artifact
from classifier.corpus import corpus_hash, load_corpus
from classifier.corpus_check import without_copies
from classifier.text import fold
from tests.classifier.conftest import ROOM, SHIPPED

LOAD = """
import sys, time, pathlib
from classifier.service import load_router
router = load_router(pathlib.Path(sys.argv[1]), encoder=None)
started = time.process_time()
router = load_router(pathlib.Path(sys.argv[1]))
router.route(["Đề nghị phủ sóng 5G"])
print(time.process_time() - started, "sklearn" in sys.modules, "django" in sys.modules)
"""


def test_it_is_whole_and_knows_every_initiative():
    model = artifact.load(SHIPPED)
    assert model.initiative.classes == tuple(range(1, 31))
    assert set(model.nature.classes) >= {"plain", "complaint", "denunciation", "procedure", "spam", "secret"}
    assert model.encoder_name


def test_it_was_trained_on_the_corpus_that_ships():
    card = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))
    examples = without_copies(load_corpus())
    assert card["data"]["rows"] == len(examples)
    assert card["data"]["sha256"] == corpus_hash(examples)
    assert card["data"]["origin"] == "synthetic"


def test_its_directory_is_the_one_that_ships(taxonomy):
    assert artifact.load(SHIPPED).taxonomy.digest == taxonomy.digest


def test_its_card_says_what_a_reader_must_know():
    card = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))
    assert card["priors"]["outside"] > 0
    assert card["held_out"]["initiative"]["words_and_meaning"]["top3"] > 0.7
    assert "không tự quyết định" in card["intended_use"]
    assert card["known_limits"]


def test_its_stated_share_outside_lies_between_what_would_balance_the_errors_of_scope():
    two = _errors_of_scope("summaries:S", "proposals:H")
    three = _errors_of_scope("summaries:S", "proposals:H", "remit:R")
    assert two["inwards"] > two["outwards"]
    assert three["inwards"] < three["outwards"]


def _errors_of_scope(*groups):
    card = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))
    found = [card["levels"]["words_and_meaning"]["system"]["scope_errors"][group] for group in groups]
    return {
        way: sum(one[way] * one[of] for one in found) / sum(one[of] for one in found)
        for way, of in (("outwards", "inside"), ("inwards", "outside"))
    }


def test_it_is_small_and_holds_no_code():
    files = [path for path in SHIPPED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 10_000_000
    assert {path.suffix for path in files} == {".json", ".npz", ".txt"}


def test_it_loads_in_under_a_second_and_without_what_only_training_needs():
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(SHIPPED)], capture_output=True, text=True, check=True, cwd=ROOM.parent
    )
    seconds, sklearn, django = done.stdout.split()
    assert float(seconds) < 1
    assert (sklearn, django) == ("False", "False")


def test_texts_without_accents_are_routed_alike(router):
    texts = [example.text for example in load_corpus()[::200]]
    plain = router.route(texts)
    bare = router.route([fold(text) for text in texts])
    same = [a.initiative[0].value == b.initiative[0].value for a, b in zip(plain, bare, strict=True)]
    assert sum(same) / len(same) > 0.8

"""The smaller parts: taxonomy, corpus, boilerplate, accents, typing, pools, measures."""

import json

import numpy as np
import pytest

from classifier import measures
from classifier.accents import fit_accents
from classifier.boilerplate import subject_spans
from classifier.corpus import load_corpus, load_descriptions
from classifier.corpus_check import bad_lines, copies, stock_phrases, without_copies
from classifier.evaluate import Item, accuracy, faithfulness, load_items, robustness
from classifier.perturb import PERTURBATIONS, in_a_letter, other_tone_placement, telex, without_accents
from classifier.similar import Pool, rank
from classifier.taxonomy import Taxonomy
from classifier.text import fold, normalise, syllables

TEXTS = [
    "Đề nghị phủ sóng di động cho thôn vùng cao.",
    "Bệnh viện cần liên thông kết quả xét nghiệm.",
    "Xin sửa đường liên xã bị hư hỏng nặng.",
    "Mong mở lớp dạy kỹ năng số cho người cao tuổi.",
]


def test_a_taxonomy_survives_json(taxonomy):
    again = Taxonomy.from_dict(json.loads(json.dumps(taxonomy.to_dict())))
    assert again.digest == taxonomy.digest
    assert again.system_of[16] == 4
    assert again.agency_named("BỘ KHOA HỌC VÀ CÔNG NGHỆ") == "BKHCN"
    assert again.agency_named("Bộ Phép thuật") is None
    assert again.province_agency("40") == "UBND-40"


def test_every_initiative_has_a_system_a_lead_and_a_description(taxonomy):
    numbers = set(range(1, 31))
    assert set(taxonomy.system_of) == numbers | {0}
    assert set(taxonomy.leads) == numbers
    assert set(load_descriptions().initiatives) == numbers
    assert all(lead in taxonomy.agencies for lead, _ in taxonomy.leads.values())


def test_the_corpus_is_sound(taxonomy):
    examples = load_corpus()
    assert {example.initiative for example in examples} == set(range(31))
    assert stock_phrases(examples) == []
    assert len(without_copies(examples)) == len(examples)
    assert {example.agency for example in examples} - {""} <= set(taxonomy.agencies)


def test_a_broken_last_line_is_left_out_and_reported(tmp_path):
    good = json.dumps({"id": "1", "text": "một hai ba", "initiative": 0})
    (tmp_path / "a.jsonl").write_text(f'{good}\n{good}\n{{"id": "2", "te', encoding="utf-8")
    assert [example.id for example in load_corpus(tmp_path)] == ["1"]
    assert bad_lines(tmp_path) == ["a.jsonl:3"]


def test_a_copy_in_disguise_is_found(few_examples):
    original = few_examples[0]
    copy = type(original)("copy", fold(original.text) + " xin cảm ơn", original.initiative, original.nature)
    found = copies([*few_examples, copy])
    assert (0, len(few_examples)) in {(a, b) for a, b, _ in found}


def test_the_form_of_a_letter_is_passed_over():
    letter = in_a_letter(TEXTS[0])
    spans = subject_spans(letter, 0, len(letter))
    assert [letter[a:b].strip() for a, b in spans] == [TEXTS[0]]
    assert subject_spans("Xin cảm ơn!", 0, 11) == [(0, 11)]


def test_accents_come_back():
    model = fit_accents([syllables(text) for text in TEXTS], min_count=1)
    bare = syllables(without_accents(TEXTS[1]))
    assert model.restore(bare) == syllables(TEXTS[1])
    assert model.restore(["zzz", "xin", "đường"]) == ["zzz", "xin", "đường"]
    assert model.restore([]) == []


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_every_way_of_typing_changes_the_text(name):
    text = "Đề nghị số hóa thủ tục ở xã Hòa Bình"
    assert PERTURBATIONS[name](text) != text


def test_ways_of_typing():
    assert telex("Đường số hóa") == "Dduwowngf soos hoas"
    assert other_tone_placement("hòa thúy quý hoàn") == "hoà thuý quý hoàn"
    assert normalise(other_tone_placement("hòa thúy quý")) == "hòa thúy quý"


def test_a_copy_comes_first_however_it_is_typed():
    for query in (without_accents(TEXTS[2]), TEXTS[2].upper(), in_a_letter(TEXTS[2])):
        assert rank([query], TEXTS, k=2)[0][0].index == 2
    assert rank(["abc"], []) == [[]]


def test_meaning_finds_other_words(full_router):
    pool = Pool(TEXTS, full_router.vectors(TEXTS))
    query = ["Ông bà già muốn được chỉ cách dùng điện thoại thông minh"]
    assert pool.rank(query, full_router.vectors(query), k=1)[0][0].index == 3
    assert len(pool.rank(query, k=10)[0]) == 4


def test_measures():
    p = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.5, 0.4, 0.1]])
    targets = np.array([0, 1, 1])
    assert measures.top_k(p, targets, 1) == pytest.approx(1 / 3)
    assert measures.top_k(p, targets, 2) == 1
    assert measures.auroc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])) == 0.75
    assert measures.calibration_error(np.array([0.8] * 5), np.array([1, 1, 1, 1, 0])) == pytest.approx(0)
    assert measures.among_surest(np.array([0.9, 0.1, 0.2]), np.array([1, 0, 0])) == 1
    low, high = measures.bootstrap(np.mean, np.array([0.0, 1.0] * 50))
    assert low < 0.5 < high


def test_items_are_measured(words_router, tmp_path):
    rows = [
        {"id": str(i), "text": text, "initiative": initiative, "agency_answered": "Bộ Y tế"}
        for i, (text, initiative) in enumerate(zip(TEXTS, [16, 10, None, 14], strict=True))
    ]
    path = tmp_path / "items.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    items = load_items(path)
    assert items[2] == Item("2", TEXTS[2], 0, "Bộ Y tế")
    found = accuracy(words_router, items)
    assert found["initiative_top3"].value > 0.6
    assert found["agency_top1"].n == 4
    assert robustness(words_router, items)["nfd"]["changed"] == 0
    assert faithfulness(words_router, items)["flips_named"].n == 4

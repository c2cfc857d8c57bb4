"""The smaller parts: taxonomy, corpus, boilerplate, accents, typing."""

import json

import pytest

from classifier.accents import fit_accents
from classifier.boilerplate import subject_spans
from classifier.corpus import load_corpus, load_descriptions
from classifier.corpus_check import bad_lines, copies, stock_phrases, without_copies
from classifier.perturb import PERTURBATIONS, in_a_letter, other_tone_placement, telex, without_accents
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
    assert {run for run, _ in stock_phrases(examples, most=0.1)} <= {"trung tam du lieu quoc gia"}
    assert max(n for _, n in stock_phrases(examples)) < 30  # names of ministries, of programmes
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

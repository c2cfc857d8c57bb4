"""The contract of a routing, with the real model, with the real encoder and without it."""

import math
import time
from dataclasses import replace

import numpy as np
import pytest

from classifier.policy import Policy, Thresholds
from classifier.routing import NATURES
from classifier.taxonomy import AgencyNames

TEXTS = [
    "Đề nghị phủ sóng di động và kéo Internet cáp quang về các thôn bản vùng cao còn lõm sóng.",
    "Bệnh viện huyện chưa có bệnh án điện tử, kết quả xét nghiệm không liên thông được.",
    "Cử tri đề nghị nâng mức phụ cấp cho người hoạt động không chuyên trách ở thôn.",
    "de nghi xay dung trung tam du lieu quoc gia va dien toan dam may",
    "",
    "😀",
]
LEVELS = ("nature", "system", "initiative", "agency")
HOSTILE = {
    "megabyte": "chuyển đổi số " * 80_000,
    "one word": "ạ" * 1_000_000,
    "marks": "a" + "\u0316\u0301" * 500_000,
    "surrogates": "\ud800\udfff" * 200_000,
    "nul": "a\0b " * 200_000,
    "emoji": "👩‍👩‍👧😀" * 100_000,
    "dots": "a." * 300_000,
    "right to left": "\u202eשלום عليكم " * 50_000,
    "blanks": " \n" * 400_000,
    "brackets": "(" * 400_000,
    "form": "Kính gửi: " * 100_000,
}


def _p(guesses, value):
    return next(guess.p for guess in guesses if guess.value == value)


def test_it_routes(router):
    phones, records, allowance, *_ = router.route(TEXTS)
    assert phones.initiative[0].value == 16
    assert phones.system[0].value == 4
    assert records.initiative[0].value == 10
    assert allowance.initiative[0].value == 0
    assert phones.nature[0].value == "in_scope"
    assert "sóng" in " ".join(reason.phrase for reason in phones.reasons)


def test_each_level_is_ranked_and_sums_to_one(router):
    for routing in router.route(TEXTS):
        for level in LEVELS:
            guesses = getattr(routing, level)
            ps = [guess.p for guess in guesses]
            assert math.isclose(math.fsum(ps), 1, abs_tol=1e-9)
            assert ps == sorted(ps, reverse=True)
            assert len(guesses) >= 5
            assert len({guess.value for guess in guesses}) == len(guesses)
        assert {guess.value for guess in routing.nature} == set(NATURES)


def test_a_system_is_the_sum_of_its_initiatives(router, taxonomy):
    for routing in router.route(TEXTS):
        for system, members in {0: (0,), **taxonomy.systems}.items():
            total = sum(_p(routing.initiative, i) for i in members)
            assert _p(routing.system, system) == pytest.approx(total, abs=1e-9)


def test_reasons_are_places_in_the_text_given(router):
    text = "Ờ\u0301 thì… ĐỀ NGHỊ phu\u0309 so\u0301ng 5G cho thôn, bản! " + TEXTS[0]
    (routing,) = router.route([text])
    assert routing.reasons
    for reason in routing.reasons:
        assert text[reason.start : reason.end] == reason.phrase
        assert 0 < reason.weight <= 1
    spans = sorted((reason.start, reason.end) for reason in routing.reasons)
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))


def test_the_order_of_a_batch_does_not_matter(router):
    one_by_one = [router.route([text])[0].initiative for text in TEXTS]
    batch = [routing.initiative for routing in router.route(TEXTS)]
    for alone, together in zip(one_by_one, batch, strict=True):
        assert [g.value for g in alone] == [g.value for g in together]
        assert np.allclose([g.p for g in alone], [g.p for g in together], atol=1e-4)


def test_a_vector_comes_with_the_encoder_only(full_router, words_router):
    (full,), (words,) = full_router.route(TEXTS[:1]), words_router.route(TEXTS[:1])
    assert words.vector is None
    assert full.vector.shape == (384,)
    assert full.vector.dtype == np.float32
    assert np.linalg.norm(full.vector) == pytest.approx(1, abs=1e-3)
    assert np.allclose(full_router.vectors(TEXTS[:1])[0], full.vector)


def test_the_forms_are_told_apart(words_router):
    forms = [routing.language_form for routing in words_router.route(TEXTS[:4])]
    assert forms == ["accented", "accented", "accented", "unaccented"]


def test_the_shipped_policy_never_assigns(router):
    for routing in router.route(TEXTS):
        assert "assign" not in {routing.decision, *routing.decisions.values()}
        assert set(routing.decisions) == set(LEVELS)


def test_a_policy_can_be_given_for_one_call(router):
    strict = Policy({level: Thresholds(suggest=1.1) for level in LEVELS})
    eager = Policy({level: Thresholds(suggest=0.0, assign=0.0) for level in LEVELS}, caution=2.0)
    ((never,), (always,)) = (router.route(TEXTS[:1], policy=policy) for policy in (strict, eager))
    assert set(never.decisions.values()) == {"abstain"}
    assert set(always.decisions.values()) == {"assign"}
    assert router.route(TEXTS[:1])[0].decision != "assign"


def test_words_nobody_has_seen_are_counted(words_router):
    known, strange, empty = words_router.route([TEXTS[0], "xqzt wrtpk đề nghị", ""])
    assert known.unknown == 0
    assert strange.unknown == 0.5
    assert empty.unknown == 0


def test_the_likely_labels_are_the_first_of_the_guesses(router):
    for routing in router.route(TEXTS):
        for level in LEVELS:
            likely = routing.likely[level]
            assert likely == tuple(guess.value for guess in getattr(routing, level)[: len(likely)])
    assert any(len(routing.likely["agency"]) > 1 for routing in router.route(TEXTS))


def test_a_newer_directory_wins(router, taxonomy):
    renamed = {**taxonomy.agencies, "BSO": AgencyNames("Bộ Chuyển đổi số", ("Bộ CĐS",))}
    del renamed["BYT"]
    newer = replace(taxonomy, agencies=renamed, leads={**taxonomy.leads, 16: ("BSO", ())})
    (routing,) = router.route([TEXTS[0] + " Kính gửi Bộ Chuyển đổi số."], taxonomy=newer)
    assert routing.agency[0].value == "BSO"
    assert "BYT" not in {guess.value for guess in routing.agency}
    assert math.isclose(sum(guess.p for guess in routing.agency), 1, abs_tol=1e-9)


def test_a_local_matter_goes_where_the_sender_lives(router):
    text = "Đề nghị lắp đèn chiếu sáng, làm đường bê tông và rãnh thoát nước trong thôn."
    (nowhere,), (there,) = router.route([text]), router.route([text], provinces=["40"])
    assert _p(there.agency, "UBND-40") > 5 * _p(nowhere.agency, "UBND-40")
    with pytest.raises(ValueError, match="provinces"):
        router.route([text], provinces=[])


def test_a_marking_of_secrecy_is_seen_by_rule(router):
    (routing,) = router.route(["TUYỆT MẬT\nPhương án phủ sóng 5G cho thôn bản."])
    assert routing.nature[0].value == "secret"
    assert routing.nature[0].p > 0.9


def test_why_not_names_phrases_or_refuses_an_unknown_initiative(router):
    first = int(router.route([TEXTS[0]])[0].initiative[0].value)
    assert any("sóng" in reason.phrase for reason in router.why_not(TEXTS[0], 10, first=first))
    with pytest.raises(ValueError, match="99"):
        router.why_not(TEXTS[0], 99, first=first)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_routed_within_two_seconds(full_router, name):
    started = time.process_time()
    (routing,) = full_router.route([HOSTILE[name]])
    assert time.process_time() - started < 2
    assert math.isclose(sum(guess.p for guess in routing.initiative), 1, abs_tol=1e-9)
    for reason in routing.reasons:
        reason.phrase.encode()


def test_nothing_to_route(router):
    assert router.route([]) == []


def test_health_says_what_runs(full_router, words_router):
    assert words_router.health()["encoder"] is None
    assert full_router.health()["encoder"] == full_router.health()["trained_with"]
    assert full_router.health()["version"] == words_router.model.version


def test_masked_personal_data_is_neither_read_nor_named(router):
    text = "Số [đã che] xin phủ sóng [đã che] 5G cho thôn [đã che] bản vùng cao, gọi [đã che]."
    plain, masked = router.route([text.replace("[đã che]", ""), text])
    assert [g.value for g in plain.initiative[:3]] == [g.value for g in masked.initiative[:3]]
    assert masked.initiative[0].p == pytest.approx(plain.initiative[0].p, abs=0.05)
    assert masked.reasons
    assert not any("che" in reason.phrase or "[" in reason.phrase for reason in masked.reasons)
    assert router.route(["[đã che]"])[0].reasons == ()

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


def test_a_batch_says_what_each_text_alone_is_told(router):
    close = 1e-6 if router.encoder is None else 1e-4  # float32 sums over thousands of anchors, in another order
    places = ["40", "", "", "", "01", ""]
    batch = router.route(TEXTS, provinces=places)
    for text, place, together in zip(TEXTS, places, batch, strict=True):
        (alone,) = router.route([text], provinces=[place])
        assert (alone.likely, alone.decisions, alone.unknown) == (together.likely, together.decisions, together.unknown)
        assert [r.phrase for r in alone.reasons] == [r.phrase for r in together.reasons]
        for level in LEVELS:
            one, other = getattr(alone, level), getattr(together, level)
            assert [g.value for g in one] == [g.value for g in other]
            assert np.allclose([g.p for g in one], [g.p for g in other], atol=close)


def test_guesses_are_read_like_a_tuple(words_router):
    (routing,) = words_router.route(TEXTS[:1])
    guesses = routing.agency
    assert guesses[:3] == tuple(guesses)[:3]
    assert guesses[-1] == list(guesses)[-1]
    assert guesses == words_router.route(TEXTS[:1])[0].agency
    assert guesses != words_router.route(TEXTS[1:2])[0].agency
    assert isinstance(guesses[0].value, str)
    assert isinstance(guesses[0].p, float)
    assert len(guesses.likely(0.0)) == len(guesses)
    assert guesses.likely(2.0) == (guesses[0].value,)


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
    assert any("sóng" in reason.phrase for reason in router.why_not(TEXTS[0], 10, first=16))
    with pytest.raises(ValueError, match="99"):
        router.why_not(TEXTS[0], 99, first=16)


def test_why_inside_is_why_not_outside(words_router):
    """Both name the same phrases, the scope's ear for initiatives included."""
    (routing,) = words_router.route(TEXTS[:1])
    first = int(routing.initiative[0].value)
    against = words_router.why_not(TEXTS[0], 0, first=first)
    assert [reason.phrase for reason in against] == [reason.phrase for reason in routing.reasons]


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


LETTER = (
    "Trường tôi dạy trực tuyến nhưng thôn chưa có sóng di động và Internet. Nhà mạng hẹn kéo cáp quang từ năm ngoái, đến "
    "nay các bản vùng cao vẫn lõm sóng, học sinh phải lên đồi bắt mạng. Đề nghị doanh nghiệp viễn thông dựng thêm trạm "
    "phát sóng, ưu tiên các bản xa trung tâm, và cho biết kế hoạch phủ sóng từng thôn. "
)


@pytest.mark.parametrize(
    ("added", "caution"),
    [
        ("Tôi tố cáo ông trưởng phòng. ", 1.0),
        ("Ông trưởng phòng đã nhận của nhà thầu 300 triệu đồng tiền mặt để duyệt hồ sơ, tôi có ghi âm. ", 0.1),
        (LETTER * 30, 1.0),
    ],
    ids=["said", "meant", "too long to be read whole"],
)
def test_what_a_person_must_see_is_never_assigned_however_sure_the_rest(router, added, caution):
    """Each by its own check: with a `caution` of 1 no probability is enough, and the letter as a whole is below 0.1."""
    eager = Policy({level: Thresholds(0.1, 0.2) for level in LEVELS}, caution=caution)
    plain, careful = router.route([LETTER * 8, LETTER * 4 + added + LETTER * 4], policy=eager)
    assert plain.decision == "assign"
    assert careful.decision == "suggest" and "assign" not in careful.decisions.values()

"""Like texts are found: copies by their words, other words for the same by their meaning."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from classifier.corpus import load_corpus
from classifier.perturb import in_a_letter, without_accents
from classifier.similar import Pool, rank, traits

REWORDINGS = Path(__file__).with_name("rewordings.jsonl")
TEXTS = [
    "Đề nghị phủ sóng di động cho thôn vùng cao.",
    "Bệnh viện cần liên thông kết quả xét nghiệm.",
    "Xin sửa đường liên xã bị hư hỏng nặng.",
    "Mong mở lớp dạy kỹ năng số cho người cao tuổi.",
]


def test_a_copy_comes_first_however_it_is_typed():
    for query in (without_accents(TEXTS[2]), TEXTS[2].upper(), in_a_letter(TEXTS[2])):
        (near,) = rank([query], TEXTS, k=2)
        assert near[0].index == 2
        assert near[0].score > near[1].score


def test_a_text_is_as_near_to_itself_as_can_be():
    (near,) = rank([TEXTS[0]], TEXTS)
    assert near[0].score == pytest.approx(1, abs=1e-4)
    assert len(near) == len(TEXTS)
    assert [n.score for n in near] == sorted([n.score for n in near], reverse=True)


def test_equals_come_in_the_order_of_the_pool():
    assert [n.index for n in rank(["không liên quan"], ["một", "hai", "ba"], k=2)[0]] == [0, 1]


def test_nothing_to_compare():
    assert rank(["abc"], []) == [[]]
    assert Pool(TEXTS).rank([]) == []
    assert rank([""], TEXTS, k=1)[0][0].score == 0
    assert rank(["\ud800"], TEXTS, k=1)[0][0].index == 0


def test_meaning_finds_other_words(full_router):
    pool = Pool(TEXTS, *traits(full_router, TEXTS))
    query = ["Ông bà già muốn được chỉ cách dùng điện thoại thông minh"]
    assert pool.rank(query, *traits(full_router, query), k=1)[0][0].index == 3
    assert len(pool.rank(query, k=10)[0]) == 4


def test_one_text_alone_is_near_itself_and_far_from_another_matter(full_router):
    pool = Pool(TEXTS[:1], *traits(full_router, TEXTS[:1]))
    (same,), (other,) = pool.rank(TEXTS[:2], *traits(full_router, TEXTS[:2]))
    assert same.score == pytest.approx(1, abs=1e-3)
    assert other.score < 0.5


def test_an_abbreviation_is_read_as_what_it_stands_for():
    pool = ["Xin hỏi về BHXH của thợ", "Xin hỏi về bảo vệ của thợ", "Bố cháu là ai"]
    assert rank(["bảo hiểm xã hội"], pool, k=1)[0][0].index == 0
    assert rank(["trí tuệ nhân tạo"], pool, k=1)[0][0].score == 0


@pytest.fixture(scope="module")
def rewordings():
    """Strong rewordings, and a pool of 200 texts that holds what they reword."""
    rows = [json.loads(line) for line in REWORDINGS.read_text(encoding="utf-8").split("\n") if line.strip()]
    wanted = {row["of"] for row in rows}
    corpus = load_corpus()
    originals = [example for example in corpus if example.id in wanted]
    others = [example for example in corpus if example.id not in wanted]
    size = 200 - len(originals)
    pool = originals + others[:: len(others) // size][:size]
    assert {example.id for example in originals} == wanted
    return [row["text"] for row in rows], [row["of"] for row in rows], pool


def _recall(found, wanted, pool, k):
    return np.mean([of in {pool[n.index].id for n in near[:k]} for near, of in zip(found, wanted, strict=True)])


def test_rewordings_are_found_again_by_words(rewordings):
    queries, wanted, pool = rewordings
    found = rank(queries, [example.text for example in pool])
    assert _recall(found, wanted, pool, 1) >= 0.55
    assert _recall(found, wanted, pool, 5) >= 0.74


def test_a_router_tells_subjects_with_and_without_an_encoder(router):
    found = traits(router, TEXTS)
    assert found.subjects.shape == (4, 31 + len(router.model.taxonomy.agencies))
    assert np.allclose(np.linalg.norm(found.subjects, axis=1), 1, atol=1e-3)
    assert (found.vectors is None) == (router.encoder is None)
    assert Pool(TEXTS, *found).rank(TEXTS[:1], *traits(router, TEXTS[:1]), k=1)[0][0].index == 0
    assert len(traits(router, []).subjects) == 0


def test_rewordings_are_found_again_by_all_that_is_known(rewordings, router):
    queries, wanted, pool = rewordings
    texts = [example.text for example in pool]
    found = Pool(texts, *traits(router, texts)).rank(queries, *traits(router, queries))
    first, among_five = (0.62, 0.87) if router.encoder is None else (0.77, 0.95)
    assert _recall(found, wanted, pool, 1) >= first
    assert _recall(found, wanted, pool, 5) >= among_five


def test_a_large_pool_stays_small():
    texts = (f"Phiếu số {i} về việc {i % 977} ở xã {i % 331} của tỉnh {i % 34}" for i in range(20_000))
    tracemalloc.start()
    pool = Pool(texts)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(pool) == 20_000
    assert kept < 40_000_000
    assert pool.rank(["Phiếu số 1234 về việc 257 ở xã 241 của tỉnh 10"], k=1)[0][0].index == 1234

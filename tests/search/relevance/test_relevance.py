"""The judged queries on this machine's engine: never worse than when they were measured.

`docs/search.md` has the figures of both engines; the floors here lie a little below them.
"""

from collections import Counter

import pytest

from classifier.corpus import load_corpus
from classifier.text import fold, syllables
from cms.site import read
from search import meaning, vocabulary
from search.analysis import SMALL_WORDS
from search.engines import engine
from search.indexes import servers
from tests.search.relevance.collection import Collection
from tests.search.relevance.measures import GOOD, judged, ndcg, recall
from tests.search.relevance.recorded import Recorded

FLOORS = {
    False: {"ndcg10": 0.66, "recall5": 0.66},
    True: {"ndcg10": 0.83, "recall5": 0.88, "ndcg10_no_shared_word": 0.5, "recall5_no_shared_word": 0.7},
}


@pytest.fixture
def collection(_server, db, monkeypatch: pytest.MonkeyPatch) -> Collection:
    recorded = Recorded()
    monkeypatch.setattr(meaning, "encoder", lambda: recorded)
    monkeypatch.setattr(vocabulary, "load_corpus", load_corpus)
    found = Collection()
    for server in servers():
        server.refresh()
    return found


def test_texts_are_found_as_well_as_they_were(collection, coordinator):
    queries = judged()
    for fused, floors in FLOORS.items():
        measured = collection.measure(engine(), queries, coordinator, meaning=fused)
        assert {name: value for name, value in measured.items() if value < floors.get(name, 0.0)} == {}


def test_there_are_enough_queries_of_every_sort():
    queries = judged()
    assert len(queries) >= 80 and len({one.text for one in queries}) == len(queries)
    by = Counter(one.by for one in queries)
    assert min(by["citizen"], by["officer"]) >= 40
    assert sum(not one.shares_words for one in queries) >= 20
    assert sum(one.text.isascii() for one in queries) >= 15
    texts = demo()
    assert all(set(one.grades) <= set(texts) and max(one.grades.values()) == 3 for one in queries)


def test_queries_said_to_share_no_word_share_none():
    texts, small = demo(), set(map(fold, SMALL_WORDS))
    for one in judged():
        best = [name for name, grade in one.grades.items() if grade == 3]
        asked = set(map(fold, syllables(one.text))) - small
        shared = [asked & set(map(fold, syllables(texts[name]))) for name in best]
        assert one.shares_words == any(shared), (one.text, shared)


def demo() -> dict[str, str]:
    """The example texts by the names that the judgements use."""
    answers = {f"A{n}": f"{a['title']} {a['question']} {a['answer_html']}" for n, a in enumerate(read("answers"), 1)}
    return answers | {f"S{n}": f"{s['title']} {s['body']}" for n, s in enumerate(read("submissions"), 1)}


def test_the_measures_are_right():
    grades = {"a": 3, "b": 1}
    assert ndcg(["a", "b"], grades) == 1.0
    assert 0.7 < ndcg(["b", "a"], grades) < 0.8
    assert ndcg(["c"] * 10 + ["a"], grades) == 0.0
    assert recall(["b", "a"], grades) == 1.0 and recall(["b"], grades) == 0.0
    assert GOOD == 2

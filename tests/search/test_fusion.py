"""Words and meaning in one list: whose hits stand first, and that counts and pages stay true."""

from dataclasses import replace

import numpy as np
import pytest

from intake import consents
from search import asking, fusion, meaning, vectors
from search.analysis import parse
from search.asking import ask_widely
from search.fusion import merged
from search.indexes import SUBMISSIONS
from search.meaning import DIMENSIONS
from search.models import SavedView
from search.query import Query, Results, Sort, Width
from search.saved import canonical
from tests.search.conftest import index
from tests.search.test_similar import give_vector

pytestmark = pytest.mark.usefixtures("_server")


@pytest.fixture(autouse=True)
def _meaning_is_the_first_number(words, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every query means the first axis; submissions get vectors at an angle to it."""
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[0] = 1.0
    monkeypatch.setattr(asking, "lexicon", lambda index: words)
    monkeypatch.setattr(asking, "of_query", lambda terms, lexicon: vector)
    monkeypatch.setattr(meaning, "centred", lambda raw, middle="": raw / np.linalg.norm(raw, axis=-1, keepdims=True))


@pytest.fixture
def meant(indexed):
    """A submission whose meaning has this cosine to every query."""

    def make(body: str, cosine: float, **changes):
        submission = indexed(body, **changes)
        give_vector(submission, (0, cosine), (submission.pk % 300 + 1, (1 - cosine**2) ** 0.5))
        return submission

    return make


def asked(engine, user, text: str, **changes) -> Results:
    query = Query(terms=parse(text), user=user, sort=Sort.RELEVANCE, size=10)
    return ask_widely(engine, SUBMISSIONS, replace(query, **changes))


def test_what_has_the_words_stands_before_what_only_means_the_same(engine, meant, coordinator):
    other = meant("Lá đơn về ao cá", 0.9)
    one = meant("Phần mềm hay treo", 0.0)
    results = asked(engine, coordinator, "phần mềm treo")
    assert (results.ids, results.total, results.width) == ([one.pk, other.pk], 2, Width.ALL)
    assert results.by_meaning == {other.pk}


def test_nothing_is_added_to_a_page_full_of_the_words(engine, meant, indexed, coordinator):
    meant("Lá đơn về ao cá", 0.9)
    ids = {indexed("Phần mềm hay treo").pk for _ in range(fusion.PLENTY)}
    results = asked(engine, coordinator, "phần mềm treo")
    assert (set(results.ids), results.total, results.by_meaning) == (ids, fusion.PLENTY, frozenset())


def test_where_no_text_has_the_words_the_nearest_meaning_stands_first(engine, meant, coordinator):
    weak = meant("Bảng điện treo tường", 0.0)
    near, nearer = meant("Lá đơn về ao cá", 0.4), meant("Máy tính chậm", 0.8)
    results = asked(engine, coordinator, "ứng dụng treo")
    assert results.ids == [nearer.pk, near.pk, weak.pk]
    assert results.by_meaning == {near.pk, nearer.pk}
    assert results.total == 3


def test_what_is_far_in_meaning_is_not_added(engine, meant, coordinator):
    meant("Lá đơn về ao cá", 0.05)
    assert asked(engine, coordinator, "ứng dụng treo").ids == []


def test_it_can_be_left_out_and_other_orders_have_none(engine, meant, coordinator):
    meant("Lá đơn về ao cá", 0.9)
    assert asked(engine, coordinator, "ứng dụng treo", meaning=False).ids == []
    assert asked(engine, coordinator, "ứng dụng treo", sort=Sort.NEWEST).ids == []


def test_counts_and_filters_hold_for_what_was_added(engine, meant, coordinator):
    one = meant("Phần mềm hay treo", 0.0, kind="petition")
    other = meant("Lá đơn về ao cá", 0.9, kind="feedback")
    results = asked(engine, coordinator, "phần mềm treo", facets=("kind",))
    assert dict(results.facets["kind"]) == {"petition": 1, "feedback": 1}
    for kind, submission in (("petition", one), ("feedback", other)):
        narrowed = asked(engine, coordinator, "phần mềm treo", filters={"kind": (kind,)}, facets=("kind",))
        assert (narrowed.ids, narrowed.total) == ([submission.pk], 1)
        assert dict(narrowed.facets["kind"]) == {"petition": 1, "feedback": 1}


def test_the_list_under_a_filter_holds_what_its_count_has_said(engine, meant, indexed, coordinator):
    """Many hits, so that nothing joins; few of them, or none, under each filter."""
    for n in range(fusion.PLENTY):
        indexed("Phần mềm hay treo", kind="petition" if n else "solution")
    meant("Lá đơn về ao cá", 0.9, kind="solution")
    indexed("Bảng điện treo", kind="feedback")
    said = dict(asked(engine, coordinator, "phần mềm treo", facets=("kind",)).facets["kind"])
    assert said == {"petition": fusion.PLENTY - 1, "solution": 1}
    for kind in ("petition", "solution", "feedback"):
        narrowed = asked(engine, coordinator, "phần mềm treo", filters={"kind": (kind,)}, facets=("kind",))
        assert (len(narrowed.ids), narrowed.total) == (said.get(kind, 0),) * 2
        assert dict(narrowed.facets["kind"]) == said


def test_what_stands_in_another_kind_does_not_widen_the_words(engine, meant, coordinator):
    one = meant("Lá đơn về ao cá", 0.9, kind="feedback")
    meant("Bảng điện treo", 0.0, kind="feedback")
    meant("Phần mềm hay treo", 0.0, kind="petition")
    said = dict(asked(engine, coordinator, "phần mềm treo", facets=("kind",)).facets["kind"])
    narrowed = asked(engine, coordinator, "phần mềm treo", filters={"kind": ("feedback",)})
    assert (narrowed.ids, narrowed.total) == ([one.pk], said["feedback"])


def test_a_saved_view_counts_what_its_list_shows(client, meant, coordinator):
    for body, cosine in (("Phần mềm hay treo", 0.0), ("Lá đơn về ao cá", 0.9)):
        meant(body, cosine)
    SavedView.objects.create(owner=coordinator, name="Treo", address=canonical("goc=all&q=phần+mềm+treo"))
    client.force_login(coordinator)
    desk = client.get("/can-bo/", {"goc": "all", "q": "phần mềm treo"}).context["desk"]
    assert [link["count"] for link in desk.saved_links] == [desk.results.total] == [2]
    assert ">2<" in client.get("/can-bo/goc-nhin/so-phieu/").content.decode()


def test_what_one_may_not_see_is_not_found_by_meaning(engine, meant, coordinator, stranger):
    one = meant("Lá đơn về ao cá", 0.9)
    assert asked(engine, coordinator, "ứng dụng treo").ids == [one.pk]
    results = asked(engine, stranger, "ứng dụng treo", facets=("kind",))
    assert (results.ids, results.total, results.facets) == ([], 0, {"kind": []})


@pytest.mark.parametrize("text", ["ứng dụng treo", "treo ao"])
def test_pages_hold_everything_once(engine, meant, indexed, coordinator, text):
    expected = {meant("Lá đơn về ao cá", 0.9 - n / 10).pk for n in range(4)}
    expected |= {indexed(f"Bảng điện treo số {n}").pk for n in range(5)}
    pages = [asked(engine, coordinator, text, size=3, page=page) for page in (1, 2, 3, 4)]
    seen = [key for page in pages for key in page.ids]
    assert sorted(seen) == sorted(expected)
    assert {page.total for page in pages} == {len(expected)}


def test_merged_by_reciprocal_rank():
    assert merged([], [1, 2], 0.2) == [1, 2]
    assert merged([3, 4], [], 0.2) == [3, 4]
    assert merged([2, 9], [1, 2], 0.2) == [2, 1, 9]
    assert merged([9], [1, 2, 3], 0.1)[-1] == 9


def test_what_its_sender_keeps_from_the_machine_has_no_meaning_any_more(engine, meant, coordinator):
    other = meant("Lá đơn về ao cá", 0.9)
    meant("Phần mềm hay treo", 0.5)
    assert other.pk in asked(engine, coordinator, "phần mềm treo").ids
    consents.decline_machine(other)
    index(other)
    vectors.matrix(SUBMISSIONS)._looked = -vectors.LOOK_AGAIN
    assert other.pk not in asked(engine, coordinator, "phần mềm treo").ids

"""For random people and random questions, whatever search gives is theirs to read."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.models import Membership, Submission
from search.abbreviations import synonyms
from search.analysis import parse
from search.engines import search_submissions
from search.export import Table
from search.indexes import SUBMISSIONS
from search.listing import FACETS, Listing, views_for
from search.query import NO, Due, Query, Sort
from search.similar import nearest
from search.suggest import suggest
from search.vocabulary import forget, recount
from tests.search.crowd import AGENCIES, WORDS, people, submissions

quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
many = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=quiet)
VALUES = {
    "kind": ("feedback", "petition"),
    "status": ("assigned", "received", "closed"),
    "due": tuple(Due),
    "agency": AGENCIES,
    "suggested": AGENCIES,
    "files": ("yes", "no"),
    "age": ("day", "older"),
    "nature": ("in_scope", "secret"),
}
texts = st.lists(st.sampled_from([*WORDS, "benh", "an", "hoso", "dlieu", "tuyệt", "mật", "57"]), max_size=4).map(
    " ".join
)
names = st.sampled_from([sign + name for name in VALUES for sign in ("", NO)])
filters = st.dictionaries(names, st.integers(0, 3), max_size=2).map(
    lambda drawn: {
        name: (VALUES[name.lstrip(NO)][pick % len(VALUES[name.lstrip(NO)])],) for name, pick in drawn.items()
    }
)
who = st.integers(0, 11)


class World:
    """Everybody, what is there, and what each may read by the one rule that counts."""

    def __init__(self, coordinator) -> None:
        self.people = people(coordinator)
        self.made = submissions(random.Random(57), coordinator)
        recount(SUBMISSIONS, force=True)
        forget()

    def person(self, number: int):
        return self.people[number % len(self.people)]

    def visible(self, user) -> dict[int, Submission]:
        return Submission.objects.visible_to(user).in_bulk()


@pytest.fixture
def world(engine, coordinator, monkeypatch) -> World:
    monkeypatch.setattr("search.engines.engine", lambda: engine)
    made = World(coordinator)
    yield made
    forget()


@many
@given(number=who, text=texts, chosen=filters, sort=st.sampled_from(Sort), size=st.integers(0, 60), panel=st.booleans())
def test_hits_and_counts(world, number, text, chosen, sort, size, panel):
    user = world.person(number)
    visible = world.visible(user)
    views = {"all": {}, "waiting": {"status": ("received",)}}
    query = Query(parse(text, synonyms()), chosen, user=user, sort=sort, size=size, views=views)
    results = search_submissions(replace(query, facets=FACETS if panel else ()))
    assert set(results.ids) <= set(visible) and len(results.ids) == len(set(results.ids))
    assert len(results.ids) == min(size, results.total) and results.total <= len(visible)
    statuses = Counter(one.status for one in visible.values())
    assert results.views == {"all": len(visible), "waiting": statuses["received"]}
    kinds = Counter(one.kind for one in visible.values())
    for name, most in (("status", statuses), ("kind", kinds)) if panel else ():
        counts = dict(results.facets[name])
        assert all(count <= most[value] for value, count in counts.items())
        if not text and not chosen:
            assert counts == dict(most)
    for counts in results.facets.values():
        assert all(0 < count <= len(visible) for _, count in counts)
    if not text and not chosen:
        assert results.total == len(visible)


@many
@given(number=who, text=texts)
def test_suggestions(world, number, text):
    user = world.person(number)
    visible = world.visible(user)
    for one in suggest(text, user, SUBMISSIONS):
        assert one.kind != "title" or int(one.key) in visible
        assert one.kind != "phrase"  # from published answers alone, of which there are none


@many
@given(number=who, pick=st.integers(0, 39))
def test_similar_items(world, number, pick):
    user = world.person(number)
    near = {one.submission.pk for one in nearest(world.made[pick], user)}
    assert near <= set(world.visible(user)) - {world.made[pick].pk}


@many
@given(number=who, text=texts, chosen=filters, contacts=st.booleans())
def test_exports(world, number, text, chosen, contacts):
    user = world.person(number)
    member = Membership.of(user) if user.is_authenticated else None
    if member is None or not views_for(member):
        return
    listing = Listing.of(f"goc=all&q={text}", member, user)
    listing.__dict__["filters"] = chosen
    table = Table(member, user, listing.batches(100), with_contacts=contacts)
    codes = {row[0] for row in table.rows()}
    visible = {one.receipt_code for one in world.visible(user).values()}
    assert codes <= visible
    if not text and not chosen:
        assert codes == visible


def test_sealed_ones_are_there_to_be_missed(world):
    assert sum(one.visibility == "sealed" for one in world.made) >= 3

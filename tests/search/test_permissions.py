"""Who may find what at all; random people and questions are in `test_properties.py`."""

import random

import pytest

from intake import services
from search.query import SUBMISSION_FILTERS
from tests.search.conftest import ask, index
from tests.search.crowd import people, submissions


@pytest.fixture
def crowd(db, coordinator):
    rng = random.Random(57)
    everyone = people(coordinator)
    submissions(rng, coordinator)
    return everyone


def test_people_without_a_handling_role_find_nothing(engine, crowd):
    for user in crowd:
        results = ask(engine, user, facets=SUBMISSION_FILTERS, views={"all": {}})
        found = user is crowd[0] or getattr(user, "username", "").startswith(("officer", "approver"))
        assert bool(results.total) is bool(results.views["all"]) is any(results.facets.values()) is found


def test_nobody_finds_nothing(engine, crowd):
    from django.contrib.auth.models import AnonymousUser

    assert ask(engine, AnonymousUser()).total == 0
    assert ask(engine, None).total == 0


def test_the_receipt_code_of_another_agency_finds_nothing(engine, indexed, stranger):
    assert ask(engine, stranger, code=indexed("một").receipt_code).total == 0


def test_handed_back_it_is_no_longer_theirs(engine, indexed, coordinator, officer, ministry):
    one = indexed("một lá đơn")
    services.assign(one, lead=ministry, actor=coordinator)
    index(one)
    assert ask(engine, officer, "đơn").ids == [one.pk]
    services.hand_back(one, actor=officer, note="không thuộc")
    index(one)
    assert ask(engine, officer, "đơn").ids == []

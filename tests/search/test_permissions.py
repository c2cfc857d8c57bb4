"""For random people and random queries: what is found, counted and shown is theirs to read."""

import random

import pytest

from intake import services
from intake.models import Agency, Role, Submission
from search.query import SUBMISSION_FILTERS, Due, Sort
from tests.conftest import make_submission, person
from tests.search.conftest import ask, index

WORDS = "chuyển đổi số bệnh án điện tử hồ sơ đất đai trực tuyến dữ liệu xã tỉnh khoa học".split()
AGENCIES = ("BKHCN", "BYT", "BCA")


@pytest.fixture
def crowd(db, coordinator):
    """People of three agencies, and submissions here and there among them, some handed back."""
    rng = random.Random(57)
    people = [
        coordinator,
        *(person(f"{role} {code}", role, code) for role in (Role.OFFICER, Role.APPROVER) for code in AGENCIES),
        person("bien tap", Role.EDITOR, "BKHCN"),
    ]
    made = []
    for _ in range(40):
        body = " ".join(rng.choices(WORDS, k=12)) + (" TUYỆT MẬT" if rng.random() < 0.15 else "")
        one = make_submission(title=" ".join(rng.choices(WORDS, k=4)), body=body)
        made.append(one)
        if one.visibility == "sealed" or rng.random() < 0.3:
            continue
        lead, co = (Agency.objects.get(code=code) for code in rng.sample(AGENCIES, 2))
        services.assign(one, lead=lead, co_agencies=[co] if rng.random() < 0.3 else [], actor=coordinator)
        if rng.random() < 0.2:
            services.hand_back(one, actor=coordinator, note="không thuộc chúng tôi")
    index(*made)
    return rng, people


def test_results_and_counts_are_what_the_person_may_read(engine, crowd):
    rng, people = crowd
    values = {"kind": ("feedback",), "status": ("assigned", "received"), "due": tuple(Due), "agency": AGENCIES}
    for _ in range(60):
        user = rng.choice(people)
        visible = set(Submission.objects.visible_to(user).values_list("pk", flat=True))
        name = rng.choice([*values, ""])
        filters = {name: (rng.choice(values[name]),)} if name else {}
        text = " ".join(rng.choices(WORDS, k=rng.randint(0, 2)))
        views = {"all": {}, "waiting": {"status": ("received",)}}
        results = ask(
            engine,
            user,
            text,
            filters=filters,
            size=100,
            sort=rng.choice(list(Sort)),
            facets=SUBMISSION_FILTERS,
            views=views,
        )
        assert set(results.ids) <= visible
        assert results.total == len(results.ids)
        assert results.views["all"] == len(visible)
        for facet in results.facets.values():
            assert sum(count for _, count in facet) <= len(visible)
        if not text and not filters:
            assert set(results.ids) == visible


def test_people_without_a_handling_role_find_nothing(engine, crowd):
    _, people = crowd
    results = ask(engine, people[-1], facets=SUBMISSION_FILTERS, views={"all": {}})
    assert (results.ids, results.total, results.views["all"]) == ([], 0, 0)
    assert not any(results.facets.values())


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

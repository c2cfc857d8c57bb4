"""What people do after the machine has read, learnt or refused: it does not act over them, and forgets."""

import pytest
from django.contrib.auth.models import User
from django.core import mail

from classifier.policy import LEVELS, Policy, Thresholds
from intake import consents, services, triage
from intake.learning import picks, review, training
from intake.learning.policies import Held
from intake.learning.words import of_run
from intake.models import Role, RoutingDecision, Submission, TrainingRun
from tests.conftest import person
from tests.intake.learning import RECIPE, a_run, decide, decision, fresh_texts, small_champion
from tests.intake.test_learning_policy import in_scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _models_dir(tmp_path, settings):
    settings.MODELS_DIR = tmp_path / "models"
    yield
    triage._loaded.cache_clear()


@pytest.fixture
def waiting(monkeypatch) -> Submission:
    """What a policy that assigns everything would assign."""
    policy = Policy({level: Thresholds(0.0, 0.0) for level in LEVELS}, caution=1.0)
    monkeypatch.setattr(triage.policies, "held", lambda: Held(policy, None))
    small_champion()
    return in_scope(drawn=False)


def read_again(submission: Submission) -> str:
    triage.triage([Submission.objects.get(pk=submission.pk)])
    submission.refresh_from_db()
    return submission.status


def test_what_nobody_has_looked_at_is_assigned(waiting):
    assert read_again(waiting) == "assigned"


def test_what_a_person_has_decided_is_not_assigned_over_them(waiting, coordinator):
    services.confirm_routing(waiting, actor=coordinator, nature="complaint", system=None, initiative=None)
    assert read_again(waiting) == "received"


def test_an_objection_while_it_is_read_comes_first(waiting, monkeypatch):
    store = triage._store

    def objected(submission, *rest):
        row = store(submission, *rest)
        consents.decline_machine(Submission.objects.get(pk=submission.pk))
        return row

    monkeypatch.setattr(triage, "_store", objected)
    assert read_again(waiting) == "received"


def test_an_objection_takes_it_from_the_list_to_label(submission, coordinator):
    triage.triage([submission])
    assert picks.choose()
    consents.decline_machine(submission)
    assert not any(picks.shown_to(coordinator).values())
    assert not submission.learning_picks.exists()


def test_an_objection_is_forgotten_by_the_next_training(coordinator):
    small_champion()
    rows = decide(fresh_texts(150), actor=coordinator)
    assert training.train(a_run(), RECIPE).outcome == "promoted"
    assert training.train(a_run(), RECIPE).outcome == "unchanged"
    consents.decline_machine(rows[5].submission)
    assert training.train(a_run(), RECIPE).outcome != "unchanged"


def test_letting_a_batch_through_leaves_what_nobody_has_read(coordinator):
    small_champion()
    rows = decide(fresh_texts(70), actor=coordinator, wrong=True)
    RoutingDecision.objects.filter(pk=rows[3].pk).update(learning="held")  # as bulk work confirms
    run = training.train(a_run(), RECIPE)
    assert run.outcome == "refused"
    review.settle(run, actor_id=run.data["suspects"][0]["actor"], learning="cleared")
    rows[3].refresh_from_db()
    rows[4].refresh_from_db()
    assert (rows[3].learning, rows[4].learning) == ("held", "cleared")


def test_another_batch_is_another_letter(coordinator):
    administrator = person("quan tri", Role.ADMINISTRATOR, "VPTW")
    User.objects.filter(pk=administrator.pk).update(email="q@vidu.vn")
    small_champion()
    texts, (one, other) = fresh_texts(220), (User.objects.create_user(name) for name in "ab")
    decide(texts[:120], actor=coordinator)
    for who, some, ago in ((one, texts[120:170], 900), (other, texts[170:], 500)):
        decide(some, actor=who, wrong=True, start_minutes_ago=ago)
        run = training.train(a_run(), RECIPE)
        assert [suspect["actor"] for suspect in run.data["suspects"]] == [who.pk]
        review.settle(run, actor_id=who.pk, learning="held")
    assert len(mail.outbox) == 2


def test_who_was_overruled_is_told_of_what_they_did(coordinator):
    """Not of the first thing that is looked at, of which they did nothing."""
    small_champion()
    texts, who = fresh_texts(170), User.objects.create_user("a")
    decide(texts[:120], actor=coordinator)
    for row in decide(texts[120:], actor=who, wrong=True, start_minutes_ago=900)[:26]:
        decision(row.submission, 0 if row.initiative_id else 10, actor=coordinator)
    run = training.train(a_run(), RECIPE)
    assert run.outcome == "refused" and "0/0" not in of_run(run)


@pytest.mark.parametrize("outcome", ["too_few", "refused", "kept", "promoted"])
def test_a_run_of_an_earlier_version_still_says_what_it_said(outcome):
    """Such rows hold the whole sentence, and not all that it is made of now."""
    run = TrainingRun(state="done", outcome=outcome, reason="Mới có 12 quyết định.", data={"suspects": [{"n": 5}]})
    assert of_run(run) == "Mới có 12 quyết định."

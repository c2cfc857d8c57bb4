"""The policy in the database: history, backing by decisions, and assigning by itself, undone like any other."""

import pytest

from classifier.policy import LEVELS, ROUTING_LEVELS, Costs, Policy, Thresholds
from intake import services, triage
from intake.learning import policies
from intake.learning.policies import Held
from intake.models import Event, ModelVersion, RoutingPolicy, Triage
from tests.conftest import make_submission
from tests.intake.learning import fresh_texts, judged, small_champion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _models_dir(tmp_path, settings):
    settings.MODELS_DIR = tmp_path / "models"
    yield
    triage._loaded.cache_clear()


@pytest.fixture
def assigning(monkeypatch) -> None:
    """A policy so trusting that any guess is assigned."""
    policy = Policy({level: Thresholds(0.0, 0.0) for level in LEVELS}, caution=1.0)
    monkeypatch.setattr(triage.policies, "held", lambda: Held(policy, None))


def in_scope(*, drawn: bool):
    """A submission of an initiative that is, or is not, drawn by lot."""
    example = next(e for e in fresh_texts(50) if e.initiative == 10)
    for _ in range(200):
        submission = make_submission(title=example.text[:80], body=example.text)
        if triage.sampled(submission) == drawn:
            return submission
    raise AssertionError("the lot never fell")


def test_on_the_first_day_it_suggests_and_never_assigns(submission):
    held = policies.held()
    assert held.row_id is None
    assert {held.policy.decide(level, 1.0) for level in LEVELS} == {"suggest"}
    triage.triage([submission])
    row = submission.triages.get()
    assert row.decision in {"suggest", "abstain"} and row.policy is None
    assert 0 <= row.unknown <= 1 and set(row.likely) >= {"initiative"}


@pytest.mark.parametrize(("n", "wrong", "assigns"), [(299, 0, False), (300, 0, True), (300, 30, False)])
def test_allowed_is_not_enough(coordinator, n, wrong, assigns):
    judged(n, actor=coordinator, p=0.995, wrong=wrong)
    row = policies.save(Costs(), may_assign=True, why="thử", actor=coordinator)
    held = policies.held()
    assert held.row_id == row.pk
    may = all(held.policy.decide(level, 0.999) == "assign" for level in ROUTING_LEVELS)
    assert may is assigns


def test_a_model_that_has_become_worse_stops_by_itself(coordinator):
    from django.core.cache import cache

    judged(300, actor=coordinator, p=0.995)
    policies.save(Costs(), may_assign=True, why="thử", actor=coordinator)
    assert policies.held().policy.levels["initiative"].assign is not None
    judged(60, actor=coordinator, p=0.995, wrong=60)
    cache.clear()
    assert policies.held().policy.levels["initiative"].assign is None


@pytest.mark.parametrize(("held_back", "assigns"), [(0, False), (299, False), (300, True)])
def test_a_new_model_does_not_assign_on_the_record_of_the_one_before(coordinator, held_back, assigns):
    judged(300, actor=coordinator, p=0.995)
    policies.save(Costs(), may_assign=True, why="thử", actor=coordinator)
    assert policies.held().policy.levels["initiative"].assign is not None
    record = {"outcomes": {level: [(0.995, True)] * held_back for level in LEVELS}}
    ModelVersion.objects.filter(pk=small_champion().pk).update(metrics=record)
    assert all((policies.held().policy.levels[level].assign is not None) is assigns for level in ROUTING_LEVELS)


def test_not_allowed_is_never(coordinator):
    judged(300, actor=coordinator, p=0.995)
    policies.save(Costs(), may_assign=False, why="thử", actor=coordinator)
    assert all(level.assign is None for level in policies.held().policy.levels.values())


def test_it_assigns_through_the_same_service_and_is_undone_like_any_other(assigning, coordinator):
    small_champion()
    submission = in_scope(drawn=False)
    triage.triage([submission])
    submission.refresh_from_db()
    assert submission.status == "assigned"
    event = submission.events.get(name=Event.Name.ASSIGNED)
    assert event.actor is None and event.data["lead"] == submission.triages.get().lead.code
    assert submission.nature == ""  # nobody has confirmed what it is about
    lead = submission.triages.get().lead
    services.hand_back(submission, actor=coordinator, note="không thuộc thẩm quyền")
    triage.triage([submission])
    submission.refresh_from_db()
    assert submission.status == "received" and lead is not None


def test_what_was_drawn_by_lot_goes_to_a_person(assigning):
    small_champion()
    submission = in_scope(drawn=True)
    triage.triage([submission])
    row = submission.triages.get()
    assert (row.sampled, row.decision) == (True, Triage.Decision.SUGGEST)
    submission.refresh_from_db()
    assert submission.status == "received"


@pytest.mark.parametrize("nature", ["complaint", "denunciation"])
def test_some_natures_always_go_to_a_person(assigning, nature):
    from classifier.corpus import load_corpus

    for example in [e for e in load_corpus() if e.nature == nature][50:56]:
        submission = make_submission(title=example.text[:80], body=example.text)
        triage.triage([submission])
        submission.refresh_from_db()
        if submission.triages.get().best("nature").value == nature:
            assert submission.status == "received"
            return
    raise AssertionError(f"no text was taken for a {nature}")


def test_what_is_outside_is_not_assigned(assigning):
    submission = make_submission(
        title="Đường thôn ngập", body="Mương thoát nước ở thôn tôi tắc đã hai năm, mưa là ngập."
    )
    triage.triage([submission])
    submission.refresh_from_db()
    assert submission.status == "received"


def test_a_preview_tells_what_would_have_happened(coordinator):
    judged(300, actor=coordinator, p=0.995, wrong=3)
    proposal = policies.propose(Costs(), may_assign=True)
    assert proposal.assigns
    assert (proposal.then.assigned, proposal.then.assigned_wrong) == (300, 3)
    assert (proposal.now.assigned, proposal.now.suggested) == (0, 300)
    assert proposal.then.cost < proposal.now.cost


def test_costs_must_rise_in_the_database_too(coordinator):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        RoutingPolicy.objects.create(checked=2.0, why="thử")


def test_decisions_move_the_thresholds_and_the_history_says_so(coordinator):
    judged(120, actor=coordinator, wrong=90, p=0.5)
    assert policies.held().policy.levels["initiative"].suggest == pytest.approx(Costs().suggest_from, abs=0.001)
    row = policies.refresh()
    assert row.created_by is None and row.basis["nature"]["decisions"] == 120
    assert policies.held().policy.levels["initiative"].suggest == 1.0  # right one time in four: say nothing
    assert policies.refresh() is None
    assert RoutingPolicy.objects.count() == 1


def test_what_a_person_forbids_during_the_daily_count_stays_forbidden(coordinator, monkeypatch):
    judged(120, actor=coordinator, wrong=90, p=0.5)
    RoutingPolicy.objects.create(may_assign=True, why="thử", thresholds=policies.newest().thresholds)
    drawn = policies.curve

    def meanwhile(rows):
        if RoutingPolicy.objects.count() == 1:
            RoutingPolicy.objects.create(may_assign=False, why="thôi", thresholds=policies.newest().thresholds)
        return drawn(rows)

    monkeypatch.setattr(policies, "curve", meanwhile)
    assert policies.refresh() is None
    assert policies.newest().why == "thôi"

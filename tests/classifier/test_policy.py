"""From probabilities to what may be done: costs decide, decisions bear them out, the law comes first."""

import random

import pytest

from classifier.policy import TO_A_PERSON, Costs, Policy, Thresholds, from_costs, most_careful
from classifier.routing import Guess
from classifier.thresholds import Outcome, assign_from, band, curve, isotonic, suggest_from, thresholds, wilson

SURE = (Guess(16, 0.999), Guess(0, 0.001))
ASSIGNING = Policy(from_costs(Costs(), assign=True))


def levels(nature="in_scope", p=0.999):
    return {"nature": (Guess(nature, p),), "system": SURE, "initiative": SURE, "agency": SURE}


def outcomes(n: int, *, bias: float = 0.0, seed: int = 57) -> list[Outcome]:
    """Guesses that are right as often as they say, less ``bias``."""
    chance = random.Random(seed)
    ps = [chance.random() for _ in range(n)]
    return [Outcome(p, chance.random() < p - bias) for p in ps]


@pytest.mark.parametrize(("p", "decision"), [(0.1, "abstain"), (0.9, "suggest"), (1.0, "suggest")])
def test_as_shipped_it_suggests_or_says_nothing(p, decision):
    assert Policy().decide("initiative", p) == decision


def test_costs_give_the_thresholds():
    """A threshold is where the two actions cost the same."""
    costs = Costs()
    p, q = costs.suggest_from, costs.assign_from
    assert p * costs.checked + (1 - p) * costs.misled == pytest.approx(costs.silence)
    assert q * costs.checked + (1 - q) * costs.misled == pytest.approx((1 - q) * costs.misrouted)
    assert costs.caution * costs.missed == pytest.approx(costs.checked)


@pytest.mark.parametrize("wrong", [{"checked": 2.0}, {"misled": 0.5}, {"misrouted": 1.0}, {"missed": 0.1}])
def test_costs_that_contradict_each_other_are_refused(wrong):
    with pytest.raises(ValueError, match="costs"):
        Costs(**wrong)


def test_each_level_has_its_own_thresholds():
    own = dict(from_costs(Costs())) | {"agency": Thresholds(0.6, 0.9)}
    decisions = Policy(own).decide_all(levels() | {"agency": (Guess("BYT", 0.95),), "initiative": (Guess(1, 0.5),)})
    assert decisions == {"nature": "suggest", "system": "suggest", "initiative": "suggest", "agency": "assign"}


def test_an_installation_that_measured_itself_may_assign():
    assert ASSIGNING.decide("agency", 0.999) == "assign"
    assert ASSIGNING.decide("agency", 0.9) == "suggest"
    assert ASSIGNING.decide_all(levels())["agency"] == "assign"


@pytest.mark.parametrize("nature", sorted(TO_A_PERSON))
def test_some_natures_always_go_to_a_person(nature):
    assert "assign" not in ASSIGNING.decide_all(levels(nature)).values()


def test_a_suspicion_is_enough():
    suspicious = levels() | {"nature": (Guess("in_scope", 0.95), Guess("denunciation", 0.05))}
    assert "assign" not in ASSIGNING.decide_all(suspicious).values()


def test_the_most_careful_level_speaks_for_the_text():
    decisions = {"nature": "assign", "system": "assign", "initiative": "suggest", "agency": "abstain"}
    assert most_careful(decisions) == "abstain"


@pytest.mark.parametrize(("right", "n", "low", "high"), [(80, 100, 0.711, 0.867), (10, 10, 0.722, 1.0), (0, 0, 0, 1)])
def test_wilson_intervals(right, n, low, high):
    assert wilson(right, n) == pytest.approx((low, high), abs=0.001)


def test_isotonic_rises_and_keeps_the_mean():
    found = outcomes(500)
    steps = isotonic(found)
    assert [share for _, share in steps] == sorted(share for _, share in steps)
    fitted = [next(share for p, share in reversed(steps) if p <= outcome.p) for outcome in found]
    assert sum(fitted) == pytest.approx(sum(outcome.right for outcome in found))


def test_an_over_confident_model_has_to_be_surer_before_it_suggests():
    costs = Costs()
    honest, boastful = outcomes(2000), outcomes(2000, bias=0.3)
    assert suggest_from(honest, costs.suggest_from) == pytest.approx(costs.suggest_from, abs=0.08)
    assert suggest_from(boastful, costs.suggest_from) == pytest.approx(costs.suggest_from + 0.3, abs=0.1)


def test_too_few_decisions_leave_the_costs_alone():
    assert thresholds(Costs(), outcomes(99, bias=1.0)).suggest == Costs().suggest_from


@pytest.mark.parametrize(
    ("n", "wrong", "assigned"),
    [
        (299, 0, None),  # not enough, however right
        (300, 0, 0.98),  # all right: as far down as the costs allow
        (300, 12, None),  # 4 % wrong: the lower bound is under 95 %
    ],
)
def test_assigning_needs_decisions_and_a_bound(n, wrong, assigned):
    found = [Outcome(0.995, i >= wrong) for i in range(n)]
    assert assign_from(found, Costs().assign_from) == assigned


def test_a_strict_band_that_fails_ends_the_search():
    """Many right guesses further down must not hide wrong ones at the top."""
    found = [Outcome(0.995, i % 2 == 0) for i in range(100)] + [Outcome(0.96, True)] * 5000
    assert assign_from(found, 0.9) is None


def test_assigning_is_never_a_matter_of_numbers_alone():
    assert thresholds(Costs(), [Outcome(0.995, True)] * 500).assign is None
    assert thresholds(Costs(), [Outcome(0.995, True)] * 500, assign=True).assign == 0.98


def test_the_curve_covers_everything_at_its_end():
    found = outcomes(200)
    bands = curve(found)
    assert len(bands) <= 20
    assert [b.n for b in bands] == sorted(b.n for b in bands)
    assert (bands[-1].n, bands[-1].coverage) == (200, 1.0)
    assert band(found, 2.0).n == 0
    assert curve([]) == []

"""From probabilities to what may be done: costs decide, the law comes first."""

import pytest

from classifier.policy import TO_A_PERSON, Policy, most_careful
from classifier.routing import Guess

SURE = (Guess(16, 0.999), Guess(0, 0.001))


def levels(nature="in_scope", p=0.999):
    return {"nature": (Guess(nature, p),), "system": SURE, "initiative": SURE, "agency": SURE}


@pytest.mark.parametrize(("p", "decision"), [(0.1, "abstain"), (0.9, "suggest"), (1.0, "suggest")])
def test_as_shipped_it_suggests_or_says_nothing(p, decision):
    assert Policy().decide(p) == decision


def test_an_installation_that_measured_itself_may_assign():
    policy = Policy(may_assign=True)
    assert policy.decide(0.999) == "assign"
    assert policy.decide(0.9) == "suggest"
    assert policy.decide_all(levels())["agency"] == "assign"


@pytest.mark.parametrize("nature", sorted(TO_A_PERSON))
def test_some_natures_always_go_to_a_person(nature):
    policy = Policy(may_assign=True)
    assert "assign" not in policy.decide_all(levels(nature)).values()


def test_a_suspicion_is_enough():
    policy = Policy(may_assign=True)
    suspicious = levels() | {"nature": (Guess("in_scope", 0.85), Guess("denunciation", 0.15))}
    assert "assign" not in policy.decide_all(suspicious).values()


def test_the_most_careful_level_speaks_for_the_text():
    decisions = {"nature": "assign", "system": "assign", "initiative": "suggest", "agency": "abstain"}
    assert most_careful(decisions) == "abstain"

"""From probabilities to what the system may do: assign, suggest, or say nothing.

A wrong suggestion costs the reader's time and some of their trust; silence costs the search from
nothing. Decisions compare expected costs in units of one manual routing. As shipped the model never
assigns: that needs the error of this installation's own decisions, measured, not a written corpus.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifier.routing import Decision, Guess, Level

TO_A_PERSON = frozenset({"complaint", "denunciation", "secret"})
"""Natures with a legal procedure of their own: never assigned by a machine, however sure."""

_CARE: tuple[Decision, ...] = ("abstain", "suggest", "assign")


@dataclass(frozen=True)
class Policy:
    """Costs in units of one manual routing; a decision is taken where it is cheapest."""

    silence: float = 1.0
    """A person routes from nothing."""
    checked: float = 0.25
    """A person confirms a right suggestion."""
    misled: float = 1.35
    """A person meets a wrong suggestion, then routes from nothing."""
    misrouted: float = 12.0
    """A text lies with the wrong body until it is handed back (5 working days, NĐ 92/2017)."""
    caution: float = 0.1
    """Least probability of the natures of ``TO_A_PERSON`` together that rules out *assign*."""
    may_assign: bool = False
    """Only an installation that has measured its own error may turn this on."""

    def decide(self, p: float) -> Decision:
        """The cheapest action where the first guess is right with probability ``p``."""
        suggest = p * self.checked + (1 - p) * self.misled
        if self.may_assign and (1 - p) * self.misrouted < min(suggest, self.silence):
            return "assign"
        return "suggest" if suggest < self.silence else "abstain"

    def decide_all(self, levels: Mapping[Level, Sequence[Guess]]) -> dict[Level, Decision]:
        """One decision for each level; natures of ``TO_A_PERSON`` keep every level from *assign*."""
        decisions = {level: self.decide(guesses[0].p) for level, guesses in levels.items()}
        if sum(guess.p for guess in levels["nature"] if guess.value in TO_A_PERSON) >= self.caution:
            return {level: "suggest" if d == "assign" else d for level, d in decisions.items()}
        return decisions


def most_careful(decisions: Mapping[Level, Decision]) -> Decision:
    """The decision for the text as a whole: the most careful of its levels that route."""
    return min((decisions[level] for level in ("nature", "initiative", "agency")), key=_CARE.index)

"""From probabilities to what the system may do: assign, suggest, or say nothing.

Everything follows from written costs, in units of one manual routing. A wrong suggestion costs the
reader's time and some of their trust; silence costs the search from nothing; a text with the wrong
body is lost for a week. Costs give the accuracy from which an action pays; ``thresholds.py`` turns
that into a probability, as it stands or as this installation's own decisions have borne it out.

As shipped the model never assigns: that needs the error of an installation's decisions, measured,
not a written corpus.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from classifier.routing import Decision, Guess, Level

TO_A_PERSON = frozenset({"complaint", "denunciation", "secret"})
"""Natures with a legal procedure of their own: never assigned by a machine, however sure."""

LEVELS: tuple[Level, ...] = ("nature", "system", "initiative", "agency")
ROUTING_LEVELS: tuple[Level, ...] = ("nature", "initiative", "agency")
"""The levels that decide where a text goes; the system follows from the initiative."""
_CARE: tuple[Decision, ...] = ("abstain", "suggest", "assign")


@dataclass(frozen=True)
class Costs:
    """In units of one manual routing (``silence``); all above nought."""

    silence: float = 1.0
    """A person routes from nothing: the unit of all others."""
    checked: float = 0.25
    """A person confirms a right suggestion."""
    misled: float = 1.35
    """A person meets a wrong suggestion, then routes from nothing."""
    misrouted: float = 12.0
    """A text lies with the wrong body until it is handed back (5 working days, NĐ 92/2017)."""
    missed: float = 10.0
    """A complaint, denunciation or secret that no person saw before it went on as an ordinary text."""

    def __post_init__(self) -> None:
        """Raises ValueError where the costs contradict each other."""
        if not 0 < self.checked < self.silence < self.misled < self.misrouted or self.missed <= self.checked:
            raise ValueError("costs must rise: checked < silence < misled < misrouted, and checked < missed")

    @property
    def suggest_from(self) -> float:
        """Accuracy, 0 to 1, from which a suggestion is cheaper than silence."""
        return (self.misled - self.silence) / (self.misled - self.checked)

    @property
    def assign_from(self) -> float:
        """Accuracy, 0 to 1, from which assigning is cheaper than a suggestion that a person checks."""
        odds = (self.misrouted - self.misled) / self.checked
        return odds / (1 + odds)

    @property
    def caution(self) -> float:
        """Probability of ``TO_A_PERSON`` together from which a person's look is cheaper than the risk."""
        return min(1.0, self.checked / self.missed)


@dataclass(frozen=True)
class Thresholds:
    """Probabilities of the first guess, 0 to 1, from which a level may be suggested or assigned."""

    suggest: float
    assign: float | None = None
    """None: never."""

    def decide(self, p: float) -> Decision:
        """What may be done with a first guess of probability ``p``."""
        if self.assign is not None and p >= self.assign:
            return "assign"
        return "suggest" if p >= self.suggest else "abstain"


@dataclass(frozen=True)
class Policy:
    """Thresholds for every level. Without arguments: what the costs give, and never *assign*."""

    levels: Mapping[Level, Thresholds] = field(default_factory=lambda: from_costs(Costs()))
    caution: float = Costs().caution
    """Least probability of the natures of ``TO_A_PERSON`` together that rules out *assign*."""

    def decide(self, level: Level, p: float) -> Decision:
        """What may be done at a level whose first guess has probability ``p``."""
        return self.levels[level].decide(p)

    def decide_all(self, levels: Mapping[Level, Sequence[Guess]]) -> dict[Level, Decision]:
        """One decision for each level; natures of ``TO_A_PERSON`` keep every level from *assign*."""
        decisions = {level: self.decide(level, guesses[0].p) for level, guesses in levels.items()}
        if "assign" in decisions.values() and _to_a_person(levels["nature"]) >= self.caution:
            return by_a_person(decisions)
        return decisions


def _to_a_person(natures: Sequence[Guess]) -> float:
    return sum(guess.p for guess in natures if guess.value in TO_A_PERSON)


def by_a_person(decisions: Mapping[Level, Decision]) -> dict[Level, Decision]:
    """The same decisions without *assign*."""
    return {level: "suggest" if decision == "assign" else decision for level, decision in decisions.items()}


def from_costs(costs: Costs, *, assign: bool = False) -> dict[Level, Thresholds]:
    """Thresholds where probabilities are taken at their word: the accuracies that the costs ask."""
    return {level: Thresholds(costs.suggest_from, costs.assign_from if assign else None) for level in LEVELS}


def most_careful(decisions: Mapping[Level, Decision]) -> Decision:
    """The decision for the text as a whole: the most careful of its levels that route."""
    return min((decisions[level] for level in ROUTING_LEVELS), key=_CARE.index)

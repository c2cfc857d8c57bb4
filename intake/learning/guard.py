"""Whether a batch of decisions may be learnt from, or somebody ought to look at it first.

A model that is right six times in ten and says so expects to be contradicted four times in ten. People
who contradict it far more often than it expects, and far more often than their colleagues do, either
know something new or are mistaken, careless or worse: the machine cannot tell, so it does not learn
and says why. An administrator then sets the batch aside or lets it through.

Each level that routes is looked at by itself, and so is what the champion would have a person see and
people called ordinary: ten of those are enough.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from classifier.policy import ROUTING_LEVELS, TO_A_PERSON
from classifier.routing import Level, Routing

from ..models import RoutingDecision
from .examples import Labelled

ENOUGH = 20
"""Decisions of one person, or of all, under which nothing is concluded."""
EXCESS = 0.35
"""Share of decisions against the champion beyond what it expects, from which a batch is suspect."""
AGAINST_OTHERS = 0.2
"""How far a person's excess must also lie above that of the others, where there are others."""
Z = 4.0
"""Standard errors: about one honest batch in thirty thousand."""
ORDINARY: Final = "called_ordinary"
ENOUGH_ORDINARY = 10
"""The same for texts that the champion takes for one of ``TO_A_PERSON``."""
Aspect = Level | Literal["called_ordinary"]
ASPECTS: tuple[Aspect, ...] = (ORDINARY, *ROUTING_LEVELS)
SURE = 0.8
ENOUGH_SURE, CONTRADICTED = 10, 0.5
"""Of the champion's surest guesses, at least ten, the share whose contradiction makes a batch suspect."""
OVERRULED_ENOUGH, OVERRULED = 10, 0.5
"""Decisions later changed by a colleague: at least ten, and the share of one's own."""


@dataclass(frozen=True)
class Tally:
    """How a batch stands to the champion: counts, and excess as a share of the batch."""

    n: int
    against: int
    expected: float
    z: float
    sure: int
    sure_against: int
    enough: int = ENOUGH

    @property
    def excess(self) -> float:
        return (self.against - self.expected) / self.n if self.n else 0.0

    @property
    def suspect(self) -> bool:
        if self.n < self.enough:
            return False
        beyond = self.excess >= EXCESS and self.z >= Z
        return beyond or (self.sure >= ENOUGH_SURE and self.sure_against >= CONTRADICTED * self.sure)


@dataclass(frozen=True)
class Suspect:
    """Whose batch it is (None: everybody's together), how many decisions, and the numbers of one aspect."""

    actor_id: int | None
    decisions: int
    aspect: str
    tally: Tally
    others: Tally | None
    overruled: int = 0

    def data(self) -> dict[str, Any]:
        return {
            "actor": self.actor_id,
            "decisions": self.decisions,
            "aspect": self.aspect,
            **{key: round(value, 2) for key, value in asdict(self.tally).items()},
            "others_against": self.others.against if self.others else None,
            "others_n": self.others.n if self.others else None,
            "overruled": self.overruled,
        }


def inspect(batch: Sequence[Labelled], champion: Sequence[Routing]) -> list[Suspect]:
    """Suspects of the decisions made since the champion learnt; `champion`: what it says of each text.

    What an administrator has let through is not asked about again.
    """
    pairs = [
        (one, routing)
        for one, routing in zip(batch, champion, strict=True)
        if one.decided.learning != RoutingDecision.Learning.CLEARED
    ]
    by_actor: dict[int | None, list[tuple[Labelled, Routing]]] = defaultdict(list)
    for one, routing in pairs:
        by_actor[one.decided.actor_id].append((one, routing))
    overruled = overruled_by_colleagues()
    found = []
    for actor, own in by_actor.items():
        rest = [pair for pair in pairs if pair[0].decided.actor_id != actor]
        undone, made = overruled.get(actor, (0, 0))
        undone_much = undone >= OVERRULED_ENOUGH and undone >= OVERRULED * made
        counted = [(aspect, tally_of(own, aspect), tally_of(rest, aspect)) for aspect in ASPECTS]
        suspect = [one for one in counted if _apart(*one[1:])]
        if not suspect and undone_much:
            suspect = [max(counted, key=lambda one: one[1].n)]
        for aspect, tally, others in suspect[:1]:
            found.append(Suspect(actor, len(own), aspect, tally, others if rest else None, undone))
    if found:
        return found
    whole = [(aspect, tally_of(pairs, aspect)) for aspect in ASPECTS]
    return [Suspect(None, len(pairs), aspect, tally, None) for aspect, tally in whole if tally.suspect][:1]


def _apart(tally: Tally, others: Tally) -> bool:
    return tally.suspect and (others.n < others.enough or tally.excess - others.excess >= AGAINST_OTHERS)


def tally_of(pairs: Sequence[tuple[Labelled, Routing]], aspect: Aspect) -> Tally:
    """Counts of one batch: the champion's first guess of a level against the decision, where it speaks of it."""
    against = sure = sure_against = 0
    expected = spread = 0.0
    said = [one for pair in pairs if (one := _said(*pair, aspect)) is not None]
    for p, wrong in said:
        against += wrong
        expected += 1 - p
        spread += p * (1 - p)
        if p >= SURE:
            sure += 1
            sure_against += wrong
    z = (against - expected) / math.sqrt(spread) if spread > 0 else 0.0
    return Tally(len(said), against, expected, z, sure, sure_against, ENOUGH_ORDINARY if aspect == ORDINARY else ENOUGH)


def _said(one: Labelled, routing: Routing, aspect: Aspect) -> tuple[float, bool] | None:
    """The champion's probability of being right, 0 to 1, and whether it was contradicted; None: not spoken of.

    Of the initiative 0 means outside; of the system instead, where the decision left the initiative open.
    """
    labels = one.decided.labels
    if aspect == ORDINARY:
        if routing.nature[0].value not in TO_A_PERSON:
            return None
        p = sum(guess.p for guess in routing.nature if guess.value in TO_A_PERSON)
        return min(1.0, p), labels["nature"] not in TO_A_PERSON
    level: Level = "system" if aspect == "initiative" and "initiative" not in labels else aspect
    if level not in labels:
        return None
    guess = getattr(routing, level)[0]
    return guess.p, str(guess.value) != labels[level]


def overruled_by_colleagues() -> Mapping[int | None, tuple[int, int]]:
    """Person to (decisions that a colleague changed afterwards, decisions), of all that may be learnt from."""
    fields = ("submission_id", "actor_id", "nature", "system_id", "initiative_id")
    rows = RoutingDecision.objects.filter(learning=RoutingDecision.Learning.OPEN).order_by("submission_id", "pk")
    made: dict[int | None, list[int]] = defaultdict(lambda: [0, 0])
    previous: tuple | None = None
    for row in rows.values_list(*fields).iterator():
        if previous and previous[0] == row[0] and previous[1] != row[1] and previous[2:] != row[2:]:
            made[previous[1]][0] += 1
        made[row[1]][1] += 1
        previous = row
    return {actor: (undone, n) for actor, (undone, n) in made.items()}

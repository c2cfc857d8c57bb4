"""The policy in force: the newest row of its history, held to what decisions have borne out.

A row says what an administrator allowed; *assign* also needs decisions that back the model in use, not
one before it, counted anew every ten minutes, so that a model that has become worse stops by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction

from classifier.policy import LEVELS, ROUTING_LEVELS, Costs, Policy, Thresholds
from classifier.routing import Guess, Level
from classifier.thresholds import Outcome, assign_from, curve, thresholds

from ..models import ModelVersion, RoutingPolicy
from .decisions import Decided, decided, outcomes

BACKING = 1_000
"""Newest decisions that thresholds and curves are counted on."""
RECOUNT_SECONDS = 600


@dataclass(frozen=True)
class Held:
    """The policy as the classifier takes it, and the row it comes from (None: as shipped)."""

    policy: Policy
    row_id: int | None


def newest() -> RoutingPolicy:
    """The row that holds; an unsaved one with the shipped costs where there is none."""
    row = RoutingPolicy.objects.first()
    return row or RoutingPolicy(thresholds=_as_data(_thresholds(Costs(), (), may_assign=False)))


def held() -> Held:
    """What holds now."""
    row = newest()
    levels = {
        level: Thresholds(row.thresholds[level]["suggest"], row.thresholds[level].get("assign")) for level in LEVELS
    }
    if row.may_assign:
        backed = _backed(row)
        levels = {level: Thresholds(t.suggest, _stricter(t.assign, backed.get(level))) for level, t in levels.items()}
    else:
        levels = {level: Thresholds(t.suggest) for level, t in levels.items()}
    return Held(Policy(levels, costs_of(row).caution), row.pk)


def costs_of(row: RoutingPolicy) -> Costs:
    return Costs(checked=row.checked, misled=row.misled, misrouted=row.misrouted, missed=row.missed)


def _stricter(allowed: float | None, backed: float | None) -> float | None:
    return None if allowed is None or backed is None else max(allowed, backed)


def _backed(row: RoutingPolicy) -> dict[str, float | None]:
    """From which probability each level may be assigned by the decisions of today."""
    champion = _champion()
    key = f"policy-backed:{row.pk}:{champion}"
    known = cache.get(key)
    if known is None:
        own = own_record(champion, decided(newest=BACKING))
        known = {level: assign_from(own[level], costs_of(row).assign_from) for level in LEVELS}
        cache.set(key, known, RECOUNT_SECONDS)
    return known


def _champion() -> ModelVersion | None:
    return ModelVersion.objects.filter(status=ModelVersion.Status.CHAMPION).first()


def own_record(model: ModelVersion | None, found: Sequence[Decided]) -> dict[Level, list[Outcome]]:
    """How this model has done: on decisions held back from its training, then on what it has guessed since."""
    held_back = model.metrics.get("outcomes", {}) if model else {}
    own = [one for one in found if model and one.model == model.version]
    return {
        level: [*(Outcome(p, bool(right)) for p, right in held_back.get(level, ())), *outcomes(own, level)][-BACKING:]
        for level in LEVELS
    }


def _thresholds(costs: Costs, found: Sequence[Decided], *, may_assign: bool) -> dict[Level, Thresholds]:
    """Suggesting by all decisions, assigning by those on the model in use alone."""
    own = own_record(_champion() if may_assign else None, found)
    return {
        level: Thresholds(thresholds(costs, outcomes(found, level)).suggest, assign_from(own[level], costs.assign_from))
        for level in LEVELS
    }


def _as_data(levels: Mapping[Level, Thresholds]) -> dict[str, dict[str, float | None]]:
    return {level: {"suggest": round(t.suggest, 4), "assign": t.assign} for level, t in levels.items()}


@dataclass(frozen=True)
class Proposal:
    """A policy as it would be saved, and what it would have done to the last decisions."""

    thresholds: Mapping[Level, Thresholds]
    counted: Mapping[Level, int]
    """Decisions behind each level."""
    now: "Effect"
    then: "Effect"

    @property
    def assigns(self) -> bool:
        """Whether decisions back assigning at every level that routes."""
        return all(self.thresholds[level].assign is not None for level in ROUTING_LEVELS)


@dataclass(frozen=True)
class Effect:
    """Of the last decisions: how many each action would have taken, and how many of them wrongly.

    Wrong: the first guess of initiative or agency was not what people decided.
    """

    n: int
    assigned: int
    assigned_wrong: int
    suggested: int
    suggested_wrong: int
    silent: int
    cost: float
    """Mean cost of one submission, in units of one manual routing."""


def propose(costs: Costs, *, may_assign: bool) -> Proposal:
    """What these costs would mean, on the newest decisions of this installation."""
    found = decided(newest=BACKING)
    levels = _thresholds(costs, found, may_assign=may_assign)
    return Proposal(
        thresholds=levels,
        counted={level: len(outcomes(found, level)) for level in LEVELS},
        now=effect(held().policy, found, costs),
        then=effect(Policy(levels, costs.caution), found, costs),
    )


def effect(policy: Policy, found: Sequence[Decided], costs: Costs) -> Effect:
    """What a policy would have done to decisions whose guesses are known."""
    counts = {"assign": [0, 0], "suggest": [0, 0], "abstain": [0, 0]}
    for one in found:
        wrong = [one.right(level) is False for level in ("initiative", "agency")]
        if not set(ROUTING_LEVELS) <= set(one.guesses):
            continue
        levels: dict[Level, Sequence[Guess]] = {level: (Guess(*guess),) for level, guess in one.guesses.items()}
        decisions = policy.decide_all(levels)
        least = min((decisions[level] for level in ROUTING_LEVELS), key=("abstain", "suggest", "assign").index)
        if least == "assign" and (one.sampled or one.guesses["nature"][0] != "in_scope"):
            least = "suggest"
        counts[least][0] += 1
        counts[least][1] += any(wrong)
    (assigned, lost), (suggested, misled), (silent, _) = counts["assign"], counts["suggest"], counts["abstain"]
    n = assigned + suggested + silent
    spent = (
        lost * costs.misrouted + misled * costs.misled + (suggested - misled) * costs.checked + silent * costs.silence
    )
    return Effect(n, assigned, lost, suggested, misled, silent, spent / n if n else 0.0)


MOVED = 0.03
"""How far a threshold must have moved before it is written anew."""


def refresh() -> RoutingPolicy | None:
    """Once a day: where decisions have moved a threshold, a new version with the same costs, by nobody."""
    row = newest()
    found = decided(newest=BACKING)
    fresh = _as_data(_thresholds(costs_of(row), found, may_assign=row.may_assign))
    moved = any(
        abs((fresh[level]["suggest"] or 0) - (row.thresholds[level]["suggest"] or 0)) >= MOVED for level in LEVELS
    )
    allowed = any(fresh[level]["assign"] != row.thresholds[level].get("assign") for level in LEVELS)
    if not moved and not allowed:
        return None
    return save(
        costs_of(row),
        may_assign=row.may_assign,
        why="",
        actor=None,
        based_on=row,
    )


@transaction.atomic
def save(
    costs: Costs, *, may_assign: bool, why: str, actor, based_on: RoutingPolicy | None = None
) -> RoutingPolicy | None:
    """A new version of the policy, its thresholds from the decisions of this moment.

    None, and nothing written, where `based_on` is given and no longer holds: a person's word came between.
    """
    found = decided(newest=BACKING)
    backing: dict[Level, Sequence[Outcome]] = {level: outcomes(found, level) for level in LEVELS}
    levels = _as_data(_thresholds(costs, found, may_assign=may_assign))
    basis = {
        level: {
            "decisions": len(rows),
            "curve": [[round(b.p, 4), b.n, round(b.accuracy, 4), round(b.low, 4)] for b in curve(rows)],
        }
        for level, rows in backing.items()
    }
    if based_on is not None and newest().pk != based_on.pk:
        return None
    return RoutingPolicy.objects.create(
        created_by=actor,
        why=why,
        checked=costs.checked,
        misled=costs.misled,
        misrouted=costs.misrouted,
        missed=costs.missed,
        may_assign=may_assign,
        thresholds=levels,
        basis=basis,
    )

"""What people decided, beside what the machine had guessed: labels to learn from and to be measured by.

One `Decided` a submission: its newest confirmation, a rejection that says what it was, the agency that
answered in the end. Labels are carried over to the directories of today (docs/routing.md).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Case, Exists, F, Max, OuterRef, Prefetch, When

from classifier.policy import LEVELS
from classifier.routing import Level
from classifier.thresholds import Outcome

from ..directory import successor_of
from ..models import Agency, Event, Initiative, Nature, Prediction, Rejection, RoutingDecision, Submission, Triage

# How much a decision counts among decisions.
SURE = 1.0
# Two subjects in one text, or an agency that handed it back afterwards: the label may be half the truth.
UNSURE = 0.5
MOST = 20_000  # decisions read at once

REJECTED = "rejected"
"""Reason where a rejection says what a text was."""
# What a rejection says of the text itself; the other reasons are about its form.
REJECTED_AS = {
    "out_of_scope": Nature.OUT_OF_SCOPE,
    "admin_procedure": Nature.PROCEDURE,
    "spam": Nature.SPAM,
}


@dataclass(frozen=True)
class Decided:
    """The last word of people on one submission. `labels` holds only the levels that were decided."""

    submission_id: int
    actor_id: int | None
    at: datetime
    reason: str
    labels: Mapping[Level, str]
    """Level to a nature, a number (0: outside) or an agency's code."""
    guesses: Mapping[Level, tuple[str, float]]
    """Level to the machine's first guess and its probability; empty where no model had looked."""
    likely: Mapping[str, list[str]]
    sampled: bool
    weight: float
    learning: str
    refused: str = ""
    """The agency that handed it back, where nobody has decided since."""
    model: str = ""
    """The version whose guesses these are."""

    def right(self, level: Level) -> bool | None:
        """Whether the first guess was what people decided; None where one of the two is missing."""
        if level == "agency" and self.refused and level in self.guesses and self.guesses[level][0] == self.refused:
            return False
        if level not in self.labels or level not in self.guesses:
            return None
        return self.guesses[level][0] == self.labels[level]


def decided(*, newest: int = MOST, sampled: bool | None = None) -> list[Decided]:
    """The last decisions on submissions that a machine may read, oldest first, at most `newest` of them.

    Without those set aside: what nobody stands for neither teaches nor measures.
    """
    last = RoutingDecision.objects.values("submission").annotate(last=Max("pk")).values("last")
    rows = RoutingDecision.objects.filter(pk__in=last, submission__in=Submission.objects.for_the_machine())
    said_by = When(submission__rejection__reason__code__in=REJECTED_AS, then=F("submission__rejection__learning"))
    rows = rows.annotate(said=Case(said_by, default=F("learning"))).exclude(said=RoutingDecision.Learning.HELD)
    if sampled is not None:
        rows = rows.filter(triage__sampled=sampled)
    first = Prediction.objects.filter(rank=1)
    rows = (
        rows.select_related("lead", "submission__answer__agency", "submission__rejection__reason")
        .prefetch_related(Prefetch("triage", Triage.objects.defer("vector", "reasons", "basis")))
        .prefetch_related(Prefetch("triage__predictions", first))
        .order_by("-created_at", "-pk")[:newest]
    )
    found = list(rows)
    returned = _handed_back(row.submission_id for row in found)
    known = [_decided(row, returned.get(row.submission_id)) for row in reversed(found)]
    known += _rejected_without(sampled)
    return sorted(known, key=lambda d: (d.at, d.submission_id))[-newest:]


def _handed_back(submission_ids: Iterable[int]) -> dict[int, datetime]:
    """When each was last handed back by an agency, for those that were."""
    events = Event.objects.filter(name=Event.Name.HANDED_BACK, submission__in=list(submission_ids))
    return dict(events.values_list("submission").annotate(last=Max("created_at")).order_by())


def _decided(row: RoutingDecision, handed_back: datetime | None) -> Decided:
    submission = row.submission
    answer = getattr(submission, "answer", None)
    refused = handed_back is not None and handed_back > row.created_at
    agency = answer.agency if answer and answer.approved_at else None if refused else row.lead
    labels = _labels(row.nature, row.system_id, row.initiative_id, agency)
    unsure = refused or row.reason == RoutingDecision.Reason.TWO_SUBJECTS
    made = Decided(
        submission_id=row.submission_id,
        actor_id=row.actor_id,
        at=row.created_at,
        reason=row.reason,
        labels=labels,
        guesses=_guesses(row.triage),
        likely=row.triage.likely if row.triage else {},
        sampled=bool(row.triage and row.triage.sampled),
        weight=UNSURE if unsure else SURE,
        learning=row.learning,
        refused=row.lead.code if refused and agency is None and row.lead else "",
        model=row.triage.model_version if row.triage else "",
    )
    rejection = getattr(submission, "rejection", None)
    if rejection is None or rejection.reason.code not in REJECTED_AS:
        return made
    # Whoever rejected it is whose word these labels are, so that the guard looks at them as new.
    return replace(
        made,
        actor_id=rejection.rejected_by_id,
        at=rejection.rejected_at,
        reason=REJECTED,
        labels=_labels(REJECTED_AS[rejection.reason.code], None, None, None),
        learning=rejection.learning,
    )


def _rejected_without(sampled: bool | None) -> list[Decided]:
    """Rejections of what nobody had confirmed before: they too say what a text was."""
    confirmed = RoutingDecision.objects.filter(submission=OuterRef("submission"))
    rows = Rejection.objects.filter(~Exists(confirmed), reason__code__in=REJECTED_AS)
    rows = rows.filter(submission__in=Submission.objects.for_the_machine())
    rows = rows.exclude(learning=RoutingDecision.Learning.HELD)
    rows = rows.select_related("reason")
    found = list(rows.order_by("-rejected_at")[:MOST])
    first = Prefetch("predictions", Prediction.objects.filter(rank=1))
    newest = {
        triage.submission_id: triage
        for triage in Triage.objects.filter(submission__in=[row.submission_id for row in found])
        .defer("vector", "reasons")
        .prefetch_related(first)
        .order_by("pk")
    }
    made = [
        Decided(
            submission_id=row.submission_id,
            actor_id=row.rejected_by_id,
            at=row.rejected_at,
            reason=REJECTED,
            labels=_labels(REJECTED_AS[row.reason.code], None, None, None),
            guesses=_guesses(newest.get(row.submission_id)),
            likely=triage.likely if (triage := newest.get(row.submission_id)) else {},
            sampled=bool(triage and triage.sampled),
            weight=SURE,
            learning=row.learning,
            model=triage.model_version if triage else "",
        )
        for row in found
    ]
    return made if sampled is None else [d for d in made if d.sampled == sampled]


def _labels(nature: str, system: int | None, initiative: int | None, agency: Agency | None) -> dict[Level, str]:
    labels: dict[Level, str] = {"nature": nature, "system": str(system or 0)}
    if initiative or not system:
        labels["initiative"] = str(initiative or 0)  # a system without an initiative leaves it open
    if agency:
        labels["agency"] = agency.code
    return labels


def _guesses(triage: Triage | None) -> dict[Level, tuple[str, float]]:
    if triage is None:
        return {}
    first = {p.level: (p.value, p.p) for p in triage.predictions.all()}
    return {level: first[level] for level in LEVELS if level in first}


def outcomes(found: Iterable[Decided], level: Level) -> list[Outcome]:
    """Of one level: how sure the machine was and whether it was right."""
    return [Outcome(d.guesses[level][1], right) for d in found if (right := d.right(level)) is not None]


def carried_over(found: Iterable[Decided]) -> Iterator[Decided]:
    """The same under the directories of today: merged agencies by their heirs, retired labels left out.

    A submission whose initiative is no longer in the plan keeps its nature and its agency.
    """
    initiatives = set(map(str, Initiative.objects.current().values_list("pk", flat=True))) | {"0"}
    heirs: dict[str, str] = {}
    for one in found:
        labels = dict(one.labels)
        if labels.get("initiative", "0") not in initiatives:
            del labels["initiative"], labels["system"]
        if code := labels.pop("agency", ""):
            heir = heirs.setdefault(code, successor_of(code))
            if heir:
                labels["agency"] = heir
        yield replace(one, labels=labels)

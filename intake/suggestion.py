"""The newest triage of a submission, ready to be shown: names instead of codes, reasons as phrases."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from classifier.guard import accusation

from .learning.track_record import borne_out
from .models import Agency, Initiative, Nature, Prediction, StrategicSystem, Submission, Triage


@dataclass(frozen=True)
class Shown:
    """One guess as a person reads it; probability in [0, 1]."""

    label: str
    value: str
    probability: float


@dataclass(frozen=True)
class Suggestion:
    triage: Triage
    levels: dict[str, list[Shown]]
    reasons: list[str]
    likely: list[str]
    """Initiatives that hold the right one nine times in ten, by name; empty where the model did not say."""
    accusation: str
    """A sentence of the text that accuses or complains, whatever the model says; else empty."""
    right: int | None
    """Of a hundred first guesses of about this probability, how many people confirmed; None unless counted."""
    before: Shown | None
    """The first initiative of the model that read it before this one, where it was another."""

    @property
    def abstains(self) -> bool:
        return self.triage.decision == Triage.Decision.ABSTAIN

    @property
    def initiative(self) -> list[Shown]:
        return self.levels[Prediction.Level.INITIATIVE]

    @property
    def nature(self) -> list[Shown]:
        return self.levels[Prediction.Level.NATURE]

    @property
    def system(self) -> list[Shown]:
        return self.levels[Prediction.Level.SYSTEM]

    @property
    def agency(self) -> list[Shown]:
        return self.levels[Prediction.Level.AGENCY]

    @property
    def route_initial(self) -> dict[str, object]:
        """Where the routing form starts; a person confirms every field."""

        def first(level: str) -> str:
            return self.levels[level][0].value if self.levels[level] else ""

        initiative, system = first(Prediction.Level.INITIATIVE), first(Prediction.Level.SYSTEM)
        return {
            "nature": first(Prediction.Level.NATURE) or Nature.IN_SCOPE,
            "initiative": initiative if initiative not in {"", "0"} else None,
            "system": system if system not in {"", "0"} else None,
            "lead": self.triage.lead.code if self.triage.lead else None,
            "co_agencies": [agency.code for agency in self.triage.co_agencies.all()],
        }


def suggestion_for(submission: Submission) -> Suggestion | None:
    """None while no model has looked at it."""
    triage = (
        Triage.objects.filter(submission=submission)
        .select_related("lead")
        .prefetch_related("predictions", "co_agencies")
        .first()
    )
    if triage is None:
        return None
    levels: dict[str, list[Shown]] = {level: [] for level in Prediction.Level.values}
    names = _names(triage)
    for prediction in sorted(triage.predictions.all(), key=lambda p: p.rank):
        label = names.get((prediction.level, prediction.value), prediction.value)
        levels[prediction.level].append(Shown(label, prediction.value, prediction.p))
    level = Prediction.Level.INITIATIVE
    best = levels[level][0].probability if levels[level] else None
    return Suggestion(
        triage,
        levels,
        reasons=once(reason["phrase"] for reason in triage.reasons)[:4],
        likely=[names.get((level, value), value) for value in triage.likely.get(level, [])],
        accusation=accusation(f"{submission.redacted_title}\n{submission.redacted_body}"),
        right=None if best is None else borne_out(best),
        before=_before(triage, levels[level][0].value if levels[level] else "", names),
    )


def _before(triage: Triage, first: str, names: dict[tuple[str, str], str]) -> Shown | None:
    level = Prediction.Level.INITIATIVE
    earlier = Triage.objects.filter(submission=triage.submission_id, pk__lt=triage.pk).first()
    said = earlier.best(level) if earlier else None
    if said is None or said.value == first:
        return None
    return Shown(names.get((level, said.value), said.value), said.value, said.p)


def once(phrases: Iterable[str]) -> list[str]:
    """Each phrase once, however it is written: titles often repeat the text."""
    return list({phrase.casefold(): phrase for phrase in reversed(list(phrases))}.values())[::-1]


def _names(triage: Triage) -> dict[tuple[str, str], str]:
    values = {(p.level, p.value) for p in triage.predictions.all()}
    codes = [value for level, value in values if level == Prediction.Level.AGENCY]
    names = {(Prediction.Level.AGENCY.value, a.code): str(a) for a in Agency.objects.filter(code__in=codes)}
    for initiative in Initiative.objects.all():
        names[Prediction.Level.INITIATIVE.value, str(initiative.pk)] = str(initiative)
    for system in StrategicSystem.objects.all():
        names[Prediction.Level.SYSTEM.value, str(system.pk)] = str(system)
    for nature in Nature:
        names[Prediction.Level.NATURE.value, nature.value] = str(nature.label)
    outside = _("Ngoài phạm vi")
    names[Prediction.Level.INITIATIVE.value, "0"] = names[Prediction.Level.SYSTEM.value, "0"] = outside
    return names

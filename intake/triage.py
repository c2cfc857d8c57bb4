"""From text to a suggested assignment: calls the classifier, stores what it said, decides nothing.

Runs in the worker and in commands, never in a web request: importing the model costs seconds.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from .models import Agency, Event, Prediction, RoutingRule, StrategicSystem, Submission, Triage
from .outbox import record
from .redaction import redact

if TYPE_CHECKING:
    from classifier.routing import Guess, Routing
    from classifier.service import Router
    from classifier.taxonomy import Taxonomy

STORED_GUESSES = 5
SHIPPED_MODEL = Path(settings.BASE_DIR) / "classifier" / "model"


def model_folder() -> Path:
    """The promoted model of this installation, or the one that ships with the code."""
    promoted = settings.MODELS_DIR / "current"
    return promoted if promoted.exists() else SHIPPED_MODEL


@lru_cache(maxsize=1)
def router() -> "Router":
    from classifier.service import load_router

    return load_router(model_folder())


def taxonomy() -> "Taxonomy":
    """The directories as the classifier wants them, as they stand today."""
    from classifier.taxonomy import Taxonomy

    agencies = Agency.objects.current().prefetch_related("aliases")
    rules = RoutingRule.objects.current().filter(province=None, nature="").select_related("lead").prefetch_related("co")
    leads: dict[int, tuple[str, tuple[str, ...]]] = {}
    fallback = ""
    for rule in rules:
        named = (rule.lead.code, tuple(agency.code for agency in rule.co.all()))
        if rule.initiative_id is None:
            fallback = fallback or rule.lead.code
        else:
            leads.setdefault(rule.initiative_id, named)
    return Taxonomy.from_dict(
        {
            "systems": {
                system.pk: [initiative.pk for initiative in system.initiatives.all()]
                for system in StrategicSystem.objects.prefetch_related("initiatives")
            },
            "agencies": {
                agency.code: {"name": agency.name, "aliases": [alias.text for alias in agency.aliases.all()]}
                for agency in agencies
            },
            "leads": leads,
            "provinces": _provinces(),
            "default_agency": fallback,
        }
    )


def _provinces() -> dict[str, list[str]]:
    from .models import FormerProvince, Province

    names = {province.code: [province.name] for province in Province.objects.current()}
    for former in FormerProvince.objects.all():
        names.setdefault(former.province_id, []).append(former.name)
    return names


def route(texts: Sequence[str]) -> "list[Routing]":
    """What the current model says of these texts, personal data masked first."""
    return router().route([redact(text) for text in texts], taxonomy=taxonomy())


def text_of(submission: Submission) -> str:
    """What the model reads: offsets of its reasons count in this text."""
    return f"{submission.redacted_title}\n{submission.redacted_body}"


def triage(submissions: Sequence[Submission]) -> None:
    """Store one `Triage` per submission for the current model; a second run changes nothing."""
    routings = router().route([text_of(submission) for submission in submissions], taxonomy=taxonomy())
    for submission, routing in zip(submissions, routings, strict=True):
        _store(submission, routing)


@transaction.atomic
def _store(submission: Submission, routing: "Routing") -> None:
    lead_code = routing.agency[0].value if routing.agency else ""
    rule = _rule_for(routing, submission)
    lead = Agency.objects.filter(code=lead_code).first() or (rule.lead if rule else None)
    row, fresh = Triage.objects.get_or_create(
        submission=submission,
        model_version=routing.model_version,
        defaults={
            "decision": routing.decision,
            "lead": lead,
            "basis": rule.basis if rule and lead == rule.lead else "",
            "language_form": routing.language_form,
            "reasons": [vars(reason) if hasattr(reason, "__dict__") else reason for reason in routing.reasons],
            "vector": None if routing.vector is None else routing.vector.astype("float16").tobytes(),
        },
    )
    if not fresh:
        return
    if rule and lead == rule.lead:
        row.co_agencies.set(rule.co.all())
    Prediction.objects.bulk_create(
        Prediction(triage=row, level=level, rank=rank, value=str(guess.value), p=min(1.0, max(0.0, guess.p)))
        for level in Prediction.Level.values
        for rank, guess in enumerate(_guesses(routing, level), start=1)
    )
    record(submission, Event.Name.TRIAGED, data={"model": routing.model_version, "decision": routing.decision})


def _guesses(routing: "Routing", level: str) -> "Sequence[Guess]":
    return getattr(routing, level)[:STORED_GUESSES]


def _rule_for(routing: "Routing", submission: Submission) -> RoutingRule | None:
    """The first rule of the table that fits the best guess; a rule for the place goes before."""
    initiative = int(routing.initiative[0].value)
    for rule in RoutingRule.objects.current().select_related("lead").prefetch_related("co"):
        if rule.initiative_id not in {None, initiative}:
            continue
        if rule.province_id and rule.province_id != submission.province_id:
            continue
        if rule.nature and rule.nature != routing.nature[0].value:
            continue
        return rule
    return None

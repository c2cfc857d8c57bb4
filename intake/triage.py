"""From text to a suggested assignment: calls the classifier, stores what it said, keeps to the policy.

Runs in the worker and in commands, never in a web request: importing the model costs seconds.
"""

import json
import logging
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.timezone import now

from . import services
from .directory import taxonomy
from .learning import policies
from .models import Agency, Event, Nature, Prediction, RoutingRule, Submission, Triage
from .models.submission import SubmissionQuerySet
from .outbox import record
from .redaction import redact
from .workflow import InvalidTransition, StaleSubmission, Status

if TYPE_CHECKING:
    from classifier.routing import Guess, Routing
    from classifier.service import Router

log = logging.getLogger(__name__)

STORED_GUESSES = 5
SHIPPED_MODEL = Path(settings.BASE_DIR) / "classifier" / "model"
# Of a hundred submissions, those drawn by lot for a person to decide, whatever the policy says.
SAMPLED_PERCENT = 15
LOOKED_AT = timedelta(minutes=30)


def model_folder() -> Path:
    """The promoted model of this installation, or the one that ships with the code."""
    promoted = settings.MODELS_DIR / "current"
    return promoted if (promoted / "manifest.json").exists() else SHIPPED_MODEL


def router() -> "Router":
    """The model in use, loaded once a process and again as soon as another one is promoted."""
    folder = model_folder().resolve()
    return _loaded(folder, (folder / "manifest.json").stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _loaded(folder: Path, stamp: int) -> "Router":
    from classifier.artifact import UntrustedModel
    from classifier.service import load_router

    try:
        found = load_router(folder)
    except UntrustedModel:
        if folder == SHIPPED_MODEL.resolve():
            raise
        # Damaged on disk: submissions go on being read, and somebody is told.
        log.exception("the promoted model cannot be read, the shipped one takes its place")
        found = load_router(SHIPPED_MODEL)
    _note(found)
    return found


def _note(router: "Router") -> None:
    """For those who load no model: what was loaded, and with which encoder."""
    note = {"version": router.model.version, "encoder": router.encoder.name if router.encoder else ""}
    with suppress(OSError):
        settings.MODELS_DIR.mkdir(parents=True, exist_ok=True)
        fresh = settings.MODELS_DIR / f".loaded-{os.getpid()}"
        fresh.write_text(json.dumps(note), encoding="utf-8")
        os.replace(fresh, settings.MODELS_DIR / "loaded.json")


def loaded_with() -> str | None:
    """The encoder that the model in use was last loaded with here, empty without; None: not loaded yet."""
    path = settings.MODELS_DIR / "loaded.json"
    note = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return note["encoder"] if note.get("version") == in_use() else None


def text_of(submission: Submission) -> str:
    """What the model reads: offsets of its reasons count in this text."""
    return f"{submission.redacted_title}\n{submission.redacted_body}"


def route(texts: Sequence[str]) -> "list[Routing]":
    """What the current model says of these texts, personal data masked first."""
    return router().route([redact(text) for text in texts], taxonomy=taxonomy())


def triage(submissions: Sequence[Submission]) -> None:
    """Store one `Triage` per submission for the current model; a second run changes nothing."""
    held = policies.held()
    if not submissions:
        return
    routings = router().route(
        [text_of(submission) for submission in submissions],
        taxonomy=taxonomy(),
        provinces=[submission.province_id or "" for submission in submissions],
        policy=held.policy,
    )
    for submission, routing in zip(submissions, routings, strict=True):
        row = _store(submission, routing, held.row_id)
        if row and row.decision == Triage.Decision.ASSIGN:
            _assign(submission, row)


def in_use() -> str:
    """The version that the files say is in use, without loading it."""
    manifest = model_folder() / "manifest.json"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["version"]) if manifest.is_file() else ""


def outdated(version: str) -> SubmissionQuerySet:
    """Undecided submissions that another model than this version was the last to read, newest first.

    Without those that somebody has just opened: what a person looks at does not change under their eyes.
    """
    last = Triage.objects.filter(submission=OuterRef("pk")).order_by("-pk").values("model_version")[:1]
    waiting = Submission.objects.for_the_machine().filter(status=Status.RECEIVED, nature="")
    looked_at = waiting.filter(openings__opened_at__gt=now() - LOOKED_AT)
    found = waiting.annotate(read_by=Subquery(last)).exclude(read_by=None).exclude(read_by=version)
    return found.exclude(pk__in=looked_at.values("pk")).order_by("-pk")


def reread(submissions: Sequence[Submission]) -> None:
    """Have the model in use read again what another has read; what that one said is kept beside it."""
    version = router().model.version
    stale = [one for one in submissions if getattr(one.triages.first(), "model_version", version) != version]
    # What this version said before another was tried: said anew, so that it is the last word again.
    Triage.objects.filter(submission__in=stale, model_version=version).delete()
    triage(stale)


def sampled(submission: Submission) -> bool:
    """Drawn by lot: receipt codes are random, so their checksum is one."""
    return zlib.crc32(submission.receipt_code.encode()) % 100 < SAMPLED_PERCENT


@transaction.atomic
def _store(submission: Submission, routing: "Routing", policy_id: int | None) -> Triage | None:
    """The new row; None if this model had looked before, or may not look any more."""
    if not Submission.objects.for_the_machine().select_for_update().filter(pk=submission.pk).exists():
        return None  # sealed, or objected to, while it was being read
    lead_code = routing.agency[0].value if routing.agency else ""
    rule = _rule_for(routing, submission)
    lead = Agency.objects.filter(code=lead_code).first() or (rule.lead if rule else None)
    drawn = sampled(submission)
    row, fresh = Triage.objects.get_or_create(
        submission=submission,
        model_version=routing.model_version,
        defaults={
            "decision": _decision(routing, lead, drawn=drawn),
            "lead": lead,
            "basis": rule.basis if rule and lead == rule.lead else "",
            "language_form": routing.language_form,
            "reasons": [asdict(reason) for reason in routing.reasons],
            "vector": None if routing.vector is None else routing.vector.astype("float16").tobytes(),
            "unknown": routing.unknown,
            "likely": {level: [str(value) for value in values] for level, values in routing.likely.items()},
            "sampled": drawn,
            "policy_id": policy_id,
        },
    )
    if not fresh:
        return None
    if rule and lead == rule.lead:
        row.co_agencies.set(rule.co.all())
    Prediction.objects.bulk_create(
        Prediction(triage=row, level=level, rank=rank, value=str(guess.value), p=min(1.0, max(0.0, guess.p)))
        for level in Prediction.Level.values
        for rank, guess in enumerate(_guesses(routing, level), start=1)
    )
    record(submission, Event.Name.TRIAGED, data={"model": routing.model_version, "decision": row.decision})
    return row


def _decision(routing: "Routing", lead: Agency | None, *, drawn: bool) -> str:
    """What may be done; only what is plainly in scope and not drawn by lot goes without a person."""
    plain = routing.nature[0].value == Nature.IN_SCOPE and routing.initiative[0].value != 0
    if routing.decision == Triage.Decision.ASSIGN and (drawn or not plain or lead is None):
        return Triage.Decision.SUGGEST
    return routing.decision


def _assign(submission: Submission, row: Triage) -> None:
    """The policy's own assignment: an event without an actor, undone like any other."""
    waiting = Submission.objects.for_the_machine().filter(pk=submission.pk, status=Status.RECEIVED, nature="").first()
    if waiting is None or waiting.assignments.exists() or row.lead is None:
        return  # people came before it, or the sender objected
    try:
        services.assign(waiting, lead=row.lead, co_agencies=row.co_agencies.all(), actor=None)
    except (StaleSubmission, InvalidTransition):
        log.info("submission %s was moved before the policy could assign it", submission.pk)


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

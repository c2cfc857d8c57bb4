import sys
from itertools import islice

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from intake import triage
from intake.jsonl import items, line
from intake.learning import policies
from intake.models import Agency, Initiative, Nature, StrategicSystem
from intake.redaction import redact

BATCH = 64
OUTSIDE = "Ngoài phạm vi"
LEVELS = ("nature", "system", "initiative", "agency")


class Command(BaseCommand):
    help = 'Route texts: JSON lines {"id", "text"} on standard input, predictions as JSON lines on standard output.'

    def handle(self, **options) -> None:
        taxonomy, names = self._directory()
        router = triage.router()
        policy = _policy()
        given = items(sys.stdin.buffer)
        while batch := list(islice(given, BATCH)):
            texts = [redact(item["text"]) for item in batch if "error" not in item]
            routings = iter(router.route(texts, taxonomy=taxonomy, policy=policy))
            for item in batch:
                if "error" in item:
                    self.stdout.write(line(item))
                    continue
                routing = next(routings)
                self.stdout.write(
                    line(
                        {"id": item["id"]}
                        | {level: _guesses(getattr(routing, level), names[level]) for level in LEVELS}
                        | {"decision": routing.decision, "decisions": routing.decisions}
                        | {"model_version": routing.model_version}
                    )
                )

    def _directory(self):
        """Today's directories; before the first start, those the model was trained with."""
        natures = {nature.value: str(nature.label) for nature in Nature}
        try:
            agencies = dict(Agency.objects.current().values_list("code", "name"))
        except DatabaseError:
            agencies = {}
        if not agencies:
            known = triage.router().model.taxonomy
            systems = {number: f"Hệ thống {number}" for number in known.systems}
            initiatives = {number: f"Sáng kiến {number}" for group in known.systems.values() for number in group}
            taxonomy, agencies = None, {code: names.name for code, names in known.agencies.items()}
        else:
            taxonomy = triage.taxonomy()
            systems = dict(StrategicSystem.objects.values_list("pk", "name"))
            initiatives = dict(Initiative.objects.values_list("pk", "title"))
        return taxonomy, {
            "nature": natures,
            "system": {0: OUTSIDE} | systems,
            "initiative": {0: OUTSIDE} | initiatives,
            "agency": agencies,
        }


def _policy():
    """What holds here; before the first start, as shipped."""
    try:
        return policies.held().policy
    except DatabaseError:
        return None


def _guesses(guesses, names: dict) -> list[dict]:
    return [{"value": g.value, "name": names.get(g.value, str(g.value)), "p": round(float(g.p), 4)} for g in guesses]

import json
import sys
from collections.abc import Iterator
from itertools import islice

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from intake import triage
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
        lines = (line for line in sys.stdin.buffer if line.strip())
        while batch := list(islice(lines, BATCH)):
            items = list(self._items(batch))
            texts = [redact(item["text"]) for item in items if "error" not in item]
            routings = iter(router.route(texts, taxonomy=taxonomy))
            for item in items:
                if "error" in item:
                    self._write(item)
                    continue
                routing = next(routings)
                self._write(
                    {"id": item["id"]}
                    | {level: _guesses(getattr(routing, level), names[level]) for level in LEVELS}
                    | {"decision": routing.decision, "model_version": routing.model_version}
                )

    def _items(self, lines: list[bytes]) -> Iterator[dict]:
        for line in lines:
            known = None
            try:
                item = json.loads(line.decode("utf-8-sig", errors="replace"))
                known = item["id"]
                if known is None or not isinstance(item["text"], str):
                    raise TypeError("an id and a text are needed")
                yield {"id": known, "text": item["text"]}
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                yield {"id": known, "error": f"{type(error).__name__}: {error}"}

    def _write(self, row: dict) -> None:
        self.stdout.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace").decode())

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


def _guesses(guesses, names: dict) -> list[dict]:
    return [{"value": g.value, "name": names.get(g.value, str(g.value)), "p": round(float(g.p), 4)} for g in guesses]

"""What is known of the model in use: its card as data, and how officers have judged it since."""

import json
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils.timezone import now

from .models import RoutingDecision, Triage
from .triage import model_folder

LEVELS = ("initiative", "scope", "agency", "nature")


@dataclass(frozen=True)
class Measure:
    """A level of the model on texts held out of its training: shares in [0, 1]."""

    level: str
    rows: int
    top1: float
    top3: float
    calibration_error: float


@dataclass(frozen=True)
class Record:
    """What officers did with the suggestions of the last 90 days."""

    triaged: int
    abstained: int
    decided: int
    agreed: int

    @property
    def abstained_share(self) -> float | None:
        return self.abstained / self.triaged if self.triaged else None

    @property
    def agreed_share(self) -> float | None:
        return self.agreed / self.decided if self.decided else None


def card() -> dict:
    """`card.json` of the model in use; empty when there is no model."""
    path = model_folder() / "card.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def version() -> str:
    path = model_folder() / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")).get("version", "") if path.is_file() else ""


def measures(card: dict) -> list[Measure]:
    """Measured with the encoder where the card has it, else on words alone."""
    held_out = card.get("held_out", {})
    found = []
    for level in LEVELS:
        row = held_out.get(level)
        best = row and (row.get("words_and_meaning") or row.get("words"))
        if best:
            found.append(Measure(level, row["rows"], best["top1"], best["top3"], best["calibration_error"]))
    return found


def record() -> Record:
    since = now() - timedelta(days=90)
    triaged = Triage.objects.filter(created_at__gte=since).aggregate(
        all=Count("pk"), abstained=Count("pk", filter=Q(decision=Triage.Decision.ABSTAIN))
    )
    decided = RoutingDecision.objects.filter(created_at__gte=since).aggregate(
        all=Count("pk"), agreed=Count("pk", filter=Q(reason=RoutingDecision.Reason.AGREED))
    )
    return Record(triaged["all"], triaged["abstained"], decided["all"], decided["agreed"])

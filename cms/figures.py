"""The figures of the home page: counted from the database, each with its period."""

from datetime import timedelta
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, Count, F, Q
from django.utils.timezone import localdate, now

from intake.models import Rating, StrategicSystem, Submission

_KEEP = 60  # seconds: a busy home page counts once a minute


def home_figures() -> dict[str, Any]:
    """Answers just published, counts by system, and the last thirty days."""
    from .models import AnswerPage

    figures = cache.get("cms.home") or _count()
    cache.set("cms.home", figures, _KEEP)
    latest = AnswerPage.objects.live().public().select_related("agency").order_by("-answered_on", "-pk")[:5]
    systems = [(system, figures["published"].get(system.pk, 0)) for system in StrategicSystem.objects.order_by("pk")]
    return {"latest": latest, "figures": figures, "as_of": localdate(), "systems": systems}


def _count() -> dict[str, Any]:
    from .models import AnswerPage

    since = now() - timedelta(days=30)
    month = Submission.objects.filter(created_at__gte=since)
    answered = Submission.objects.filter(answered_at__gte=since)
    moments = answered.values_list("created_at", "answered_at")[:5000]
    days = [(answer - sent).days for sent, answer in moments if answer]
    closed = answered.exclude(due_at=None).aggregate(
        all=Count("pk"), on_time=Count("pk", filter=Q(answered_at__lte=F("due_at")))
    )
    rated = Rating.objects.filter(rated_at__gte=since).aggregate(score=Avg("score"), n=Count("pk"))
    published = dict(
        AnswerPage.objects.live().public().exclude(system=None).values_list("system").annotate(n=Count("pk")).order_by()
    )
    return {
        "received": month.count(),
        "answered": answered.count(),
        "on_time": round(100 * closed["on_time"] / closed["all"]) if closed["all"] else None,
        "median_days": round(median(days)) if days else None,
        "rating": rated["score"],
        "published": published,
    }

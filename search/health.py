"""What `/healthz` says: each part that this installation needs, and whether it works.

Reasons are the names of exceptions, never their text: an address may hold a password.
"""

import json
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min
from django.utils.timezone import now

from intake import model_card, triage
from intake.models import Event

from . import heartbeat
from .engines import engine

Part = dict[str, Any]


def report() -> tuple[dict[str, Any], bool]:
    """The whole report, and whether everything works."""
    parts = {
        "database": _checked(database),
        "queue": _checked(queue),
        "search": _checked(search),
        "model": _checked(model),
    }
    well = all(part["ok"] for part in parts.values())
    backlog = _backlog() if parts["database"]["ok"] else {"pending_events": None, "oldest_pending_seconds": None}
    return {"status": "ok" if well else "failing", "profile": profile(), **parts, **backlog}, well


def profile() -> str:
    servers = [connection.vendor != "sqlite", bool(settings.REDIS_URL), bool(settings.ELASTICSEARCH_URL)]
    return "cluster" if all(servers) else "mixed" if any(servers) else "embedded"


def _checked(check: Callable[[], Part]) -> Part:
    try:
        return {"ok": True, **check()}
    except Exception as error:  # noqa: BLE001 (a health check must answer whatever is broken)
        return {"ok": False, "error": type(error).__name__}


def database() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"engine": connection.vendor}


def queue() -> Part:
    """The broker takes a connection, and a worker was heard of lately."""
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=0, timeout=2)
    age = heartbeat.age()
    alive = age is not None and age <= heartbeat.OLDEST
    part = {"broker": "redis" if settings.REDIS_URL else "files", "ok": alive}
    return part | {"heartbeat_seconds": None if age is None else round(age)}


def search() -> Part:
    chosen = engine()
    chosen.check()
    return {"engine": chosen.name}


def model() -> Part:
    """The manifest of the model in use, read without loading the model."""
    manifest = json.loads((triage.model_folder() / "manifest.json").read_text(encoding="utf-8"))
    return {"version": manifest["version"], "reads": model_card.reads()}


def _backlog() -> dict[str, Any]:
    """Events nobody has heard of yet: past ten minutes somebody must look."""
    waiting = Event.objects.filter(dispatched_at=None).aggregate(n=Count("pk"), oldest=Min("created_at"))
    oldest = waiting["oldest"]
    return {
        "pending_events": waiting["n"],
        "oldest_pending_seconds": round((now() - oldest).total_seconds()) if oldest else 0,
    }

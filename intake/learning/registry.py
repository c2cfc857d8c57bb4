"""The models of this installation: rows that say who and why, folders that hold them, one link in use.

`MODELS_DIR/versions/<version>` holds a model; `MODELS_DIR/current` points to the one in use and is
absent while the shipped one is. The link is swapped in one step; processes look at it whenever they
route (`triage.router`).
"""

import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import make_aware, now

from ..models import ModelChange, ModelVersion
from ..triage import SHIPPED_MODEL

if TYPE_CHECKING:
    from classifier.model import Model

Status, Action = ModelVersion.Status, ModelChange.Action


class UnusableModel(Exception):
    """The folder of the version is gone, or is not what it was when it was written."""


def folder_of(version: ModelVersion) -> Path:
    return SHIPPED_MODEL if version.shipped else settings.MODELS_DIR / "versions" / version.version


def card_of(version: ModelVersion) -> dict[str, Any]:
    return _json(folder_of(version) / "card.json")


def usable(version: ModelVersion) -> bool:
    """Whether its folder is there, holds it, and is written as this code reads it.

    A shipped one goes with the code it came with.
    """
    from classifier.artifact import FORMAT

    manifest = _json(folder_of(version) / "manifest.json")
    return manifest.get("version") == version.version and manifest.get("format") == FORMAT


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@transaction.atomic
def shipped() -> ModelVersion:
    """Version 0, the model that came with the code; in use until another is promoted."""
    version = _json(SHIPPED_MODEL / "manifest.json").get("version", "")
    known = ModelVersion.objects.filter(version=version).first()
    if known:
        return known
    card = _json(SHIPPED_MODEL / "card.json")
    champion = ModelVersion.objects.filter(status=Status.CHAMPION).first()
    if champion and champion.shipped:
        # New code brought a new model: it takes the place of the one that came before it.
        ModelVersion.objects.filter(pk=champion.pk).update(status=Status.RETIRED)
        champion = None
    return ModelVersion.objects.create(
        version=version,
        shipped=True,
        status=Status.RETIRED if champion else Status.CHAMPION,
        trained_at=_midnight(card.get("data", {}).get("as_of", "")),
        rows=card.get("data", {}).get("rows", 0),
        metrics={"encoder": card.get("encoder") or ""},
    )


def _midnight(day: str) -> datetime:
    return make_aware(datetime.fromisoformat(day)) if day else now()


def champion() -> ModelVersion:
    """The model in use."""
    first = shipped()
    return ModelVersion.objects.filter(status=Status.CHAMPION).first() or first


def keep(model: "Model", **facts: Any) -> ModelVersion:
    """Write a trained model and enter it as a challenger; the same content is the same version."""
    from classifier import artifact

    versions = settings.MODELS_DIR / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    fresh = versions / f".new-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    name = artifact.save(fresh, model)
    if (versions / name).exists():
        shutil.rmtree(fresh)
    else:
        os.replace(fresh, versions / name)
    row, _ = ModelVersion.objects.update_or_create(
        version=name, defaults={"rows": model.card["data"]["rows"], "trained_at": now(), **facts}
    )
    return row


def promote(version: ModelVersion, *, actor=None, why: str = "", action: str = Action.PROMOTED) -> None:
    """Put a version to use, everywhere and in one step. Raises UnusableModel."""
    _try(version)
    with transaction.atomic():
        champion()
        ModelVersion.objects.select_for_update().filter(status=Status.CHAMPION).exclude(pk=version.pk).update(
            status=Status.RETIRED
        )
        ModelVersion.objects.filter(pk=version.pk).update(status=Status.CHAMPION)
        ModelChange.objects.create(version=version, action=action, actor=actor, why=why)
        # Last: where the link cannot be set, the rows stay as they were.
        _point(None if version.shipped else folder_of(version))
    version.refresh_from_db()


def rolled_back() -> bool:
    """Whether the last thing that people or the rule of promotion did was a person's way back."""
    change = ModelChange.objects.filter(action__in=(Action.PROMOTED, Action.ROLLED_BACK)).first()
    return change is not None and change.action == Action.ROLLED_BACK


def before() -> ModelVersion | None:
    """The version to go back to: the one below the present one, where a promotion piles up and a way back takes off."""
    pile = [shipped()]
    changes = ModelChange.objects.exclude(action=Action.KEPT).select_related("version").order_by("pk")
    for change in changes:
        if change.action in (Action.ROLLED_BACK, Action.FELL_BACK) and change.version in pile:
            del pile[pile.index(change.version) + 1 :]
        elif change.version != pile[-1]:
            pile.append(change.version)
    below = [version for version in pile if version.pk != champion().pk and usable(version)]
    return below[-1] if below else None


def roll_back(*, actor=None, why: str = "") -> ModelVersion:
    """Back to the version used before. Raises UnusableModel where there is none."""
    version = before()
    if version is None:
        raise UnusableModel("no version to go back to")
    promote(version, actor=actor, why=why, action=Action.ROLLED_BACK)
    return version


def reconcile() -> None:
    """Make the link agree with the rows, whatever a crash between the two has left.

    A champion whose folder is lost or damaged gives way to the shipped model.
    """
    present = champion()
    if not present.shipped and not (usable(present) and _readable(folder_of(present))):
        promote(shipped(), action=Action.FELL_BACK)
        return
    wanted = None if present.shipped else folder_of(present)
    link = settings.MODELS_DIR / "current"
    if (link.resolve() if link.exists() else None) != (wanted and wanted.resolve()):
        _point(wanted)


@lru_cache(maxsize=4)
def _readable(folder: Path) -> bool:
    """Whether this code can read it; looked at once a process, since a version is written once."""
    from classifier import artifact

    try:
        artifact.load(folder)
    except (artifact.UntrustedModel, OSError):
        return False
    return True


def _try(version: ModelVersion) -> None:
    """A model that cannot be read is never put to use."""
    from classifier import artifact

    try:
        loaded = artifact.load(folder_of(version))
    except (artifact.UntrustedModel, OSError) as error:
        raise UnusableModel(version.version) from error
    if loaded.version != version.version:
        raise UnusableModel(version.version)


def _point(folder: Path | None) -> None:
    link: Path = settings.MODELS_DIR / "current"
    if link.is_dir() and not link.is_symlink():
        # A model put there by hand, before there were versions: kept beside the others.
        link.rename(settings.MODELS_DIR / f"by-hand-{now():%Y%m%d%H%M%S}")
    if folder is None:
        link.unlink(missing_ok=True)
        return
    _replaced(link, lambda fresh: fresh.symlink_to(os.path.relpath(folder, link.parent)))


def _replaced(path: Path, write: Callable[[Path], None]) -> None:
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    write(fresh)
    os.replace(fresh, path)

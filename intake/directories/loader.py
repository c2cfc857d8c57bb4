"""Brings the reviewed files into the database, again and again, without undoing people's edits.

Each row remembers, in ``seeded``, what the files said when it was last written. Rows are
matched by their natural key and written in bulk; nothing is ever deleted.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction

from intake.models import DirectoryEntry

from .decide import Action, Values, decide
from .tables import DATA, TABLES, Row, Table

BATCH = 500
SKIPPED = {"id", "seeded", "folded"}


@dataclass
class Report:
    """What happened in one directory; ``counts`` sums to the rows of its file."""

    label: str
    counts: dict[Action, int] = field(default_factory=lambda: dict.fromkeys(Action, 0))
    conflicts: list[str] = field(default_factory=list)
    """Keys of rows that both an administrator and the file have changed."""
    vanished: list[str] = field(default_factory=list)
    """Keys of rows that were loaded once and are no longer in the file."""


@dataclass(frozen=True)
class Pending:
    action: Action
    values: Values
    row: DirectoryEntry


class Keys:
    """Natural keys of the directories already passed, in both directions."""

    def __init__(self) -> None:
        self._key: dict[type[models.Model], dict[Any, str]] = {}
        self._pk: dict[type[models.Model], dict[str, Any]] = {}

    def learn(self, model: type[models.Model], keys: dict[Any, str]) -> None:
        self._key[model] = keys
        self._pk[model] = {key: pk for pk, key in keys.items()}

    def key(self, model: type[models.Model], pk: Any) -> str | None:
        """The key of a row; its primary key where a directory has no file that names it."""
        return None if pk is None else self._key.get(model, {}).get(pk, f"#{pk}")

    def pk(self, model: type[models.Model], key: str | None) -> Any:
        """Raises ``LookupError`` for a key that no row has."""
        if not key:
            return None
        try:
            return self._pk[model][key]
        except KeyError:
            raise LookupError(f"{model.__name__} {key!r} is not in its file") from None


class Directory:
    """One table, its file and its rows in the database, in the same JSON shape."""

    def __init__(self, table: Table, keys: Keys) -> None:
        self.table = table
        self.keys = keys
        self.manager: Any = table.model._base_manager
        meta = table.model._meta
        self.fields: list[Any] = [f for f in meta.concrete_fields if f.name not in SKIPPED]
        self.many: list[Any] = list(meta.local_many_to_many)

    # --- the two sides, as JSON values ---------------------------------------------------

    def from_file(self, row: Row) -> Values:
        unknown = set(row) - {f.name for f in [*self.fields, *self.many]}
        if unknown:
            raise LookupError(f"{self.table.file}: no such field: {', '.join(sorted(unknown))}")
        values = {f.name: self._clean(f, row.get(f.name)) for f in self.fields}
        return values | {f.name: sorted(row.get(f.name, ())) for f in self.many}

    def _clean(self, target: Any, value: Any) -> Any:
        if value in (None, ""):
            return None if target.null else target.get_default()
        if target.is_relation:
            return str(value)
        return _plain(target.to_python(value))

    def from_database(self, row: DirectoryEntry, linked: dict[str, list[str]]) -> Values:
        values: Values = {}
        for target in self.fields:
            value = getattr(row, target.attname)
            if target.is_relation:
                value = self.keys.key(target.related_model, value)
            values[target.name] = _plain(value)
        return values | linked

    def links(self) -> dict[Any, dict[str, list[str]]]:
        """Row's primary key -> field -> sorted keys of the rows it points to."""
        found: dict[Any, dict[str, list[str]]] = defaultdict(lambda: {target.name: [] for target in self.many})
        for target in self.many:
            source, other = target.m2m_field_name(), target.m2m_reverse_field_name()
            through = target.remote_field.through.objects.values_list(f"{source}_id", f"{other}_id")
            for pk, other_pk in through:
                key = self.keys.key(target.related_model, other_pk)
                found[pk][target.name].append(str(key))
        for linked in found.values():
            for keys in linked.values():
                keys.sort()
        return found

    def key_of(self, values: Values) -> str:
        return "/".join(str(values[name]) for name in self.table.key)

    # --- loading -------------------------------------------------------------------------

    def load(self, folder: Path, *, overwrite: bool) -> Report:
        report = Report(self.table.label)
        links = self.links()
        known: dict[str, tuple[DirectoryEntry, Values]] = {}
        for row in self.manager.order_by():
            values = self.from_database(row, links[row.pk])
            known[self.key_of(values)] = row, values
        pending = list(self._plan(folder, known, report, overwrite))
        self._write(pending)
        report.vanished = sorted(key for key, (row, _) in known.items() if row.seeded)
        self.keys.learn(self.table.model, self._all_keys(known, pending))
        return report

    def _plan(
        self,
        folder: Path,
        known: dict[str, tuple[DirectoryEntry, Values]],
        report: Report,
        overwrite: bool,
    ) -> Iterable[Pending]:
        """Takes from ``known`` every row the file names; what is left has vanished from it."""
        seen: set[str] = set()
        for line in self.table.rows(folder):
            values = self.from_file(line)
            key = self.key_of(values)
            if key in seen:
                raise LookupError(f"{self.table.file}: {key} stands there twice")
            seen.add(key)
            row, current = known.pop(key, (self.table.model(), None))
            action = decide(values, current, row.seeded, overwrite=overwrite)
            report.counts[action] += 1
            if action is Action.CONFLICT:
                report.conflicts.append(key)
            yield Pending(action, values, row)

    def _write(self, pending: Sequence[Pending]) -> None:
        new: list[Pending] = []
        changed: list[Pending] = []
        agreed: list[DirectoryEntry] = []
        for item in pending:
            if item.action in (Action.CREATE, Action.UPDATE):
                self._fill(item.row, item.values)
                (new if item.action is Action.CREATE else changed).append(item)
            elif item.action is Action.NOTHING and item.row.seeded != item.values:
                item.row.seeded = item.values
                agreed.append(item.row)
        columns = [f.name for f in self.table.model._meta.concrete_fields if not f.primary_key]
        self.manager.bulk_create([item.row for item in new], batch_size=BATCH)
        self._rewrite([item.row for item in changed], columns)
        self._rewrite(agreed, ["seeded"])
        self._link([*new, *changed])

    def _rewrite(self, rows: list[DirectoryEntry], columns: list[str]) -> None:
        """An upsert: 14,000 rows in two seconds, where ``bulk_update`` takes twenty-five."""
        self.manager.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=columns,
        )

    def _fill(self, row: DirectoryEntry, values: Values) -> None:
        for target in self.fields:
            value = values[target.name]
            if target.is_relation:
                setattr(row, target.attname, self.keys.pk(target.related_model, value))
            else:
                setattr(row, target.attname, target.to_python(value))
        row.seeded = values

    def _link(self, items: Sequence[Pending]) -> None:
        for target in self.many:
            for item in items:
                wanted = [self.keys.pk(target.related_model, key) for key in item.values[target.name]]
                getattr(item.row, target.name).set(wanted)

    def _all_keys(self, left: dict[str, tuple[DirectoryEntry, Values]], pending: Sequence[Pending]) -> dict[Any, str]:
        keys = {row.pk: key for key, (row, _) in left.items()}
        return keys | {item.row.pk: self.key_of(item.values) for item in pending}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def load(*, overwrite: bool = False, dry_run: bool = False, folder: Path = DATA) -> list[Report]:
    """Load every directory in one transaction; ``dry_run`` reports and rolls it back.

    Raises ``LookupError`` when a file names a row or field that does not exist, or a key twice.
    """
    keys = Keys()
    with transaction.atomic():
        reports = [Directory(table, keys).load(folder, overwrite=overwrite) for table in TABLES]
        transaction.set_rollback(dry_run)
    return reports

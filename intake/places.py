"""Finding a commune or province by whatever people write: letters, old names, whole addresses.

Everything is compared folded (no case, no diacritics). Names that hold on the day come first,
then the wards and districts of before 01/07/2025, which lead to the units that took them over.
Two queries as a rule, never more than four.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from django.core.cache import cache
from django.db.models import Q
from django.db.models.functions import Length
from django.utils import timezone

from classifier.text import nfc

from .models import Commune, FormerProvince, FormerUnit, Province
from .models.directories.base import folded_words
from .models.directories.places import FORMER_KIND
from .place_reading import DISTRICT_KINDS, Part, Reading, cut, readings

MAX_RESULTS = 50
CANDIDATES = 150
UNREAD = ("seeded", "source", "commune__seeded", "commune__source")
TODAY_ABOVE = 50
LONGEST_NAME = 5
NONE = Q(pk__in=[])
ANY = ~NONE
CACHE_KEY = "intake.places.provinces"
CACHE_SECONDS = 600
NICKNAMES = {
    "hcm": "79",
    "sai gon": "79",
    "br vt": "79",
    "brvt": "79",
    "hn": "01",
    "dac lac": "66",
    "daklak": "66",
    "bac can": "19",
}


@dataclass(frozen=True)
class PlaceMatch:
    """A unit of the day that answers a query.

    ``matched_name`` is the name the query hit. ``score`` runs from 0 to 100; names of today
    lie above 50 and old names below, except that a query for a district puts its heirs first.
    """

    commune: Commune
    matched_name: str
    via: Literal["current", "former"]
    score: float


@dataclass(frozen=True)
class Hit:
    rank: float
    match: PlaceMatch


def find_province(text: str) -> Province | None:
    """The province of today that has this name, or took in the one that had it."""
    parts = cut(text)
    if len(parts) != 1:
        return None
    code = _province_names().get(parts[0].name)
    return Province.objects.filter(pk=code).first() if code else None


def find_communes(text: str, limit: int = 10, on: dt.date | None = None) -> list[PlaceMatch]:
    """Units that hold ``on`` a day (today when not given), best first, at most 50."""
    ways = readings(text, _province_names()) if text.strip() else []
    limit = min(limit, MAX_RESULTS)
    if not ways or limit < 1:
        return []
    date = on or timezone.localdate()
    hits = list(_current(ways, date))
    if sum(hit.rank == 0 and hit.match.score > TODAY_ABOVE for hit in hits) < limit:
        hits += _former(ways, date)
    return _best(hits)[:limit]


def _best(hits: Sequence[Hit]) -> list[PlaceMatch]:
    """One match a unit, of the readings that use most of the query."""
    rank = min((hit.rank for hit in hits), default=0)
    best: dict[tuple[str, str], PlaceMatch] = {}
    for match in (hit.match for hit in hits if hit.rank == rank):
        key = match.commune.code, match.via
        if key not in best or match.score > best[key].score:
            best[key] = match
    ranked = [_agreed(match, best) for match in best.values()]
    ranked.sort(key=lambda m: (-m.score, m.commune.folded, m.commune.code))
    seen: dict[str, PlaceMatch] = {}
    for match in ranked:
        seen.setdefault(match.commune.code, match)
    return list(seen.values())


def _agreed(match: PlaceMatch, best: Mapping[tuple[str, str], PlaceMatch]) -> PlaceMatch:
    """A unit that bears the name and took over its old bearer goes before its namesakes."""
    other = best.get((match.commune.code, "former" if match.via == "current" else "current"))
    return replace(match, score=match.score + round(other.score) / 100) if other else match


def _province_names() -> dict[str, str]:
    """Folded name, of today or former, or nickname -> code of the province of today."""
    names: dict[str, str] | None = cache.get(CACHE_KEY)
    if names is None:
        today = Province.objects.order_by().values_list("folded", "pk")
        former = FormerProvince.objects.order_by().values_list("folded", "province_id")
        names = dict(today.union(former))
        if names:
            names = NICKNAMES | names
            cache.set(CACHE_KEY, names, CACHE_SECONDS)
    return names


def _accents(part: Part, name: str) -> float:
    """6 when the diacritics typed are those of the name; nothing when none were typed."""
    typed = not part.typed.isascii() and part.typed in nfc(name).lower()
    return 6 if typed else 0


# --- Names of today ------------------------------------------------------------------------------


def _current(ways: Sequence[Reading], date: dt.date) -> Iterator[Hit]:
    alone = [way for way in ways if not way.above and not way.name.numbered]
    wanted = Q()
    for way in alone:
        name = way.name.name
        clause = Q(folded__startswith=name)
        if len(name) > 2:
            clause |= Q(folded__contains=f" {name}")
        wanted |= clause & Q(province=way.province) if way.province else clause
    if not wanted:
        return
    found = Commune.objects.on(date).filter(wanted).select_related("province").defer(*UNREAD[:2])
    for commune in found.order_by(Length("folded"), "folded", "code")[:CANDIDATES]:
        for way in alone:
            if score := _current_score(way, commune):
                yield Hit(way.rank, PlaceMatch(commune, str(commune), "current", score))


def _current_score(way: Reading, commune: Commune) -> float:
    name = way.name.name
    if way.province not in ("", commune.province_id):
        return 0
    if commune.folded == name:
        score = 78.0
    elif commune.folded.startswith(name):
        score = 68.0 - min(len(commune.folded) - len(name), 10)
    elif len(name) > 2 and f" {name}" in commune.folded:
        score = 52.0
    else:
        return 0
    score += 4 if way.name.kind == commune.kind.replace("_", " ") else 0
    # "huyện Gia Lâm" asks for what became of it: namesakes of today come after its heirs.
    score -= 45 if way.name.kind in DISTRICT_KINDS else 0
    return score + _accents(way.name, commune.name)


# --- Old names -----------------------------------------------------------------------------------


def _former(ways: Sequence[Reading], date: dt.date) -> Iterator[Hit]:
    ways = [way for way in ways if way.above or way.rank == int(way.rank)]
    rows = FormerUnit.objects.filter(_net(ways)).select_related("commune__province").defer(*UNREAD)
    units = [(unit, unit.commune) for unit in rows.order_by("level", "folded", "pk")[:CANDIDATES] if unit.commune]
    today = _versions([heir for _unit, heir in units], date)
    order: Counter[tuple[str, str]] = Counter()
    for unit, heir in units:
        commune = today.get(heir.code)
        order[unit.level, unit.code] += 1
        for way in ways:
            score = _former_score(way, unit)
            if commune and score:
                # Rows of one unit stand in the order of how much each heir took.
                score -= order[unit.level, unit.code] / 100
                yield Hit(way.rank, PlaceMatch(commune, str(unit), "former", score))


def _net(ways: Iterable[Reading]) -> Q:
    """What the database can tell apart; ``_former_score`` keeps the true matches."""
    # Rows are many, so each beginning is compared once for all the readings that share it.
    by_start: dict[str, Q] = {}
    for way in ways:
        for name, rest in _splits(way.name):
            clause = Q(province=way.province) if way.province else ANY
            for term in (*rest, *(part.full_name for part in way.above)):
                clause &= Q(folded__contains=f" {term}")
            start = f"{name} " if rest else name
            by_start[start] = by_start.get(start, NONE) | clause
    net = NONE
    for start, clause in by_start.items():
        net |= Q(folded__startswith=start) & clause
    return net


def _splits(part: Part) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A name whole, and cut in two in case it runs on into what lies above it."""
    yield part.full_name, ()
    if not part.numbered:
        for at in range(1, min(len(part.words), LONGEST_NAME + 1)):
            yield " ".join(part.words[:at]), (" ".join(part.words[at:]),)


def _former_score(way: Reading, unit: FormerUnit) -> float:
    if way.province not in ("", unit.province_id):
        return 0
    part = way.name
    name, *parents = (_bare(full) for full in [unit.name, *unit.parent_names.split(", ")])
    if not all(_is_above(above.full_name, parents) for above in way.above):
        return 0
    if name == part.full_name:
        score = 30.0
    elif name.startswith(part.full_name) and not part.numbered:
        score = 20.0
    elif _runs_on(part, name, parents):
        score = 16.0
    else:
        return 0
    score += 4 * min(len(way.above), 2)
    score += 4 if part.kind and folded_words(unit.name).startswith(f"{part.kind} ") else 0
    return score + _accents(part, unit.name)


@lru_cache(maxsize=4096)
def _bare(full: str) -> str:
    """A unit's name, folded, without its kind unless only a number would be left."""
    name = FORMER_KIND.sub("", full, count=1)
    return folded_words(full if name.isdecimal() else name)


def _is_above(name: str, parents: Iterable[str]) -> bool:
    return any(parent == name or (parent.startswith(name) and not name[-1].isdecimal()) for parent in parents)


def _runs_on(part: Part, name: str, parents: Sequence[str]) -> bool:
    """``co bi gia lam``: a ward and what lies above it, written without a comma."""
    return part.name.startswith(f"{name} ") and _is_above(part.name[len(name) + 1 :], parents)


def _versions(communes: Sequence[Commune], date: dt.date) -> dict[str, Commune]:
    """Code -> the version of each unit that holds on the date."""
    held = {commune.code: commune for commune in communes if _holds(commune, date)}
    missing = {commune.code for commune in communes} - held.keys()
    if missing:
        later = Commune.objects.on(date).filter(code__in=missing).select_related("province")
        held |= {commune.code: commune for commune in later}
    return held


def _holds(commune: Commune, date: dt.date) -> bool:
    begun = commune.valid_from is None or commune.valid_from <= date
    return begun and (commune.valid_to is None or date < commune.valid_to)

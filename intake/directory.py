"""The directories as the classifier wants them, as they stand today."""

from typing import TYPE_CHECKING, Any

from .models import Agency, AgencySuccession, FormerProvince, Initiative, Province, RoutingRule
from .models.directories.base import folded_words

if TYPE_CHECKING:
    from classifier.taxonomy import Taxonomy

LONGEST_CHAIN = 5


def taxonomy() -> "Taxonomy":
    """Systems, initiatives, agencies with every name they had, leads and provinces that hold today."""
    from classifier.taxonomy import Taxonomy

    systems: dict[int, list[int]] = {}
    for initiative in Initiative.objects.current():
        systems.setdefault(initiative.system_id, []).append(initiative.pk)
    agencies = _agencies()
    leads, fallback = _leads(set(agencies))
    return Taxonomy.from_dict(
        {
            "systems": systems,
            "agencies": agencies,
            "leads": leads,
            "provinces": _provinces(),
            "default_agency": fallback,
        }
    )


def successor_of(code: str) -> str:
    """The code of the agency that answers today for what this one answered; empty if nobody does.

    A retired agency is followed through the whole-scope successions that name it.
    """
    for _step in range(LONGEST_CHAIN):
        agency = Agency.objects.filter(code=code).first()
        if agency is None:
            return ""
        if Agency.objects.current().filter(pk=agency.pk).exists():
            return code
        heir = _heirs().get(folded_words(agency.name))
        if heir is None:
            return ""
        code = heir
    return ""


def _heirs() -> dict[str, str]:
    """Folded name of a former body to the code of the agency that took over everything."""
    whole = AgencySuccession.objects.current().filter(scope="").select_related("successor")
    return {folded_words(row.predecessor_name): row.successor.code for row in whole}


def _agencies() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {
        agency.code: {"name": agency.name, "aliases": []}
        for agency in Agency.objects.current().order_by("order", "code")
    }
    names = {folded_words(entry["name"]) for entry in found.values()}
    for agency in Agency.objects.filter(code__in=found).prefetch_related("aliases"):
        today = agency.aliases.current().values_list("text", flat=True)
        found[agency.code]["aliases"] += list(today)
    for row in AgencySuccession.objects.current().filter(scope="").select_related("successor"):
        # A body that still answers under this name keeps it for itself.
        if row.successor.code in found and folded_words(row.predecessor_name) not in names:
            found[row.successor.code]["aliases"].append(row.predecessor_name)
    return found


def _leads(known: set[str]) -> tuple[dict[int, tuple[str, tuple[str, ...]]], str]:
    """Initiative to its lead and the others, and who leads where no rule does."""
    rules = RoutingRule.objects.current().filter(province=None, nature="").select_related("lead").prefetch_related("co")
    leads: dict[int, tuple[str, tuple[str, ...]]] = {}
    fallback = ""
    for rule in rules:
        lead = rule.lead.code if rule.lead.code in known else successor_of(rule.lead.code)
        if not lead:
            continue
        if rule.initiative_id is None:
            fallback = fallback or lead
        else:
            others = tuple(agency.code for agency in rule.co.all() if agency.code in known)
            leads.setdefault(rule.initiative_id, (lead, others))
    return leads, fallback


def _provinces() -> dict[str, list[str]]:
    names = {province.code: [province.name] for province in Province.objects.current()}
    for former in FormerProvince.objects.all():
        names.setdefault(former.province_id, []).append(former.name)
    return names

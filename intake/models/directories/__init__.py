"""The directories: reviewed data that administrators may edit, versioned by date."""

from .agencies import Agency, AgencyAlias, AgencySuccession
from .base import DirectoryEntry, DirectoryQuerySet
from .places import Commune, FormerProvince, FormerUnit, Province
from .plan import Initiative, MatrixTask, StrategicSystem
from .rules import Category, DeadlineRule, Holiday, RejectionReason, RoutingRule
from .technologies import Technology, TechnologyGroup, TechnologyList

__all__ = [
    "Agency",
    "AgencyAlias",
    "AgencySuccession",
    "Category",
    "Commune",
    "DeadlineRule",
    "DirectoryEntry",
    "DirectoryQuerySet",
    "FormerProvince",
    "FormerUnit",
    "Holiday",
    "Initiative",
    "MatrixTask",
    "Province",
    "RejectionReason",
    "RoutingRule",
    "StrategicSystem",
    "Technology",
    "TechnologyGroup",
    "TechnologyList",
]

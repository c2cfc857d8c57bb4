"""The editors' admin: legal references and the directories, each where an administrator finds it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from intake import models as intake

from .models import LegalReference


class LegalReferenceViewSet(SnippetViewSet):
    model = LegalReference
    icon = "doc-full"
    menu_label = _("Căn cứ pháp lý")
    list_display = ["number", "title"]
    search_fields = ["number", "title"]
    add_to_admin_menu = True


def directory(model: type, *columns: str, icon: str = "list-ul", searched: tuple[str, ...] = ("name",)) -> type:
    """A viewset for one directory: `seeded` stays out of reach, the rest is the administrator's."""
    return type(
        f"{model.__name__}ViewSet",
        (SnippetViewSet,),
        {
            "model": model,
            "icon": icon,
            "list_display": list(columns),
            "search_fields": list(searched),
            "exclude_form_fields": ["seeded"],
            "inspect_view_enabled": True,
            "list_per_page": 50,
        },
    )


class DirectoriesGroup(SnippetViewSetGroup):
    menu_label = pgettext_lazy("admin", "Danh mục")
    menu_icon = "list-ul"
    menu_order = 300
    items = (
        directory(intake.Agency, "name", "code", "kind", "valid_from", "valid_to"),
        directory(intake.AgencyAlias, "text", "agency", searched=("text",)),
        directory(intake.AgencySuccession, "predecessor_name", "successor", "since", searched=("predecessor_name",)),
        directory(intake.StrategicSystem, "number", "name"),
        directory(intake.Initiative, "number", "title", "system", searched=("title",)),
        directory(intake.RoutingRule, "order", "initiative", "province", "lead", "basis_kind", searched=("basis",)),
        directory(intake.Category, "name", "facet", "code"),
        directory(intake.RejectionReason, "name", "code"),
        directory(intake.QuestionTemplate, "name", "code", "order"),
        directory(intake.DeadlineRule, "key", "name", "amount", "unit", "calendar"),
        directory(intake.Holiday, "date", "kind", "name"),
        directory(intake.Province, "code", "name", "kind"),
        directory(intake.Commune, "code", "name", "kind", "province", "valid_from", "valid_to"),
        directory(intake.Technology, "number", "name", "group"),
        directory(
            intake.Membership,
            "user",
            "agency",
            "role",
            "valid_from",
            "valid_to",
            icon="group",
            searched=("user__username",),
        ),
    )


register_snippet(LegalReferenceViewSet)
register_snippet(DirectoriesGroup)

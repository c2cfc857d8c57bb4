"""What an administrator edits of search, how words are also written; and reads of it, who took tables out."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from intake.wagtail_hooks import AdministratorsRead

from .models import Abbreviation, Export


class AbbreviationViewSet(SnippetViewSet):
    model = Abbreviation
    icon = "search"
    list_display = ["written", "means", "both_ways"]
    search_fields = ["written", "means"]
    list_per_page = 100
    panels = ["written", "means", "both_ways"]


register_snippet(AbbreviationViewSet)


class ExportViewSet(ModelViewSet):
    model = Export
    icon = "download"
    add_to_admin_menu = True
    menu_order = 360
    form_fields: list[str] = []
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display = ["created_at", "user", "rows", "with_contacts", "format", Column("taken", label=_("đã lấy"))]
    list_filter = ["user", "with_contacts", "created_at"]
    list_per_page = 100


register_permission_policy(Export, AdministratorsRead(Export))


@hooks.register("register_admin_viewset")
def exports() -> ExportViewSet:
    return ExportViewSet("exports")

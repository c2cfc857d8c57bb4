"""Where an administrator finds the machine from the content admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import BlanketPermissionPolicy
from wagtail.permissions import register_permission_policy

from .models import Membership, ModelVersion, Role


def administers(user: Any) -> bool:
    """Whether this person is an administrator today."""
    member = Membership.of(user)
    return member is not None and member.role == Role.ADMINISTRATOR


class ForAdministrators(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return administers(request.user)


@hooks.register("register_admin_menu_item")
def machine() -> MenuItem:
    return ForAdministrators(_("Máy gợi ý"), reverse("intake:model"), name="machine", icon_name="cogs", order=350)


class AdministratorsRead(BlanketPermissionPolicy):
    """Administrators and superusers see it; nobody adds, changes or deletes."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and (user.is_superuser or administers(user))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class ModelVersions(ModelViewSet):
    """Every version of the model, for reading; what may be done with one is on the model's own page."""

    model = ModelVersion
    name = "phien-ban-mo-hinh"
    icon = "history"
    menu_label = _("Phiên bản mô hình")
    menu_order = 351
    add_to_admin_menu = True
    list_display = (
        "version",
        "status",
        BooleanColumn("shipped", label=_("đi kèm mã nguồn"), sort_key="shipped"),
        "trained_at",
        "rows",
        "decisions",
    )
    list_filter = ("status", "shipped")
    search_fields = ("version",)
    ordering = ("-pk",)
    form_fields = ("version",)
    inspect_view_enabled = True
    inspect_view_fields = ("version", "status", "shipped", "trained_at", "rows", "decisions")
    copy_view_enabled = False


register_permission_policy(ModelVersion, AdministratorsRead(ModelVersion))


@hooks.register("register_admin_viewset")
def model_versions() -> ModelVersions:
    return ModelVersions()

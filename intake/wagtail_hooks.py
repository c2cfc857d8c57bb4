"""Where an administrator finds the machine from the content admin."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .models import Membership, Role


class ForAdministrators(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        member = Membership.of(request.user)
        return member is not None and member.role == Role.ADMINISTRATOR


@hooks.register("register_admin_menu_item")
def machine() -> MenuItem:
    return ForAdministrators(_("Máy gợi ý"), reverse("intake:model"), name="machine", icon_name="cogs", order=350)

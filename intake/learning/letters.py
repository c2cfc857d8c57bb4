"""Letters to the administrators of the machine, in the language of the installation."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ..models import Role

log = logging.getLogger(__name__)


def tell_administrators(write: Callable[[], str]) -> bool:
    """Whether a letter went out; `write` gives its text."""
    people = get_user_model().objects.filter(
        is_active=True, memberships__role=Role.ADMINISTRATOR, memberships__valid_to=None
    )
    addresses = sorted({person.email for person in people if person.email})
    if not addresses:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        subject, page = _("Máy gợi ý cần được xem lại"), settings.SITE_URL + reverse("intake:model")
        text = f"{write()}\n\n" + _("Xem: %(page)s") % {"page": page} + "\n"
    try:
        send_mail(subject, text, None, addresses)
    except OSError as error:
        log.warning("administrators not told: %s", type(error).__name__)
        return False
    return True

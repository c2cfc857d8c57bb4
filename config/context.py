"""What every template may use about the site itself."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

OTHER = {"vi": ("en", "English"), "en": ("vi", "Tiếng Việt")}


def site(request: HttpRequest) -> dict[str, object]:
    code, label = OTHER.get((get_language() or "vi")[:2], OTHER["vi"])
    return {
        "demo_mode": settings.DEMO,
        "language_switch": {"code": code, "label": label, "url": translate_url(request.get_full_path(), code)},
    }

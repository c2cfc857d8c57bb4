"""The content security policy of the editors' admin, which cannot have the public site's."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

ADMIN = "/quan-tri/"
# Wagtail's admin writes scripts and styles into its pages; nothing may come from or go to another host.
ADMIN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


def admin_policy(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith(ADMIN):
            response.headers.setdefault("Content-Security-Policy", ADMIN_POLICY)
        return response

    return middleware

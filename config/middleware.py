"""What stands before every view: a limit on size, and the policy of the editors' admin."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

View = Callable[[HttpRequest], HttpResponseBase]

ADMIN = "/quan-tri/"
# Wagtail's admin writes scripts and styles into its pages; nothing may come from or go to another host.
ADMIN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


def admin_policy(get_response: View) -> View:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith(ADMIN):
            response.headers.setdefault("Content-Security-Policy", ADMIN_POLICY)
        return response

    return middleware


def size_limit(get_response: View) -> View:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or int(length) > settings.REQUEST_MAX_BYTES:
            return render(request, "400.html", status=413)
        return get_response(request)

    return middleware

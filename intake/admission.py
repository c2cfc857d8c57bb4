"""Which receipts this browser opens: a signed cookie of codes whose key was given here, for a day."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from .models import Submission

_COOKIE = "yk57_codes"
_COOKIE_SALT = "intake.codes"
_COOKIE_AGE = 24 * 3600
_COOKIE_CODES = 8


def codes(request: HttpRequest) -> list[str]:
    """Receipt codes this browser has proved to know the key of (or has just been given)."""
    try:
        return signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_COOKIE_SALT, max_age=_COOKIE_AGE)
    except signing.BadSignature:
        return []


def admit(request: HttpRequest, response: HttpResponse, code: str) -> HttpResponse:
    kept = [code, *(known for known in codes(request) if known != code)][:_COOKIE_CODES]
    response.set_cookie(
        _COOKIE,
        signing.dumps(kept, salt=_COOKIE_SALT),
        max_age=_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def admitted(request: HttpRequest, code: str) -> Submission | None:
    """The submission, if its key was given here, or the key of one it was split from."""
    known = codes(request)
    found = Submission.objects.filter(receipt_code=code).first() if known else None
    opened = found
    while opened and opened.receipt_code not in known:
        opened = opened.split_from
    return found if opened else None


def forget(response: HttpResponse) -> HttpResponse:
    """On a shared computer: this browser no longer opens what it opened."""
    response.delete_cookie(_COOKIE, samesite="Lax")
    return response

"""Facts about a request that several views need."""

from django.conf import settings
from django.http import HttpRequest


def client_key(group: str, request: HttpRequest) -> str:
    """The address to count against a limit: the peer, or the one before our own proxies.

    `TRUSTED_PROXIES` says how many proxies stand before us; what lies further left in
    X-Forwarded-For is the client's own claim and is not believed.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if not settings.TRUSTED_PROXIES:
        return peer
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    return hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES else peer

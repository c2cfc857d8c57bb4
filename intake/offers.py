"""Answers to offer before something is sent. This room has none: a higher one says how they are found."""

import logging
from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

log = logging.getLogger(__name__)

# From what is about to be sent to a piece of page, empty if nothing is likely to help.
Finder = Callable[[HttpRequest, str], SafeString]
_finders: list[Finder] = []


def offer_answers(finder: Finder) -> Finder:
    """Register a finder, once, when its room is ready."""
    _finders.append(finder)
    return finder


def answers_for(request: HttpRequest, text: str) -> SafeString:
    """What to show in the form; nothing if nobody finds anything. Never fails: an offer is a kindness."""
    found = SafeString("")
    for finder in _finders:
        try:
            found += finder(request, text)
        except Exception as error:  # noqa: BLE001 (whatever is wrong with the offer, the form must go on)
            log.warning("no answers to offer: %s", type(error).__name__)
    return found

"""Saved views: whose they are, how many match, and the letter when something new does."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from zlib import crc32

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db.models import Case, F, Q, QuerySet, When
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now

from intake.models import Membership, Submission

from .engines import search_submissions
from .listing import ALL, COMMON, Listing, read_address
from .models import Notice, SavedView
from .query import Filters, Results, Sort

log = logging.getLogger(__name__)

MOST = 20  # shown to one officer
KNOWN = 1_000  # matches that are remembered to tell new ones from old
AT_MOST_EVERY = timedelta(hours=1)
MOST_ATTEMPTS = 8
COUNTED_FOR = 20  # seconds that the count of a view with words is kept
ALL_VIEWS = 500  # on the page of all
NOTHING = "-"  # a value that no filter has
_CLAIM = timedelta(minutes=2)


def readable(member: Membership) -> "QuerySet[SavedView]":
    """The officer's own views and those shared by the officer's agency."""
    return SavedView.objects.filter(Q(owner=member.user_id) | Q(agency=member.agency_id)).select_related("agency")


def views_of(member: Membership, most: int = MOST) -> list[SavedView]:
    """One's own first."""
    own_first = Case(When(owner=member.user_id, then=0), default=1)
    return list(readable(member).order_by(own_first, "name", "pk")[:most])


def canonical(state: str) -> str:
    """The query string of the list alone: without page, preview and open panel, in one order."""

    return read_address(QueryDict(state)).url(panel="").partition("?")[2]


def lasting(state: str, member: Membership, *, shared: bool) -> str:
    """The state as it is kept: its view always named and, where others read it too, nothing bound to who reads.

    A view of one's own is written out as the filters it stands for.
    """
    listing = Listing.of(state, member, None)
    address, view = listing.address, listing.view
    key = view.key
    if shared and key not in COMMON:
        own = {
            name: tuple(value for value in values if value in listing.filters.get(name, values)) or (NOTHING,)
            for name, values in view.within.items()
        }
        address, key = replace(address, filters=address.filters | own), ALL
    return canonical(replace(address, others=address.others | {"view": key}).here().partition("?")[2])


def _key(view: SavedView) -> str:
    return f"saved-{view.pk}"


def _conditions(listing: Listing) -> Filters | None:
    """As one set of filters; None if words are asked for, or one filter stands in both view and address."""
    within, filters = listing.view.within, listing.filters
    return None if listing.q or set(within) & set(filters) else {**within, **filters}


def plain_conditions(views: Iterable[SavedView], member: Membership) -> dict[str, Filters]:
    """Of the views without words: counted in one go with the others."""
    found = {_key(view): _conditions(Listing.of(view.address, member, None)) for view in views}
    return {key: conditions for key, conditions in found.items() if conditions is not None}


def known_counts(views: Sequence[SavedView], results: Results, member: Membership) -> dict[int, int]:
    """What is known without asking: of those without words counted with the page, of the others counted lately."""
    lately = cache.get_many([_kept_as(view, member) for view in views if _key(view) not in results.views])
    found = {view.pk: results.views.get(_key(view), lately.get(_kept_as(view, member), -1)) for view in views}
    return {pk: number for pk, number in found.items() if number >= 0}


def counts_of_words(member: Membership, user: Any) -> dict[int, int]:
    """Of the views with words: a search each, unless it was asked a moment ago."""
    found: dict[int, int] = {}
    for view in views_of(member):
        if _conditions(Listing.of(view.address, member, None)) is None:
            ask = partial(_count, view, member, user)
            found[view.pk] = cache.get_or_set(_kept_as(view, member), ask, COUNTED_FOR) or 0
    return found


def _kept_as(view: SavedView, member: Membership) -> str:
    return f"saved-{view.pk}-{member.pk}-{crc32(view.address.encode())}"


def _count(view: SavedView, member: Membership, user: Any) -> int:
    listing = Listing.of(view.address, member, user)
    return 0 if listing.says_nothing else search_submissions(replace(listing.query, size=0)).total


def matching(view: SavedView, member: Membership, user: Any, size: int) -> Results:
    """The hits of a view for this person by its words alone, the newest first."""
    listing = Listing.of(view.address, member, user)
    if listing.says_nothing:
        return Results(ids=[], total=0)
    return search_submissions(replace(listing.query, page=1, size=size, sort=Sort.NEWEST))


# --- letters --------------------------------------------------------------------------------


def look(view: SavedView) -> Notice | None:
    """Owe the owner a letter if something matches that did not at the last look."""
    SavedView.objects.filter(pk=view.pk).update(looked_at=now())
    member = Membership.of(view.owner)
    if member is None:
        return None
    ids = matching(view, member, view.owner, KNOWN).ids
    new = _new(ids, view.known)
    claimed = SavedView.objects.filter(pk=view.pk, told_at=view.told_at).update(
        known=ids, **({"told_at": now()} if new else {})
    )
    return Notice.objects.create(view=view, count=len(new)) if new and claimed else None


def _new(ids: list[int], known: list[int]) -> set[int]:
    """Those that did not match at the last look.

    Where more matched than are remembered, what is older than all of these may have matched too: no news.
    """
    new = set(ids) - set(known)
    if not new or len(known) < KNOWN:
        return new
    oldest = Submission.objects.filter(pk__in=known).order_by("created_at", "pk").first()
    if oldest is None:
        return new
    younger = Q(created_at__gt=oldest.created_at) | Q(created_at=oldest.created_at, pk__gt=oldest.pk)
    return set(Submission.objects.filter(younger, pk__in=new).values_list("pk", flat=True))


def due_for_a_look() -> "QuerySet[SavedView]":
    """Those looked at longest ago first, so that each has its turn."""
    quiet = Q(told_at=None) | Q(told_at__lt=now() - AT_MOST_EVERY)
    due = SavedView.objects.filter(quiet, notify=True).exclude(owner__email="").select_related("owner")
    return due.order_by(F("looked_at").asc(nulls_first=True), "pk")


def remember(view: SavedView, member: Membership) -> None:
    """What matches now is no news."""
    view.known = matching(view, member, view.owner, KNOWN).ids
    view.save(update_fields=["known"])


def owed_notices() -> "Sequence[Notice]":
    free = Q(claimed_until=None) | Q(claimed_until__lt=now())
    owed = Notice.objects.filter(free, sent_at=None, attempts__lt=MOST_ATTEMPTS)
    return list(owed.select_related("view__owner")[:200])


def send(notice: Notice) -> bool:
    """Claim the letter, send it, mark it; two workers never send it together."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=now())
    mine = Notice.objects.filter(free, pk=notice.pk, sent_at=None)
    if not mine.update(claimed_until=now() + _CLAIM, attempts=F("attempts") + 1):
        return False
    view = notice.view
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "view": view,
            "count": notice.count,
            "url": f"{settings.SITE_URL}{reverse('search:queue')}?{view.address}",
        }
        subject = " ".join(render_to_string("emails/view-subject.txt", context).split())
        letter = EmailMessage(subject, render_to_string("emails/view.txt", context), to=[view.owner.email])
    try:
        letter.send()
    except (OSError, ValueError) as error:
        log.warning("notice %s not sent: %s", notice.pk, type(error).__name__)
        Notice.objects.filter(pk=notice.pk).update(failure=type(error).__name__)
        return False
    Notice.objects.filter(pk=notice.pk).update(sent_at=now(), failure="")
    return True

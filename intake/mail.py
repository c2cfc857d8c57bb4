"""Letters to senders: owed as rows, written when sent, in the sender's language."""

import logging
import smtplib
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from .limits import LETTERS
from .models import Email

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
_CLAIM = timedelta(minutes=2)
_FULL = timedelta(hours=1)  # how long an address that has had its letters is left in peace


def send_owed(email_id: int) -> bool:
    """Claim the letter, send it, mark it. False if there was nothing to send (or it failed)."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=now())
    claimed = Email.objects.filter(free, pk=email_id, sent_at=None, attempts__lt=MOST_ATTEMPTS).update(
        claimed_until=now() + _CLAIM, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    email = Email.objects.select_related("event__submission__submitter").get(pk=email_id)
    submitter = email.event.submission.submitter
    if not submitter.email or submitter.blocked_at:
        # No address was given, or the sender took it back: nothing is owed after all.
        Email.objects.filter(pk=email_id).update(sent_at=now(), failure="no address")
        return False
    counter = _counter(submitter.email)
    if cache.get(counter, 0) >= LETTERS:
        # It waits its turn, and the wait is no failed attempt.
        Email.objects.filter(pk=email_id).update(
            claimed_until=now() + _FULL, attempts=F("attempts") - 1, failure="too many to one address"
        )
        return False
    try:
        message(email).send()
    except smtplib.SMTPRecipientsRefused:
        Email.objects.filter(pk=email_id).update(attempts=MOST_ATTEMPTS, failure="address refused")
        return False
    except (OSError, ValueError) as error:
        # smtplib's errors are OSErrors, an address that cannot be written is a ValueError; the sweep tries
        # again, later each time, and one bad address stops no other letter.
        log.warning("letter %s not sent: %s", email_id, type(error).__name__)
        Email.objects.filter(pk=email_id).update(
            failure=type(error).__name__, claimed_until=now() + _CLAIM * email.attempts
        )
        return False
    Email.objects.filter(pk=email_id).update(sent_at=now(), failure="")
    cache.add(counter, 0, _FULL.total_seconds())
    with suppress(ValueError):  # the hour is over in this very moment, or the cache is away
        cache.incr(counter)
    return True


def _counter(address: str) -> str:
    """Where the letters to a mailbox are counted: never under the address itself; `me+x@` is `me@`."""
    box, _, host = address.lower().rpartition("@")
    return "letters:" + salted_hmac("intake.mail", f"{box.partition('+')[0]}@{host}").hexdigest()


def message(email: Email) -> EmailMultiAlternatives:
    """The letter as it would go out now."""
    submission = email.event.submission
    submitter = submission.submitter
    with translation.override(submitter.language):
        rejection = getattr(submission, "rejection", None)
        reason = rejection.reason if rejection else None
        context = {
            "submission": submission,
            "title": submission.title,
            "reason": reason and reason.shown_public_text,
            "event": email.event,
            "name": submitter.name,
            "site_url": settings.SITE_URL,
            "track_url": settings.SITE_URL + reverse("intake:track"),
            "demo_mode": settings.DEMO,
        }
        folder = f"emails/{email.template}"
        subject = " ".join(render_to_string(f"{folder}-subject.txt", context).split())
        letter = EmailMultiAlternatives(subject, render_to_string(f"{folder}.txt", context), to=[submitter.email])
        letter.attach_alternative(render_to_string(f"{folder}.html", context), "text/html")
        return letter

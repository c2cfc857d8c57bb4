"""What a sender takes back: an agreement, the name and contacts, or leave for a machine to read (Luật 91/2025/QH15,
Điều 4, 10, 14).

The case itself goes on: handling it is the agency's duty by law and rests on no agreement. While it is
open, contacts are blocked (nobody may look, no letter goes out) and they are erased when it ends.
What was split is still one sender's: taking back holds for every part.
"""

from django.db import transaction
from django.utils.timezone import now

from .models import Consent, Event, Submission, Submitter
from .outbox import record
from .services.moving import touch
from .workflow import Status

# Nothing more is done with it. A merged one goes on in another.
ENDED = frozenset({Status.ANSWERED, Status.REJECTED, Status.CLOSED})
CONTACTS = ("name", "representative", "address", "phone", "email", "id_number", "occupation")


def _family(submission: Submission) -> list[Submission]:
    """The first that was sent and all that was split from it, locked: none is split off meanwhile."""
    first = submission
    while first.split_from:
        first = first.split_from
    rows = Submission.objects.select_for_update().order_by("pk")
    found: list[Submission] = []
    layer = list(rows.filter(pk=first.pk))
    while layer:
        found += layer
        layer = list(rows.filter(split_from__in=layer))
    return found


@transaction.atomic
def withdraw_consent(submission: Submission, *, purpose: str) -> list[Event]:
    """From now on this purpose is not allowed, nor for its parts; one event for each that allowed it before."""
    return [
        record(one, Event.Name.CONSENT_WITHDRAWN, data={"purpose": purpose})
        for one in _family(submission)
        if one.consents.filter(purpose=purpose, withdrawn_at=None).update(withdrawn_at=now())
    ]


@transaction.atomic
def decline_machine(submission: Submission) -> list[Event]:
    """From now on people alone read it and its parts: what a model said, and the vectors, are gone.

    One event for each that a machine might read before.
    """
    fresh = [one for one in _family(submission) if not one.by_hand]
    for one in fresh:
        touch(one, by_hand=True)
        one.triages.all().delete()
        one.learning_picks.all().delete()
    return [record(one, Event.Name.MACHINE_DECLINED) for one in fresh]


@transaction.atomic
def block_contact(submission: Submission) -> list[Event]:
    """Nobody looks at name and contacts any more, nor at its parts'; erased at once where the case has ended.

    One event for each that was not blocked before.
    """
    fresh = [
        one
        for one in _family(submission)
        if Submitter.objects.filter(submission=one, blocked_at=None).update(blocked_at=now())
    ]
    if fresh:
        for purpose in (Consent.Purpose.SHOW_NAME, Consent.Purpose.CONTACT):
            withdraw_consent(submission, purpose=purpose)
    events = [record(one, Event.Name.CONTACT_BLOCKED) for one in fresh]
    for one in fresh:
        erase_blocked_contact(one)
    return events


@transaction.atomic
def erase_blocked_contact(submission: Submission) -> Event | None:
    """Erase what is blocked, once the case has ended; None if there is nothing to erase yet."""
    if submission.status not in ENDED:
        return None
    erased = Submitter.objects.filter(submission=submission, anonymised_at=None).exclude(blocked_at=None)
    if not erased.update(anonymised_at=now(), **dict.fromkeys(CONTACTS, "")):
        return None
    return record(submission, Event.Name.CONTACT_ERASED)

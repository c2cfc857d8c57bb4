"""What a sender takes back: an agreement, or the name and contacts (Luật 91/2025/QH15, Điều 4, 10, 14).

The case itself goes on: handling it is the agency's duty by law and rests on no agreement. While it is
open, contacts are blocked (nobody may look, no letter goes out) and they are erased when it ends.
"""

from django.db import transaction
from django.utils.timezone import now

from .models import Consent, Event, Submission, Submitter
from .outbox import record
from .workflow import Status

# Nothing more is done with it. A merged one goes on in another.
ENDED = frozenset({Status.ANSWERED, Status.REJECTED, Status.CLOSED})
CONTACTS = ("name", "representative", "address", "phone", "email", "id_number", "occupation")


@transaction.atomic
def withdraw_consent(submission: Submission, *, purpose: str) -> Event | None:
    """From now on this purpose is not allowed; None if it was not allowed before."""
    taken_back = submission.consents.filter(purpose=purpose, withdrawn_at=None).update(withdrawn_at=now())
    return record(submission, Event.Name.CONSENT_WITHDRAWN, data={"purpose": purpose}) if taken_back else None


@transaction.atomic
def block_contact(submission: Submission) -> Event | None:
    """Nobody looks at name and contacts any more; erased at once if the case has ended. None: done before."""
    if not Submitter.objects.filter(submission=submission, blocked_at=None).update(blocked_at=now()):
        return None
    for purpose in (Consent.Purpose.SHOW_NAME, Consent.Purpose.CONTACT):
        withdraw_consent(submission, purpose=purpose)
    event = record(submission, Event.Name.CONTACT_BLOCKED)
    erase_blocked_contact(submission)
    return event


@transaction.atomic
def erase_blocked_contact(submission: Submission) -> Event | None:
    """Erase what is blocked, once the case has ended; None if there is nothing to erase yet."""
    if submission.status not in ENDED:
        return None
    erased = Submitter.objects.filter(submission=submission, anonymised_at=None).exclude(blocked_at=None)
    if not erased.update(anonymised_at=now(), **dict.fromkeys(CONTACTS, "")):
        return None
    return record(submission, Event.Name.CONTACT_ERASED)

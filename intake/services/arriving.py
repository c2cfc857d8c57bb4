"""The door: what arrives, made storable and received once."""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import get_language

from classifier.text import nfc

from .. import deadlines
from ..files import CheckedFile
from ..models import Attachment, Category, Commune, Consent, Kind, Nature, Province, Submission, Submitter
from ..outbox import record
from ..redaction import looks_secret, redact
from ..workflow import Status, Visibility
from .moving import Name


@dataclass(frozen=True)
class Sender:
    """Who sends: goes into `Submitter` and nowhere else."""

    kind: str = Submitter.Kind.PERSON
    occupation: str = ""
    name: str = ""
    representative: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    id_number: str = ""


@dataclass(frozen=True)
class NewSubmission:
    """What arrives at the door, already validated."""

    title: str
    body: str
    kind: str = Kind.FEEDBACK
    sender: Sender = field(default_factory=Sender)
    legal_text: str = ""
    province: Province | None = None
    commune: Commune | None = None
    categories: tuple[Category, ...] = ()
    files: tuple[CheckedFile, ...] = ()
    consents: tuple[str, ...] = ()
    consent_version: str = ""
    form_token: UUID | None = None
    external_id: str | None = None
    channel: str = "web"
    is_example: bool = False
    by_hand: bool = False
    created_at: datetime | None = None


# Unseen characters that turn the direction of what follows, or pretend to be nothing.
_UNSEEN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0xFEFF])


def storable(text: str) -> str:
    """The sender's own words in NFC, without characters that no database or page can hold or show."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSEEN)
    return nfc("".join(c for c in kept if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})).strip()


def submit(new: NewSubmission) -> Submission:
    """Receive a submission. The same form token or external id gives the submission it gave before."""
    if earlier := _earlier(new):
        return earlier
    try:
        with transaction.atomic():
            return receive(new)
    except IntegrityError:
        # Two posts of one form at once: the constraint let one in, the other finds it.
        if earlier := _earlier(new):
            return earlier
    # A receipt code that another has, as one in twenty thousand does among a million: another is drawn.
    with transaction.atomic():
        return receive(new)


def _earlier(new: NewSubmission) -> Submission | None:
    if new.form_token:
        return Submission.objects.filter(form_token=new.form_token).first()
    if new.external_id:
        return Submission.objects.filter(external_id=new.external_id).first()
    return None


def receive(
    new: NewSubmission, *, submitter: Submitter | None = None, split_from: Submission | None = None
) -> Submission:
    """Make the rows of a submission, in the caller's transaction; `submitter`: a copy of who sent the first."""
    sealed = looks_secret(f"{new.title}\n{new.body}\n{new.legal_text}")
    title, body = storable(new.title)[:200], storable(new.body)
    sender = submitter or Submitter(language=(get_language() or "vi")[:2], **vars(new.sender))
    received_at = new.created_at or now()
    submission = Submission.objects.create(
        form_token=new.form_token,
        external_id=new.external_id,
        channel=new.channel,
        split_from=split_from,
        is_example=new.is_example,
        kind=new.kind,
        kind_sent=new.kind,
        title=title,
        body=body,
        redacted_title=redact(title, sender.known_words)[:200],
        redacted_body=redact(body, sender.known_words),
        legal_text=storable(new.legal_text),
        province=new.province,
        commune=new.commune,
        visibility=Visibility.SEALED if sealed else Visibility.PRIVATE,
        nature=Nature.SECRET if sealed else "",
        by_hand=new.by_hand,
        created_at=received_at,
        due_at=deadlines.due_for(deadlines.SCREEN, received_at),
    )
    sender.submission = submission
    sender.save()
    submission.categories.set(new.categories)
    for purpose in new.consents:
        Consent.objects.create(submission=submission, purpose=purpose, text_version=new.consent_version)
    for file in {file.sha256: file for file in new.files}.values():
        Attachment.objects.create(
            submission=submission,
            file=ContentFile(file.content, name=file.name),
            name=file.name,
            extension=file.extension,
            size=len(file.content),
            sha256=file.sha256,
        )
    record(submission, Name.RECEIVED, to_status=Status.RECEIVED, data={"channel": new.channel})
    if new.by_hand:
        record(submission, Name.MACHINE_DECLINED)
    if sealed:
        record(submission, Name.SEALED)
    return submission

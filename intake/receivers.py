"""What this room does when an event is dispatched: owe letters, have a model look, erase what was asked for."""

from django.dispatch import receiver

from . import consents
from .models import Email, Event
from .outbox import enqueue, event_recorded

LETTERS: dict[str, str] = {
    Event.Name.RECEIVED: Email.Template.RECEIPT,
    Event.Name.QUESTION_ASKED: Email.Template.QUESTION,
    Event.Name.REJECTED: Email.Template.REJECTION,
    Event.Name.ANSWERED: Email.Template.ANSWER,
    Event.Name.PUBLISHED: Email.Template.PUBLISHED,
    Event.Name.MERGED: Email.Template.MERGED,
}


@receiver(event_recorded, dispatch_uid="intake.owe_letter")
def owe_letter(sender, event: Event, **kwargs) -> None:
    from .tasks import send_email

    if template := LETTERS.get(event.name):
        email, fresh = Email.objects.get_or_create(event=event, template=template)
        if email.sent_at is None:
            enqueue(send_email, email.pk)


@receiver(event_recorded, dispatch_uid="intake.have_it_triaged")
def have_it_triaged(sender, event: Event, **kwargs) -> None:
    from .tasks import triage_submission

    if event.name == Event.Name.RECEIVED:
        enqueue(triage_submission, event.submission_id)


@receiver(event_recorded, dispatch_uid="intake.erase_blocked_contact")
def erase_blocked_contact(sender, event: Event, **kwargs) -> None:
    if event.to_status in consents.ENDED:
        consents.erase_blocked_contact(event.submission)

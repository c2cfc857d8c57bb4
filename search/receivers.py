"""How search hears of changes: events of submissions, and pages that come and go."""

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms.models import AnswerPage
from intake.models import Event
from intake.outbox import enqueue, event_recorded

from . import abbreviations, heartbeat
from .models import Abbreviation, Owed

heartbeat.connect()


@receiver(event_recorded, dispatch_uid="search.owe_submission")
def owe_submission(sender, event: Event, **kwargs) -> None:
    """Runs in the worker, after commit; a second delivery only owes once more."""
    _owe(Owed.Kind.SUBMISSION, event.submission_id)


@receiver(page_published, sender=AnswerPage, dispatch_uid="search.answer_published")
@receiver(page_unpublished, sender=AnswerPage, dispatch_uid="search.answer_unpublished")
@receiver(post_page_move, sender=AnswerPage, dispatch_uid="search.answer_moved")
@receiver(post_delete, sender=AnswerPage, dispatch_uid="search.answer_deleted")
def owe_answer(sender, instance: AnswerPage, **kwargs) -> None:
    """Runs in the editor's request: the row is written with the change, the task sent on commit."""
    _owe(Owed.Kind.ANSWER, instance.pk)


@receiver((post_save, post_delete), sender=Abbreviation, dispatch_uid="search.abbreviation_changed")
def forget_abbreviations(sender, **kwargs) -> None:
    """The editor's next search knows what was changed; other processes in some seconds."""
    abbreviations.forget()


def _owe(kind: str, object_id: int) -> None:
    from .tasks import sync

    owed = Owed.objects.owe(kind, object_id)
    # A lambda, not a partial: Django 5.2 cannot log a robust partial that fails (ticket 36487).
    transaction.on_commit(lambda: enqueue(sync, owed.pk), robust=True)

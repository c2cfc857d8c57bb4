"""What this room does when news arrives: draft a page, take one down, tell intake when an editor publishes."""

from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from intake import services
from intake.models import Consent, Event
from intake.outbox import event_recorded
from intake.workflow import StaleSubmission

from .models import AnswerPage
from .publishing import draft_answer_page, forget_name, may_show_name, take_down


@receiver(event_recorded, dispatch_uid="cms.draft_page")
def draft_page(sender, event: Event, **kwargs) -> None:
    # One answer to several merged submissions is one page: the principal's.
    if event.name == Event.Name.ANSWERED and event.submission.merged_into_id is None:
        draft_answer_page(event.submission)


@receiver(event_recorded, dispatch_uid="cms.copy_rating")
def copy_rating(sender, event: Event, **kwargs) -> None:
    if event.name == Event.Name.RATED:
        AnswerPage.objects.filter(submission=event.submission).update(rating=event.data["score"])


@receiver(event_recorded, dispatch_uid="cms.consent_withdrawn")
def consent_withdrawn(sender, event: Event, **kwargs) -> None:
    """The page goes with the agreement to publish; the name alone with the agreement to show it."""
    if event.name != Event.Name.CONSENT_WITHDRAWN:
        return
    if event.data["purpose"] == Consent.Purpose.PUBLISH:
        take_down(event.submission)
    elif event.data["purpose"] == Consent.Purpose.SHOW_NAME:
        forget_name(event.submission)


def _tell_intake(page: AnswerPage, *, public: bool) -> None:
    submission = page.submission
    if submission is None:
        return
    actor = page.latest_revision.user if page.latest_revision else None
    for _attempt in range(3):
        submission.refresh_from_db()
        try:
            services.mark_published(submission, actor=actor, public=public)
            return
        except StaleSubmission:
            continue  # an officer changed something in this very moment: read again
    raise StaleSubmission(submission.receipt_code)


@receiver(page_published, sender=AnswerPage, dispatch_uid="cms.published")
def published(sender, instance: AnswerPage, **kwargs) -> None:
    if instance.sender_name and instance.submission and not may_show_name(instance.submission):
        forget_name(instance.submission)
    _tell_intake(instance, public=True)


@receiver(page_unpublished, sender=AnswerPage, dispatch_uid="cms.unpublished")
def unpublished(sender, instance: AnswerPage, **kwargs) -> None:
    _tell_intake(instance, public=False)

"""From an approved answer to a page the public reads: drafted by the system, published by an editor."""

import html

import nh3
from anyascii import anyascii
from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import localdate

from intake.models import Consent, Submission
from intake.redaction import redact

from .models import AnswerIndexPage, AnswerPage

TAGS = {"p", "ul", "ol", "li", "strong", "b", "em", "i", "a", "h2", "h3", "br"}


def as_rich_text(text: str) -> str:
    """Plain text of an officer as paragraphs; nothing in it is markup."""
    blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
    return "".join(f"<p>{html.escape(block).replace(chr(10), '<br/>')}</p>" for block in blocks)


def clean_html(markup: str) -> str:
    """Only the tags a page may hold."""
    return nh3.clean(markup, tags=TAGS, attributes={"a": {"href"}})


def slug_for(title: str, number: int) -> str:
    """From the title, never the receipt code: that opens the sender's page."""
    return f"{slugify(anyascii(title))[:80].strip('-')}-{number}"


@transaction.atomic
def draft_answer_page(submission: Submission) -> AnswerPage | None:
    """Put an unpublished page before the editors, once per submission, if the sender allowed it."""
    if page := AnswerPage.objects.filter(submission=submission).first():
        return page
    consents = set(submission.consents.filter(withdrawn_at=None).values_list("purpose", flat=True))
    index = AnswerIndexPage.objects.first()
    if Consent.Purpose.PUBLISH not in consents or index is None:
        return None
    answer = submission.answer
    page = AnswerPage(
        title=submission.redacted_title,
        slug=slug_for(submission.redacted_title, submission.pk),
        submission=submission,
        kind=submission.kind,
        question=submission.redacted_body,
        answer=as_rich_text(redact(answer.text, submission.submitter.known_words)),
        agency=answer.agency,
        system=submission.system,
        initiative=submission.initiative,
        province=submission.province,
        outcome=answer.outcome,
        sender_name=submission.submitter.name if Consent.Purpose.SHOW_NAME in consents else "",
        sent_on=localdate(submission.created_at),
        due_on=localdate(submission.due_at) if submission.due_at else None,
        answered_on=localdate(submission.answered_at),
        is_example=submission.is_example,
        live=False,
        has_unpublished_changes=True,
    )
    index.add_child(instance=page)
    page.categories.set(submission.categories.all())
    page.save_revision()
    return page


@transaction.atomic
def take_down(submission: Submission) -> None:
    """Delete the public copy with every revision: no editor can put it back by mistake."""
    page = AnswerPage.objects.filter(submission=submission).first()
    if page is None:
        return
    if page.live:
        page.unpublish()
        page.refresh_from_db()
    page.delete()


def may_show_name(submission: Submission) -> bool:
    return submission.consents.filter(purpose=Consent.Purpose.SHOW_NAME, withdrawn_at=None).exists()


@transaction.atomic
def forget_name(submission: Submission) -> None:
    """The sender's name leaves the page and what Wagtail keeps of it."""
    page = AnswerPage.objects.filter(submission=submission).first()
    if page is None:
        return
    AnswerPage.objects.filter(pk=page.pk).update(sender_name="")
    for revision in page.revisions.all():
        if revision.content.get("sender_name"):
            revision.content["sender_name"] = ""
            revision.save(update_fields=["content"])

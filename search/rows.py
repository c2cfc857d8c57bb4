"""The lines of the officers' list: what a hit shows of itself, read in a fixed number of queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from intake.models import Assignment, Opening, Submission
from intake.templatetags.deadlines import deadline_level, deadline_words
from intake.workflow import Status

from .address import Address
from .labels import Labels
from .query import Results

CHIP = 32  # characters: a chip is a hint, the preview has the whole name


@dataclass(frozen=True)
class Row:
    """One line of the list, in the words of `components/queue_row.html`."""

    code: str
    url: str
    title: SafeString
    text: SafeString
    chips: list[dict[str, str]]
    due: datetime | None
    due_text: str
    due_level: str
    attrs: SafeString
    current: bool


def rows_of(
    results: Results, address: Address, state: str, user: Any, labels: Labels, open_code: str = ""
) -> list[Row]:
    """The hits in order; what the database says this person may not read is not among them."""
    active = Assignment.objects.filter(ended_at=None).select_related("agency")
    opened = Opening.objects.filter(user=user)
    found = (
        Submission.objects.visible_to(user)
        .filter(pk__in=results.ids)
        .select_related("entry")
        .defer("title", "body", "legal_text", "entry__title", "entry__title_folded", "entry__body")
        .defer("entry__body_folded")
        .prefetch_related(
            Prefetch("assignments", active, to_attr="active"), Prefetch("openings", opened, to_attr="opened")
        )
    )
    by_id = {submission.pk: submission for submission in found}
    shown = [by_id[pk] for pk in results.ids if pk in by_id]
    return [_row(one, place, results, address, state, labels, open_code) for place, one in enumerate(shown)]


def _row(
    submission: Submission,
    place: int,
    results: Results,
    address: Address,
    state: str,
    labels: Labels,
    open_code: str,
) -> Row:
    code, marker = submission.receipt_code, results.marker
    due = submission.due_at if submission.is_open else None
    words, level = deadline_words(due), deadline_level(due)
    if submission.status == Status.NEEDS_INFO:
        words, level = _("chờ người gửi"), "paused"
    back = urlencode([("tu", state), ("thu", place)])
    return Row(
        code=code,
        url=f"{reverse('intake:submission', args=[code])}?{back}",
        title=marker.title(submission.redacted_title),
        text=marker.snippet(submission.redacted_body, lead=0),
        chips=list(_chips(submission, labels)),
        due=due,
        due_text=words,
        due_level=level,
        attrs=format_html(
            'hx-get="{}?thu={}" hx-push-url="{}"',
            reverse("intake:submission_pane", args=[code]),
            place,
            address.opening(code),
        ),
        current=code == open_code,
    )


def _chips(submission: Any, labels: Labels) -> Iterator[dict[str, str]]:
    entry = getattr(submission, "entry", None)
    if submission.opened and submission.opened[0].version < submission.version:
        yield {"text": _("Vừa đổi"), "kind": "info"}
    if submission.status != Status.RECEIVED:
        yield {"text": submission.get_status_display()}
    if submission.nature:
        yield {"text": _subject(labels, submission.nature, submission.initiative_id, submission.system_id)}
    elif entry is None or entry.initiative is None:
        yield {"text": _("Chưa có gợi ý")}
    elif entry.decision == "abstain":
        yield {"text": _("Máy không chắc"), "kind": "warn", "sign": "question"}
    else:
        yield {"text": _subject(labels, entry.nature, entry.initiative, entry.system)}
    if entry and entry.supports:
        yield {"text": _("+%(n)d phiếu gộp") % {"n": entry.supports}}
    lead = next((one.agency.code for one in submission.active if one.role == Assignment.Role.LEAD), None)
    if lead:
        yield {"text": labels.of("agency", lead)}
    elif entry and entry.lead:
        name = labels.of("agency", entry.lead)
        yield {"text": name if entry.p_lead is None else f"{name} {round(entry.p_lead * 100)}%"}


def _subject(labels: Labels, nature: str, initiative: int | None, system: int | None) -> str:
    if initiative:
        return Truncator(labels.short_initiative(initiative)).chars(CHIP)
    if system:
        return Truncator(labels.of("system", str(system))).chars(CHIP)
    return labels.of("nature", nature) if nature and nature != "in_scope" else _("Ngoài phạm vi")

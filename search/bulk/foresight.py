"""What a job would do to each of its submissions, said before anything is done: the deeds without the doing."""

import json
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from intake.models import Membership, Submission
from intake.workflow import Status

from ..labels import Labels
from ..models import BulkItem, BulkJob
from .deeds import (
    Context,
    Refused,
    Subject,
    active,
    agencies_for,
    refuse_spokesman,
    subject_for,
    subject_of,
    subject_to_confirm,
)
from .jobs import Judgement


@dataclass(frozen=True)
class Change:
    """One submission, and how it stands before and after, in words."""

    submission: Submission
    before: str
    after: str


@dataclass
class Foresight:
    """The changes that would be made, and why the others would not be."""

    data: dict[str, Any]
    text: str
    changes: list[Change] = field(default_factory=list)
    refused: list[tuple[Submission, str]] = field(default_factory=list)

    @cached_property
    def mark(self) -> str:
        """Of what was shown: a job starts only if it would still do the same."""
        shown = [(one.submission.pk, one.before, one.after) for one in self.changes]
        return sha256(json.dumps([self.data, self.text, shown]).encode()).hexdigest()[:16]


def foresee(
    job: BulkJob, member: Membership, user: Any, judgement: Judgement, *, data: dict[str, Any], text: str
) -> Foresight:
    """In a fixed number of queries, however many there are."""
    tried = copy(job)
    tried.data = {**job.data, **data}
    context = Context(tried, user, member)
    found = Foresight(data, text, refused=list(judgement.unable))
    says = _Words(context)
    for submission in judgement.able:
        if submission.receipt_code == data.get("into"):
            continue  # the one that speaks for all is not merged itself
        try:
            found.changes.append(Change(submission, *says.of(submission)))
        except Refused as refusal:
            found.refused.append((submission, refusal.reason))
    return found


class _Words:
    """Before and after of one submission, as the deed would have it; raises `Refused` as the deed would."""

    def __init__(self, context: Context) -> None:
        self.context, self.labels = context, Labels()
        self.of: Callable[[Submission], tuple[str, str]] = getattr(self, f"_{context.job.action}")

    @cached_property
    def _into(self) -> str:
        return self.context.principal.receipt_code

    def _subject(self, subject: Subject) -> str:
        if subject.initiative:
            return self.labels.short_initiative(subject.initiative.pk)
        if subject.system:
            return self.labels.of("system", str(subject.system.pk))
        return self.labels.of("nature", subject.nature) if subject.nature else _("chưa có nhãn")

    def _assign(self, submission: Submission) -> tuple[str, str]:
        lead, others = agencies_for(self.context, submission)
        after = self._agencies([lead.code, *(one.code for one in others)])
        if confirmed := subject_to_confirm(self.context, submission):
            after = f"{after}, {self._subject(confirmed)}"
        return self._agencies([one.agency.code for one in active(submission)]), after

    def _agencies(self, codes: list[str]) -> str:
        return ", ".join(self.labels.of("agency", code) for code in codes) or _("chưa chuyển")

    def _label(self, submission: Submission) -> tuple[str, str]:
        after = subject_for(self.context, submission)
        return self._subject(subject_of(submission)), self._subject(after)

    def _ask(self, submission: Submission) -> tuple[str, str]:
        return submission.get_status_display(), str(Status.NEEDS_INFO.label)

    def _accept(self, submission: Submission) -> tuple[str, str]:
        return submission.get_status_display(), str(Status.IN_PROGRESS.label)

    def _reject(self, submission: Submission) -> tuple[str, str]:
        if self.context.reason is None:
            raise Refused(BulkItem.Reason.LATER)
        return submission.get_status_display(), f"{Status.REJECTED.label}: {self.context.reason}"

    def _merge(self, submission: Submission) -> tuple[str, str]:
        refuse_spokesman(submission)
        return submission.get_status_display(), _("gộp vào %(code)s") % {"code": self._into}

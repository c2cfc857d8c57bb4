"""The queue as a table to take away: what the list shows, row by row, never a name unless the role has it."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from intake import access
from intake.models import Assignment, Event, Membership, Submission
from intake.outbox import record

from .labels import Labels

MOST = 10_000
MOST_WITH_CONTACTS = 500
BATCH = 500
TEXT = 2_000  # characters of the text in a cell
CONTACTS = ("name", "phone", "email", "address")
_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r|%]")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def harmless(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula (CWE-1236): an apostrophe goes before what looks like one."""
    text = _NOT_XML.sub("", "" if value is None else str(value))
    return f"'{text}" if _FORMULA.match(text) else text


@dataclass
class Table:
    """The rows of these submissions as this person may read them. Iterating writes what must be written down."""

    member: Membership
    user: Any
    batches: Iterable[list[int]]
    with_contacts: bool = False
    written: int = 0
    labels: Labels = field(default_factory=Labels)

    @property
    def head(self) -> list[str]:
        columns = [
            *(_("Mã tiếp nhận"), _("Ngày nhận"), _("Loại"), _("Tiêu đề"), _("Nội dung (đã che)"), _("Trạng thái")),
            *(_("Tính chất"), _("Hệ thống"), _("Sáng kiến"), _("Cơ quan chủ trì"), _("Cơ quan phối hợp")),
            *(_("Tỉnh, thành phố"), _("Lĩnh vực"), _("Hạn"), _("Người phụ trách"), _("Kết quả"), _("Trả lời lúc")),
            _("Số phiếu gộp vào"),
        ]
        contacts = [_("Họ tên"), _("Điện thoại"), _("Thư điện tử"), _("Địa chỉ")]
        return columns + contacts if self.with_contacts else columns

    def rows(self) -> Iterator[list[str]]:
        for ids in self.batches:
            found = self._read(ids)
            shown = self._contacts_shown(found) if self.with_contacts else set()
            for submission in found:
                self.written += 1
                yield [harmless(cell) for cell in self._cells(submission, submission.pk in shown)]

    def _read(self, ids: list[int]) -> list[Submission]:
        active = Assignment.objects.filter(ended_at=None).select_related("agency")
        rows = (
            Submission.objects.visible_to(self.user).filter(pk__in=ids).select_related("entry", "handler", "submitter")
        )
        by_id = {one.pk: one for one in rows.prefetch_related("categories").defer("title", "body", "legal_text")}
        leads: dict[int, list[Assignment]] = {}
        for one in active.filter(submission__in=by_id):
            leads.setdefault(one.submission_id, []).append(one)
        for pk, submission in by_id.items():
            submission.active = leads.get(pk, [])
        return [by_id[pk] for pk in ids if pk in by_id]

    def _contacts_shown(self, found: list[Submission]) -> set[int]:
        """Those whose sender this role may see; each look is written down, as on the page."""
        allowed = access.may_each(self.member, "contact", found)
        shown = {one.pk for one in found if one.pk in allowed and one.submitter.blocked_at is None}
        with transaction.atomic():
            for submission in found:
                if submission.pk in shown:
                    record(submission, Event.Name.CONTACT_VIEWED, actor=self.user, data={"export": True})
        return shown

    def _cells(self, submission: Submission, with_contact: bool) -> list[Any]:
        of, active = self.labels.of, submission.active  # type: ignore[attr-defined]
        entry = getattr(submission, "entry", None)
        cells = [
            submission.receipt_code,
            _moment(submission.created_at),
            submission.get_kind_display(),
            submission.redacted_title,
            submission.redacted_body[:TEXT],
            submission.get_status_display(),
            submission.get_nature_display() if submission.nature else "",
            of("system", str(submission.system_id)) if submission.system_id else "",
            of("initiative", str(submission.initiative_id)) if submission.initiative_id else "",
            *(
                ", ".join(of("agency", one.agency.code) for one in active if one.role == role)
                for role in ("lead", "co")
            ),
            of("province", submission.province_id) if submission.province_id else "",
            ", ".join(of("category", one.code) for one in submission.categories.all()),
            _moment(submission.due_at),
            (submission.handler.get_full_name() or submission.handler.get_username()) if submission.handler else "",
            submission.get_outcome_display() if submission.outcome else "",
            _moment(submission.answered_at),
            entry.supports or 0 if entry else 0,
        ]
        if self.with_contacts:
            cells += [getattr(submission.submitter, name) if with_contact else "" for name in CONTACTS]
        return cells


def _moment(value: Any) -> str:
    return f"{localtime(value):%Y-%m-%d %H:%M}" if value else ""


class _Echo:
    def write(self, value: str) -> str:
        return value


def as_csv(table: Table) -> Iterator[str]:
    """Line by line; the mark at the start tells Excel that it is UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(table.head)
    for row in table.rows():
        yield writer.writerow(row)


def as_xlsx(table: Table) -> IO[bytes]:
    """A workbook in a temporary file, written row by row."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Phiếu"))
    sheet.append(table.head)
    for row in table.rows():
        sheet.append(row)
    file = TemporaryFile()
    book.save(file)
    file.seek(0)
    return file

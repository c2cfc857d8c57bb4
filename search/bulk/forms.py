"""What a bulk action needs to know; each form gives the codes a job keeps, and the text to senders."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.forms.desk import AgencyForm, QuestionForm, RefusalForm, SubjectForm
from intake.models import Submission

from ..models import BulkJob


class JobForm(forms.Form):
    """Without version or place: a job compares each submission when its turn comes."""

    def data_for_job(self) -> dict[str, Any]:
        return {}

    def text_for_job(self) -> str:
        return ""

    def letter(self) -> str:
        """What the senders will read, if anything."""
        return self.text_for_job()


class AssignForm(JobForm, AgencyForm):
    confirm = forms.BooleanField(
        label=_("Xác nhận luôn nhãn máy gợi ý cho những phiếu chưa có nhãn"), required=False, initial=True
    )
    field_order = ["lead", "co_agencies", "confirm"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead: Any = self.fields["lead"]
        lead.required, lead.empty_label = False, _("Theo gợi ý của máy cho từng phiếu")

    def data_for_job(self) -> dict[str, Any]:
        data = self.cleaned_data
        lead = data["lead"].code if data["lead"] else ""
        return {"lead": lead, "co": [agency.code for agency in data["co_agencies"]], "confirm": data["confirm"]}


class LabelForm(JobForm, SubjectForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What may be a state secret is sealed one by one, by somebody who has read it.
        nature: Any = self.fields["nature"]
        nature.choices = [choice for choice in nature.choices if choice[0] != "secret"]

    def data_for_job(self) -> dict[str, Any]:
        data = self.cleaned_data
        keys = {name: data[name].pk if data[name] else None for name in ("initiative", "system")}
        return {"nature": data["nature"], **keys}


class BulkAskForm(JobForm, QuestionForm):
    def text_for_job(self) -> str:
        return self.cleaned_data["text"]


class BulkRejectForm(JobForm, RefusalForm):
    def data_for_job(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"].code}

    def text_for_job(self) -> str:
        return self.cleaned_data["note"]

    def letter(self) -> str:
        return "\n\n".join(filter(None, [self.cleaned_data["reason"].shown_public_text, self.cleaned_data["note"]]))


class MergeForm(JobForm):
    """Which of them speaks for all: the one they were to be merged into, else the oldest.

    `wanted`: the code of the one that was asked for; `principal`: that one, if it can take them in.
    Where it cannot, none is taken in its place: a person chooses.
    """

    into = forms.ChoiceField(
        label=_("Phiếu được giữ lại"), help_text=_("Câu trả lời của phiếu này gửi tới mọi người gửi.")
    )

    def __init__(
        self,
        *args: Any,
        able: Sequence[Submission] = (),
        wanted: str = "",
        principal: Submission | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        others = sorted((one for one in able if one != principal), key=lambda one: (one.created_at, one.pk))
        offered = [principal, *others] if principal else others
        choices = [(one.receipt_code, f"{one.receipt_code} · {one.title}"[:90]) for one in offered]
        if wanted and principal is None:
            choices.insert(0, ("", "—"))
            into.help_text = _("Phiếu %(code)s không nhận gộp thêm được lúc này. Hãy chọn phiếu khác, hoặc thôi.") % {
                "code": wanted
            }
        into.choices = choices
        into.initial = choices[0][0] if choices else None

    def data_for_job(self) -> dict[str, Any]:
        return {"into": self.cleaned_data["into"]}


FORMS: dict[str, type[JobForm]] = {
    BulkJob.Action.ASSIGN: AssignForm,
    BulkJob.Action.LABEL: LabelForm,
    BulkJob.Action.ASK: BulkAskForm,
    BulkJob.Action.REJECT: BulkRejectForm,
    BulkJob.Action.MERGE: MergeForm,
    BulkJob.Action.ACCEPT: JobForm,
}


def form_for(
    job: BulkJob, able: Sequence[Submission], data: Any = None, principal: Submission | None = None
) -> JobForm:
    if job.action == BulkJob.Action.MERGE:
        return MergeForm(data, able=able, wanted=job.data.get("into", ""), principal=principal)
    return FORMS[job.action](data)

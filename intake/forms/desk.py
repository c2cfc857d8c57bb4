"""What officers fill in. Each form carries the version of the submission its page showed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .. import limits
from ..models import (
    Agency,
    Initiative,
    Kind,
    Nature,
    QuestionTemplate,
    RejectionReason,
    RoutingDecision,
    StrategicSystem,
)
from ..workflow import Outcome
from .fields import PlainCharField

SENDABLE_OUTCOMES = [choice for choice in Outcome.choices if choice[0] not in {Outcome.REJECTED, Outcome.NO_REPLY}]


class VersionedForm(forms.Form):
    """`tu` and `thu`: the list the officer came from, and the place in it; the next one is found by them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    tu = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)
    thu = forms.IntegerField(required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput)


class SubjectForm(forms.Form):
    """What it is about."""

    nature = forms.ChoiceField(label=_("Tính chất"), choices=Nature)
    initiative = forms.ModelChoiceField(
        label=_("Sáng kiến đột phá"),
        queryset=Initiative.objects.none(),
        required=False,
        empty_label=_("Ngoài 30 sáng kiến"),
    )
    system = forms.ModelChoiceField(
        label=_("Hệ thống chiến lược"),
        help_text=_("Theo sáng kiến, nếu đã chọn sáng kiến."),
        queryset=StrategicSystem.objects.none(),
        required=False,
        empty_label=_("Ngoài phạm vi"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["initiative"].queryset = Initiative.objects.current().select_related("system")
        self.fields["system"].queryset = StrategicSystem.objects.current()

    def clean(self):
        data = super().clean()
        if data.get("nature") == Nature.IN_SCOPE and not data.get("initiative") and not data.get("system"):
            self.add_error("system", _("Trong phạm vi thì phải thuộc một hệ thống. Hãy chọn sáng kiến hoặc hệ thống."))
        return data


class AgencyForm(forms.Form):
    """Whose it is."""

    lead = forms.ModelChoiceField(
        label=_("Cơ quan chủ trì"),
        queryset=Agency.objects.none(),
        to_field_name="code",
        error_messages={"required": _("Hãy chọn cơ quan chủ trì.")},
    )
    co_agencies = forms.ModelMultipleChoiceField(
        label=_("Cơ quan phối hợp"),
        help_text=_("Giữ Ctrl để chọn nhiều cơ quan."),
        queryset=Agency.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.current()
        self.fields["lead"].queryset = agencies
        self.fields["co_agencies"].queryset = agencies


class RouteForm(SubjectForm, AgencyForm, VersionedForm):
    """Confirm or correct what it is about, and give it to an agency."""

    reason = forms.ChoiceField(
        label=_("So với gợi ý của hệ thống"), choices=RoutingDecision.Reason, initial=RoutingDecision.Reason.AGREED
    )
    note = PlainCharField(
        label=_("Ghi chú cho cơ quan xử lý"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class QuestionForm(forms.Form):
    """A question in the officer's own words, or one that is ready; what is typed stands above the ready one."""

    template = forms.ModelChoiceField(
        label=_("Câu hỏi mẫu"),
        queryset=QuestionTemplate.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Tự viết"),
    )
    text = PlainCharField(
        label=_("Câu hỏi gửi người gửi"),
        help_text=_("Hỏi rõ cần thêm điều gì. Hạn trả lời tạm dừng cho tới khi có bổ sung."),
        max_length=limits.REPLY,
        min_length=3,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = QuestionTemplate.objects.current()

    def clean(self):
        data = super().clean()
        if not data.get("text") and data.get("template"):
            data["text"] = data["template"].text
        if not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("Hãy viết câu hỏi, hoặc chọn một câu mẫu."))
        return data


class AskForm(QuestionForm, VersionedForm):
    pass


class NoteForm(VersionedForm):
    note = PlainCharField(
        label=_("Lý do"),
        max_length=1000,
        min_length=3,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Hãy ghi lý do.")},
    )


class RefusalForm(forms.Form):
    reason = forms.ModelChoiceField(
        label=_("Lý do không tiếp nhận"),
        help_text=_("Người gửi đọc được lý do này."),
        queryset=RejectionReason.objects.none(),
        to_field_name="code",
        empty_label=_("Chọn lý do"),
        error_messages={"required": _("Hãy chọn lý do.")},
    )
    note = PlainCharField(
        label=_("Nói thêm với người gửi"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = RejectionReason.objects.current()


class RejectForm(RefusalForm, VersionedForm):
    pass


class AnswerForm(VersionedForm):
    outcome = forms.ChoiceField(label=_("Kết quả"), choices=SENDABLE_OUTCOMES)
    text = PlainCharField(
        label=_("Nội dung trả lời"),
        help_text=_("Câu đầu trả lời thẳng điều được hỏi; sau đó là căn cứ, việc tiếp theo và ngày."),
        max_length=limits.BODY,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("Hãy viết câu trả lời.")},
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if len(text.split()) < 10:
            raise ValidationError(_("Câu trả lời ngắn quá. Hãy nói rõ kết quả, lý do và bước tiếp theo."))
        return text


class EmptyForm(VersionedForm):
    """Only a press of a button."""


class SplitForm(VersionedForm):
    """The second subject of a submission that has two, in the sender's own words."""

    title = PlainCharField(
        label=_("Tiêu đề phiếu mới"), max_length=limits.TITLE, error_messages={"required": _("Hãy ghi tiêu đề.")}
    )
    kind = forms.ChoiceField(label=_("Loại"), choices=Kind)
    body = PlainCharField(
        label=_("Nội dung phiếu mới"),
        help_text=_("Chỉ giữ phần nói về việc thứ hai, đúng lời người gửi. Phiếu này không bị sửa."),
        max_length=limits.BODY,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Hãy giữ lại phần nói về việc thứ hai.")},
    )

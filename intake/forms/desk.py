"""What officers fill in. Each form carries the version of the submission its page showed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .. import limits
from ..models import Agency, Initiative, Nature, RejectionReason, RoutingDecision, StrategicSystem
from ..workflow import Outcome
from .citizen import PlainCharField

SENDABLE_OUTCOMES = [choice for choice in Outcome.choices if choice[0] not in {Outcome.REJECTED, Outcome.NO_REPLY}]


class VersionedForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class RouteForm(VersionedForm):
    """Confirm or correct what it is about, and give it to an agency."""

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
    reason = forms.ChoiceField(
        label=_("So với gợi ý của hệ thống"), choices=RoutingDecision.Reason, initial=RoutingDecision.Reason.AGREED
    )
    note = PlainCharField(
        label=_("Ghi chú cho cơ quan xử lý"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.current()
        self.fields["initiative"].queryset = Initiative.objects.current().select_related("system")
        self.fields["initiative"].label_from_instance = lambda i: f"{i.pk}. {i.short_title or i.title}"
        self.fields["system"].queryset = StrategicSystem.objects.current()
        self.fields["lead"].queryset = agencies
        self.fields["co_agencies"].queryset = agencies

    def clean(self):
        data = super().clean()
        if data.get("nature") == Nature.IN_SCOPE and not data.get("initiative") and not data.get("system"):
            self.add_error("system", _("Trong phạm vi thì phải thuộc một hệ thống. Hãy chọn sáng kiến hoặc hệ thống."))
        return data


class TextForm(VersionedForm):
    text = PlainCharField(max_length=limits.REPLY, min_length=3, widget=forms.Textarea(attrs={"rows": 4}))


class AskForm(TextForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Câu hỏi gửi người gửi")
        self.fields["text"].help_text = _("Hỏi rõ cần thêm điều gì. Hạn trả lời tạm dừng cho tới khi có bổ sung.")
        self.fields["text"].error_messages["required"] = _("Hãy viết câu hỏi.")


class NoteForm(VersionedForm):
    note = PlainCharField(
        label=_("Lý do"),
        max_length=1000,
        min_length=3,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Hãy ghi lý do.")},
    )


class RejectForm(VersionedForm):
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

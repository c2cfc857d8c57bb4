"""What a sender fills in after sending: code and key, a reply, a verdict."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import limits
from .fields import LineField, PlainCharField


class TrackForm(forms.Form):
    code = LineField(
        label=_("Mã tiếp nhận"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Hãy nhập mã tiếp nhận, ví dụ 57-K7QM-2F9D.")},
    )
    key = LineField(
        label=_("Khóa tra cứu"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Hãy nhập khóa tra cứu in trên phiếu nhận.")},
    )


class ReplyForm(forms.Form):
    text = PlainCharField(
        label=_("Phần bổ sung của bạn"),
        max_length=limits.REPLY,
        min_length=2,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Hãy viết phần bổ sung.")},
    )


class RatingForm(forms.Form):
    SCORES = [
        (5, _("Rất hài lòng")),
        (4, _("Hài lòng")),
        (3, _("Tạm được")),
        (2, _("Chưa hài lòng")),
        (1, _("Rất không hài lòng")),
    ]
    score = forms.TypedChoiceField(
        label=_("Câu trả lời có giải quyết điều bạn hỏi không?"),
        choices=SCORES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một mức.")},
    )
    comment = PlainCharField(
        label=_("Điều bạn muốn nói thêm"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

"""What an administrator sets of the machine: the costs of its mistakes, and whether it may assign."""

from django import forms
from django.utils.translation import gettext_lazy as _

from classifier.policy import Costs

from .fields import PlainCharField


class PolicyForm(forms.Form):
    """Costs in units of one manual routing; what follows from them is computed, never typed."""

    checked = forms.FloatField(
        label=_("Xác nhận một gợi ý đúng"), help_text=_("So với tự phân loại từ đầu (bằng 1)."), min_value=0.01
    )
    misled = forms.FloatField(
        label=_("Gặp một gợi ý sai"), help_text=_("Đọc gợi ý sai rồi tự phân loại: lớn hơn 1."), min_value=1.01
    )
    misrouted = forms.FloatField(
        label=_("Phiếu nằm ở cơ quan không đúng"), help_text=_("Máy tự chuyển sai, phải chuyển lại."), min_value=1.02
    )
    missed = forms.FloatField(
        label=_("Bỏ sót một đơn tố cáo, khiếu nại"),
        help_text=_("Đơn được chuyển đi như phiếu thường mà không người nào đọc trước."),
        min_value=0.02,
    )
    may_assign = forms.BooleanField(
        label=_("Cho phép máy tự chuyển khi đủ chắc"),
        help_text=_(
            "Chỉ có tác dụng khi có ít nhất 300 quyết định và cận dưới của tỷ lệ đúng từ 95%. "
            "Khiếu nại, tố cáo, nghi bí mật nhà nước luôn do người quyết định. "
            "Biểu mẫu và các trang công khai đang nói cán bộ quyết định: sửa lại trước khi bật."
        ),
        required=False,
    )
    why = PlainCharField(
        label=_("Lý do thay đổi"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Hãy ghi lý do, để người sau hiểu.")},
    )

    def __init__(self, *args, preview: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = not preview
        for name in ("checked", "misled", "misrouted", "missed"):
            self.fields[name].widget.attrs["step"] = "0.05"

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        try:
            data["costs"] = Costs(**{name: data[name] for name in ("checked", "misled", "misrouted", "missed")})
        except ValueError:
            self.add_error(
                None,
                _(
                    "Các chi phí mâu thuẫn nhau: xác nhận gợi ý đúng phải rẻ hơn 1, gặp gợi ý sai đắt hơn 1, "
                    "chuyển sai cơ quan đắt hơn nữa."
                ),
            )
        return data


class BatchForm(forms.Form):
    """Whose decisions of a refused training are set aside, or let through. No actor: everybody's."""

    actor = forms.IntegerField(required=False)
    learning = forms.ChoiceField(choices=[("held", ""), ("cleared", "")])


class InitiativeForm(forms.Form):
    """A label to be explained away."""

    khong = forms.IntegerField(min_value=0, max_value=99, required=False)

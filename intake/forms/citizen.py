"""What a sender fills in. Validates and normalises; changes nothing."""

import re
import uuid

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .. import limits
from ..models import Category, Commune, Consent, Kind, Province, Submitter
from ..places import find_communes
from ..redaction import looks_secret
from ..services import NewSubmission, Sender
from .fields import AttachmentsField, CardSelect, LineField, PlainCharField

CONSENT_VERSION = "2026-11"
_TOKEN_SALT = "intake.form"  # noqa: S105 (a namespace, no secret)


def new_token() -> str:
    """A signed number for one opened form: dated, and the same number is the same submission."""
    return signing.TimestampSigner(salt=_TOKEN_SALT).sign(uuid.uuid4().hex)


def read_token(token: str) -> uuid.UUID:
    """Raises `signing.SignatureExpired` or `signing.BadSignature`."""
    signer = signing.TimestampSigner(salt=_TOKEN_SALT)
    return uuid.UUID(hex=signer.unsign(token, max_age=limits.FORM_AGE))


KIND_HINTS = {
    Kind.FEEDBACK.value: _("Một quy định, quy trình đang gây khó"),
    Kind.PETITION.value: _("Đề nghị sửa, bổ sung điều gì"),
    Kind.INITIATIVE.value: _("Cách làm mới, có thể nhân rộng"),
    Kind.SOLUTION.value: _("Sản phẩm, công nghệ giải một bài toán"),
}


def _provinces() -> list[tuple[str, str]]:
    provinces = Province.objects.current().order_by("folded")
    return [("", _("Chọn tỉnh, thành phố")), *((province.code, province.shown_name) for province in provinces)]


class SubmissionForm(forms.Form):
    """The whole form on one page: opinion, sender, consents."""

    kind = forms.ChoiceField(
        label=_("Loại ý kiến"),
        choices=Kind,
        widget=CardSelect(KIND_HINTS),
        error_messages={"required": _("Hãy chọn một loại ý kiến.")},
    )
    title = LineField(
        label=_("Tiêu đề"),
        help_text=_("Một câu nói rõ điều bạn muốn. Tối đa 200 ký tự."),
        max_length=limits.TITLE,
        error_messages={
            "required": _("Hãy viết tiêu đề."),
            "max_length": _("Tiêu đề dài quá 200 ký tự. Hãy rút gọn, phần chi tiết để ở nội dung."),
        },
    )
    body = PlainCharField(
        label=_("Nội dung"),
        help_text=_(
            "Chuyện gì xảy ra, ở đâu, quy định nào gây khó, bạn đề nghị gì. Đừng ghi điều thuộc bí mật nhà nước, "
            "số điện thoại hay số căn cước của ai."
        ),
        max_length=limits.BODY,
        min_length=15,
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={
            "required": _("Hãy viết nội dung."),
            "max_length": _(
                "Nội dung dài %(show_value)s ký tự, tối đa 20.000. Hãy rút gọn hoặc gửi phần còn lại bằng tệp kèm theo."
            ),
            "min_length": _("Nội dung ngắn quá, cán bộ sẽ không hiểu. Hãy viết thêm vài câu."),
        },
    )
    legal_text = LineField(
        label=_("Văn bản, điều khoản liên quan"),
        help_text=_("Ví dụ: khoản 2 Điều 5 của nghị định nào. Không biết thì để trống."),
        max_length=500,
        required=False,
    )
    province = forms.ChoiceField(label=_("Tỉnh, thành phố"), choices=_provinces, required=False)
    commune = LineField(
        label=_("Xã, phường, đặc khu"),
        help_text=_("Gõ vài chữ; tên cũ trước tháng 7/2025 cũng được."),
        max_length=120,
        required=False,
    )
    mechanism = forms.ModelChoiceField(
        label=_("Về cơ chế nào"), queryset=Category.objects.none(), required=False, empty_label=_("Chưa rõ")
    )
    sector = forms.ModelChoiceField(
        label=_("Về lĩnh vực nào"), queryset=Category.objects.none(), required=False, empty_label=_("Chưa rõ")
    )
    files = AttachmentsField(
        label=_("Tài liệu kèm theo"),
        help_text=_("Tối đa 5 tệp PDF, DOCX, XLSX, JPG, PNG; mỗi tệp không quá 10 MB. Đừng gửi ảnh căn cước."),
        required=False,
    )

    sender_kind = forms.ChoiceField(
        label=_("Bạn gửi với tư cách"),
        choices=Submitter.Kind,
        widget=forms.RadioSelect,
        initial=Submitter.Kind.PERSON,
        error_messages={"required": _("Hãy chọn cá nhân hoặc tổ chức.")},
    )
    name = LineField(
        label=_("Họ tên, hoặc tên tổ chức"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Hãy ghi họ tên hoặc tên tổ chức.")},
    )
    representative = LineField(
        label=_("Người đại diện"), help_text=_("Chỉ khi gửi thay mặt tổ chức."), max_length=150, required=False
    )
    address = LineField(
        label=_("Địa chỉ liên hệ"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": _("Hãy ghi địa chỉ liên hệ.")},
    )
    phone = LineField(
        label=_("Số điện thoại"),
        help_text=_("Cần số điện thoại hoặc thư điện tử, một trong hai là đủ."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("Thư điện tử"),
        help_text=_("Để nhận mã, câu hỏi và câu trả lời."),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Địa chỉ thư điện tử chưa đúng. Ví dụ đúng: ten@vidu.vn")},
    )
    occupation = forms.ChoiceField(
        label=_("Bạn là"), choices=[("", _("Không muốn nói")), *Submitter.Occupation.choices], required=False
    )
    id_number = LineField(
        label=_("Số định danh cá nhân hoặc hộ chiếu"),
        help_text=_("Chỉ để xác minh khi cần trả kết quả; được mã hóa, không bao giờ công khai."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    consent_publish = forms.BooleanField(
        label=_("Tôi đồng ý công khai nội dung và câu trả lời, sau khi đã che tên và thông tin liên hệ."),
        required=False,
    )
    consent_show_name = forms.BooleanField(label=_("Tôi đồng ý hiện tên của tôi trên trang công khai."), required=False)
    consent_contact = forms.BooleanField(
        label=_("Tôi đồng ý được liên hệ để hỏi thêm khi nghiên cứu chính sách."), required=False
    )
    by_hand = forms.BooleanField(
        label=_("Tôi không muốn máy đọc ý kiến này: hãy để cán bộ tự đọc và phân loại."), required=False
    )
    acknowledge = forms.BooleanField(
        label=_(
            "Tôi đã đọc phần lưu ý: nội dung trung thực, không có bí mật nhà nước, không có thông tin riêng của người "
            "khác; đây không phải đơn khiếu nại, tố cáo."
        ),
        error_messages={"required": _("Hãy đọc phần lưu ý rồi đánh dấu vào ô xác nhận.")},
    )
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=200)
    # A field no person sees; a machine that fills everything fills it too.
    website = forms.CharField(required=False, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        current = Category.objects.current()
        self.fields["mechanism"].queryset = current.filter(facet=Category.Facet.MECHANISM)
        self.fields["sector"].queryset = current.filter(facet=Category.Facet.SECTOR)

    @property
    def more_about_it(self) -> bool:
        """Whether the fold of this name holds something that must be seen."""
        return self._holds("legal_text", "mechanism", "sector")

    @property
    def more_about_sender(self) -> bool:
        return self._holds("occupation", "id_number")

    def _holds(self, *names: str) -> bool:
        return any(name in self.errors or self[name].value() for name in names)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        try:
            email.rpartition("@")[2].encode("idna")
        except UnicodeError:
            raise ValidationError(self.fields["email"].error_messages["invalid"]) from None
        return email

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if phone and not re.fullmatch(r"\+?[\d .()\-]{8,20}", phone):
            raise ValidationError(_("Số điện thoại chỉ gồm chữ số, ví dụ 0912 345 678."))
        return phone

    def clean(self):
        data = super().clean()
        if not data.get("phone") and not data.get("email") and not {"phone", "email"} & self.errors.keys():
            self.add_error("phone", _("Hãy ghi số điện thoại hoặc thư điện tử, để cơ quan trả lời bạn."))
        if looks_secret("\n".join(data.get(name) or "" for name in ("title", "body", "legal_text"))):
            self.add_error(
                "body",
                _(
                    "Nội dung có dấu của tài liệu mật (TUYỆT MẬT, TỐI MẬT, MẬT). Hệ thống trên Internet không được "
                    "nhận bí mật nhà nước: hãy gửi qua đường văn thư mật. Nếu không phải, hãy viết lại phần đó."
                ),
            )
        data["commune"] = self._commune(data)
        return data

    def _commune(self, data) -> Commune | None:
        typed, province = data.get("commune") or "", data.get("province")
        if not typed:
            return None
        name = Province.objects.filter(code=province).values_list("name", flat=True).first() if province else ""
        matches = find_communes(f"{typed}, {name}" if name else typed)
        if province:
            matches = [match for match in matches if match.commune.province_id == province] or matches
        if not matches:
            self.add_error("commune", _("Không tìm thấy xã, phường này. Hãy gõ lại, hoặc để trống cũng được."))
            return None
        if province and matches[0].commune.province_id != province:
            self.add_error("commune", _("Xã, phường này không thuộc tỉnh đã chọn. Hãy chọn lại, hoặc để trống một ô."))
            return None
        return matches[0].commune

    def new_submission(self, token: uuid.UUID) -> NewSubmission:
        data = self.cleaned_data
        commune = data["commune"]
        province = commune.province if commune else Province.objects.filter(code=data["province"]).first()
        consents = [purpose for purpose in Consent.Purpose.values if data[f"consent_{purpose}"]]
        return NewSubmission(
            title=data["title"],
            body=data["body"],
            kind=data["kind"],
            legal_text=data["legal_text"],
            province=province,
            commune=commune,
            categories=tuple(c for c in (data["mechanism"], data["sector"]) if c),
            files=data["files"] or (),
            consents=tuple(consents),
            consent_version=CONSENT_VERSION,
            form_token=token,
            by_hand=data["by_hand"],
            sender=Sender(
                kind=data["sender_kind"],
                occupation=data["occupation"],
                **{f: data[f] for f in ("name", "representative", "address", "phone", "email", "id_number")},
            ),
        )

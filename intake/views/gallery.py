"""`/thanh-phan/`: every component in its states, with invented content."""

from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.timezone import now

from ..forms.fields import CardSelect


class SampleForm(forms.Form):
    kind = forms.ChoiceField(
        label="Loại ý kiến",
        choices=[
            ("feedback", "Phản ánh"),
            ("petition", "Kiến nghị"),
            ("initiative", "Sáng kiến"),
            ("solution", "Giải pháp"),
        ],
        widget=CardSelect(
            {
                "feedback": "một quy định đang gây khó",
                "petition": "đề nghị sửa, bổ sung",
                "initiative": "cách làm mới, có thể nhân rộng",
                "solution": "sản phẩm, công nghệ",
            }
        ),
    )
    title = forms.CharField(
        label="Tiêu đề", max_length=200, help_text="Một câu nói rõ điều bạn muốn. Tối đa 200 ký tự."
    )
    body = forms.CharField(
        label="Nội dung",
        max_length=10000,
        widget=forms.Textarea,
        help_text="Chuyện gì xảy ra, ở đâu, quy định nào, bạn đề nghị gì. Đừng ghi điều thuộc bí mật nhà nước.",
    )
    files = forms.FileField(
        label="Tài liệu kèm theo",
        required=False,
        help_text="PDF, DOCX, XLSX, JPG, PNG; mỗi tệp tối đa 10 MB. Đừng gửi ảnh căn cước.",
    )
    province = forms.ChoiceField(
        label="Tỉnh, thành phố",
        required=False,
        choices=[("", "Chọn một nơi"), ("40", "Nghệ An"), ("46", "Huế"), ("75", "Đồng Nai")],
    )
    phone = forms.CharField(
        label="Số điện thoại",
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    topics = forms.MultipleChoiceField(
        label="Lĩnh vực",
        required=False,
        choices=[("1", "Thể chế, cơ chế, chính sách"), ("2", "Hạ tầng số"), ("3", "Nguồn nhân lực")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Chọn một hoặc nhiều.",
    )
    score = forms.ChoiceField(
        label="Câu trả lời này giúp được bạn đến đâu?",
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("1", "Không giúp được gì"),
            ("2", "Giúp được ít"),
            ("3", "Tạm được"),
            ("4", "Giúp được nhiều"),
            ("5", "Đúng điều tôi cần"),
        ],
    )
    publish = forms.BooleanField(
        label="Tôi đồng ý cho công khai nội dung đã che thông tin cá nhân.",
        required=False,
        help_text="Tên và liên hệ của bạn không bao giờ hiện công khai.",
    )


def gallery(request: HttpRequest) -> HttpResponse:
    """The gallery of the design language: for editors, and for anybody in demo and debug."""
    if not (
        settings.DEMO or settings.DEBUG or request.user.is_staff or request.user.has_perm("wagtailadmin.access_admin")
    ):
        raise Http404
    return render(request, "citizen/components.html", _samples())


def _samples() -> dict[str, object]:
    """All the lists the template walks through."""
    moment = now()
    bad = SampleForm(
        {
            "title": "Trạm y tế xã không kết nối được bệnh án điện tử",
            "body": "Trạm y tế xã tôi đã mua phần mềm bệnh án từ đầu năm nhưng không gửi được dữ liệu lên bệnh viện tỉnh. Liên hệ tôi theo số 0912 345 678.",
        },
        auto_id="bad_%s",
    )
    bad.is_valid()
    bad.add_error("body", "nội dung đang có số điện thoại (0912 ••• ••8). Hãy để ở ô liên hệ.")
    bad.add_error("publish", "hãy cho biết bạn có đồng ý hay không.")
    bad.add_error("topics", "chọn ít nhất một lĩnh vực.")
    bad.add_error("province", "hãy chọn một nơi.")
    return {
        "form": SampleForm(),
        "bad": bad,
        "group": [SampleForm(auto_id="g_%s")[name] for name in ("province", "phone")],
        "soon": moment + timedelta(hours=3),
        "later": moment + timedelta(days=9),
        "past": moment - timedelta(days=2),
        "sent": datetime(2026, 11, 2),
        "due": datetime(2026, 11, 23),
        "answered": datetime(2026, 11, 13),
        "answered_late": datetime(2026, 11, 29),
        "statuses": [
            ("received", "Đã tiếp nhận"),
            ("assigned", "Đã chuyển xử lý"),
            ("in_progress", "Đang xử lý"),
            ("needs_info", "Chờ bổ sung thông tin"),
            ("answered", "Đã trả lời"),
            ("rejected", "Không tiếp nhận"),
            ("closed", "Đã kết thúc"),
        ],
        "next_steps": [
            {"title": "Nhận mã ngay", "text": "Mã và khóa để theo dõi, gửi cả qua thư điện tử."},
            {"title": "Phân loại", "text": "Trong 2 ngày làm việc, cán bộ xác nhận cơ quan chủ trì."},
            {"title": "Trả lời", "text": "Trong 15 ngày làm việc; nếu lâu hơn, bạn biết lý do và ngày mới."},
            {"title": "Công khai", "text": "Nếu bạn đồng ý, bản đã che thông tin cá nhân."},
        ],
        "form_steps": ["Trước khi gửi", "Ý kiến của bạn", "Người gửi và gửi đi"],
        "events": [
            {
                "title": "Đã tiếp nhận",
                "when": datetime(2026, 11, 2, 8, 41),
                "text": "Mã và khóa đã gửi qua thư điện tử.",
            },
            {
                "title": "Đã chuyển Bộ Y tế",
                "when": datetime(2026, 11, 3, 15, 5),
                "text": "Cán bộ điều phối xác nhận gợi ý của hệ thống.",
            },
            {
                "title": "Đang xử lý",
                "when": datetime(2026, 11, 4, 9, 0),
                "text": "Hạn trả lời 23/11/2026.",
                "state": "now",
            },
            {"title": "Trả lời", "when": "chậm nhất 23/11/2026", "state": "next"},
            {"title": "Bạn đánh giá", "when": "trong 30 ngày sau khi có trả lời", "state": "next"},
        ],
        "refused": [
            {"title": "Đã tiếp nhận", "when": datetime(2026, 11, 2, 8, 41)},
            {
                "title": "Không tiếp nhận",
                "when": datetime(2026, 11, 3, 10, 12),
                "text": "Nội dung là khiếu nại một quyết định hành chính: gửi người đã ký quyết định đó.",
                "state": "bad",
            },
        ],
        "guesses": [
            {"label": "SK 10 · Y tế thông minh", "probability": 0.86},
            {"label": "SK 19 · Cách mạng dữ liệu", "probability": 0.07},
            {"label": "Ngoài phạm vi", "probability": 0.04},
        ],
        "unsure": [
            {"label": "SK 04 · Giáo dục số", "probability": 0.31},
            {"label": "Ngoài phạm vi", "probability": 0.29},
            {"label": "SK 10 · Y tế thông minh", "probability": 0.22},
        ],
        "reasons": ["bệnh án", "trạm y tế", "chuyển tuyến"],
        "page_obj": Paginator(range(2400), 20).page(7),
        "filters": [
            {"label": "Trạng thái", "value": "chờ phân loại", "url": "?"},
            {"label": "Tỉnh", "value": "Nghệ An", "url": "?"},
        ],
        "facet": [
            {"label": "Bộ Y tế", "count": 412, "url": "?", "current": True},
            {"label": "Bộ Khoa học và Công nghệ", "count": 1089, "url": "?"},
            {"label": "Bộ Tài chính", "count": 97, "url": "?"},
        ],
        "facet_more": [{"label": "Ủy ban nhân dân tỉnh Cà Mau", "count": 2, "url": "#tim", "current": False}],
        "headers": ["Cơ quan", "Nhận", "Đã trả lời", "Đúng hạn"],
        "rows": [
            ["Bộ Y tế", "412", "356", "91%"],
            ["Bộ Khoa học và Công nghệ", "1.089", "934", "88%"],
            ["Bộ Tài chính", "203", "171", "94%"],
        ],
        "facts": [
            ("Mã tiếp nhận", "57-K7QM-2F9D"),
            ("Cơ quan chủ trì", "Bộ Y tế"),
            ("Cơ quan phối hợp", ""),
            ("Nơi", "Nghệ An"),
        ],
        "snippet": mark_safe(
            "…phần mềm <mark>bệnh án</mark> từ đầu năm nhưng không gửi được dữ liệu lên bệnh viện tỉnh, mỗi lần chuyển tuyến bệnh nhân vẫn phải chụp lại phim…"
        ),
        "row_title": mark_safe("Trạm y tế xã không kết nối được <mark>bệnh án điện tử</mark>"),
        "row_chips": [
            {"text": "SK 10 · Y tế thông minh"},
            {"text": "Bộ Y tế 86%"},
            {"text": "giống 2 phiếu", "kind": "warn", "sign": "alike"},
        ],
        "row_chips_unsure": [{"text": "Chưa rõ: 3 khả năng", "kind": "info", "sign": "question"}],
        "marks": "ẮẰẲẴẶ ỂỄỆ ỐỒỔỖỘ ỨỪỬỮỰ ỷỹỵ",
        "icons": "check cross arrow back alert clock info question done stop pause ring half search menu file lock print external user mail pen download filter alike hand eye idea tool flag plus".split(),
    }

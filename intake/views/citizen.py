"""The form and its receipt."""

from django.conf import settings
from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_http_methods
from django_ratelimit.decorators import ratelimit

from .. import services
from ..admission import admit, admitted
from ..forms.citizen import SubmissionForm, new_token, read_token
from ..models import Submission
from ..offers import answers_for
from ..places import find_communes
from ..qr import qr_svg

CLIENT = "intake.http.client_key"


def _same(submission: Submission, form: SubmissionForm) -> bool:
    """Whether the form says what the submission already holds, files and sender included."""
    data, sender = form.cleaned_data, submission.submitter
    files = {file.sha256 for file in data["files"] or ()}
    return (
        (submission.title, submission.body) == (data["title"], data["body"])
        and files <= set(submission.attachments.values_list("sha256", flat=True))
        and all(getattr(sender, name) == data[name] for name in ("name", "address", "phone", "email"))
    )


def _fresh_form(request: HttpRequest) -> SubmissionForm:
    """The form as posted, with a new token in place of a spent or expired one."""
    data = request.POST.copy()
    data["form_token"] = new_token()
    return SubmissionForm(data, request.FILES)


def _show_form(request: HttpRequest, form: SubmissionForm, *, notice: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "notice": notice, "offered": _offered(request, form) if status == 422 else ""}
    return render(request, "citizen/form.html", context, status=status)


def _offered(request: HttpRequest, form: SubmissionForm) -> SafeString:
    """Answers like what somebody tried to send: without script nothing was shown while they wrote."""
    return answers_for(request, "\n".join(str(form[name].value() or "") for name in ("title", "body")))


@never_cache
@csrf_protect
@ratelimit(key=CLIENT, rate=settings.SUBMIT_RATE, method="POST")
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        initial = {"form_token": new_token(), "kind": request.GET.get("loai", "")}
        return _show_form(request, SubmissionForm(initial=initial))

    try:
        token = read_token(request.POST.get("form_token", ""))
    except signing.BadSignature:
        form = _fresh_form(request)
        form.is_valid()
        notice = _(
            "Trang này đã mở quá lâu nên chưa gửi được. Những gì bạn viết vẫn còn: hãy xem lại rồi bấm gửi lần nữa."
        )
        return _show_form(request, form, notice=notice, status=422)

    form = SubmissionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_form(request, form, status=422)
    if form.cleaned_data["website"]:
        form.add_error(None, _("Chưa gửi được. Hãy tải lại trang và thử lần nữa."))
        return _show_form(request, form, status=422)

    submission = services.submit(form.new_submission(token))
    if not _same(submission, form):
        form = _fresh_form(request)
        form.is_valid()
        notice = _(
            "Bạn đã gửi một ý kiến từ chính trang này. Nội dung mới dưới đây chưa được gửi: nếu muốn gửi thêm, "
            "hãy bấm gửi lần nữa."
        )
        return _show_form(request, form, notice=notice, status=409)
    return admit(request, redirect("intake:receipt", code=submission.receipt_code), submission.receipt_code)


@never_cache
@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    submission = admitted(request, code)
    if submission is None:
        return redirect("intake:track")
    address = f"{settings.SITE_URL}{reverse('intake:track')}?ma={code}&khoa={submission.lookup_key}"
    return render(
        request,
        "citizen/receipt.html",
        {"submission": submission, "qr": qr_svg(address), "track_url": settings.SITE_URL + reverse("intake:track")},
    )


@require_GET
@ratelimit(key=CLIENT, rate=settings.SEARCH_RATE)
@override("vi")  # whatever the page's language: the form reads these names back
def communes(request: HttpRequest) -> JsonResponse:
    """Suggestions for the place field: `[{"name", "province", "was"}]`."""
    typed = request.GET.get("q", "")[:80]
    found = find_communes(typed, limit=8) if len(typed.strip()) >= 2 else []
    return JsonResponse(
        [
            {
                "name": str(match.commune),
                "province": match.commune.province.name,
                "code": match.commune.province_id,
                "was": match.matched_name if match.via == "former" else "",
            }
            for match in found
        ],
        safe=False,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Cookies off, or a page from before they were cleared: say so, keep what was typed."""
    notice = _(
        "Trình duyệt không gửi kèm mã an toàn nên chưa gửi được (trang mở quá lâu, hoặc cookie đang tắt). "
        "Những gì bạn viết vẫn còn: hãy bấm gửi lần nữa."
    )
    if resolve(request.path_info).view_name == "intake:submit":
        try:
            form = _fresh_form(request)
        except SuspiciousOperation:  # more than can be read at all
            return render(request, "400.html", status=413)
        form.is_valid()
        return _show_form(request, form, notice=notice, status=403)
    return render(request, "403.html", {"notice": notice}, status=403)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A limit was reached: what was typed in the form stays on the page."""
    notice = _("Có quá nhiều lượt gửi từ mạng của bạn. Những gì bạn viết vẫn còn: hãy chờ ít phút rồi bấm gửi lại.")
    if request.method == "POST" and resolve(request.path_info).view_name == "intake:submit":
        form = SubmissionForm(request.POST)
        form.is_valid()
        return _show_form(request, form, notice=notice, status=429)
    return render(request, "429.html", status=429)

"""The sender's pages: write, receipt, follow, reply, rate."""

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_ratelimit.decorators import ratelimit

from .. import receipts, services
from ..forms.citizen import RatingForm, ReplyForm, SubmissionForm, TrackForm, new_token, read_token
from ..models import Event, Submission
from ..places import find_communes
from ..qr import qr_svg
from ..workflow import InvalidTransition, StaleSubmission, Status

CLIENT = "intake.http.client_key"
_COOKIE = "yk57_codes"
_COOKIE_SALT = "intake.codes"
_COOKIE_AGE = 24 * 3600
_COOKIE_CODES = 8

# What the sender reads of the audit trail.
PUBLIC_EVENTS = (
    Event.Name.RECEIVED,
    Event.Name.ASSIGNED,
    Event.Name.ACCEPTED,
    Event.Name.QUESTION_ASKED,
    Event.Name.QUESTION_ANSWERED,
    Event.Name.ANSWERED,
    Event.Name.REJECTED,
    Event.Name.PUBLISHED,
    Event.Name.RATED,
    Event.Name.CLOSED,
)


def _codes(request: HttpRequest) -> list[str]:
    """Receipt codes this browser has proved to know the key of (or has just been given)."""
    try:
        return signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_COOKIE_SALT, max_age=_COOKIE_AGE)
    except signing.BadSignature:
        return []


def _admit(request: HttpRequest, response: HttpResponse, code: str) -> HttpResponse:
    codes = [code, *(known for known in _codes(request) if known != code)][:_COOKIE_CODES]
    response.set_cookie(
        _COOKIE,
        signing.dumps(codes, salt=_COOKIE_SALT),
        max_age=_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _admitted(request: HttpRequest, code: str) -> Submission | None:
    if code not in _codes(request):
        return None
    return Submission.objects.filter(receipt_code=code).first()


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
    return render(request, "citizen/form.html", {"form": form, "notice": notice}, status=status)


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
    return _admit(request, redirect("intake:receipt", code=submission.receipt_code), submission.receipt_code)


@never_cache
@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    submission = _admitted(request, code)
    if submission is None:
        return redirect("intake:track")
    address = f"{settings.SITE_URL}{reverse('intake:track')}?ma={code}&khoa={submission.lookup_key}"
    return render(
        request,
        "citizen/receipt.html",
        {"submission": submission, "qr": qr_svg(address), "track_url": settings.SITE_URL + reverse("intake:track")},
    )


@never_cache
@ratelimit(key=CLIENT, rate=settings.TRACK_RATE, method=ratelimit.ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Code and key open the status. A link with both (the QR code) works too and leaves the address bar clean."""
    given = request.POST if request.method == "POST" else request.GET
    code, key = given.get("code", given.get("ma", "")), given.get("key", given.get("khoa", ""))
    if request.method != "POST" and not (code and key):
        form = TrackForm(initial={"code": code})
        return render(request, "citizen/track.html", {"form": form, "known": _codes(request)})

    form = TrackForm({"code": code, "key": key})
    if form.is_valid():
        canonical = receipts.read_code(form.cleaned_data["code"])
        if canonical is None:
            form.add_error("code", _("Mã này gõ chưa đúng: mã có dạng 57-K7QM-2F9D, hãy so lại từng ký tự."))
        else:
            submission = Submission.objects.filter(receipt_code=canonical).first()
            salt = submission.key_salt if submission else ""
            if receipts.key_matches(canonical, salt, form.cleaned_data["key"]) and submission:
                return _admit(request, redirect("intake:status", code=canonical), canonical)
            form.add_error(None, _("Mã và khóa không khớp với phiếu nào. Hãy so lại với phiếu nhận hoặc thư xác nhận."))
    return render(request, "citizen/track.html", {"form": form, "known": []}, status=422)


@never_cache
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """On a shared computer: this browser no longer opens what it opened."""
    response = redirect("intake:track")
    response.delete_cookie(_COOKIE, samesite="Lax")
    messages.success(request, _("Đã xóa các mã khỏi máy này."))
    return response


@never_cache
@require_GET
def status(request: HttpRequest, code: str) -> HttpResponse:
    submission = _admitted(request, code)
    if submission is None:
        return redirect(f"{reverse('intake:track')}?ma={code}")
    return _show_status(request, submission)


def _steps(submission: Submission) -> list[dict[str, object]]:
    """What has happened in the sender's words, and what comes next."""
    steps: list[dict[str, object]] = [
        {"title": event.get_name_display(), "when": localtime(event.created_at), "state": "done"}
        for event in submission.events.filter(name__in=PUBLIC_EVENTS)
    ]
    if submission.status == Status.REJECTED:
        steps[-1]["state"] = "bad"
    elif submission.is_open:
        steps.append({"title": submission.public_status, "state": "now"})
        steps.append({"title": _("Trả lời"), "state": "next"})
    return steps


def _show_status(
    request: HttpRequest,
    submission: Submission,
    *,
    reply_form: ReplyForm | None = None,
    rating_form: RatingForm | None = None,
    http_status: int = 200,
) -> HttpResponse:
    answer = getattr(submission, "answer", None)
    answer = answer if answer and answer.approved_at else None
    lead = submission.assignments.filter(ended_at=None, role="lead").select_related("agency").first()
    rejection = getattr(submission, "rejection", None)
    english = get_language() == "en"
    context = {
        "submission": submission,
        "lead": lead,
        "steps": _steps(submission),
        "place": ", ".join(str(part) for part in (submission.commune, submission.province) if part),
        "question": submission.questions.filter(replied_at=None).first(),
        "questions": submission.questions.exclude(replied_at=None),
        "answer": answer,
        "rating": getattr(answer, "rating", None) if answer else None,
        "rejection": rejection,
        "reason_name": rejection and ((english and rejection.reason.name_en) or rejection.reason.name),
        "reason_text": rejection and ((english and rejection.reason.public_text_en) or rejection.reason.public_text),
        "reply_form": reply_form or ReplyForm(),
        "rating_form": rating_form or RatingForm(),
        "form": reply_form or rating_form,
        "attachments": submission.attachments.all(),
    }
    return render(request, "citizen/status.html", context, status=http_status)


@never_cache
@require_POST
@ratelimit(key=CLIENT, rate=settings.TRACK_RATE, method="POST")
def reply(request: HttpRequest, code: str) -> HttpResponse:
    submission = _admitted(request, code)
    if submission is None:
        return redirect(f"{reverse('intake:track')}?ma={code}")
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _show_status(request, submission, reply_form=form, http_status=422)
    try:
        services.reply(submission, text=form.cleaned_data["text"])
        messages.success(request, _("Đã nhận phần bổ sung của bạn. Việc xử lý được tiếp tục."))
    except (InvalidTransition, StaleSubmission):
        submission.refresh_from_db()
        if submission.status == Status.NEEDS_INFO:
            return _show_status(request, submission, reply_form=form, http_status=409)
        messages.info(request, _("Câu hỏi này đã được trả lời trước đó."))
    return redirect("intake:status", code=code)


@never_cache
@require_POST
@ratelimit(key=CLIENT, rate=settings.TRACK_RATE, method="POST")
def rate(request: HttpRequest, code: str) -> HttpResponse:
    submission = _admitted(request, code)
    if submission is None:
        return redirect(f"{reverse('intake:track')}?ma={code}")
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _show_status(request, submission, rating_form=form, http_status=422)
    try:
        services.rate(submission, score=form.cleaned_data["score"], comment=form.cleaned_data["comment"])
        messages.success(request, _("Cảm ơn bạn đã đánh giá."))
    except InvalidTransition:
        messages.info(request, _("Chưa có câu trả lời để đánh giá."))
    except StaleSubmission:
        messages.info(request, _("Bạn đã đánh giá câu trả lời này rồi."))
    return redirect("intake:status", code=code)


@never_cache
@require_GET
def attachment(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """The sender's own file, given back to the sender."""
    submission = _admitted(request, code)
    found = submission.attachments.filter(pk=pk).first() if submission else None
    if found is None:
        raise Http404
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)


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

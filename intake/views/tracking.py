"""After sending: find it by code and key, follow, reply, rate, take back what was agreed."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_ratelimit.decorators import ratelimit

from .. import admission, consents, receipts, services
from ..admission import admit, admitted, codes
from ..forms.tracking import RatingForm, ReplyForm, TrackForm
from ..models import Consent, Event, Submission
from ..workflow import InvalidTransition, StaleSubmission, Status
from .citizen import CLIENT

PURPOSES = dict(Consent.Purpose.choices)
# What the sender reads of the audit trail.
PUBLIC_EVENTS = (
    Event.Name.RECEIVED,
    Event.Name.ASSIGNED,
    Event.Name.ACCEPTED,
    Event.Name.QUESTION_ASKED,
    Event.Name.QUESTION_ANSWERED,
    Event.Name.ANSWERED,
    Event.Name.REJECTED,
    Event.Name.MERGED,
    Event.Name.UNMERGED,
    Event.Name.SPLIT,
    Event.Name.PUBLISHED,
    Event.Name.UNPUBLISHED,
    Event.Name.RATED,
    Event.Name.CLOSED,
    Event.Name.CONSENT_WITHDRAWN,
    Event.Name.MACHINE_DECLINED,
    Event.Name.CONTACT_BLOCKED,
    Event.Name.CONTACT_ERASED,
)


def opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a browser that has shown the key: the view is given the submission, everybody else the way to it."""

    @wraps(view)
    def guarded(request: HttpRequest, code: str) -> HttpResponse:
        submission = admitted(request, code)
        if submission is None:
            return redirect(f"{reverse('intake:track')}?ma={code}")
        return view(request, submission)

    return guarded


@never_cache
@ratelimit(key=CLIENT, rate=settings.TRACK_RATE, method=ratelimit.ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Code and key open the status. A link with both (the QR code) works too and leaves the address bar clean."""
    given = request.POST if request.method == "POST" else request.GET
    code, key = given.get("code", given.get("ma", "")), given.get("key", given.get("khoa", ""))
    if request.method != "POST" and not (code and key):
        form = TrackForm(initial={"code": code})
        return render(request, "citizen/track.html", {"form": form, "known": codes(request)})

    form = TrackForm({"code": code, "key": key})
    if form.is_valid():
        canonical = receipts.read_code(form.cleaned_data["code"])
        if canonical is None:
            form.add_error("code", _("Mã này gõ chưa đúng: mã có dạng 57-K7QM-2F9D, hãy so lại từng ký tự."))
        else:
            submission = Submission.objects.filter(receipt_code=canonical).first()
            salt = submission.key_salt if submission else ""
            if receipts.key_matches(canonical, salt, form.cleaned_data["key"]) and submission:
                return admit(request, redirect("intake:status", code=canonical), canonical)
            form.add_error(None, _("Mã và khóa không khớp với phiếu nào. Hãy so lại với phiếu nhận hoặc thư xác nhận."))
    return render(request, "citizen/track.html", {"form": form, "known": []}, status=422)


@never_cache
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """On a shared computer: this browser no longer opens what it opened."""
    messages.success(request, _("Đã xóa các mã khỏi máy này."))
    return admission.forget(redirect("intake:track"))


@never_cache
@require_GET
@opened
def status(request: HttpRequest, submission: Submission) -> HttpResponse:
    return _show_status(request, submission)


def _steps(submission: Submission) -> list[dict[str, object]]:
    """What has happened in the sender's words, and what comes next."""
    steps: list[dict[str, object]] = [
        {
            "title": event.get_name_display(),
            "when": localtime(event.created_at),
            "state": "bad" if event.name == Event.Name.REJECTED else "done",
            "text": PURPOSES.get(event.data.get("purpose"), ""),
        }
        for event in submission.events.filter(name__in=PUBLIC_EVENTS)
    ]
    if submission.is_open or submission.status == Status.MERGED:
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
    context = {
        "submission": submission,
        "lead": lead,
        "steps": _steps(submission),
        "place": ", ".join(str(part) for part in (submission.commune, submission.province) if part),
        "question": submission.questions.filter(replied_at=None).first(),
        "questions": submission.questions.exclude(replied_at=None),
        "answer": answer,
        # The verdict on an answer to several merged submissions is its first sender's.
        "rates": submission.merged_into_id is None,
        "rating": getattr(answer, "rating", None) if answer and submission.merged_into_id is None else None,
        "rejection": rejection,
        "parts": submission.parts.order_by("pk"),
        "reply_form": reply_form or ReplyForm(),
        "rating_form": rating_form or RatingForm(),
        "form": reply_form or rating_form,
        "attachments": submission.attachments.all(),
        "consents": submission.consents.order_by("pk"),
        "submitter": submission.submitter,
        "ended": submission.status in consents.ENDED,
    }
    return render(request, "citizen/status.html", context, status=http_status)


@never_cache
@require_POST
@ratelimit(key=CLIENT, rate=settings.TRACK_RATE, method="POST")
@opened
def reply(request: HttpRequest, submission: Submission) -> HttpResponse:
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
    return redirect("intake:status", code=submission.receipt_code)


@never_cache
@require_POST
@ratelimit(key=CLIENT, rate=settings.TRACK_RATE, method="POST")
@opened
def rate(request: HttpRequest, submission: Submission) -> HttpResponse:
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
    return redirect("intake:status", code=submission.receipt_code)


@never_cache
@require_POST
@ratelimit(key=CLIENT, rate=settings.TRACK_RATE, method="POST")
@opened
def withdraw_consent(request: HttpRequest, submission: Submission) -> HttpResponse:
    """The sender takes an agreement back. Twice is once."""
    purpose = request.POST.get("purpose", "")
    if purpose in Consent.Purpose.values:
        consents.withdraw_consent(submission, purpose=purpose)
        messages.success(request, _("Đã rút sự đồng ý. Việc xử lý ý kiến của bạn không thay đổi."))
    return redirect("intake:status", code=submission.receipt_code)


@never_cache
@require_POST
@ratelimit(key=CLIENT, rate=settings.TRACK_RATE, method="POST")
@opened
def erase_contact(request: HttpRequest, submission: Submission) -> HttpResponse:
    """The sender has name and contacts erased: now, or blocked now and erased when the case ends."""
    blocked = [event.submission for event in consents.block_contact(submission)]
    if any(one.status not in consents.ENDED for one in [submission, *blocked]):
        messages.success(request, _("Đã khóa tên và liên hệ của bạn; sẽ xóa khi việc xử lý kết thúc."))
    else:
        messages.success(request, _("Đã xóa tên và liên hệ của bạn."))
    return redirect("intake:status", code=submission.receipt_code)


@never_cache
@require_POST
@ratelimit(key=CLIENT, rate=settings.TRACK_RATE, method="POST")
@opened
def decline_machine(request: HttpRequest, submission: Submission) -> HttpResponse:
    """The sender wants people alone to read it. Twice is once."""
    consents.decline_machine(submission)
    messages.success(request, _("Từ nay chỉ có người đọc ý kiến này. Những gì máy đã gợi ý được xóa."))
    return redirect("intake:status", code=submission.receipt_code)


@never_cache
@require_GET
def attachment(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """The sender's own file, given back to the sender."""
    submission = admitted(request, code)
    found = submission.attachments.filter(pk=pk).first() if submission else None
    if found is None:
        raise Http404
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)

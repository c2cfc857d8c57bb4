"""Everything that can be done with one submission at the desk: one view, one row a verb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from .. import access, services
from ..access import handling_required
from ..models import Event, Nature, Opening, Submission
from ..workflow import InvalidTransition, StaleSubmission
from .desk import FORMS, came_from, find, show

Data = Mapping[str, Any]
Do = Callable[[HttpRequest, Submission, Data], object]


@dataclass(frozen=True)
class Deed:
    """`done`: what the officer then reads. `stays`: the same officer goes on with the same submission."""

    do: Do
    done: Any
    stays: bool = False


def _route(request: HttpRequest, submission: Submission, data: Data) -> None:
    if data["nature"] == Nature.SECRET:
        services.seal(submission, actor=request.user)
        return
    services.confirm_routing(
        submission,
        actor=request.user,
        nature=data["nature"],
        system=data["system"],
        initiative=data["initiative"],
        lead=data["lead"],
        reason=data["reason"],
    )
    services.assign(
        submission, lead=data["lead"], co_agencies=data["co_agencies"], actor=request.user, note=data["note"]
    )


def _draft(request: HttpRequest, submission: Submission, data: Data) -> None:
    """Save the draft; with the second button, put it before the approver as well."""
    agency = request.member.agency
    services.draft_answer(submission, actor=request.user, agency=agency, text=data["text"], outcome=data["outcome"])
    if "propose" in request.POST:
        services.propose_answer(submission, actor=request.user)


def _split(request: HttpRequest, submission: Submission, data: Data) -> None:
    part = services.split(submission, actor=request.user, title=data["title"], body=data["body"], kind=data["kind"])
    messages.info(request, _("Phiếu mới: %(code)s.") % {"code": part.receipt_code})


def _plain(verb: Callable[..., object], *names: str) -> Do:
    """A verb that takes the actor and some fields of the form as they are."""

    def do(request: HttpRequest, submission: Submission, data: Data) -> object:
        return verb(submission, actor=request.user, **{name: data[name] for name in names})

    return do


DEEDS: dict[str, Deed] = {
    "route": Deed(_route, gettext_lazy("Đã xác nhận và chuyển cơ quan xử lý.")),
    "accept": Deed(
        _plain(services.accept), gettext_lazy("Đã nhận xử lý. Bạn là người phụ trách phiếu này."), stays=True
    ),
    "hand_back": Deed(
        _plain(services.hand_back, "note"), gettext_lazy("Đã đề nghị chuyển lại. Điều phối viên sẽ quyết định.")
    ),
    "take_back": Deed(_plain(services.take_back), gettext_lazy("Đã rút lại. Phiếu đang chờ phân loại."), stays=True),
    "ask": Deed(
        _plain(services.ask, "text"),
        gettext_lazy("Đã gửi câu hỏi. Hạn trả lời tạm dừng tới khi người gửi bổ sung."),
    ),
    "withdraw": Deed(
        _plain(services.withdraw_question), gettext_lazy("Đã rút câu hỏi. Việc xử lý được tiếp tục."), stays=True
    ),
    "reject": Deed(
        _plain(services.reject, "reason", "note"),
        gettext_lazy("Đã ghi không tiếp nhận. Người gửi sẽ nhận được lý do."),
    ),
    "unmerge": Deed(_plain(services.unmerge), gettext_lazy("Đã bỏ gộp. Phiếu trở lại bước trước."), stays=True),
    "split": Deed(_split, gettext_lazy("Đã tách. Hai phiếu có liên kết với nhau."), stays=True),
    "draft": Deed(_draft, gettext_lazy("Đã lưu bản thảo."), stays=True),
    "propose": Deed(_draft, gettext_lazy("Đã trình duyệt.")),
    "approve": Deed(
        _plain(services.approve_answer), gettext_lazy("Đã duyệt. Câu trả lời đang được gửi tới người gửi.")
    ),
    "return": Deed(_plain(services.return_answer, "note"), gettext_lazy("Đã trả lại để sửa.")),
}


@never_cache
@require_POST
@handling_required
def act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Read the form, call one service, go on; tell kindly when somebody was faster."""
    submission = find(request, code)
    form = FORMS[action](request.POST, auto_id=f"id_{action}_%s")
    deed = DEEDS["propose" if action == "draft" and "propose" in request.POST else action]
    if not access.may(request.member, action, submission):
        messages.warning(request, _("Phiếu đã sang bước khác nên không làm được việc này nữa. Đây là phiếu lúc này."))
        return redirect("intake:submission", code=code)
    if not form.is_valid():
        return _again(request, submission, action, form, status=422)
    # The service compares with the version this officer's page showed.
    submission.version = form.cleaned_data["version"]
    try:
        with transaction.atomic():
            deed.do(request, submission, form.cleaned_data)
    except (StaleSubmission, InvalidTransition, IntegrityError):
        return _overtaken(request, code, action)
    messages.success(request, deed.done)
    return _go_on(request, submission, deed)


def _go_on(request: HttpRequest, submission: Submission, deed: Deed) -> HttpResponse:
    """Back to the submission, or on to the next of the list it was opened from."""
    visible = Submission.objects.visible_to(request.user).filter(pk=submission.pk).first()
    if visible:
        Opening.note(request.user, visible)  # what one did oneself is no news
    back = came_from(request)
    code = submission.receipt_code
    if back and not (deed.stays and visible):
        return redirect(f"{reverse('search:next')}?{urlencode({**back, 'qua': code})}")
    if not visible:
        return redirect("search:queue")  # handed back or sealed: no longer this officer's to read
    here = reverse("intake:submission", args=[code])
    if request.htmx and back:
        return redirect(f"{reverse('search:next')}?{urlencode({**back, 'mo': code})}")
    return redirect(f"{here}?{urlencode(back)}" if back else here)


def _again(request: HttpRequest, submission: Submission, action: str, form, *, status: int) -> HttpResponse:
    """What was typed, with what is wrong: in the preview when it came from there."""
    if not request.htmx or action == "split":
        template = "officer/split.html" if action == "split" else "officer/submission.html"
        return show(request, submission, bound=(action, form), template=template, status=status)
    response = show(request, submission, bound=(action, form), template="officer/pane.html", status=status)
    response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"] = "#phieu", "innerHTML", ".preview"
    response["HX-Push-Url"] = "false"
    return response


def _overtaken(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Another officer moved it first: show what they did, and keep what this one typed."""
    visible = Submission.objects.visible_to(request.user).filter(receipt_code=code).first()
    if visible is None:
        messages.warning(request, _("Phiếu vừa được chuyển sang cơ quan khác, bạn không còn xử lý phiếu này."))
        return redirect("search:queue")
    latest = visible.events.exclude(name=Event.Name.CONTACT_VIEWED).select_related("actor").last()
    if latest is None or latest.actor is None:
        who = _("người gửi hoặc hệ thống")
    elif latest.actor == request.user:
        who = _("chính bạn")
    else:
        who = latest.actor.get_full_name() or latest.actor.get_username()
    what = latest.get_name_display() if latest else ""
    messages.warning(
        request,
        _("Chưa ghi: %(who)s vừa xử lý phiếu này trước (%(what)s). Hãy xem lại rồi làm tiếp nếu còn cần.")
        % {"who": who, "what": what},
    )
    if not access.may(request.member, action, visible):
        return show(request, visible, status=409)
    data = request.POST.copy()
    data["version"] = str(visible.version)
    form = FORMS[action](data, auto_id=f"id_{action}_%s")
    form.is_valid()
    return _again(request, visible, action, form, status=409)


@never_cache
@require_GET
@handling_required
def split(request: HttpRequest, code: str) -> HttpResponse:
    """The form on a page of its own: the whole text stands in it, to be cut down."""
    submission = find(request, code)
    if not access.may(request.member, "split", submission):
        return redirect("intake:submission", code=code)
    return show(request, submission, template="officer/split.html")

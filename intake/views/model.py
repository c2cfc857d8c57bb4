"""The model's page: how good the machine is, what it learns from, which version runs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .. import model_card
from ..access import COORDINATOR, roles_required
from ..forms.model import BatchForm
from ..learning import picks, registry, review, tasks
from ..models import DriftAlarm, ModelVersion, Role, TrainingRun
from ..models.officer import HANDLING

READERS = HANDLING | {Role.ADMINISTRATOR}
coordinator_required = roles_required(COORDINATOR)
administrator_required = roles_required(frozenset({Role.ADMINISTRATOR}))


@require_safe
@never_cache
@roles_required(READERS)
def model(request: HttpRequest) -> HttpResponse:
    """In words and pictures: how often it is right and when, what was overruled, versions, drift."""
    role = request.member.role
    context = model_card.page() | {
        "administers": role == Role.ADMINISTRATOR,
        "watches": role in {Role.ADMINISTRATOR, Role.COORDINATOR},
        "labels_offered": role == Role.COORDINATOR,
    }
    return render(request, "officer/model.html", context)


@require_safe
@never_cache
@coordinator_required
def label(request: HttpRequest) -> HttpResponse:
    """The day's lists: where the machine hesitates, and what was drawn by lot."""
    lists = picks.shown_to(request.user)
    context = {"doubtful": lists["margin"], "drawn": lists["random"]}
    empty = {"no_doubtful": picks.why_empty("margin"), "no_drawn": picks.why_empty("random")}
    return render(request, "officer/model_label.html", context | empty)


@require_POST
@administrator_required
def train(request: HttpRequest) -> HttpResponse:
    tasks.request_training(actor=request.user)
    messages.success(request, _("Đã ghi yêu cầu huấn luyện. Kết quả hiện ở trang này sau ít phút."))
    return redirect("intake:model")


@require_POST
@administrator_required
def promote(request: HttpRequest, version: str) -> HttpResponse:
    found = get_object_or_404(ModelVersion, version=version)
    try:
        registry.promote(found, actor=request.user)
    except registry.UnusableModel:
        messages.error(request, _("Không đọc được mô hình này nên không đưa vào dùng. Mô hình cũ vẫn chạy."))
    else:
        messages.success(request, _("Đã đưa vào dùng phiên bản %(version)s.") % {"version": found.version})
    return redirect("intake:model")


@require_POST
@administrator_required
def roll_back(request: HttpRequest) -> HttpResponse:
    try:
        found = registry.roll_back(actor=request.user)
    except registry.UnusableModel:
        messages.error(request, _("Không có phiên bản nào trước đó còn dùng được."))
    else:
        messages.success(request, _("Đã quay về phiên bản %(version)s.") % {"version": found.version})
    return redirect("intake:model")


@require_POST
@administrator_required
def settle(request: HttpRequest, run: int) -> HttpResponse:
    """A refused batch: set aside, or let through; then learn again."""
    found = get_object_or_404(TrainingRun, pk=run, outcome=TrainingRun.Outcome.REFUSED)
    form = BatchForm(request.POST)
    if form.is_valid():
        n = review.settle(found, actor_id=form.cleaned_data["actor"], learning=form.cleaned_data["learning"])
        tasks.request_training(actor=request.user)
        messages.success(request, _("Đã ghi cho %(n)d quyết định, và đã yêu cầu huấn luyện lại.") % {"n": n})
    return redirect("intake:model")


@require_POST
@roles_required(frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))
def alarm_seen(request: HttpRequest, pk: int) -> HttpResponse:
    DriftAlarm.objects.filter(pk=pk, seen_at=None).update(seen_at=now(), seen_by=request.user)
    model_card.forget_alarms()
    messages.success(request, _("Đã ghi là có người xem."))
    return redirect("intake:model")

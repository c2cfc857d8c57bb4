"""The policy: what it is, what a change would have done to the last decisions, and its history."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from classifier.policy import ROUTING_LEVELS

from ..access import roles_required
from ..forms.model import PolicyForm
from ..learning import policies
from ..models import Prediction, Role, RoutingPolicy
from .model import READERS

HISTORY = 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@roles_required(READERS)
def policy(request: HttpRequest) -> HttpResponse:
    """GET shows it; POST of an administrator previews a change, or saves it as a new version."""
    row = policies.newest()
    administers = request.member.role == Role.ADMINISTRATOR
    costs = {name: getattr(row, name) for name in ("checked", "misled", "misrouted", "missed")}
    form = PolicyForm(initial=costs | {"may_assign": row.may_assign})
    proposal = None
    if request.method == "POST":
        if not administers:
            raise PermissionDenied
        saving = "save" in request.POST
        form = PolicyForm(request.POST, preview=not saving)
        if form.is_valid():
            data = form.cleaned_data
            if saving:
                policies.save(data["costs"], may_assign=data["may_assign"], why=data["why"], actor=request.user)
                messages.success(request, _("Đã lưu chính sách mới. Phiếu đến từ bây giờ theo chính sách này."))
                return redirect("intake:policy")
            proposal = policies.propose(data["costs"], may_assign=data["may_assign"])
    context = {
        "form": form,
        "row": row,
        "administers": administers,
        "levels": _levels(proposal),
        "proposal": proposal,
        "history": RoutingPolicy.objects.select_related("created_by")[:HISTORY],
    }
    return render(request, "officer/model_policy.html", context, status=422 if form.errors else 200)


def _levels(proposal: policies.Proposal | None) -> list[dict]:
    """What holds at each level now, and what would."""
    now = policies.held().policy.levels
    names = dict(Prediction.Level.choices)
    return [
        {
            "name": names[level],
            "now": now[level],
            "then": proposal.thresholds[level] if proposal else None,
            "decisions": proposal.counted[level] if proposal else None,
        }
        for level in ROUTING_LEVELS
    ]

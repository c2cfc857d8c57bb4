"""Who may do what at the desk: one function of the member, the action and the submission."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .models import Answer, Assignment, Membership, Role, Submission
from .models.officer import HANDLING
from .workflow import ASKABLE, ASSIGNABLE, REJECTABLE, Status

COORDINATOR = frozenset({Role.COORDINATOR})
AGENCY = frozenset({Role.OFFICER, Role.APPROVER})
EITHER = COORDINATOR | AGENCY

# action: the roles that may, in which statuses
RULES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "route": (COORDINATOR, ASSIGNABLE),
    "reject": (COORDINATOR, REJECTABLE),
    "ask": (EITHER, ASKABLE),
    "withdraw": (EITHER, frozenset({Status.NEEDS_INFO})),
    "accept": (AGENCY, frozenset({Status.ASSIGNED})),
    "hand_back": (AGENCY, frozenset({Status.ASSIGNED, Status.IN_PROGRESS})),
    "draft": (AGENCY, frozenset({Status.IN_PROGRESS})),
    "approve": (frozenset({Role.APPROVER}), frozenset({Status.AWAITING_APPROVAL})),
    "return": (frozenset({Role.APPROVER}), frozenset({Status.AWAITING_APPROVAL})),
    "contact": (EITHER, frozenset(Status.values)),
}


def may(member: Membership, action: str, submission: Submission) -> bool:
    """Whether this member may do this now. An agency acts only where it leads."""
    roles, statuses = RULES[action]
    if member.role not in roles or submission.status not in statuses:
        return False
    if member.role == Role.COORDINATOR:
        return True
    if action == "approve":
        answer = Answer.objects.filter(submission=submission).first()
        if answer is None or member.user_id in answer.authors():
            return False  # drafting and approving are two people's work
    return submission.assignments.filter(agency=member.agency_id, role=Assignment.Role.LEAD, ended_at=None).exists()


def actions(member: Membership, submission: Submission) -> frozenset[str]:
    """Everything this member may do with this submission now."""
    return frozenset(action for action in RULES if may(member, action, submission))


def handling_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Only for those who handle submissions; sets `request.member`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        member = Membership.of(request.user)
        if member is None or member.role not in HANDLING:
            raise PermissionDenied
        request.member = member
        # What the header of every desk page shows.
        request.user.agency, request.user.role_label = member.agency, member.get_role_display()
        return view(request, *args, **kwargs)

    return guarded

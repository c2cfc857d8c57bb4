"""Who may do what at the desk: one function of the member, the action and the submission."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.http import HttpResponseClientRedirect

from .models import Answer, Assignment, Membership, Role, Submission, Submitter
from .models.officer import HANDLING
from .workflow import ASKABLE, ASSIGNABLE, MERGEABLE, OPEN, REJECTABLE, Status

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
    "take_back": (COORDINATOR, frozenset({Status.ASSIGNED})),
    "merge": (EITHER, MERGEABLE),
    "take_in": (EITHER, OPEN),
    "unmerge": (EITHER, frozenset({Status.MERGED})),
    "split": (EITHER, ASSIGNABLE),
    "contact": (EITHER, frozenset(Status.values)),
}


def may(member: Membership, action: str, submission: Submission) -> bool:
    """Whether this member may do this now. An agency acts only where it leads."""
    roles, statuses = RULES[action]
    if member.role not in roles or submission.status not in statuses:
        return False
    if action == "contact" and Submitter.objects.filter(submission=submission).exclude(blocked_at=None).exists():
        return False  # the sender asked for it to be erased
    if member.role == Role.COORDINATOR:
        return True
    if action == "approve":
        answer = Answer.objects.filter(submission=submission).first()
        if answer is None or member.user_id in answer.authors():
            return False  # drafting and approving are two people's work
    return submission.assignments.filter(agency=member.agency_id, role=Assignment.Role.LEAD, ended_at=None).exists()


def may_each(member: Membership, action: str, submissions: Iterable[Submission]) -> set[int]:
    """Keys of those with which this member may do this now, in one query; not for `approve`."""
    roles, statuses = RULES[action]
    if member.role not in roles:
        return set()
    found = {submission.pk for submission in submissions if submission.status in statuses}
    if member.role == Role.COORDINATOR:
        return found
    leading = Assignment.objects.filter(agency=member.agency_id, role=Assignment.Role.LEAD, ended_at=None)
    return found & set(leading.filter(submission__in=found).values_list("submission", flat=True))


def actions(member: Membership, submission: Submission) -> frozenset[str]:
    """Everything this member may do with this submission now."""
    return frozenset(action for action in RULES if may(member, action, submission))


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """For a part of a page too: the whole page goes, and comes back to where it was."""
    if not request.htmx:
        return redirect_to_login(request.get_full_path())
    return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "").url)


def roles_required(
    roles: frozenset[str],
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Only for people in one of these roles; sets `request.member`."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            member = Membership.of(request.user)
            if member is None or member.role not in roles:
                raise PermissionDenied
            request.member = member
            # What the header of every desk page shows.
            request.user.agency, request.user.role_label = member.agency, member.get_role_display()
            return view(request, *args, **kwargs)

        return guarded

    return decorate


handling_required = roles_required(HANDLING)

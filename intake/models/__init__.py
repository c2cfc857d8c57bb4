from .answer import Answer, Rating, Rejection
from .assignment import Assignment
from .attachment import Attachment
from .directories import *  # noqa: F403 (the directories name their exports)
from .email import Email
from .event import Event
from .officer import Membership, Role
from .question import Question
from .submission import Kind, Nature, Submission
from .submitter import Consent, Submitter
from .triage import Prediction, RoutingDecision, Triage

__all__ = [
    "Answer",
    "Assignment",
    "Attachment",
    "Consent",
    "Email",
    "Event",
    "Kind",
    "Membership",
    "Nature",
    "Prediction",
    "Question",
    "Rating",
    "Rejection",
    "Role",
    "RoutingDecision",
    "Submission",
    "Submitter",
    "Triage",
]

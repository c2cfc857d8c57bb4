from .answer import Answer, Rating, Rejection
from .assignment import Assignment
from .attachment import Attachment
from .directories import *  # noqa: F403 (the directories name their exports)
from .email import Email
from .event import Event
from .learning import DriftAlarm, LearningPick, ModelChange, ModelVersion, RoutingPolicy, TrainingRun
from .officer import Membership, Role
from .opening import Opening
from .question import Question, QuestionTemplate
from .submission import Kind, Nature, Submission
from .submitter import Consent, Submitter
from .triage import Prediction, RoutingDecision, Triage

__all__ = [
    "Answer",
    "Assignment",
    "Attachment",
    "Consent",
    "DriftAlarm",
    "Email",
    "Event",
    "Kind",
    "LearningPick",
    "Membership",
    "ModelChange",
    "ModelVersion",
    "Nature",
    "Opening",
    "Prediction",
    "Question",
    "QuestionTemplate",
    "Rating",
    "Rejection",
    "Role",
    "RoutingDecision",
    "RoutingPolicy",
    "Submission",
    "Submitter",
    "TrainingRun",
    "Triage",
]

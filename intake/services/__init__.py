"""What can happen to a submission: one verb a function, one transaction, one event.

Only this package changes a submission. Every verb but `submit` may raise `StaleSubmission` (someone
else was first) and `InvalidTransition` (the workflow has no such arrow).
"""

from .answering import approve_answer, close, draft_answer, mark_published, propose_answer, rate, return_answer
from .arriving import NewSubmission, Sender, storable, submit
from .asking import ask, reply, withdraw_question
from .merging import merge, split, unmerge
from .moving import move
from .routing import accept, assign, confirm_routing, hand_back, reject, seal, take_back, withdraw_routing

__all__ = [
    "NewSubmission",
    "Sender",
    "accept",
    "approve_answer",
    "ask",
    "assign",
    "close",
    "confirm_routing",
    "draft_answer",
    "hand_back",
    "mark_published",
    "merge",
    "move",
    "propose_answer",
    "rate",
    "reject",
    "reply",
    "return_answer",
    "seal",
    "split",
    "storable",
    "submit",
    "take_back",
    "unmerge",
    "withdraw_question",
    "withdraw_routing",
]

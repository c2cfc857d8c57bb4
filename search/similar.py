"""What is like a given text: submissions for officers, answers for those who are about to write.

Candidates come from the engine, by words and by meaning, under the reader's own permissions. They are
then weighed here, the same on every engine: half shared words, half shared meaning, as measured for
the classifier (`classifier.similar`); by words alone where there is no vector.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from cms.models import AnswerPage
from intake.models import Submission, Triage

from .analysis import prepare
from .closeness import cosine, folded_words, shared, telling, weights
from .engines import nearest as nearest_vectors
from .engines import search_answers, search_submissions
from .indexes import ANSWERS, SUBMISSIONS, Index
from .lexicon import Lexicon
from .meaning import as_array, from_encoder, of_text
from .query import Query, Sort, Width
from .vocabulary import lexicon

if TYPE_CHECKING:
    import numpy as np

CANDIDATES = 40  # by words, and as many by meaning
LONGEST = 8_000  # characters of a text that are read
SHORTEST = 3  # words of a text to which answers are looked for
DUPLICATE = 0.8  # share of common words from which two texts are nearly the same
LIKE = 0.2  # least closeness of a submission that is shown as similar
# Least closeness of an answer shown to somebody about to write, with vectors and by words alone.
LIKE_ANSWER, LIKE_ANSWER_BY_WORDS = 0.3, 0.22
SAME_MEANING = 0.35  # cosine from which two texts are said to mean the same


class Neighbour(NamedTuple):
    """A submission like another, how near (0 to 1), and why, in words."""

    submission: Submission
    score: float
    reason: str


class LikeAnswer(NamedTuple):
    """A published answer that may be what somebody is about to ask for."""

    page: AnswerPage
    score: float


@dataclass(frozen=True)
class Closeness:
    """How near one text is to another; every number from 0 to 1."""

    key: int
    words: float  # cosine of weighted words and pairs
    share: float  # of common words
    meaning: float | None  # cosine of the vectors; None: one of the two has none

    @property
    def is_duplicate(self) -> bool:
        return self.share >= DUPLICATE

    @property
    def score(self) -> float:
        blended = self.words if self.meaning is None else (self.words + max(0.0, self.meaning)) / 2
        return max(self.share, blended) if self.is_duplicate else blended

    @property
    def reason(self) -> str:
        percent = {"share": round(100 * self.share)}
        if self.is_duplicate:
            return _("gần như trùng: %(share)d %% từ chung") % percent
        if (self.meaning or 0.0) >= SAME_MEANING:
            return _("cùng ý, %(share)d %% từ chung") % percent
        return _("%(share)d %% từ chung") % percent


def nearest(submission: Submission, user: Any, k: int = 5) -> list[Neighbour]:
    """The `k` nearest that this person may see, near-duplicates first; empty if nothing is near."""
    known = lexicon(SUBMISSIONS)
    words = folded_words(prepare(f"{submission.redacted_title}\n{submission.redacted_body}"[:LONGEST]).folded)
    query = replace(_among_any(words, known), user=user, size=CANDIDATES + 1)
    vector = _vector_of(submission)
    by_meaning = _by_meaning(SUBMISSIONS, vector, query)
    keys = {*search_submissions(query).ids, *by_meaning} - {submission.pk}
    found = Submission.objects.visible_to(user).select_related("entry").in_bulk(keys)
    close = [one for one in _weighed(words, found, by_meaning, known) if one.score >= LIKE]
    return [Neighbour(found[one.key], one.score, one.reason) for one in close[:k]]


def answers_like(text: str, k: int = 5) -> list[LikeAnswer]:
    """Published answers to what this text seems to ask; none unless they are likely to help.

    The text is neither kept nor logged. Up to 0.5 s for a long one, most of it for its vector.
    """
    known = lexicon(ANSWERS)
    words = folded_words(prepare(text[:LONGEST]).folded)
    if len(words) < SHORTEST:
        return []
    query = _among_any(words, known)
    by_meaning = _by_meaning(ANSWERS, of_text(text[:LONGEST], known), query)
    keys = {*search_answers(query).ids, *by_meaning}
    found = AnswerPage.objects.live().public().select_related("agency", "entry").in_bulk(keys)
    close = [one for one in _weighed(words, found, by_meaning, known) if _may_help(one)]
    return [LikeAnswer(found[one.key], one.score) for one in close[:k]]


def _among_any(words: list[str], known: Lexicon) -> Query:
    """What has any of the words that say most."""
    return Query(telling(words, known), sort=Sort.RELEVANCE, size=CANDIDATES, widths=(Width.ANY,), uncounted=True)


def _may_help(one: Closeness) -> bool:
    return one.score >= (LIKE_ANSWER_BY_WORDS if one.meaning is None else LIKE_ANSWER)


def _vector_of(submission: Submission) -> "np.ndarray | None":
    """Of its newest triage that has one."""
    held = Triage.objects.filter(submission=submission, vector__isnull=False).values_list("vector", flat=True)
    return as_array(from_encoder(held.first()))


def _by_meaning(index: Index, vector: "np.ndarray | None", query: Query) -> dict[int, float]:
    return {} if vector is None else dict(nearest_vectors(index, vector, query, CANDIDATES))


def _weighed(
    words: list[str], found: Mapping[int, Any], by_meaning: Mapping[int, float], known: Lexicon
) -> list[Closeness]:
    """Near-duplicates first, then by score; what is not among the nearest vectors counts as their last."""
    least = min(by_meaning.values(), default=0.0)
    mine, close = weights(words, known), []
    for key, theirs in _prepared(found.items()):
        meaning = by_meaning.get(key, least) if by_meaning else None
        close.append(Closeness(key, cosine(mine, weights(theirs, known)), shared(words, theirs), meaning))
    return sorted(close, key=lambda one: (-one.is_duplicate, -one.score, -one.key))


def _prepared(found: Iterable[tuple[int, Any]]) -> Iterable[tuple[int, list[str]]]:
    for key, one in found:
        if hasattr(one, "entry"):
            yield key, folded_words(one.entry.title_folded, one.entry.body_folded)

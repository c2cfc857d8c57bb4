"""The lexicon of each index: counted by the worker, kept in the database, held by every process.

A word that only a submission has may stand in the officers' lexicon; nobody is shown it unless a
search under his own permissions has a hit for it (`search.spelling`).
"""

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

from django.db.models import Count, Max, Sum
from django.utils.timezone import now

from classifier.corpus import load_corpus
from intake.models import Agency, Initiative, Province, StrategicSystem

from .documents import answer_text, answers_to_index
from .indexes import ANSWERS, SUBMISSIONS, Index
from .lexicon import Lexicon, count
from .models import Abbreviation, AnswerEntry, Owed, SubmissionEntry, Vocabulary

MOST_TEXTS = 20_000  # the newest of an index; the memory and the seconds that counting takes grow with it
RECOUNT = timedelta(minutes=10)
LOOK_AGAIN = 20.0  # seconds that a process goes without asking whether there is a newer count

_KINDS = {SUBMISSIONS: Owed.Kind.SUBMISSION, ANSWERS: Owed.Kind.ANSWER}
_ENTRIES = {SUBMISSIONS: SubmissionEntry, ANSWERS: AnswerEntry}


class _Held:
    """The lexica of this process."""

    def __init__(self) -> None:
        self._held: dict[Index, tuple[object, Lexicon]] = {}
        self._looked: dict[Index, float] = {}

    def get(self, index: Index) -> Lexicon:
        if monotonic() - self._looked.get(index, -LOOK_AGAIN) >= LOOK_AGAIN:
            self._look(index)
        return self._held.get(index, (None, Lexicon()))[1]

    def _look(self, index: Index) -> None:
        counted = Vocabulary.objects.filter(kind=_KINDS[index])
        stamp = counted.values_list("counted_at", flat=True).first()
        if stamp is not None and self._held.get(index, (None,))[0] != stamp:
            self._held[index] = (stamp, Lexicon.from_json(counted.get().counted))
        self._looked[index] = monotonic()

    def forget(self) -> None:
        self._held.clear()
        self._looked.clear()


_held = _Held()
forget = _held.forget


def lexicon(index: Index) -> Lexicon:
    """The newest count that this process has heard of; empty until there is one."""
    return _held.get(index)


def recount(index: Index, *, force: bool = False) -> bool:
    """Count anew if the index changed and the last count is old; says whether it did. Seconds: for the worker."""
    kind = _KINDS[index]
    last = Vocabulary.objects.filter(kind=kind).values_list("counted_at", "of_state").first()
    if last and not force and now() - last[0] < RECOUNT:
        return False
    state = _state(index)
    if last and not force and last[1] == state:
        return False
    found = count(_texts(index), map(answer_text, _answers()))
    Vocabulary.objects.update_or_create(
        kind=kind, defaults={"counted_at": now(), "counted": found.as_json(), "of_state": state}
    )
    return True


def _state(index: Index) -> str:
    entries = _ENTRIES[index]._default_manager.aggregate(n=Count("pk"), last=Max("pk"), versions=Sum("version"))
    return f"{entries['n']} {entries['last']} {entries['versions']}"


def _answers():
    return answers_to_index().order_by("-pk")[:MOST_TEXTS].iterator(chunk_size=200)


def _texts(index: Index) -> Iterator[str]:
    """What anyone may read: the corpus, the directories; for the officers' index the submissions too."""
    yield from (example.text for example in load_corpus())
    for names in (Agency, Province, StrategicSystem):
        yield from names.objects.values_list("name", flat=True)
    yield from Initiative.objects.values_list("title", flat=True)
    yield from Abbreviation.objects.values_list("means", flat=True)
    if index is SUBMISSIONS:
        newest = SubmissionEntry.objects.order_by("-pk").values_list("title", "body")[:MOST_TEXTS]
        for title, body in newest.iterator(chunk_size=500):
            yield f"{title}\n{body}"

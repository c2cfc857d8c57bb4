"""What to offer while somebody types: titles, phrases, and names from the directories.

The last syllable may be half typed and marks may be missing. Titles come from the engine under the
reader's own permissions, phrases from published answers alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from time import monotonic
from typing import Any

from django.utils.translation import get_language

from classifier.text import fold, normalise, syllables
from cms.models import AnswerPage
from intake.models import Agency, Initiative, StrategicSystem, Submission

from .analysis import LONGEST_QUERY, decode_telex
from .engines import titles_with
from .indexes import ANSWERS, SUBMISSIONS, Index
from .vocabulary import lexicon

MOST = 8
EACH = {"title": 4, "phrase": 3, "agency": 2, "initiative": 2, "system": 1}
SHORTEST = 2  # letters before anything is offered
LOOKED_THROUGH = 40  # titles taken from the engine, the newest
DIRECTORY_SECONDS = 60  # how long names of directories are held


class Kind(StrEnum):
    TITLE = "title"  # of a published answer, or of a submission
    PHRASE = "phrase"
    AGENCY = "agency"
    INITIATIVE = "initiative"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to show and search for; `key` is the page or submission, or the value of the filter of that name."""

    kind: Kind
    text: str
    key: str = ""


def suggest(prefix: str, user: Any = None, index: Index = ANSWERS, most: int = MOST) -> list[Suggestion]:
    """Best first, at most `most`; nothing for what is too short. Any text is taken."""
    typed = tuple(syllables(decode_telex(normalise(prefix[:LONGEST_QUERY]))))[:12]
    words = tuple(map(fold, typed))
    if len("".join(words)) < SHORTEST:
        return []
    found = [*_titles(words, typed, index, user), *_phrases(words, typed, index), *_names(words, index)]
    shown = dict.fromkeys(fold(one.text) for one in found)  # one phrase, one line: the first of its kind
    kept = [one for one in found if shown.pop(fold(one.text), "gone") is None]
    return _best(kept, most)


def _best(found: list[Suggestion], most: int) -> list[Suggestion]:
    """Each kind has its share; what is left over goes to whoever has more."""
    first = [one for kind in Kind for one in [s for s in found if s.kind == kind][: EACH[kind]]]
    chosen = (first + [one for one in found if one not in first])[:most]
    order = list(Kind)
    return sorted(chosen, key=lambda one: order.index(one.kind))


def _stands(words: tuple[str, ...], folded: str) -> bool:
    return f" {' '.join(words)}" in folded


def _padded(text: str) -> str:
    return f" {' '.join(map(fold, syllables(text)))} "


def _titles(words: tuple[str, ...], typed: tuple[str, ...], index: Index, user: Any) -> Iterator[Suggestion]:
    """Those that begin with what was typed before those that have it inside; marks as typed first."""
    ids = titles_with(words, index, user, LOOKED_THROUGH)
    held = dict(_readable(index, user).filter(pk__in=ids).values_list("pk", _TITLE[index]))
    as_typed = f" {' '.join(typed)}"

    def worth(key: int) -> tuple[bool, bool, int]:
        exact = f" {' '.join(syllables(held[key]))} "
        return as_typed not in exact, not fold(exact).startswith(f" {' '.join(words)}"), -key

    for key in sorted((key for key in ids if key in held), key=worth):
        yield Suggestion(Kind.TITLE, held[key], str(key))


_TITLE = {ANSWERS: "title", SUBMISSIONS: "redacted_title"}


def _readable(index: Index, user: Any) -> Any:
    if index is ANSWERS:
        return AnswerPage.objects.live().public()
    return Submission.objects.visible_to(user) if user else Submission.objects.none()


def _phrases(words: tuple[str, ...], typed: tuple[str, ...], index: Index) -> Iterator[Suggestion]:
    """Frequent runs of words that begin with what was typed, the shortest of the frequent first."""
    start = " ".join(words)
    found = [
        (phrase, number)
        for phrase, folded, number in _folded_phrases(tuple(lexicon(ANSWERS).phrases.items()))
        if folded.startswith(start) and folded != start
    ]
    exact = " ".join(typed)
    found.sort(key=lambda item: (not item[0].startswith(exact), -item[1], item[0]))
    return (Suggestion(Kind.PHRASE, phrase) for phrase, _ in found)


@lru_cache(maxsize=2)
def _folded_phrases(phrases: tuple[tuple[str, int], ...]) -> list[tuple[str, str, int]]:
    return [(phrase, fold(phrase), number) for phrase, number in phrases]


# --- directories -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Name:
    kind: Kind
    key: str
    text: str
    folded: str  # all the ways it is written


def _names(words: tuple[str, ...], index: Index) -> Iterator[Suggestion]:
    for name in _directory(index.name, get_language() or "vi", int(monotonic() / DIRECTORY_SECONDS)):
        if _stands(words, name.folded):
            yield Suggestion(name.kind, name.text, name.key)


@lru_cache(maxsize=8)
def _directory(index: str, language: str, minute: int) -> list[_Name]:
    """Names in the reader's language; for the public only of those that have answered something."""
    answered = AnswerPage.objects.live().public()
    agencies = Agency.objects.current().prefetch_related("aliases")
    initiatives, systems = Initiative.objects.all(), StrategicSystem.objects.all()
    if index == ANSWERS.name:
        agencies = agencies.filter(pk__in=answered.values("agency"))
        initiatives = initiatives.filter(pk__in=answered.values("initiative"))
        systems = systems.filter(pk__in=answered.values("system"))
    found = [
        _Name(Kind.AGENCY, one.code, str(one), _written(one.name, one.name_en, *(a.text for a in one.aliases.all())))
        for one in agencies
    ]
    found += [
        _Name(Kind.INITIATIVE, str(one.pk), one.shown_title, _written(one.title, one.title_en, one.short_title))
        for one in initiatives
    ]
    found += [_Name(Kind.SYSTEM, str(one.pk), one.shown_name, _written(one.name, one.name_en)) for one in systems]
    return found


def _written(*names: str) -> str:
    return "|".join(_padded(name) for name in names if name)

"""Where the words of a query stand in a text as its writer wrote it: snippets and marks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from classifier.text import fold, nfc, words

from .analysis import Phrase, Terms, Width, is_accented

LONGEST = 20_000  # characters of a text that are looked through
SNIPPET = 180  # characters shown around the densest marks
LEAD = 40  # of them before the first mark


Key = tuple[str, ...]


@dataclass(frozen=True)
class Marker:
    """Marks the words of one query, the nearest to what was asked first.

    Where a text has a word with the tone the reader typed, its look-alikes stay unmarked; where it
    has two words side by side as they were asked for, neither is marked alone.
    """

    exact: frozenset[Key] = frozenset()  # as typed, of those with marks
    folded: frozenset[Key] = frozenset()  # words, pairs and other ways of writing
    pairs: frozenset[Key] = frozenset()

    @classmethod
    def of(cls, terms: Terms, width: Width = Width.ALL) -> "Marker":
        alone = [] if width == Width.PAIR else [Phrase((word,)) for unit in terms.units for word in unit.words]
        phrases = [*alone, *terms.pairs, *terms.others, *terms.near]
        return cls(
            frozenset(phrase.words for phrase in phrases if any(map(is_accented, phrase.words))),
            frozenset(phrase.folded for phrase in phrases),
            frozenset(pair.folded for pair in terms.pairs),
        )

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Offsets in ``nfc(text)`` to mark, in order, neighbours joined over the blank between them."""
        if not self.folded:
            return []
        shown = nfc(text)[:LONGEST]
        found = self._candidates(shown)
        exact = {key for key, _, _, is_exact in found if is_exact}
        kept = [one for one in found if one[3] or one[0] not in exact]
        together = {word for key, *_ in kept if key in self.pairs for word in key}
        spans = ((start, end) for key, start, end, _ in kept if len(key) > 1 or key[0] not in together)
        return _joined(shown, sorted(spans))

    def _candidates(self, shown: str) -> list[tuple[Key, int, int, bool]]:
        """Every place where something is written: folded key, offsets, whether the marks agree too."""
        first: dict[str, list[Key]] = {}
        for key in self.folded:
            first.setdefault(key[0], []).append(key)
        if not self._may_stand_in(shown):
            return []
        tokens = list(words(shown))
        plain = [fold(token.text) for token in tokens]
        found = []
        for at, word in enumerate(plain):
            for key in first.get(word, ()):
                run = tokens[at : at + len(key)]
                if tuple(plain[at : at + len(key)]) == key:
                    is_exact = tuple(token.text for token in run) in self.exact
                    found.append((key, run[0].start, run[-1].end, is_exact))
        return found

    def _may_stand_in(self, shown: str) -> bool:
        """A cheap look before the text is cut into words."""
        folded = fold(shown)
        return any(key[0][:3] in folded for key in self.folded)

    def title(self, text: str) -> SafeString:
        """The whole text, escaped, with marks, on one line."""
        return _on_one_line(self.whole(text))

    def whole(self, text: str) -> SafeString:
        """The same, its lines kept."""
        shown = nfc(text)
        return _render(shown, self.spans(text), 0, len(shown))

    def snippet(self, text: str, length: int = SNIPPET, lead: int = LEAD) -> SafeString:
        """The part of the text with the most marks, or its beginning, on one line.

        `lead`: characters before the first mark; with none it begins there, for a place that shows little.
        """
        shown = nfc(text)
        spans = self.spans(text)
        start, end = _window(shown, spans, length, lead)
        inner = [span for span in spans if span[0] >= start and span[1] <= end]
        before = "…" if start > 0 else ""
        after = "…" if end < len(shown.rstrip()) else ""
        return _on_one_line(format_html("{}{}{}", before, _render(shown, inner, start, end), after))


def _joined(shown: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and (start <= joined[-1][1] or shown[joined[-1][1] : start] == " "):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _window(shown: str, spans: list[tuple[int, int]], length: int, lead: int) -> tuple[int, int]:
    """Where to cut: around the stretch with the most marked characters, at blanks."""
    if len(shown) <= length and (lead or not spans):
        return 0, len(shown)
    best, start = -1, 0
    for index, (begin, _) in enumerate(spans[:200]):
        covered = sum(e - b for b, e in _while_before(spans[index:], begin + length - lead))
        if covered > best:
            best, start = covered, max(0, begin - lead)
    if start and lead:
        blank = re.search(r"\s", shown[start : start + lead])
        start += blank.end() if blank else 0
    end = min(len(shown), start + length)
    if end < len(shown):
        cut = max(shown.rfind(blank, start, end) for blank in " \n")
        end = cut if cut > start + length // 2 else end
    return start, end


def _while_before(spans: list[tuple[int, int]], limit: int) -> Iterator[tuple[int, int]]:
    for span in spans:
        if span[1] > limit:
            return
        yield span


def _render(shown: str, spans: Iterable[tuple[int, int]], start: int, end: int) -> SafeString:
    pieces, at = [], start
    for begin, stop in spans:
        pieces += [escape(shown[at:begin]), "<mark>", escape(shown[begin:stop]), "</mark>"]
        at = stop
    pieces.append(escape(shown[at:end]))
    return mark_safe("".join(pieces))  # noqa: S308 (every piece is escaped)


def _on_one_line(escaped: SafeString) -> SafeString:
    return mark_safe(re.sub(r"\s+", " ", escaped))  # noqa: S308 (blanks for blanks)

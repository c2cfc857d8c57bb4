"""Whether the phrases named as reasons carried the decision: it must change without them, not without others."""

from collections.abc import Sequence

import numpy as np

from classifier.items import Item
from classifier.service import Router
from classifier.text import words

REMOVED = 3
"""Phrases taken out of a text to see whether the decision hung on them."""


def flips(router: Router, items: Sequence[Item]) -> tuple[list[bool], list[bool]]:
    """For each item whether the first guess changes without the named phrases, and without random others."""
    texts = [item.text for item in items]
    routings = router.route(texts)
    generator = np.random.default_rng(0)
    named, other = [], []
    for text, routing in zip(texts, routings, strict=True):
        spans = [(reason.start, reason.end) for reason in routing.reasons[:REMOVED]]
        named.append(_cut(text, spans))
        other.append(_cut(text, _random_spans(text, spans, generator)))
    before = [routing.initiative[0].value for routing in routings]
    return _changed(router, named, before), _changed(router, other, before)


def _changed(router: Router, texts: Sequence[str], before: Sequence[int | str]) -> list[bool]:
    return [r.initiative[0].value != first for r, first in zip(router.route(texts), before, strict=True)]


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + " " + text[end:]
    return text


def _random_spans(text: str, spans: Sequence[tuple[int, int]], generator: np.random.Generator) -> list[tuple[int, int]]:
    """As many runs of words of the same lengths, none touching the spans or each other."""
    seen = list(words(text))
    free = np.array([all(w.end <= s or w.start >= e for s, e in spans) for w in seen], bool)
    chosen = []
    for start, end in spans:
        size = sum(start <= w.start < end for w in seen)
        places = [i for i in range(len(seen) - size + 1) if size and free[i : i + size].all()]
        if places:
            at = int(generator.choice(places))
            free[at : at + size] = False
            chosen.append((seen[at].start, seen[at + size - 1].end))
    return chosen

"""Where the name and the address that a sender gave stand in a text, however they are written there."""

from collections.abc import Iterable, Iterator

from classifier.telex import decode_word
from classifier.text import fold, syllables, words

Words = tuple[str, ...]


def spans_of(known: Iterable[str], text: str) -> Iterator[tuple[int, int]]:
    """Offsets in `text`, in order: with marks or without, as keystrokes, between any punctuation."""
    rows: dict[str, list[Words]] = {}
    for row in sorted((row for given in known for row in _rows(given)), key=len, reverse=True):
        rows.setdefault(fold(row[0]), []).append(row)
    if not rows:
        return
    places = list(words(text))
    said = tuple(decode_word(word.text) for word in places)
    bare = tuple(map(fold, said))
    at = 0
    while at < len(said):
        found = next((row for row in rows.get(bare[at], ()) if _stands(row, said, bare, at)), ())
        if found:
            yield places[at].start, places[at + len(found) - 1].end
        at += len(found) or 1


def _rows(given: str) -> Iterator[Words]:
    """The words as given; run together; of an address with a number also house and street alone.

    Never one word, which may be any word; nor two run together: *Tô An* is not *toàn*.
    """
    whole = _words(given)
    if len(whole) > 1:
        yield whole
    if len(whole) > 2:
        yield ("".join(whole),)
    upto = (_words(given[:end]) for end, character in enumerate(given) if character == ",")
    street = next((row for row in upto if len(row) > 2), ())
    if any(word[0].isdigit() for word in street):
        yield street


def _words(given: str) -> Words:
    return tuple(map(decode_word, syllables(given)))


def _stands(row: Words, said: Words, bare: Words, at: int) -> bool:
    """Two words must have their own marks or none: *tràn lan* is nobody, *Tran Lan* may be."""
    end = at + len(row)
    if bare[at:end] != tuple(map(fold, row)):
        return False
    return len(row) != 2 or all(
        fold(one) in {word, one} or one == word for one, word in zip(row, said[at:end], strict=True)
    )

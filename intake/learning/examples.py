"""Decisions as training texts: the redacted text, the labels of today, and nothing of who sent it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classifier.corpus import Example

from ..models import Submission
from .decisions import Decided, carried_over

ORIGIN = "synthetic+decisions"


@dataclass(frozen=True)
class Labelled:
    """A decision with the text it was made on, as the model reads it, and where its sender lives."""

    decided: Decided
    text: str
    province: str

    @property
    def example(self) -> Example:
        """Group: the submission, so that no split ever parts it from itself."""
        labels = self.decided.labels
        return Example(
            id=f"decision-{self.decided.submission_id}",
            text=self.text,
            initiative=int(labels["initiative"]),
            nature=labels["nature"],
            agency=labels.get("agency", ""),
            weight=self.decided.weight,
            group=f"submission:{self.decided.submission_id}",
        )


def labelled(found: Iterable[Decided]) -> list[Labelled]:
    """Those that can be learnt from, oldest first: of an initiative (or 0) that is still there."""
    kept = [one for one in carried_over(found) if "initiative" in one.labels]
    texts = _texts([one.submission_id for one in kept])
    return [Labelled(one, *texts[one.submission_id]) for one in kept if one.submission_id in texts]


def _texts(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Submission to the redacted text and the code of the province."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(ids), 500):
        rows = Submission.objects.filter(pk__in=ids[start : start + 500])
        for row in rows.only("redacted_title", "redacted_body", "province_id"):
            found[row.pk] = (f"{row.redacted_title}\n{row.redacted_body}", row.province_id or "")
    return found

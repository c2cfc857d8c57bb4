"""Decisions as training texts: the redacted text, the labels of today, and nothing of who sent it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.corpus import Example

from ..models import Submission
from .decisions import Decided, carried_over

if TYPE_CHECKING:
    from classifier.teaching import Taught

ORIGIN = "synthetic+decisions"


@dataclass(frozen=True)
class Labelled:
    """A decision with the text it was made on, as the model reads it, and where its sender lives."""

    decided: Decided
    text: str
    province: str

    @property
    def initiative(self) -> int | None:
        """1 to 30, 0 outside the scope; None where only the system was decided."""
        given = self.decided.labels.get("initiative")
        return None if given is None else int(given)

    @property
    def taught(self) -> "Taught":
        """What the model learns from it."""
        from classifier.teaching import Taught

        labels = self.decided.labels
        return Taught(
            text=self.text,
            nature=labels["nature"],
            initiative=self.initiative,
            system=int(labels["system"]),
            agency=labels.get("agency", ""),
            weight=self.decided.weight,
        )

    @property
    def example(self) -> Example:
        """As a written text, for a label that no written text has. Group: the submission."""
        return Example(
            id=f"decision-{self.decided.submission_id}",
            text=self.text,
            initiative=self.initiative or 0,
            nature=self.decided.labels["nature"],
            agency=self.decided.labels.get("agency", ""),
            group=f"submission:{self.decided.submission_id}",
        )


def labelled(found: Iterable[Decided]) -> list[Labelled]:
    """Those that can be learnt from, oldest first: of a system (or 0) and, if any, an initiative still there."""
    kept = [one for one in carried_over(found) if "system" in one.labels]
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

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from intake import services, triage
from intake.models import Kind, Province, Submission, Triage
from intake.places import find_province
from intake.workflow import Visibility

KINDS = {str(label).lower(): value for value, label in Kind.choices} | {value: value for value in Kind.values}
PATIENCE = 10  # seconds without progress before the command routes the rest itself
BATCH = 32
LONGEST = 100_000  # characters of one item


class Command(BaseCommand):
    help = (
        "Send the items of a JSON lines file (id, text, optional kind, title, province) through the same service "
        "as the form. Idempotent by id. Waits until all are routed; routes what no worker takes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options) -> None:
        if not file.is_file():
            raise CommandError(f"{file} is not a file")
        started = time.monotonic()
        with file.open("rb") as stream:
            total = sum(1 for line in stream if line.strip())
        seen: dict[str | None, int] = {}
        fresh, failures = 0, []
        for number, line in enumerate(tqdm(self._lines(file), total=total, desc="received", unit="item"), start=1):
            try:
                submission, new = self._receive(line)
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                failures.append(f"line {number}: {error}")
                continue
            seen[submission.external_id] = submission.pk
            fresh += new
        ids = list(seen.values())
        self._wait(ids)
        decisions = list(Triage.objects.filter(submission__in=ids).values_list("submission", "decision").order_by("pk"))
        routed = dict(decisions)
        sealed = Submission.objects.filter(pk__in=ids, visibility=Visibility.SEALED).count()
        for failure in failures[:20]:
            self.stderr.write(failure)
        seconds = (time.monotonic() - started) / max(1, total)
        rows = [
            ("received", len(ids)),
            ("of these new", fresh),
            ("routed", len(routed)),
            ("abstained", sum(decision == Triage.Decision.ABSTAIN for decision in routed.values())),
            ("sealed", sealed),
            ("failed", len(failures) + len(ids) - len(routed) - sealed),
            ("seconds per item", f"{seconds:.3f}"),
        ]
        for label, value in rows:
            self.stdout.write(f"{label:<18}{value:>10}")

    def _lines(self, file: Path) -> Iterator[str]:
        with file.open(encoding="utf-8-sig", errors="replace") as stream:
            yield from (line for line in stream if line.strip())

    def _receive(self, line: str) -> tuple[Submission, bool]:
        """The submission of one line, and whether this run made it."""
        item = json.loads(line)
        if not isinstance(item, dict) or item.get("id") is None or not isinstance(item.get("text"), str):
            raise ValueError("an id and a text are needed")
        text = services.storable(item["text"])[:LONGEST]
        external_id = _external_id(str(item["id"]))
        if not text:
            raise ValueError("empty text")
        known = Submission.objects.filter(external_id=external_id).first()
        if known:
            return known, False
        submission = services.submit(
            services.NewSubmission(
                title=services.storable(str(item.get("title") or "")) or _title_of(text),
                body=text,
                kind=KINDS.get(str(item.get("kind", "")).lower(), Kind.FEEDBACK),
                province=_province(item.get("province")),
                external_id=external_id,
                channel="replay",
            )
        )
        return submission, True

    def _wait(self, ids: list[int]) -> None:
        """Until every item is routed: by the worker, or here where none makes progress."""
        waiting, moved = -1, time.monotonic()
        with tqdm(total=len(ids), desc="routed", unit="item") as bar:
            while True:
                left = list(Submission.objects.untriaged().filter(pk__in=ids).values_list("pk", flat=True))
                bar.update(len(ids) - len(left) - bar.n)
                if not left:
                    return
                if len(left) != waiting:
                    waiting, moved = len(left), time.monotonic()
                if time.monotonic() - moved > PATIENCE:
                    batch = list(Submission.objects.untriaged().filter(pk__in=left[:BATCH]))
                    triage.triage(batch)
                    moved -= PATIENCE  # no worker: go on at once
                    continue
                time.sleep(0.2)


def _external_id(given: str) -> str:
    """The item's own id, so that a second run finds it; a long one by its hash."""
    given = given.encode("utf-8", "replace").decode()
    return f"replay:{given}" if len(given) <= 80 else f"replay:sha256:{hashlib.sha256(given.encode()).hexdigest()}"


def _title_of(text: str) -> str:
    """The beginning of a text that came without a title, cut at a word."""
    first = text.split("\n", 1)[0]
    return first if len(first) <= 110 else first[:110].rsplit(" ", 1)[0] + "…"


def _province(given: object) -> Province | None:
    if not given:
        return None
    return Province.objects.filter(code=str(given)[:2]).first() if str(given).isdigit() else find_province(str(given))

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake import triage
from intake.jsonl import items, line
from intake.redaction import redact

NEAREST = 10
BATCH = 32


class Command(BaseCommand):
    help = (
        'The nearest texts of a pool: JSON lines {"id", "text"} in POOL and on standard input; on standard output, for '
        'each query, {"id", "similar": [{"id", "score"}, ...]}, the ten nearest, best first.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pool", type=Path)

    def handle(self, *, pool: Path, **options) -> None:
        from classifier.similar import Pool, traits

        if not pool.is_file():
            raise CommandError(f"{pool} is not a file")
        router = triage.router()
        with pool.open("rb") as lines:
            given = list(items(lines))
        rows = [item for item in given if "error" not in item]
        if len(rows) < len(given):
            self.stderr.write(f"{pool}: {len(given) - len(rows)} lines left out, without id and text")
        texts = [redact(item["text"]) for item in rows]
        known = Pool(texts, *traits(router, texts)) if texts else None
        for batch in _batches(items(sys.stdin.buffer)):
            asked = [redact(item["text"]) for item in batch if "error" not in item]
            found = iter(known.rank(asked, *traits(router, asked), k=NEAREST) if known and asked else [])
            for item in batch:
                if "error" in item:
                    self._write(item)
                    continue
                near = [{"id": rows[one.index]["id"], "score": round(one.score, 4)} for one in next(found, [])]
                self._write({"id": item["id"], "similar": near})

    def _write(self, row: dict) -> None:
        self.stdout.write(line(row))


def _batches(rows: Iterator[dict]) -> Iterator[list[dict]]:
    while batch := list(islice(rows, BATCH)):
        yield batch

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandParser

from intake.learning.decisions import decided
from intake.learning.examples import labelled


class Command(BaseCommand):
    help = (
        "What people decided, as training texts: JSON lines on standard output (id, text, initiative, system, nature, "
        "agency, weight, group). Texts are the redacted copies: numbers and addresses of people are masked, names that "
        "stand in free text are not. Handle the file accordingly."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sampled", action="store_true", help="only those drawn by lot")

    def handle(self, *, sampled: bool, **options) -> None:
        rows = labelled(decided(sampled=True if sampled else None))
        for row in rows:
            known = {"id": f"decision-{row.decided.submission_id}", "group": f"submission:{row.decided.submission_id}"}
            line = known | asdict(row.taught) | {"redacted": True, "decided_at": row.decided.at.isoformat()}
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        self.stderr.write(f"{len(rows)} decisions, texts redacted; names in free text may remain")

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.directories.decide import Action
from intake.directories.loader import Report, load

COLUMNS = (Action.CREATE, Action.UPDATE, Action.KEEP, Action.CONFLICT, Action.NOTHING)


class Command(BaseCommand):
    help = (
        "Load the reviewed directories (agencies, places, rules, ...) into the database. "
        "Safe to repeat: what an administrator has edited is kept and, where the file has "
        "changed as well, reported."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--overwrite", action="store_true", help="take the files over edits")
        parser.add_argument("--dry-run", action="store_true", help="report, then change nothing")

    def handle(self, *args: Any, overwrite: bool, dry_run: bool, **options: Any) -> None:
        try:
            reports = load(overwrite=overwrite, dry_run=dry_run)
        except LookupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(" " * 22 + "".join(f"{action.value:>11}" for action in COLUMNS))
        for report in reports:
            self.print(report)
        if dry_run:
            self.stdout.write("Nothing was written (--dry-run).")

    def print(self, report: Report) -> None:
        counts = "".join(f"{report.counts[action]:>11}" for action in COLUMNS)
        self.stdout.write(f"{report.label:<22}{counts}")
        for key in report.conflicts:
            self.stdout.write(self.style.WARNING(f"  conflict: {report.label} {key}: edited here, new in the file"))
        for key in report.vanished:
            self.stdout.write(self.style.WARNING(f"  not in the file any more, left alone: {report.label} {key}"))

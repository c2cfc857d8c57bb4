from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search.rebuild import ALL, count
from search.verify import repair, verify


class Command(BaseCommand):
    help = "Compares the search indices with the database, field by field; exits with 1 if they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="make the indices agree")

    def handle(self, *args: Any, **options: Any) -> None:
        differing = 0
        for index in ALL:
            with tqdm(total=count(index), desc=index.name, unit="doc", file=self.stderr) as bar:
                found = verify(index, bar.update)
            self.stdout.write(
                f"{index.name}: {found.checked} checked, {len(found.missing)} missing, {len(found.stale)} stale, "
                f"{len(found.extra)} extra, {len(found.owed)} owed, broken: {', '.join(found.broken) or 'none'}"
            )
            if found and options["repair"]:
                found = repair(index, found)
                self.stdout.write(f"{index.name}: repaired" if not found else f"{index.name}: still differs")
            differing += bool(found)
        if differing:
            raise CommandError("Search does not agree with the database; run verify_search --repair.")

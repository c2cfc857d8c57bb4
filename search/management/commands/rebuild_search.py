from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search.rebuild import ALL, AlreadyRunning, count, done, rebuild, to_build


class Command(BaseCommand):
    help = (
        "Builds the search indices anew, while people work: readers see the old index or the new, never none. "
        "Broken off, it goes on where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("index", nargs="*", choices=[[], *(index.name for index in ALL)], default=[])
        parser.add_argument(
            "--if-missing", action="store_true", help="only what the search server does not have, or not wholly"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [index for index in ALL if not options["index"] or index.name in options["index"]]
        if options["if_missing"]:
            chosen = [index for index in chosen if index in to_build()]
        for index in chosen:
            before = done(index)
            with tqdm(total=count(index), initial=before, desc=index.name, unit="doc", file=self.stderr) as bar:
                try:
                    written = rebuild(index, bar.update)
                except AlreadyRunning as error:
                    raise CommandError(f"{index.name}: already being built ({error})") from error
            went_on = f" (went on after {before})" if before else ""
            self.stdout.write(f"{index.name}: {written}{went_on}")

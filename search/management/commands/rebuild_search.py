from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from search.rebuild import ALL, count, missing, rebuild


class Command(BaseCommand):
    help = "Builds the search indices anew, while people work: readers see the old index or the new, never none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("index", nargs="*", choices=[[], *(index.name for index in ALL)], default=[])
        parser.add_argument(
            "--if-missing", action="store_true", help="only an index that the search server does not have yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [index for index in ALL if not options["index"] or index.name in options["index"]]
        if options["if_missing"]:
            chosen = [index for index in chosen if index in missing()]
        for index in chosen:
            with tqdm(total=count(index), desc=index.name, unit="doc", file=self.stderr) as bar:
                written = rebuild(index, bar.update)
            self.stdout.write(f"{index.name}: {written}")

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from classifier.evaluate import DISTURBANCES, evaluate_path
from classifier.service import load_router
from intake.triage import model_folder


class Command(BaseCommand):
    help = (
        "Measure the model in use on labelled texts: JSON lines with id, text and labels, or a folder of articles in "
        "two halves, one to learn from (as the VNTC corpus is published). Prints every measure with its 95 % interval "
        "as JSON; no text is printed. The flags disturb the texts first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("items", type=Path, help="a file of items or a folder")
        parser.add_argument("--without-encoder", action="store_true", help="measure the words alone")
        for name in DISTURBANCES:
            parser.add_argument(f"--{name}", action="append_const", dest="disturb", const=name)

    def handle(self, *, items: Path, without_encoder: bool, disturb: list[str] | None, **options) -> None:
        if not items.exists():
            raise CommandError(f"{items} does not exist")
        router = load_router(model_folder(), encoder=None if without_encoder else "default")
        try:
            found = evaluate_path(items, router, disturb=disturb or ())
        except (KeyError, TypeError, ValueError) as error:
            raise CommandError(f"{items}: {type(error).__name__}: {error}") from error
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))

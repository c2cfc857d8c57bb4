import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.learning.lock import Busy
from intake.learning.training import train
from intake.learning.words import of_run
from intake.models import TrainingRun


class Command(BaseCommand):
    help = (
        "Train a model on the written texts and the decisions of this installation, compare it with the one in use on "
        "the newest decisions, and put it to use if it is not worse. Never two at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--run", type=int, help="a run that was asked for before; else a new one")
        parser.add_argument(
            "--shipped", type=Path, metavar="FOLDER", help="only write a model of the written texts alone to FOLDER"
        )

    def handle(self, *, run: int | None, shipped: Path | None, **options) -> None:
        os.nice(10)  # whoever is being served comes first
        if shipped:
            self.stdout.write(_written_only(shipped))
            return
        row = TrainingRun.objects.filter(pk=run).first() if run else TrainingRun.objects.create()
        if row is None:
            raise CommandError(f"no run {run}")
        try:
            train(row)
        except Busy as error:
            raise CommandError("another training is under way") from error
        self.stdout.write(f"{row.outcome}: {row.version or ''}\n{of_run(row)}")


def _written_only(folder: Path) -> str:
    from classifier import artifact
    from classifier.corpus import load_descriptions
    from classifier.training import train as fit
    from intake.directory import taxonomy
    from intake.learning.making import written_corpus
    from intake.learning.vectors import kept_vectors

    model = fit(written_corpus(), taxonomy(), encoder=kept_vectors(), descriptions=load_descriptions())
    return artifact.save(folder, model)

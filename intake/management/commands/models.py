import json

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime

from intake.learning import registry
from intake.learning.words import of_run
from intake.models import ModelVersion


class Command(BaseCommand):
    help = "The models of this installation: list them, show one, put one to use, go back to the one before."

    def add_arguments(self, parser: CommandParser) -> None:
        action = parser.add_subparsers(dest="action", required=True)
        action.add_parser("list", help="every version, newest first")
        for name, said in (("show", "what is known of a version"), ("promote", "put a version to use")):
            one = action.add_parser(name, help=said)
            one.add_argument("version", help="as `list` writes it; its beginning is enough")
            if name == "promote":
                one.add_argument("--why", default="", help="kept with the change")
        back = action.add_parser("rollback", help="back to the version used before")
        back.add_argument("--why", default="", help="kept with the change")

    def handle(self, *, action: str, version: str = "", why: str = "", **options) -> None:
        registry.champion()
        try:
            if action == "list":
                self._list()
            elif action == "show":
                self._show(self._find(version))
            elif action == "promote":
                found = self._find(version)
                registry.promote(found, why=why or "lệnh models promote")
                self.stdout.write(f"in use: {found}")
            else:
                self.stdout.write(f"in use: {registry.roll_back(why=why or 'lệnh models rollback')}")
        except registry.UnusableModel as error:
            raise CommandError(f"not usable: {error}") from error

    def _find(self, version: str) -> ModelVersion:
        found = list(ModelVersion.objects.filter(version__startswith=version)[:2])
        if len(found) != 1:
            raise CommandError(f"{version}: {'more than one version' if found else 'no such version'}")
        return found[0]

    def _list(self) -> None:
        for row in ModelVersion.objects.all():
            there = "" if registry.usable(row) else "  (not usable)"
            trained = f"{localtime(row.trained_at):%Y-%m-%d %H:%M}"
            self.stdout.write(
                f"{row.version:<20}{row.status:<12}{trained}  {row.rows:>6} rows  {row.decisions} decisions{there}"
            )

    def _show(self, row: ModelVersion) -> None:
        changes = [
            {"at": change.created_at.isoformat(), "action": change.action, "by": change.actor_id, "why": change.why}
            for change in row.changes.all()
        ]
        shown = {
            "version": row.version,
            "status": row.status,
            "shipped": row.shipped,
            "trained_at": row.trained_at.isoformat(),
            "trained_by": row.trained_by_id,
            "rows": row.rows,
            "decisions": row.decisions,
            "metrics": row.metrics,
            "why": of_run(run) if (run := row.runs.first()) else "",
            "changes": changes,
            "card": registry.card_of(row),
        }
        self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1))

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.demo.accounts import ACCOUNTS, ensure_accounts
from cms.demo.content import load_answers, load_submissions
from cms.site import ensure_site


class Command(BaseCommand):
    help = "Example answers, submissions and accounts. Only in demo mode (DEMO=1); safe to repeat."

    def handle(self, **options) -> None:
        if not settings.DEMO:
            raise CommandError("Demo accounts and examples are made in demo mode only: set DEMO=1.")
        users = ensure_accounts()
        answers = load_answers(ensure_site())
        submissions = load_submissions(users)
        if answers or submissions:
            self.stdout.write(f"Examples: {answers} answers, {submissions} submissions.")
        self.stdout.write(f"Accounts: {', '.join(a.username for a in ACCOUNTS)}; password: {settings.DEMO_PASSWORD}")

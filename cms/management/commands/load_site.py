from django.core.management.base import BaseCommand

from cms.site import ensure_site


class Command(BaseCommand):
    help = "Make the pages a site starts with. Pages that exist are left as they are."

    def handle(self, **options) -> None:
        ensure_site()

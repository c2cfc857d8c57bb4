"""A fixture for test modules that need the real directories: loaded once, removed after."""

from collections.abc import Iterator

import pytest

from intake.directories.loader import load
from intake.directories.tables import TABLES
from intake.models import Commune


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        ours = not Commune.objects.exists()
        if ours:
            load()
    yield
    if ours:
        with django_db_blocker.unblock():
            for table in reversed(TABLES):
                table.model.objects.all().delete()

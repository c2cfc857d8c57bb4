"""The Celery application: one for both profiles, the broker chosen by the settings."""

import os

from celery import Celery

from . import broker  # noqa: F401 (before anything connects)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

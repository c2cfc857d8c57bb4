"""The project's settings, on a data directory of the test run's own: var/ is never touched.

Chosen by pyproject.toml. What a test starts (manage.py, workers) reads config.settings as usual,
and finds the same directory in its environment.
"""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="yk57-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.mkdir(os.path.join(_folder, "static"))
os.environ |= {"DATA_DIR": _folder, "DJANGO_SETTINGS_MODULE": "config.settings"}

from config.settings import *  # noqa: E402, F403

# Accounts are made by the hundred here, and none of them guards anything.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

"""What stands between the code and a running system: `python -m config.prepare`.

One process for all of it, since loading Django costs more than most of the steps; each step does
nothing where nothing has changed.
"""

import hashlib
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.utils import OperationalError

from . import env

PASSWORD_FILE = Path(env.text("DATA_DIR", "var")).resolve() / "keys" / "demo_password"
DATABASE_SECONDS = 60
ADVISORY_LOCK = 57_2024
ACCOUNTS = {
    "dieuphoi": "điều phối / coordinator",
    "chuyenvien": "chuyên viên / officer",
    "lanhdao": "lãnh đạo / approver",
    "bientap": "biên tập / editor",
    "quantri": "quản trị / administrator",
}


def say(message: str) -> None:
    print(f"  {message}", flush=True)


def wait_for_database() -> None:
    deadline = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


@contextmanager
def alone() -> Iterator[None]:
    """One at a time, where several machines share a database."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def fingerprint(folders: list[Path], files: list[Path]) -> str:
    """Changes whenever a file below these folders, or one of these files, does."""
    digest = hashlib.sha256()
    for folder in folders:
        files = files + sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        state = path.stat()
        digest.update(f"{path}:{state.st_size}:{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    if env.text("STATIC_ROOT"):
        return  # an image brings its own, collected when it was built
    base = Path(settings.BASE_DIR)
    ours = [Path(folder) for folder in settings.STATICFILES_DIRS]
    # The packages' own files change with the lock alone.
    wanted = fingerprint(ours, [base / "requirements.txt", base / "config" / "storage.py"])
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".stamp"
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    say("Tệp tĩnh / static files")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def load_directories() -> None:
    """Load them, and pass on only what a person should look at."""
    said = StringIO()
    call_command("load_directories", stdout=said, no_color=True)
    for line in said.getvalue().splitlines():
        if line.startswith("  ") and ":" in line:
            say(line.strip())


def accounts(shown_before: bool) -> str:
    """The demo accounts; a password that was made up is said once, then where it is kept."""
    lines = [f"  {name:<12}{role}" for name, role in ACCOUNTS.items()]
    if env.text("DEMO_PASSWORD"):
        said = "DEMO_PASSWORD"
    elif shown_before:
        said = str(PASSWORD_FILE)
    else:
        said = settings.DEMO_PASSWORD
    return "\n".join([*lines, f"  mật khẩu / password: {said}"])


def greeting(shown_before: bool) -> str:
    site = settings.SITE_URL
    where = f"{settings.WAGTAIL_SITE_NAME}: {site}/\n"
    where += f"  cán bộ / desk: {site}/can-bo/\n  quản trị / admin: {site}/quan-tri/\n"
    if not settings.DEMO:
        return where
    if not env.text("BIND", "127.0.0.1").startswith(("127.", "localhost", "::1")):
        where += "  ! Tài khoản thử nghiệm mở ra mạng / the demo accounts are open to the network: DEMO=0\n"
    return where + accounts(shown_before) + "\n"


def make_search_index() -> None:
    """On a search server that has none yet; a server that is away is no reason not to start."""
    try:
        call_command("rebuild_search", if_missing=True, stdout=StringIO(), stderr=StringIO())
    except Exception as error:  # noqa: BLE001 (each engine has its own; /healthz tells what is the matter)
        say(f"Chưa tạo được chỉ mục tìm kiếm / no search index yet: {type(error).__name__}: {error}"[:300])


def look_for_model() -> None:
    shipped = Path(settings.BASE_DIR) / "classifier" / "model"
    if not any((folder / "manifest.json").exists() for folder in (settings.MODELS_DIR / "current", shipped)):
        say(f"Thiếu mô hình gợi ý, phiếu gửi sẽ chờ điều phối / no model in {shipped}: nothing will be suggested")


def main(greeting_file: Path | None = None) -> None:
    # Before the settings are read: they make the password where there is none.
    shown_before = PASSWORD_FILE.exists()
    django.setup()
    logging.disable(logging.INFO)  # a line for every page of the demo site helps nobody
    wait_for_database()
    with alone():
        say("Cơ sở dữ liệu / database")
        call_command("migrate", interactive=False, verbosity=0)
        say("Danh mục / directories")
        load_directories()
        say("Trang / pages")
        call_command("load_demo" if settings.DEMO else "load_site", stdout=StringIO())
        make_search_index()
    collect_static()
    look_for_model()
    if greeting_file:
        greeting_file.touch(mode=0o600)
        greeting_file.write_text(greeting(shown_before), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)

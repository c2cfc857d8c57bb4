"""A real installation for the browser tests: `config/serve.py` on a data directory of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = "/usr/bin/chromium"
PASSWORD = "mat-khau-trinh-dien"
START_SECONDS = 240

# Playwright keeps an event loop in this thread; Django must not mistake the tests for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = not Path(CHROMIUM).exists() and not os.environ.get("CI")
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(pytest.mark.skip(reason=f"{CHROMIUM} is not installed"))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@dataclass(frozen=True)
class Site:
    """A running installation."""

    base: str
    data: Path
    environment: dict[str, str]
    process: subprocess.Popen

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.base + path, timeout=10) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code

    def manage(self, *words: str, **options) -> subprocess.CompletedProcess[str]:
        """`manage.py` on the data of this installation."""
        return subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, text=True, capture_output=True,
            check=True, **options,
        )  # fmt: skip

    def ask(self, code: str) -> str:
        """What a few lines of Python print there."""
        return self.manage("shell", "--no-imports", "-c", code).stdout.strip()

    def pids(self, word: str) -> list[int]:
        """Processes of this installation whose command line holds a word."""
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                environment = (folder / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if word in command and f"DATA_DIR={self.data}\0" in environment and "config" in command:
                found.append(int(folder.name))
        return found


def wait_until(true, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.3)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data, port = tmp_path_factory.mktemp("site"), free_port()
    environment = os.environ | {
        "DATA_DIR": str(data),
        "PORT": str(port),
        "DEMO": "1",
        "DEMO_PASSWORD": PASSWORD,
        "SEARCH_PREFIX": f"browser{port}",
        "SIGN_IN_RATE": "1000/m",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "WARNING",
    }
    log = (data / "serve.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-P", "config/serve.py"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    site = Site(f"http://localhost:{port}", data, environment, process)

    def up() -> bool:
        assert process.poll() is None, (data / "serve.log").read_text(errors="replace")[-3000:]
        try:
            return site.status("/healthz") == 200
        except OSError:
            return False

    try:
        wait_until(up, START_SECONDS, "healthz answers 200")
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)
        log.close()
        left = site.pids("")
        assert not left, f"still running after SIGTERM: {left}"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-background-networking"]}


@pytest.fixture(scope="session")
def browser_context_args(site: Site) -> dict:
    return {"base_url": site.base, "locale": "vi-VN", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def as_user(new_context):
    """A page where this demo account has signed in."""

    def sign_in(username: str) -> Page:
        page = new_context().new_page()
        page.goto("/can-bo/dang-nhap/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_load_state()
        return page

    return sign_in

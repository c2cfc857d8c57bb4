"""`make run` keeps its processes alive and ends with everything it started."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")

# A parent of two: itself and a grandchild, each telling its number.
FAMILY = "echo $$ >> parents; sleep 300 & echo $! >> grandchildren; wait"
WATCH = """
import os, sys
from config import serve
serve.STOP_SECONDS = 1.0
supervisor = serve.Supervisor()
serve.ROOT = os.getcwd()
supervisor.children = [serve.Child("family", ["sh", "-c", sys.argv[1]], dict(os.environ))]
supervisor.answered = True
try:
    while not supervisor.stopping:
        supervisor.tend()
        supervisor.pause(0.05)
finally:
    supervisor.end()
""".replace("from config", f"sys.path.insert(0, {str(ROOT)!r})\nfrom config", 1)


def until(true: Callable[[], object], seconds: float = 20.0) -> object:
    deadline = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)
    return value


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def started_for(folder: Path) -> list[str]:
    """Living processes with this data directory in their environment."""
    wanted, found = f"DATA_DIR={folder}\0".encode(), []
    for process in Path("/proc").iterdir():
        try:
            if (
                process.name.isdigit()
                and wanted in (process / "environ").read_bytes() + b"\0"
                and alive(int(process.name))
            ):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    watchers: list[subprocess.Popen] = []

    def watch(script: str) -> subprocess.Popen:
        watchers.append(subprocess.Popen([sys.executable, "-c", WATCH, script], cwd=tmp_path))
        return watchers[-1]

    yield watch
    for watcher in watchers:
        watcher.terminate()
        watcher.wait(10)


def numbers(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def test_one_that_is_killed_comes_back_and_leaves_nothing_behind(tmp_path: Path, watched: Callable) -> None:
    watched(FAMILY)
    first = until(lambda: numbers(tmp_path / "grandchildren"))[0]
    os.kill(numbers(tmp_path / "parents")[0], signal.SIGKILL)
    until(lambda: len(numbers(tmp_path / "grandchildren")) == 2)
    assert not alive(first)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_its_children_and_theirs(tmp_path: Path, watched: Callable, number: int) -> None:
    watcher = watched(FAMILY)
    grandchild = until(lambda: numbers(tmp_path / "grandchildren"))[0]
    watcher.send_signal(number)
    assert watcher.wait(10) == 0
    until(lambda: not alive(grandchild) and not alive(numbers(tmp_path / "parents")[0]), 5)


def test_a_child_is_asked_and_may_finish_what_it_does(tmp_path: Path, watched: Callable) -> None:
    watcher = watched("trap 'echo done > finished; exit' TERM; touch begun; while :; do sleep 0.1; done")
    until((tmp_path / "begun").exists)
    watcher.terminate()
    watcher.wait(10)
    assert (tmp_path / "finished").exists()


def test_one_that_will_not_stop_is_made_to(tmp_path: Path, watched: Callable) -> None:
    watcher = watched("trap '' TERM; " + FAMILY + "; sleep 300")
    parent = until(lambda: numbers(tmp_path / "parents"))[0]
    watcher.terminate()
    watcher.wait(10)
    until(lambda: not alive(parent), 5)


def test_killed_itself_it_takes_its_children_along(tmp_path: Path, watched: Callable) -> None:
    watcher = watched("trap 'kill $!; exit' TERM; " + FAMILY)
    grandchild = until(lambda: numbers(tmp_path / "grandchildren"))[0]
    watcher.kill()
    until(lambda: not alive(numbers(tmp_path / "parents")[0]) and not alive(grandchild), 5)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(data: Path, port: int, **more: str) -> subprocess.Popen:
    environment = os.environ | {"DATA_DIR": str(data), "PORT": str(port), "DEMO": "0", "BIND": "127.0.0.1"} | more
    command = [sys.executable, "-P", str(ROOT / "config" / "serve.py")]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_a_port_in_use_is_said_at_once_in_both_languages(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        process = serve(tmp_path, other.getsockname()[1])
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "Không mở được cổng" in said and "cannot be opened" in said and "Traceback" not in said


def test_a_data_directory_in_use_is_said_at_once(tmp_path: Path, port: int) -> None:
    import fcntl

    with (tmp_path / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = serve(tmp_path, port)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "DATA_DIR=" in said and "Traceback" not in said


def health(port: int) -> dict | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return json.load(answer)
    except (OSError, urllib.error.URLError):
        return None


def test_the_whole_system_starts_serves_survives_its_worker_and_stops(tmp_path: Path, port: int) -> None:
    """On data of its own, embedded, whatever the profile of the tests."""
    process = serve(tmp_path, port, DATABASE_URL="", REDIS_URL="", ELASTICSEARCH_URL="")
    try:
        until(lambda: process.poll() is not None or health(port), 180)
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as home:
            assert home.status == 200
        assert len(started_for(tmp_path)) >= 6  # this, web and its worker, the worker and its pool, sync, beat
        assert oct((tmp_path / "db.sqlite3").stat().st_mode & 0o077) == "0o0"
        os.kill(worker := worker_of(process.pid), signal.SIGKILL)
        until(lambda: worker_of(process.pid) not in {0, worker}, 30)
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert f"http://localhost:{port}/" in said
    until(lambda: not started_for(tmp_path), 5)


def queues_of(command: list[str]) -> list[str]:
    return command[command.index("--queues") + 1].split(",") if "--queues" in command else []


def test_every_queue_is_served_once_and_the_index_by_a_worker_of_its_own(tmp_path: Path) -> None:
    from config.celery import app
    from config.serve import ROOT, children

    commands = [child.command for child in children({}, 0, 8000, tmp_path)]
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"].values()
    for started in (commands, [one["command"] for one in compose if "worker" in one.get("command", ())]):
        served = [queues for command in started if (queues := queues_of(command))]
        assert sorted(sum(served, [])) == sorted(app.conf.task_queues)
        assert ["search"] in served
    line = {name: app.amqp.router.route({}, name)["queue"].name for name in (
        "search.tasks.sync", "intake.tasks.dispatch_event", "intake.tasks.triage_submission", "search.tasks.sweep",
    )}  # fmt: skip
    assert list(line.values()) == ["search", "search", "celery", "celery"]


def worker_of(supervisor: int) -> int:
    """Celery's first process among the children; 0 while there is none."""
    for child in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
        if b"\0--hostname\0worker-" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    return 0

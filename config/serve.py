"""`make run`: prepares, then keeps web, two workers and beat running until told to stop.

Standard library alone, and run by its path: what watches the others stays small (12 MB) and imports
nothing that could fail.
"""

import contextlib
import ctypes
import fcntl
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 20.0  # for a request or a task under way to end
LIVED_LONG = 60.0  # seconds after which a death is the first of its kind
MOST_FALLS = 3  # deaths in a row before anything has answered: then it is not going to
QUIET = {"PYTHONUNBUFFERED": "1", "CELERY_QUIET": "1"}
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Refused(Exception):
    """Why nothing was started, said to the person who asked for it."""


def say(message: str) -> None:
    print(message, flush=True)


def _end_with(parent: int) -> None:
    """In the child: be told to stop when the parent is gone, also by kill -9 (Linux)."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)


@dataclass
class Child:
    """One process with all that it starts: a session of its own, ended as a whole."""

    name: str
    command: list[str]
    environment: dict[str, str]
    fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    start_at: float = 0.0

    def start(self) -> None:
        parent = os.getpid()
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            pass_fds=self.fds,
            start_new_session=True,
            umask=0o077,  # the data directory holds what people wrote
            preexec_fn=lambda: _end_with(parent),
        )

    def ask_to_end(self) -> None:
        """Ask the first process alone: it knows how to let its own children finish."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """End whatever is left of it, at once."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def fell(self) -> None:
        """Clear away what it left and set when to start again: at once, then ever later."""
        assert self.process is not None
        lived = time.monotonic() - self.started
        self.falls = 1 if lived > LIVED_LONG else self.falls + 1
        wait = min(30.0, 0.5 * 2 ** (self.falls - 1))
        say(f"! {self.name} dừng / ended ({self.process.returncode}); chạy lại sau / again in {wait:g} s")
        self.kill()
        self.process = None
        self.start_at = time.monotonic() + wait


class Supervisor:
    """Starts children, starts them again when they die, ends all of them when told to stop."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.stopping = 0
        self.answered = False
        self._wake, write = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            # nohup has hang-ups ignored: let it be so.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._stop)

    def _stop(self, *_: object) -> None:
        self.stopping += 1

    def pause(self, seconds: float, awaited: socket.socket | None = None) -> bool:
        """Sleep, but wake for any signal, and for what is awaited; whether that has come."""
        sources: list[int] = [self._wake] if awaited is None else [self._wake, awaited.fileno()]
        ready, _, _ = select.select(sources, [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 4096)
        return awaited is not None and awaited.fileno() in ready

    def run_once(self, child: Child) -> bool:
        """Run a child to its end; whether it went well."""
        self.children = [child]
        child.start()
        while not child.ended() and not self.stopping:
            self.pause(5)
        if not self.stopping:
            self.children = []
        return child.ended() and child.process is not None and child.process.returncode == 0

    def tend(self) -> None:
        """Start what is due; note what has died."""
        for child in self.children:
            if child.ended():
                child.fell()
                if not self.answered and child.falls >= MOST_FALLS:
                    raise Refused(f"{child.name} không chạy được; lý do ở trên. / It does not start, as said above.")
            if child.process is None and time.monotonic() >= child.start_at:
                child.start()

    def end(self) -> None:
        """Ask all to finish; make them when the time is up, or when asked a second time."""
        for child in self.children:
            child.ask_to_end()
        asked, deadline = self.stopping, time.monotonic() + STOP_SECONDS
        while not all(child.process is None or child.ended() for child in self.children):
            if time.monotonic() > deadline or self.stopping > asked:
                break
            self.pause(0.5)
        for child in self.children:
            child.kill()


def listen(bind: str, port: int) -> socket.socket:
    """The socket that web serves. Kept here, so that visitors wait while web is started again."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((bind, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        other = port + 1 if 1024 <= port < 65535 else 8000
        raise Refused(
            f"Không mở được cổng {port} trên {bind} ({error}); chọn cổng khác: make run PORT={other}\n"
            f"Port {port} on {bind} cannot be opened; choose another: make run PORT={other}"
        ) from None
    return listener


def hold(data: Path) -> int:
    """Keep a data directory to one instance, for as long as this process lives."""
    data.mkdir(parents=True, exist_ok=True)
    lock = os.open(data / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused(
            f"{data} đang được một hệ thống khác dùng; chọn chỗ khác: make run DATA_DIR=…\n"
            f"{data} is in use by another instance; choose another: make run DATA_DIR=…"
        ) from None
    return lock


def ask(bind: str, port: int) -> socket.socket:
    """A request for the home page: its answer is awaited beside everything else."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104
    question = socket.create_connection((host, port), timeout=5)
    question.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    return question


def heard(question: socket.socket) -> bool:
    """Whether an answer has come, rather than the end of a web that fell."""
    with question, contextlib.suppress(OSError):
        return question.recv(4) == b"HTTP"
    return False


def children(environment: dict[str, str], listener: int, port: int, data: Path) -> list[Child]:
    def module(name: str, *words: str) -> list[str]:
        return [sys.executable, "-m", name, *words]

    cluster = bool(environment.get("REDIS_URL"))
    temporary = data / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    worker_environment = environment | {
        # The file broker takes a message by moving it to the temporary directory: on one disk, in one step.
        "TMPDIR": str(temporary),
        # Celery warns root of pickled messages; ours are JSON.
        "PYTHONWARNINGS": "ignore:You're running the worker",
    }
    processes = environment.get("WORKER_CONCURRENCY") or ("2" if cluster else "1")
    quiet = () if cluster else ("--without-gossip", "--without-mingle", "--without-heartbeat")

    def worker(name: str, queues: str, *size: str) -> list[str]:
        words = ("--queues", queues, "--hostname", f"{name}-{port}@%h", *size, *quiet)
        return module("celery", "-A", "config", "worker", *words)

    return [
        Child(
            "web",
            module("gunicorn", "-c", "python:config.gunicorn", "--bind", f"fd://{listener}", "config.wsgi"),
            environment,
            fds=(listener,),
        ),
        Child("worker", worker("worker", "celery,desk", "--concurrency", processes), worker_environment),
        # One process without a pool: it only writes rows and documents.
        Child("sync", worker("sync", "search", "--pool", "solo"), worker_environment),
        Child("beat", module("celery", "-A", "config.beat", "beat", "--pidfile="), environment),
    ]


def greet(written: Path, seconds: float) -> None:
    """Say what config.prepare wrote, once: it may hold a password."""
    say(f"\n{written.read_text(encoding='utf-8')}  ({seconds:.0f} s; Ctrl-C: dừng / stop)\n")
    written.unlink()


def main() -> int:
    os.chdir(ROOT)
    bind, wanted = os.environ.get("BIND") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not wanted.isdecimal():
        print(f"PORT={wanted}: không phải số / not a number", file=sys.stderr)
        return 1
    port = int(wanted)
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    environment = os.environ | {"BIND": bind, "PORT": str(port), "DATA_DIR": str(data)} | QUIET
    began = time.monotonic()
    supervisor = Supervisor()
    try:
        lock = hold(data)
        listen(bind, port).close()  # refused now rather than after a minute of preparation
        greeting = data / "greeting"
        prepare = Child("prepare", [sys.executable, "-m", "config.prepare", str(greeting)], environment)
        if supervisor.run_once(prepare):
            listener = listen(bind, port)
            supervisor.children = children(environment, listener.fileno(), port, data)
        elif not supervisor.stopping:
            raise Refused("Chuẩn bị không xong; lý do ở trên. / It could not be prepared, as said above.")
        question: socket.socket | None = None
        while not supervisor.stopping:
            supervisor.tend()
            if supervisor.answered:
                supervisor.pause(1.0)
                continue
            question = question or ask(bind, port)
            if supervisor.pause(1.0, question):
                supervisor.answered, question = heard(question), None
                if supervisor.answered:
                    greet(greeting, time.monotonic() - began)
    except Refused as refusal:
        print(refusal, file=sys.stderr, flush=True)
        return 1
    finally:
        supervisor.end()
    os.close(lock)
    return 0


if __name__ == "__main__":
    sys.exit(main())

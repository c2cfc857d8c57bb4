"""A server process that outlives the command that started it, and is found again by the next one."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .account import Account


@dataclass(frozen=True)
class Running:
    """A process as remembered in a file. `born` tells it from a later one of the same number."""

    pid: int
    born: str

    def alive(self) -> bool:
        return bool(self.born) and born(self.pid) == self.born

    def stop(self, number: int, seconds: float) -> None:
        """Ask it and all that it started to end; after `seconds`, make them."""
        if not self.alive():
            return
        _tell(self.pid, number)
        deadline = time.monotonic() + seconds
        while _tell(self.pid, 0):
            if time.monotonic() > deadline:
                _tell(self.pid, signal.SIGKILL)
                time.sleep(0.2)
                return
            time.sleep(0.1)

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def born(pid: int) -> str:
    """When the process began, as the system says it; empty where there is none, or only its remains."""
    try:
        # The command name (field 2) may hold anything, a closing bracket included.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
    said = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return said.stdout.strip()


def _tell(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def start(
    command: Sequence[str | Path], *, account: Account, log: Path, folder: Path, extra: Mapping[str, str] | None = None
) -> Running:
    """Start a server in a session of its own, with a clean environment, as the account that may run it."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=account.environment | dict(extra or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            **account.popen,
        )
    return Running(process.pid, born(process.pid))

"""`python -m config.services up|down`: the real servers of the cluster profile, without Docker.

Meant for tests and trials: `down` removes what they held. ELASTICSEARCH_NODES=3 makes a cluster of
three nodes; a node that died comes back by the same command.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from . import elasticsearch, packages, postgres, redis
from .account import ELSEWHERE, SYSTEM_USER, Account, account, make_home
from .process import Running

SERVERS: dict[str, Any] = {server.NAME: server for server in (postgres, redis, elasticsearch)}
MOST_NODES = 5
ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], running: Running, log: Path, seconds: float) -> None:
    """Raises `packages.Missing` with the end of the log where the server ended or never got ready."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not running.alive() or time.monotonic() > deadline:
            running.stop(9, 1)
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise packages.Missing(f"{log.stem}: không khởi động được / did not start:\n{tail}")
        time.sleep(0.2)


def server_of(name: str) -> Any:
    """`elasticsearch-2` is a node of `elasticsearch`."""
    return SERVERS[name.partition("-")[0]]


class State:
    """Ports, passwords and processes, remembered so that a server that died comes back as it was."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "services"
        self.file = self.folder / "state.json"
        self.servers: dict[str, dict[str, Any]] = json.loads(self.file.read_text()) if self.file.exists() else {}

    def names(self, nodes: int) -> list[str]:
        """The servers to start, and those that were started before."""
        more = [f"{elasticsearch.NAME}-{number}" for number in range(2, nodes + 1)]
        return list(dict.fromkeys([*SERVERS, *self.servers, *more]))

    @property
    def nodes(self) -> dict[str, dict[str, Any]]:
        return {name: known for name, known in self.servers.items() if server_of(name) is elasticsearch}

    def write(self) -> None:
        self.file.touch(mode=0o600)
        self.file.write_text(json.dumps(self.servers, indent=1))

    def running(self, name: str) -> Running | None:
        process = self.servers.get(name, {}).get("process")
        running = Running(**process) if process else None
        return running if running and running.alive() else None


def begin(state: State, name: str, user: Account) -> dict[str, Any]:
    """Start a server where it was, or in a new place; remember it before and after."""
    known = state.servers[name]
    if not Path(known.get("home") or os.devnull).is_dir():
        known["home"] = str(make_home(state.folder, name, user))
    state.write()
    home, server = Path(known["home"]), server_of(name)
    more: dict[str, Any] = {}
    if server is elasticsearch:
        more["peers"] = {peer: held["transport"] for peer, held in state.nodes.items()}
        more["programs"] = Path(state.servers[elasticsearch.NAME]["home"])
    running = server.start(home, known["port"], known["password"], user, home / f"{name}.log", **more)
    known["process"] = running.as_dict()
    state.write()
    return known


def introduce(state: State, names: list[str]) -> None:
    """A place for each; the nodes of one cluster know each other's, and share a password."""
    for name in names:
        known = state.servers.setdefault(name, {"port": free_port(), "password": secrets.token_hex(16)})
        if server_of(name) is elasticsearch:
            known.setdefault("transport", free_port())
            known["password"] = state.servers[elasticsearch.NAME]["password"]


def bring_up(state: State, user: Account, nodes: int) -> None:
    """Start what is not running, the slowest first, and wait for all together."""
    began = time.monotonic()
    fresh = {}
    names = state.names(nodes)
    introduce(state, names)
    # The first node unpacks what the others share.
    for name in sorted(names, key=lambda name: (server_of(name) is not elasticsearch, names.index(name))):
        if state.running(name):
            print(f"  {name}: đang chạy rồi / already running", flush=True)
        else:
            fresh[name] = begin(state, name, user)
    for name, known in reversed(fresh.items()):
        server, place = server_of(name), {"port": known["port"], "password": known["password"]}
        log = Path(known["home"]) / f"{name}.log"
        wait_until(partial(server.ready, **place), Running(**known["process"]), log, server.START_SECONDS)
        server.finish(**place)
        print(f"  {name}: 127.0.0.1:{known['port']} ({time.monotonic() - began:.0f} s)", flush=True)


def up(data: Path) -> None:
    nodes = int(os.environ.get("ELASTICSEARCH_NODES") or 1)
    if not 1 <= nodes <= MOST_NODES:
        raise packages.Missing(f"ELASTICSEARCH_NODES: 1..{MOST_NODES}")
    packages.ensure()
    state = State(data)
    state.folder.mkdir(exist_ok=True, mode=0o711)
    bring_up(state, account(), nodes)
    lines = []
    for name, server in SERVERS.items():
        known = state.nodes.values() if server is elasticsearch else [state.servers[name]]
        places = " ".join(server.url(one["port"], one["password"]) for one in known)
        lines.append(f'{server.VARIABLE}="{places}"\n')
    lines.append("export " + " ".join(server.VARIABLE for server in SERVERS.values()) + "\n")
    written = data / "services.env"
    written.touch(mode=0o600)
    written.write_text("".join(lines))
    print(f"  . {written} && make run", flush=True)


def down(data: Path) -> None:
    state = State(data)
    for name, known in state.servers.items():
        if running := state.running(name):
            running.stop(server_of(name).STOP_SIGNAL, 30)
            print(f"  {name}: đã dừng / stopped", flush=True)
        if known.get("home"):
            home = Path(known["home"])
            shutil.rmtree(home.parent if home.parent.name.startswith(ELSEWHERE) else home, ignore_errors=True)
    shutil.rmtree(state.folder, ignore_errors=True)
    with contextlib.suppress(OSError):  # Java's, empty once none of that account's runs
        Path(tempfile.gettempdir(), f"hsperfdata_{SYSTEM_USER}").rmdir()
    (data / "services.env").unlink(missing_ok=True)


def main(word: str) -> int:
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    data.mkdir(parents=True, exist_ok=True)
    lock = os.open(data, os.O_RDONLY | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        {"up": up, "down": down}[word](data)
    except packages.Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{error}\n{(error.stderr or b'').decode(errors='replace')}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""A Redis of our own: password, one loopback port, nothing kept on disk."""

import shutil
import signal
import socket
from pathlib import Path

from .account import Account
from .process import Running
from .process import start as start_process

NAME = "redis"
VARIABLE = "REDIS_URL"
STOP_SIGNAL = signal.SIGTERM
START_SECONDS = 20.0


def url(port: int, password: str) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


def start(home: Path, port: int, password: str, user: Account, log: Path) -> Running:
    program = shutil.which("redis-server")
    assert program is not None
    # A file, not words: a password among the words of a command is for all to see.
    settings = home / "redis.conf"
    settings.touch(mode=0o600)
    settings.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{home}"\n'
        'save ""\nappendonly no\nmaxmemory-policy noeviction\n'
    )
    user.own(home)
    return start_process([program, settings], account=user, log=log, folder=home)


def ready(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2 and (more := connection.recv(256)):
                answer += more
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"


def finish(port: int, password: str) -> None:
    """Nothing is left to do once it answers."""

"""A PostgreSQL cluster of our own: password, one loopback port, no socket file, nothing synced to disk."""

import signal
import subprocess
from pathlib import Path

from .account import Account
from .packages import postgres_folder
from .process import Running
from .process import start as start_process

NAME = "postgres"
VARIABLE = "DATABASE_URL"
STOP_SIGNAL = signal.SIGINT  # fast: ends sessions, does not wait for them
START_SECONDS = 60.0
USER = DATABASE = "yk57"


def url(port: int, password: str) -> str:
    return f"postgres://{USER}:{password}@127.0.0.1:{port}/{DATABASE}"


def _program(name: str) -> Path:
    folder = postgres_folder()
    assert folder is not None
    return folder / name


def start(home: Path, port: int, password: str, user: Account, log: Path) -> Running:
    cluster = home / "data"
    if not (cluster / "PG_VERSION").exists():
        secret = home / "password"
        secret.touch(mode=0o600)
        secret.write_text(password)
        user.own(home)
        options = ["--auth=scram-sha-256", f"--username={USER}", f"--pwfile={secret}", "--encoding=UTF8"]
        subprocess.run(
            [_program("initdb"), f"--pgdata={cluster}", "--locale=C.UTF-8", "--no-sync", *options],
            cwd=home,
            env=user.environment,
            check=True,
            capture_output=True,
            **user.popen,
        )
        secret.unlink()
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    # The data is for tests: safe against a killed process, not against a power cut.
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": 200,
        "log_timezone": "UTC",
    }
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return start_process([_program("postgres"), "-D", cluster, *words], account=user, log=log, folder=home)


def _ask(port: int, password: str, database: str, sql: str) -> str | None:
    """One query by psql; None where the server does not answer."""
    done = subprocess.run(
        [_program("psql"), "-XAtqc", sql, "-h", "127.0.0.1", "-p", str(port), "-U", USER, "-d", database],
        env={"PGPASSWORD": password, "PGCONNECT_TIMEOUT": "3"},
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() if done.returncode == 0 else None


def ready(port: int, password: str) -> bool:
    return _ask(port, password, "postgres", "SELECT 1") == "1"


def finish(port: int, password: str) -> None:
    if DATABASE not in (_ask(port, password, "postgres", "SELECT datname FROM pg_database") or "").split():
        _ask(port, password, "postgres", f"CREATE DATABASE {DATABASE}")

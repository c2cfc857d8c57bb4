"""Reading the environment: typed, with safe defaults, and secrets that may be files."""

import os
import secrets
from pathlib import Path


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    return value in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int) -> int:
    return int(text(name) or default)


def words(name: str, default: str = "") -> list[str]:
    return [word for word in text(name, default).replace(",", " ").split() if word]


def secret(name: str, file: Path, make=lambda: secrets.token_urlsafe(50)) -> str:
    """`NAME`, or the file named by `NAME_FILE`, or a value made once and kept in `file` (mode 600)."""
    if value := text(name):
        return value
    if named := text(f"{name}_FILE"):
        return Path(named).read_text(encoding="utf-8").strip()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Written aside and linked, so that two processes that start together agree on one value.
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(make(), encoding="utf-8")
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        fresh.unlink()
    return file.read_text(encoding="utf-8").strip()

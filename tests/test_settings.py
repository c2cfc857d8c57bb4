"""The environment is the only source of settings, README.md lists all of it, and the defaults are safe."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READERS = {"text", "flag", "number", "words", "secret"}
# Read by what starts us, and documented by them: Docker, Java, shells.
NOT_OURS = {"PATH", "HOME", "CI", "ES_JAVA_HOME", "JAVA_HOME", "ES_JAVA_OPTS", "DJANGO_SETTINGS_MODULE"}
TABLE = re.compile(r"<!-- settings -->(.*?)<!-- /settings -->", re.DOTALL)


def names_read(path: Path) -> Iterator[str]:
    """`env.text("NAME")`, `os.environ.get("NAME")`, `environment["NAME"]` and their like."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner, argument = ast.unparse(node.func.value), node.args[0]
            reads = (owner == "env" and node.func.attr in READERS) or (
                owner in {"os.environ", "environment"} and node.func.attr == "get"
            )
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            reads, argument = ast.unparse(node.value) in {"os.environ", "environment"}, node.slice
        else:
            continue
        if reads and isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def read() -> set[str]:
    return {name for path in (ROOT / "config").rglob("*.py") for name in names_read(path)} - NOT_OURS


def documented() -> set[str]:
    table = TABLE.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert table, "README.md has no <!-- settings --> table"
    return set(re.findall(r"^\|\s*`([A-Z_]+)`", table[1], re.MULTILINE))


def test_every_variable_that_is_read_stands_in_the_readme() -> None:
    assert read() - documented() == set()


def test_every_variable_in_the_readme_is_read() -> None:
    assert documented() - read() == set()


def test_the_reader_finds_what_settings_read() -> None:
    assert {"DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL", "DATA_DIR", "DEBUG", "PORT"} <= read()


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """What a person sees who sets nothing at all."""
    code = (
        "import json; from django.conf import settings as s;"
        "print(json.dumps([s.DEBUG, s.DEMO, s.ALLOWED_HOSTS, len(s.SECRET_KEY), s.SECRET_KEY, s.FIELD_KEYS]))"
    )
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    names = ("debug", "demo", "hosts", "length", "secret", "keys")
    return dict(zip(names, json.loads(said.stdout), strict=True))


def test_nothing_set_is_safe(bare: dict) -> None:
    assert bare["debug"] is False and bare["demo"] is False
    assert set(bare["hosts"]) == {"localhost", "127.0.0.1", "[::1]"}
    assert bare["length"] >= 50


def test_secrets_are_made_not_shipped_and_for_their_owner_alone(bare: dict, tmp_path: Path) -> None:
    kept = {path.name: path for path in (tmp_path / "keys").iterdir()}
    assert kept["secret_key"].read_text() == bare["secret"]
    assert kept["field_keys"].read_text().split() == bare["keys"]
    assert {oct(path.stat().st_mode & 0o777) for path in kept.values()} == {"0o600"}


def test_no_secret_stands_in_the_code() -> None:
    pattern = re.compile(r"(SECRET_KEY|PASSWORD|FIELD_KEYS)\s*=\s*[\"'][^\"']{6,}")
    found = [path.name for path in (ROOT / "config").rglob("*.py") if pattern.search(path.read_text(encoding="utf-8"))]
    assert found == []

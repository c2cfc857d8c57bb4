"""The programs the servers need: found where Debian puts them, installed by apt-get when we may."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OLDEST_JAVA = 21
PACKAGES = {
    "initdb": "postgresql",
    "redis-server": "redis-server",
    "mvn": "maven",
    f"java >= {OLDEST_JAVA}": f"openjdk-{OLDEST_JAVA}-jre-headless",
}
POLICY = Path("/usr/sbin/policy-rc.d")
CREATE_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")


class Missing(Exception):
    """What is not on this machine, and how to get it."""


def postgres_folder() -> Path | None:
    """Where the newest PostgreSQL's programs are; Debian keeps them off PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def java_home() -> Path | None:
    """The newest Java that Elasticsearch can run on, by what it says of itself."""
    named = [Path(os.environ[name]) for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    on_path = shutil.which("java")
    if on_path:
        named.append(Path(on_path).resolve().parent.parent)
    places = ("/usr/lib/jvm/*", "/opt/*jdk*", "/opt/java/*", "/Library/Java/JavaVirtualMachines/*/Contents/Home")
    named += [home for pattern in places for home in Path("/").glob(pattern[1:])]
    versions = [(version, home) for home in named if (version := java_version(home)) >= OLDEST_JAVA]
    return max(versions)[1] if versions else None


def java_version(home: Path) -> int:
    try:
        said = subprocess.run([home / "bin" / "java", "-version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', said.stderr + said.stdout)
    return int(found[1]) if found else 0


def missing() -> list[str]:
    present = {
        "initdb": postgres_folder(),
        "redis-server": shutil.which("redis-server"),
        "mvn": shutil.which("mvn"),
        f"java >= {OLDEST_JAVA}": java_home(),
    }
    return [program for program, place in present.items() if not place]


@contextmanager
def nothing_started() -> Iterator[None]:
    """Have the packages start no server and make no database of their own."""
    mine = [(POLICY, "#!/bin/sh\nexit 101\n", 0o755)] if not POLICY.exists() else []
    if not CREATE_CLUSTER.exists():
        mine.append((CREATE_CLUSTER, "create_main_cluster = false\n", 0o644))
    for path, content, mode in mine:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        path.chmod(mode)
    try:
        yield
    finally:
        for path, _, _ in mine:
            path.unlink(missing_ok=True)


def install(programs: list[str]) -> None:
    names = [PACKAGES[program] for program in programs]
    print(f"  apt-get install {' '.join(names)}", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with nothing_started():
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *names]):
            done = subprocess.run(
                ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *command],  # another may be installing
                env=environment,
                capture_output=True,
                text=True,
                errors="replace",
            )
            if done.returncode:
                print(done.stderr.strip(), flush=True)


def ensure() -> None:
    """Raises `Missing` where a program is not there and could not be installed."""
    lacking = missing()
    if lacking and os.geteuid() == 0 and shutil.which("apt-get"):
        install(lacking)
        lacking = missing()
    if lacking:
        names = " ".join(PACKAGES[program] for program in lacking)
        raise Missing(
            f"Thiếu {', '.join(lacking)}. Trên Debian, Ubuntu: apt-get install {names} (cần quyền quản trị).\n"
            f"Missing: {', '.join(lacking)}. On Debian, Ubuntu: apt-get install {names} (as root)."
        )

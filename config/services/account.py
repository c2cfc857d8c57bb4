"""Who runs the servers: yourself, or, since PostgreSQL and Elasticsearch refuse root, an account without rights."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_USER = "yk57"
ELSEWHERE = "yk57-services-"  # begins the names of folders in the temporary directory


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def other(self) -> bool:
        return self.uid != os.geteuid()

    @property
    def popen(self) -> dict[str, Any]:
        """What `subprocess` needs to run something as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the caller's: PGHOST, JAVA_TOOL_OPTIONS and their like change what a server does."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "USER": self.name}

    def own(self, folder: Path) -> None:
        if self.other:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def reaches(self, folder: Path) -> bool:
        """Whether it may enter this folder: not where a folder above it is closed to others."""
        probe = ["test", "-x", str(folder)]
        return subprocess.run(probe, cwd="/", capture_output=True, **self.popen).returncode == 0


def account() -> Account:
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return Account(me.pw_name, me.pw_uid, me.pw_gid)
    try:
        found = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        shell = shutil.which("nologin") or "/bin/false"
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", "--shell", shell, SYSTEM_USER], check=True
        )
        found = pwd.getpwnam(SYSTEM_USER)
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def make_home(folder: Path, name: str, user: Account) -> Path:
    """A folder of the account's own of this name: in `folder`, or in one in the temporary directory.

    The latter where the account could not get there, or where a space in the path would break
    Elasticsearch's scripts.
    """
    wished = folder / name
    wished.mkdir(parents=True, exist_ok=True, mode=0o700)
    user.own(wished)
    if user.reaches(wished) and len(str(wished).split()) == 1:
        return wished
    home = Path(tempfile.mkdtemp(prefix=ELSEWHERE)) / name
    home.mkdir(mode=0o700)
    user.own(home.parent)
    return home

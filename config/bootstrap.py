"""Makes .venv from a lock file and leaves a stamp; config/setup.sh runs it with the Python it found.

Standard library alone, nothing of the project: it runs before anything is installed.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME, DEV = "requirements.txt", "requirements-dev.txt"
PROBE = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))"


def stamp(lock: str) -> Path:
    return VENV / f".{lock}.stamp"


def wanted(lock: str) -> str:
    """What the stamp must say: the lock file and the Python that .venv stands on."""
    config = (VENV / "pyvenv.cfg").read_bytes() if (VENV / "pyvenv.cfg").exists() else b""
    return hashlib.sha256((ROOT / lock).read_bytes() + config).hexdigest()


def current(lock: str) -> bool:
    return stamp(lock).exists() and stamp(lock).read_text() == wanted(lock)


def quiet_environment() -> dict[str, str]:
    return os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def make_venv() -> None:
    """Keep a .venv that works; make it anew where its Python is gone, too old or half made."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-I", "-c", PROBE], capture_output=True).returncode == 0:
        return
    say(f"Tạo .venv với / making .venv with Python {sys.version.split()[0]}")
    subprocess.run([sys.executable, "-I", "-m", "venv", "--clear", VENV], check=True)


def install(lock: str) -> None:
    say("Cài thư viện theo bản khoá, lần đầu chừng một phút / installing what the lock names, about a minute")
    pip = [str(PYTHON), "-I", "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:"]
    subprocess.run([*pip, "-r", lock], cwd=ROOT, env=quiet_environment(), check=True)


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def main(lock: str) -> int:
    # The lock file itself is what two runs at once agree on: no file to leave behind.
    with (ROOT / RUNTIME).open("rb") as shared:
        fcntl.flock(shared, fcntl.LOCK_EX)
        if current(lock):
            return 0
        try:
            make_venv()
            install(lock)
        except subprocess.CalledProcessError as error:
            say("Không cài được; lý do ở trên. Chạy lại sẽ tiếp tục. / It failed as said above; run it again to go on.")
            return error.returncode or 1
        # The development lock holds all of the runtime lock (tests/test_operations.py).
        for done in {lock, RUNTIME}:
            stamp(done).write_text(wanted(done))
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "--current":
        sys.exit(0 if current(sys.argv[2]) else 1)
    sys.exit(main(sys.argv[1]))

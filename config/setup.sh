#!/bin/sh
# Finds a Python that can carry the project and has it make .venv: config/setup.sh LOCK_FILE
# Does nothing when .venv already stands as the lock file says.
set -eu
cd "$(dirname "$0")/.."
lock=$1

if [ -x .venv/bin/python ] && .venv/bin/python -I -S config/bootstrap.py --current "$lock" 2>/dev/null; then
    exit 0
fi

# What a Python must have; prints what it lacks. A pyenv shim may exist and yet not run.
probe='
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 14):
    sys.exit("%d.%d" % sys.version_info[:2])
for module in ("venv", "ensurepip", "ssl", "sqlite3"):
    try:
        __import__(module)
    except ImportError:
        sys.exit(module)
import sqlite3
try:
    sqlite3.connect(":memory:").execute("create virtual table t using fts5(x)")
except sqlite3.OperationalError:
    sys.exit("sqlite3 FTS5")
'
seen=

fits() {
    [ -f "$1" ] && [ -x "$1" ] || return 1
    if lack=$("$1" -I -c "$probe" 2>&1); then
        return 0
    fi
    seen="$seen
  $1: $(printf '%s\n' "$lack" | tail -n 1)"
    return 1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        python=$(command -v "$PYTHON") && fits "$python"
        return
    fi
    # Newest first, and every place on PATH, not only the first.
    for name in python3.14 python3.13 python3.12 python3.11 python3 python; do
        old_ifs=$IFS
        IFS=:
        for place in $PATH; do
            IFS=$old_ifs
            python=$place/$name
            if fits "$python"; then
                return 0
            fi
        done
        IFS=$old_ifs
    done
    # None on PATH: those that pyenv and uv keep aside.
    for version in 3.14 3.13 3.12 3.11; do
        for python in "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/"$version".*/bin/python3 \
            "${HOME:-}"/.local/share/uv/python/cpython-"$version".*/bin/python3; do
            if fits "$python"; then
                return 0
            fi
        done
    done
    return 1
}

if ! find_python; then
    cat >&2 <<END
Cần Python từ 3.11 đến 3.14 có venv, ensurepip và SQLite với FTS5; chưa thấy bản nào như vậy.
Cài đặt rồi chạy lại (Debian, Ubuntu: apt-get install python3 python3-venv), hoặc chỉ rõ: make setup PYTHON=/đường/dẫn/python3.
Python 3.11 to 3.14 with venv, ensurepip and an SQLite that has FTS5 is needed; none was found.
Install one and try again (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make setup PYTHON=/path/to/python3.
Đã thử và thiếu / tried, and what each lacks:${seen:-
  -}
END
    exit 1
fi
exec "$python" -I config/bootstrap.py "$lock"

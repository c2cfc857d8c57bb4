"""The English catalogue says all that the code says, and its compiled form is that of its text.

`--write` collects the messages into the catalogue and compiles it. Needs gettext's xgettext.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent.parent
LANGUAGE = "en"
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
WITHOUT = (".venv", "var", ".git", "tests", "bench", "docs", "static", "*.jsonl", "__pycache__")
# Files without line numbers: an entry changes when its words do.
TIDY = ("--no-obsolete", "--no-wrap", "--add-location", "file")
Key = tuple[str | None, str]


def collect(root: Path) -> None:
    """Have Django gather the messages of the code below `root` into its catalogue."""
    (root / "locale").mkdir(exist_ok=True)
    ignored = [word for name in WITHOUT for word in ("--ignore", name)]
    with tempfile.TemporaryDirectory() as data:
        subprocess.run(
            [sys.executable, "manage.py", "makemessages", "--locale", LANGUAGE, *TIDY, *ignored],
            cwd=root,
            env=os.environ | {"DATA_DIR": data},
            check=True,
            stdout=subprocess.DEVNULL,
        )


def collected() -> set[Key]:
    """What the code says now, gathered in a copy so that nothing here is touched."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*WITHOUT, "locale", ".*_cache"))
        (copy / "static").mkdir()
        collect(copy)
        return keys(polib.pofile(str(copy / CATALOGUE)))


def keys(catalogue: polib.POFile | polib.MOFile) -> set[Key]:
    return {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}


def faults(catalogue: polib.POFile) -> list[str]:
    wanted, known = collected(), keys(catalogue)
    found = [f"not in the catalogue: {message}" for _, message in wanted - known]
    found += [f"no longer said: {message}" for _, message in known - wanted]
    found += [f"not translated: {entry.msgid}" for entry in catalogue.untranslated_entries()]
    found += [f"fuzzy: {entry.msgid}" for entry in catalogue.fuzzy_entries()]
    compiled = (ROOT / CATALOGUE).with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        found.append("compiled catalogue is not that of the text: make messages")
    return found


def write() -> None:
    collect(ROOT)
    polib.pofile(str(ROOT / CATALOGUE)).save_as_mofile(str((ROOT / CATALOGUE).with_suffix(".mo")))


def main() -> int:
    if not shutil.which("xgettext"):
        print("xgettext is missing: apt-get install gettext")
        return 1
    if "--write" in sys.argv:
        write()
    if not (ROOT / CATALOGUE).exists():
        print(f"{CATALOGUE} is missing: make messages")
        return 1
    found = faults(polib.pofile(str(ROOT / CATALOGUE)))
    print("\n".join(sorted(found)) or "translations are current")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

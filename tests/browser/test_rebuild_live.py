"""Rebuilding on a running installation: with people at work, and killed in the middle."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from .conftest import Site, wait_until

SCRIPT = Path(__file__).with_name("rebuilding.py")
KILLED = """
import os, signal
from search import rebuild
rebuild._me = lambda: "a-host-that-is-gone 1"  # else the worker's sweep may see the process die, and take over
rebuild.CHUNK = 7
marks = []
def progress(n):
    marks.append(n)
    if len(marks) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
rebuild.rebuild(rebuild.SUBMISSIONS, progress)
"""
LATER = """
from datetime import timedelta
from django.core.management import call_command
from search import rebuild
rebuild.GONE_AFTER = timedelta(0)  # as if it had not moved for long
call_command("rebuild_search", "submissions")
"""
LEFT = "from search.models import Rebuild; print(list(Rebuild.objects.values_list('looked_at', flat=True)))"
FOUND = """
from django.contrib.auth.models import User
from search.engines import search_submissions
from search.query import Query
found = search_submissions(Query(user=User.objects.get(username='dieuphoi'), size=500))
print(found.total, len(set(found.ids)), found.degraded)
"""


def test_a_hundred_changes_and_a_reader_during_a_rebuild(site: Site) -> None:
    result = json.loads(site.ask(SCRIPT.read_text(encoding="utf-8")).splitlines()[-1])
    assert result["failures"] == []
    assert result["rebuilds"] >= 1 and result["reads"] >= 10
    assert (result["lacking"], result["doubled"], result["degraded"]) == (0, 0, 0)
    assert (result["missing"], result["stale"], result["extra"], result["broken"]) == ([], [], [], [])


def test_killed_in_the_middle_it_goes_on_where_it_was(site: Site) -> None:
    before = site.ask(FOUND)
    total, distinct, degraded = before.split()
    assert int(total) == int(distinct) > 21 and degraded == "False"
    with pytest.raises(subprocess.CalledProcessError) as killed:
        site.ask(KILLED)
    assert killed.value.returncode == -signal.SIGKILL
    assert site.ask(FOUND) == before  # what served before serves on
    with pytest.raises(subprocess.CalledProcessError) as refused:
        site.manage("rebuild_search", "submissions")
    assert "already being built" in refused.value.stderr
    assert "went on after 21" in site.ask(LATER)
    assert site.ask(LEFT) == "[]"
    assert site.ask(FOUND) == before
    site.manage("verify_search")


def test_a_rebuild_that_was_killed_is_finished_by_the_worker(site: Site) -> None:
    before = site.ask(FOUND)
    with pytest.raises(subprocess.CalledProcessError):
        site.ask(KILLED)
    site.ask("from search.models import Rebuild; Rebuild.objects.update(moved_at='2000-01-01T00:00Z')")
    site.ask("from search.tasks import sweep; sweep.delay()")
    wait_until(lambda: site.ask(LEFT) == "[]", 60, "the rebuild is done")
    assert site.ask(FOUND) == before

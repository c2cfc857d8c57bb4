"""Bad luck on a running installation: many at once, killed workers, a dead broker. Nothing is lost, nothing doubled."""

import json
import os
import re
import signal
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from .conftest import ROOT, Site, wait_until


def post_one(site: Site, number: int, title: str = "Gửi cùng lúc") -> str:
    """One citizen's browser: open the form, send it; gives the receipt code."""
    session = requests.Session()
    form = session.get(f"{site.base}/gui/", timeout=120).text

    def hidden(name: str) -> str:
        return re.search(rf'name="{name}" value="([^"]+)"', form)[1]

    answer = session.post(
        f"{site.base}/gui/",
        data={
            "csrfmiddlewaretoken": hidden("csrfmiddlewaretoken"),
            "form_token": hidden("form_token"),
            "kind": "feedback",
            "title": f"{title} {number}",
            "body": f"Nội dung của người thứ {number}, gửi cùng lúc với nhiều người khác.",
            "sender_kind": "person",
            "name": "Người Thử",
            "address": "Số 1 đường Thử",
            "phone": "0912345678",
            "acknowledge": "on",
        },
        headers={"Referer": f"{site.base}/gui/"},
        timeout=120,
    )
    assert answer.status_code == 200, answer.status_code
    return re.search(r"/gui/da-nhan/([0-9A-Z-]+)/", answer.url)[1]


def test_a_hundred_parallel_posts_are_a_hundred_submissions(site: Site) -> None:
    title = f"Gửi cùng lúc {uuid.uuid4().hex}"
    with ThreadPoolExecutor(100) as pool:
        codes = list(pool.map(lambda number: post_one(site, number, title), range(100)))
    assert len(set(codes)) == 100
    kept = site.ask(
        f"from intake.models import Submission; print(Submission.objects.filter(title__startswith='{title}').count())"
    )
    assert kept == "100"


def replayed(site: Site, name: str) -> dict[str, str]:
    state = site.ask(
        "import json; from django.db.models import Count; from intake.models import Event, Submission, Email\n"
        f"s = Submission.objects.filter(external_id__startswith='replay:{name}-')\n"
        "print(json.dumps({'submissions': s.count(), 'pending': Event.objects.filter(submission__in=s, dispatched_at=None).count(),"
        "'received': Event.objects.filter(submission__in=s, name='received').count(),"
        "'triaged': Event.objects.filter(submission__in=s, name='triaged').count(),"
        "'letters': Email.objects.filter(event__submission__in=s).count()}))"
    )
    return json.loads(state.splitlines()[-1])


def items(site: Site, name: str, count: int) -> str:
    file = site.data / f"{name}.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number in range(count):
            text = f"Mục thử {name} số {number}: phần mềm một cửa của xã hay treo, đề nghị nâng cấp máy chủ và đường truyền."
            out.write(json.dumps({"id": f"{name}-{number}", "text": text}, ensure_ascii=False) + "\n")
    return str(file)


def start_replay(site: Site, file: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "replay", file], cwd=ROOT, env=site.environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def table(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z][a-z ]+?)\s{2,}([\d.]+)$", text, re.MULTILINE))


def test_a_worker_killed_during_a_replay_loses_and_doubles_nothing(site: Site) -> None:
    file = items(site, "kill", 60)
    replay = start_replay(site, file)
    wait_until(lambda: replayed(site, "kill")["submissions"] >= 15, 120, "the replay is under way")
    killed = site.pids("celery -A config worker") or site.pids("worker")
    assert killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    out, _ = replay.communicate(timeout=300)
    shown = table(out)
    assert (shown["received"], shown["routed"], shown["failed"]) == ("60", "60", "0")

    wait_until(lambda: replayed(site, "kill")["pending"] == 0, 120, "every event is dispatched")
    state = replayed(site, "kill")
    assert (state["submissions"], state["received"], state["triaged"], state["letters"]) == (60, 60, 60, 60)

    again, _ = start_replay(site, file).communicate(timeout=120)
    assert table(again)["of these new"] == "0"
    assert replayed(site, "kill")["submissions"] == 60


@pytest.mark.cluster
@pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="needs Redis (make test-cluster)")
def test_a_broker_killed_during_a_replay_loses_and_doubles_nothing(site: Site) -> None:
    replay = start_replay(site, items(site, "broker", 60))
    wait_until(lambda: replayed(site, "broker")["submissions"] >= 10, 120, "the replay is under way")
    port = os.environ["REDIS_URL"].rsplit(":", 1)[1].split("/")[0]
    pids = subprocess.run(
        ["pgrep", "-f", f"redis-server.*:{port}"], text=True, capture_output=True, check=True
    ).stdout.split()
    for pid in pids:
        os.kill(int(pid), signal.SIGKILL)
    # Intake goes on without it.
    assert post_one(site, 1000)
    servers = os.environ | {"DATA_DIR": os.environ["SERVICES_DATA_DIR"]}
    subprocess.run([sys.executable, "-m", "config.services", "up"], cwd=ROOT, env=servers, check=True)
    out, _ = replay.communicate(timeout=300)
    assert table(out)["received"] == "60"
    wait_until(lambda: replayed(site, "broker")["pending"] == 0, 120, "every event is dispatched")
    wait_until(lambda: replayed(site, "broker")["triaged"] == 60, 120, "every item is routed")
    state = replayed(site, "broker")
    assert (state["submissions"], state["received"], state["letters"]) == (60, 60, 60)

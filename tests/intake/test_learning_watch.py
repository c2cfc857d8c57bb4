"""Lists for labelling, drift and its alarms, and the tasks that keep learning going."""

import io
from datetime import date, timedelta

import numpy as np
import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils.timezone import datetime as moment
from django.utils.timezone import make_aware, now

from intake import triage
from intake.learning import drift, lock, picks, registry, tasks
from intake.learning.words import of_run
from intake.models import DriftAlarm, LearningPick, Prediction, Role, RoutingDecision, Submission, TrainingRun, Triage
from tests.conftest import make_submission, person
from tests.intake.learning import decision, small_champion
from tests.intake.test_learning_pages import guess

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _models_dir(tmp_path, settings):
    settings.MODELS_DIR = tmp_path / "models"
    yield
    triage._loaded.cache_clear()


def doubtful(title: str, first: float, second: float, *, vector=None, sampled=False) -> Triage:
    row = guess(make_submission(title=title), p=first, sampled=sampled)
    Prediction.objects.create(triage=row, level="initiative", rank=2, value="19", p=second)
    if vector is not None:
        Triage.objects.filter(pk=row.pk).update(vector=np.asarray(vector, np.float16).tobytes())
    return row


def titles(why: str) -> list[str]:
    return [pick.submission.title for pick in LearningPick.objects.filter(why=why).order_by("rank")]


def test_the_most_doubtful_come_first_and_likes_only_once():
    one, other = np.eye(384)[0], np.eye(384)[1]
    doubtful("sát nhau", 0.40, 0.39, vector=one)
    doubtful("giống phiếu trên", 0.41, 0.39, vector=one)
    doubtful("khác hẳn", 0.45, 0.40, vector=other)
    doubtful("chắc", 0.95, 0.02, vector=np.eye(384)[2])
    picks.choose()
    assert titles("margin") == ["sát nhau", "khác hẳn", "chắc"]


def test_some_are_drawn_by_lot_however_sure_the_machine_is():
    doubtful("rút được", 0.99, 0.01, sampled=True)
    doubtful("phân vân", 0.40, 0.39)
    picks.choose()
    assert (titles("random"), titles("margin")) == (["rút được"], ["phân vân"])


def test_the_lot_knows_nothing_of_how_sure_the_machine_is():
    for i in range(40):
        doubtful(f"phiếu {i:02}", 0.5 + i * 0.012, 0.4, sampled=True)
    picks.choose()
    drawn = titles("random")
    assert len(drawn) == 4 and sorted(drawn) != [f"phiếu {i:02}" for i in range(4)]


def test_the_lists_of_a_day_are_filled_up_and_hold_nothing_decided(coordinator, monkeypatch):
    row = doubtful("đã quyết", 0.40, 0.39)
    decision(row.submission, 16, actor=coordinator)
    doubtful("chưa quyết", 0.40, 0.39)
    picks.choose()
    doubtful("đến sau", 0.40, 0.40)
    picks.choose()
    assert titles("margin") == ["chưa quyết", "đến sau"]
    monkeypatch.setattr(picks, "DOUBTFUL", 2)
    doubtful("quá muộn", 0.40, 0.40)
    picks.choose()
    assert titles("margin") == ["chưa quyết", "đến sau"]


def test_about_every_seventh_submission_is_drawn():
    drawn = sum(triage.sampled(make_submission()) for _ in range(300))
    assert 25 <= drawn <= 70


# --- drift -------------------------------------------------------------------------------------------


def week(weeks_ago: int, n: int, **changes) -> None:
    at = make_aware(moment(MONDAY.year, MONDAY.month, MONDAY.day, 9)) - timedelta(weeks=weeks_ago)
    arrived = Submission.objects.bulk_create(
        Submission(title=f"Phiếu {weeks_ago}-{i}", body="Nội dung.", kind="feedback", kind_sent="feedback")
        for i in range(n)
    )
    given = {"decision": "suggest", "unknown": 0.05, "language_form": "accented"} | changes
    Triage.objects.bulk_create(Triage(submission=one, model_version="thu-1", created_at=at, **given) for one in arrived)


def raised() -> set[str]:
    drift.watch(MONDAY + timedelta(days=2))
    return set(DriftAlarm.objects.values_list("measure", flat=True))


def test_ordinary_weeks_raise_nothing():
    for weeks_ago in range(6):
        week(weeks_ago, 40)
    assert raised() == set()


@pytest.mark.parametrize(
    ("changes", "measure"),
    [
        ({"unknown": 0.09}, "unknown"),
        ({"decision": "abstain"}, "abstained"),
        ({"language_form": "unaccented"}, "unaccented"),
    ],
)
def test_an_extraordinary_week_raises_an_alarm(changes, measure):
    for weeks_ago in range(1, 6):
        week(weeks_ago, 40)
    week(0, 40, **changes)
    assert raised() == {measure}


@pytest.mark.parametrize("jump", [0, 1])
def test_a_jump_in_the_first_weeks_is_not_what_it_is_held_to(jump):
    for weeks_ago in range(3):
        week(weeks_ago, 40, unknown=0.075 if weeks_ago <= jump else 0.05)
    assert raised() == {"unknown"}


def test_the_second_week_is_held_to_the_first():
    week(1, 40)
    week(0, 40, unknown=0.075)
    assert raised() == {"unknown"}


def test_a_week_of_few_texts_proves_nothing():
    for weeks_ago in range(1, 6):
        week(weeks_ago, 40)
    week(0, drift.ENOUGH - 1, unknown=0.5)
    assert raised() == set()


def test_overruled_guesses_and_broken_promises_raise_alarms(coordinator):
    for weeks_ago in range(5):
        at = make_aware(moment(MONDAY.year, MONDAY.month, MONDAY.day, 9)) - timedelta(weeks=weeks_ago)
        for i in range(32):
            submission = make_submission(title=f"Phiếu {i}")
            guess(submission, at=at)
            row = decision(submission, 19 if weeks_ago == 0 and i < 20 else 16, actor=coordinator)
            RoutingDecision.objects.filter(pk=row.pk).update(created_at=at)
    assert raised() == {"overruled", "covered"}


def test_administrators_are_told_once():
    administrator = person("quan tri", Role.ADMINISTRATOR, "VPTW")
    type(administrator).objects.filter(pk=administrator.pk).update(email="quantri@vidu.vn")
    for weeks_ago in range(1, 6):
        week(weeks_ago, 40)
    week(0, 40, unknown=0.2)
    raised()
    raised()
    (letter,) = mail.outbox
    assert letter.to == ["quantri@vidu.vn"] and "Từ máy chưa từng gặp" in letter.body
    assert DriftAlarm.objects.get().told_at


# --- tasks and commands ------------------------------------------------------------------------------


def test_the_schedule_asks_for_one_training_only(queue):
    tasks.train_nightly()
    tasks.train_nightly()
    run = TrainingRun.objects.get()
    assert queue.count(("intake.learning.tasks.start_training", (run.pk,))) == 2


def test_what_a_killed_worker_left_is_begun_anew(monkeypatch):
    begun = []
    monkeypatch.setattr(tasks.subprocess, "Popen", lambda command, **_: begun.append(command[-1]))
    run = TrainingRun.objects.create(state="running", attempts=1, requested_at=now() - timedelta(minutes=9))
    tasks.look_after()
    run.refresh_from_db()
    assert (run.state, begun) == ("queued", [str(run.pk)])


def test_the_days_work_is_done_also_where_the_machine_was_off_in_the_morning(monkeypatch):
    cache.clear()
    watched = []
    monkeypatch.setattr(drift, "watch", lambda: watched.append(1))
    doubtful("đang chờ", 0.40, 0.39)
    for hour in (3, 11, 12):
        monkeypatch.setattr(tasks, "localtime", lambda hour=hour: moment(2026, 11, 26, hour))
        tasks.look_after()
    assert (len(watched), titles("margin")) == (1, ["đang chờ"])


def test_a_training_under_way_is_left_alone(monkeypatch):
    monkeypatch.setattr(tasks.subprocess, "Popen", lambda *_, **__: pytest.fail("begun twice"))
    run = TrainingRun.objects.create(state="running", requested_at=now() - timedelta(minutes=9))
    with lock.one_at_a_time():
        tasks.look_after()
    run.refresh_from_db()
    assert run.state == "running"


def test_what_fails_every_time_is_given_up():
    run = TrainingRun.objects.create(state="running", attempts=3)
    tasks.look_after()
    run.refresh_from_db()
    assert run.state == "failed" and "3 lần" in of_run(run)


def test_the_link_follows_the_rows_after_a_crash():
    champion = small_champion()
    (registry.settings.MODELS_DIR / "current").unlink()
    tasks.look_after()
    assert triage.router().model.version == champion.version


def test_a_lost_model_gives_way_to_the_shipped_one():
    import shutil

    shutil.rmtree(registry.folder_of(small_champion()))
    assert triage.router().model.version == registry.shipped().version
    tasks.look_after()
    assert registry.champion().shipped


def test_a_model_that_this_code_cannot_read_gives_way_too():
    folder = registry.folder_of(small_champion())
    manifest = (folder / "manifest.json").read_text(encoding="utf-8")
    (folder / "terms.txt").write_text("khác", encoding="utf-8")
    registry._readable.cache_clear()
    tasks.look_after()
    assert registry.champion().shipped
    assert (folder / "manifest.json").read_text(encoding="utf-8") == manifest


def models(*words: str) -> str:
    out = io.StringIO()
    call_command("models", *words, stdout=out)
    return out.getvalue()


def test_the_command_lists_shows_promotes_and_goes_back():
    champion = small_champion()
    listed = models("list")
    assert "champion" in listed and champion.version in listed
    assert '"status": "champion"' in models("show", champion.version)
    assert registry.shipped().version in models("rollback", "--why", "thử")
    assert champion.version in models("promote", champion.version)
    with pytest.raises(CommandError, match="no such version"):
        models("promote", "khong-co")


def test_going_back_twice_does_not_come_forward():
    champion = small_champion()
    registry.roll_back()
    assert registry.champion().shipped
    assert registry.before() is None
    registry.promote(champion)
    assert registry.before() == registry.shipped()


def test_the_training_command_says_what_came_of_it():
    out = io.StringIO()
    call_command("train_classifier", stdout=out)
    assert out.getvalue().startswith("too_few")
    with lock.one_at_a_time(), pytest.raises(CommandError, match="another training"):
        call_command("train_classifier")


def test_the_days_work_is_done_once_a_day_not_before_the_morning_and_sets_the_thresholds(monkeypatch):
    cache.clear()
    done = []
    monkeypatch.setattr(tasks.policies, "refresh", lambda: done.append("policies"))
    monkeypatch.setattr(tasks.drift, "watch", lambda: done.append("drift"))
    for at, so_far in (((26, 4), 0), ((26, 5), 1), ((26, 23), 1), ((27, 4), 1), ((27, 5), 2)):
        monkeypatch.setattr(tasks, "localtime", lambda at=at: moment(2026, 11, *at))
        monkeypatch.setattr(tasks, "localdate", lambda at=at: date(2026, 11, at[0]))
        tasks.look_after()
        assert done == ["policies", "drift"] * so_far

"""A new model reads again what waits undecided; what the old one said stays in the history."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from intake import services, tasks, triage
from intake.learning import drift, registry
from intake.models import Event, Opening, Submission, Triage
from intake.suggestion import suggestion_for
from tests.intake.learning import small_champion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _models_dir(tmp_path, settings):
    settings.MODELS_DIR = tmp_path / "models"
    yield
    triage._loaded.cache_clear()


@pytest.fixture
def waiting(submission) -> Submission:
    """Read by the shipped model before another was promoted."""
    triage.triage([submission])
    Event.objects.update(dispatched_at=now())
    small_champion()
    return submission


def versions(submission) -> list[str]:
    return list(submission.triages.order_by("pk").values_list("model_version", flat=True))


def test_it_works(waiting):
    first, second = registry.shipped().version, registry.champion().version
    tasks.sweep()
    tasks.sweep()
    assert versions(waiting) == [first, second]
    assert waiting.events.filter(name="triaged").count() == 2
    shown = suggestion_for(waiting)
    assert shown and shown.triage.model_version == second
    old = Triage.objects.get(model_version=first).best("initiative")
    assert (shown.before.value if shown.before else shown.initiative[0].value) == old.value


def test_after_a_way_back_the_old_word_is_the_last_again(waiting):
    tasks.sweep()
    registry.roll_back()
    tasks.sweep()
    tasks.sweep()
    assert suggestion_for(waiting).triage.model_version == registry.shipped().version
    assert len(versions(waiting)) == 2


@pytest.mark.parametrize("what", ["decided", "assigned", "sealed", "by_hand", "looked_at"])
def test_it_is_left_alone(waiting, what, coordinator, ministry):
    if what == "decided":
        services.confirm_routing(waiting, actor=coordinator, nature="in_scope", system=None, initiative=None)
    elif what == "assigned":
        services.assign(waiting, lead=ministry, actor=coordinator)
    elif what == "looked_at":
        Opening.note(coordinator, waiting)
    else:
        Submission.objects.update(**({"visibility": "sealed"} if what == "sealed" else {"by_hand": True}))
    assert not triage.outdated(triage.in_use()).exists()
    if what == "looked_at":
        Opening.objects.update(opened_at=now() - timedelta(hours=1))
        assert triage.outdated(triage.in_use()).exists()


def test_a_damaged_model_is_no_reason_to_read_for_ever(waiting, monkeypatch):
    monkeypatch.setattr(triage, "in_use", lambda: "khong-doc-duoc")
    tasks.sweep()
    read = list(waiting.triages.values_list("pk", "model_version"))
    tasks.sweep()
    assert list(waiting.triages.values_list("pk", "model_version")) == read


def test_what_is_read_again_arrived_once(waiting):
    before = {one.measure: [week.n for week in one.weeks] for one in drift.series()}
    tasks.sweep()
    assert {one.measure: [week.n for week in one.weeks] for one in drift.series()} == before

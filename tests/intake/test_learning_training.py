"""Training for real, in small: what is promoted, what is kept back, what is refused."""

import io
import shutil

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.utils import translation

from classifier.corpus import load_corpus
from classifier.policy import LEVELS
from intake import triage
from intake.directory import taxonomy
from intake.learning import compare, registry, review, training
from intake.learning.decisions import decided
from intake.learning.examples import labelled
from intake.learning.lock import Busy, one_at_a_time
from intake.learning.making import Recipe, make
from intake.learning.words import of_run
from intake.models import ModelChange, ModelVersion, Role, RoutingDecision, TrainingRun
from tests.conftest import person
from tests.intake.learning import RECIPE, a_run, corpus, decide, fresh_texts, small_champion, small_model, versions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _models_dir(tmp_path, settings):
    settings.MODELS_DIR = tmp_path / "models"
    yield
    triage._loaded.cache_clear()


def train(**changes) -> TrainingRun:
    return training.train(a_run(**changes), RECIPE)


def test_it_learns_from_decisions_and_is_put_to_use(coordinator):
    small_champion()
    decide(fresh_texts(150), actor=coordinator, lead="BKHCN")
    RoutingDecision.objects.update(learning="cleared")  # one agency for all: the guard would ask
    run = train(requested_by=coordinator)
    assert (run.state, run.outcome) == ("done", "promoted"), of_run(run)
    version = registry.champion()
    assert (version.decisions, version.trained_by, version.status) == (120, coordinator, "champion")
    assert versions() == ["retired", "retired", "champion"]
    compared = run.data["levels"]["initiative"]
    assert compared["n"] == 30 and run.data["levels"]["agency"]["challenger"] > run.data["levels"]["agency"]["champion"]
    assert triage.router().model.version == version.version
    assert len(version.metrics["outcomes"]["agency"]) == 30
    assert "được đưa vào dùng" in of_run(run)
    with translation.override("en"):
        assert "put to use" in of_run(run)


def test_few_decisions_are_not_learnt_from(coordinator):
    decide(fresh_texts(59), actor=coordinator)
    run = train()
    assert (run.outcome, run.version) == ("too_few", None)
    assert "59" in of_run(run)


def test_nothing_new_is_not_learnt_twice(coordinator):
    small_champion()
    decide(fresh_texts(150), actor=coordinator)
    train()
    assert train().outcome == "unchanged"


def test_fifty_wrong_decisions_of_one_person_are_refused(coordinator):
    champion = small_champion()
    careless = User.objects.create_user("cau tha", first_name="Cẩu Thả")
    examples = fresh_texts(170)
    decide(examples[:120], actor=coordinator)
    decide(examples[120:], actor=careless, wrong=True, start_minutes_ago=500)
    run = train()
    assert run.outcome == "refused"
    assert [suspect["actor"] for suspect in run.data["suspects"]] == [careless.pk]
    assert "Cẩu Thả: " in of_run(run)
    with translation.override("en"):
        assert "contradict" in of_run(run)
    assert registry.champion() == champion and versions() == ["retired", "champion"]

    # An administrator sets the batch aside, and the others' decisions are learnt from; what the same person
    # decided while the training ran was not in the batch.
    decide(fresh_texts(171)[170:], actor=careless, start_minutes_ago=1)
    assert review.settle(run, actor_id=careless.pk, learning="held") == 50
    run = train()
    assert (run.outcome, run.data["learnt"] + run.data["held_back"]) == ("promoted", 121), of_run(run)


@pytest.mark.parametrize("changes", [{"lead": "VTV"}, {"nature": "spam"}])
def test_fifty_decisions_wrong_about_the_agency_or_the_nature_alone_are_refused(coordinator, changes):
    small_champion()
    careless = User.objects.create_user("cau tha")
    examples = fresh_texts(170)
    decide(examples[:120], actor=coordinator)
    decide(examples[120:], actor=careless, start_minutes_ago=500, **changes)
    run = train()
    assert run.outcome == "refused"
    (suspect,) = run.data["suspects"]
    assert (suspect["actor"], suspect["aspect"]) == (careless.pk, "agency" if "lead" in changes else "nature")


def test_a_few_complaints_called_ordinary_are_refused(coordinator):
    small_champion()
    careless = User.objects.create_user("cau tha")
    decide(fresh_texts(100), actor=coordinator)
    complaining = [example for example in load_corpus() if example.nature == "complaint"][40:58]
    decide(complaining, actor=careless, nature="in_scope", start_minutes_ago=500)
    run = train()
    assert run.outcome == "refused"
    assert [(one["actor"], one["aspect"]) for one in run.data["suspects"]] == [(careless.pk, "called_ordinary")]


def test_fifty_wrong_decisions_are_refused_also_where_nobody_else_decides(coordinator):
    small_champion()
    decide(fresh_texts(70), actor=coordinator, wrong=True)
    run = train()
    assert run.outcome == "refused"
    assert run.data["suspects"][0]["against"] > 50


def test_what_an_administrator_has_let_through_is_not_asked_about_again(coordinator):
    small_champion()
    decide(fresh_texts(70), actor=coordinator, wrong=True)
    RoutingDecision.objects.update(learning="cleared")
    assert train().outcome != "refused"


def test_honest_people_are_not_suspected(coordinator, officer):
    """Two people who decide alike, on texts that the champion often gets wrong."""
    small_champion()
    examples = fresh_texts(140)
    decide(examples[::2], actor=coordinator)
    decide(examples[1::2], actor=officer)
    assert train().outcome == "promoted"


def test_a_worse_challenger_is_kept_with_the_reason(coordinator, monkeypatch):
    """Trained on wrong labels that the guard was told to let pass."""
    champion = small_champion()
    examples = fresh_texts(200)
    decide(examples[:120], actor=coordinator, wrong=True)
    decide(examples[120:160], actor=coordinator, start_minutes_ago=500)
    RoutingDecision.objects.update(learning="cleared")
    run = train()
    assert run.outcome == "kept"
    assert registry.champion() == champion
    assert run.version.status == "challenger"
    assert "Chưa được dùng vì" in of_run(run)
    assert ModelChange.objects.get(version=run.version).action == "kept"


@pytest.mark.parametrize(("asked_for", "outcome"), [(False, "kept"), (True, "promoted")])
def test_the_schedule_does_not_overrule_a_way_back(coordinator, asked_for, outcome):
    champion = small_champion()
    decide(fresh_texts(150), actor=coordinator)
    better = train().version
    call_command("models", "rollback", stdout=io.StringIO())
    run = train(requested_by=coordinator if asked_for else None)
    assert (run.outcome, run.version) == (outcome, better)
    assert registry.champion() == (better if asked_for else champion)
    assert ("quay về bản trước" in of_run(run)) is not asked_for


def test_a_lost_model_is_nobodys_way_back():
    champion = small_champion()
    shutil.rmtree(registry.folder_of(champion))
    registry.reconcile()
    assert registry.champion().shipped and not registry.rolled_back()


def test_a_model_chosen_during_a_training_stays(coordinator, monkeypatch):
    champion = small_champion()
    decide(fresh_texts(150), actor=coordinator)
    compared = training.compare

    def meanwhile(*args):
        registry.promote(registry.shipped(), actor=coordinator)
        return compared(*args)

    monkeypatch.setattr(training, "compare", meanwhile)
    run = train(requested_by=coordinator)
    assert (run.outcome, run.version.status) == ("kept", "challenger")
    assert "đã được thay" in of_run(run)
    assert registry.champion() == registry.shipped() != champion


def test_two_trainers_at_once(coordinator):
    run = a_run()
    with one_at_a_time(), pytest.raises(Busy):
        training.train(run, RECIPE)
    run.refresh_from_db()
    assert run.state == "queued"


def test_a_killed_training_is_begun_anew(coordinator, monkeypatch):
    small_champion()
    decide(fresh_texts(150), actor=coordinator)
    run = a_run()

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(registry, "keep", die)
        with pytest.raises(KeyboardInterrupt):
            training.train(run, RECIPE)
    run.refresh_from_db()
    assert run.state == "running"  # as a killed process leaves it
    assert ModelVersion.objects.count() == 2
    training.train(run, RECIPE)
    assert (run.state, run.outcome, run.attempts) == ("done", "promoted", 2)


def test_an_error_is_written_down(coordinator, monkeypatch):
    run = a_run()
    monkeypatch.setattr(training, "decided", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        training.train(run, RECIPE)
    assert (run.state, run.reason) == ("failed", "ZeroDivisionError")
    assert "lỗi chưa lường trước" in of_run(run)


def test_administrators_are_told_once_of_a_refused_batch_and_of_a_failure(coordinator, monkeypatch):
    administrator = person("quan tri", Role.ADMINISTRATOR, "VPTW")
    type(administrator).objects.filter(pk=administrator.pk).update(email="quantri@vidu.vn")
    small_champion()
    decide(fresh_texts(70), actor=coordinator, wrong=True)
    assert (train().outcome, train().outcome) == ("refused", "refused")
    (letter,) = mail.outbox
    assert letter.to == ["quantri@vidu.vn"] and "quyết định cần người xem lại" in letter.body
    monkeypatch.setattr(training, "decided", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        train()
    assert "Huấn luyện bị dừng" in mail.outbox[1].body


def test_the_same_decisions_give_the_same_model(coordinator):
    small_champion()
    decide(fresh_texts(150), actor=coordinator)
    first = train().version.version
    registry.roll_back()
    assert train().version.version == first


def test_the_split_is_by_time_and_never_moves_back():
    cuts = [len(training.split([None] * n).learnt) for n in range(400)]
    assert cuts == sorted(cuts)
    assert cuts[60] == 30 and cuts[300] == 240


def test_a_system_without_an_initiative_teaches_the_scope(coordinator):
    """Texts that the machine takes for outside, of which people said the system alone."""
    from classifier.teaching import prepare

    decide([example for example in corpus() if example.initiative == 0], actor=coordinator)
    RoutingDecision.objects.update(initiative=None, system=4, nature="in_scope")
    rows = labelled(decided())
    assert rows and {(one.initiative, one.taught.system) for one in rows} == {(None, 4)}
    lesson = prepare(small_model(), [one.taught for one in rows], None)
    everything = np.arange(len(rows))
    before = lesson.probabilities("words", everything, everything[:0])
    after = lesson.probabilities("words", everything, everything)
    assert (after["scope"].argmax(axis=1) == 1).mean() > (before["scope"].argmax(axis=1) == 1).mean() + 0.5
    of_system = [i in taxonomy().systems[4] for i in small_model().initiative.classes]
    assert after["initiative"][:, of_system].sum() > before["initiative"][:, of_system].sum() + 1


def test_an_initiative_that_nobody_wrote_of_is_learnt(coordinator):
    few = Recipe(corpus=lambda: [one for one in corpus() if one.initiative != 29], encoder=lambda: None, describe=False)
    small_champion()
    decide([one for one in fresh_texts(250) if one.initiative == 29], actor=coordinator)
    RoutingDecision.objects.update(learning="cleared")  # the guard knows no better: they contradict the machine
    model = make(labelled(decided()), few, None, None)
    assert 29 in model.initiative.classes and model.card["decisions"]["learnt"] == 50


def pair(label: str, champion: str, challenger: str) -> tuple:
    """One held-back decision and what two models said of it, at every level alike."""
    from types import SimpleNamespace as Row

    from classifier.routing import Guess

    said = [Row(**{level: (Guess(value, 0.9),) for level in LEVELS}) for value in (champion, challenger)]
    return Row(decided=Row(labels=dict.fromkeys(LEVELS, label))), *said


@pytest.mark.parametrize(
    ("kept", "gained", "lost", "promotes"),
    [
        (30, 0, 0, True),  # all the same
        (28, 2, 0, True),
        (28, 0, 2, False),  # fewer right in all
        (20, 5, 5, True),
        (20, 6, 9, False),
        (40, 0, 10, False),
    ],
)
def test_the_rule_of_promotion(kept, gained, lost, promotes):
    rows = [pair("1", "1", "1")] * kept + [pair("1", "2", "1")] * gained + [pair("1", "1", "2")] * lost
    assert compare.compare(*zip(*rows, strict=True)).promotes is promotes


def test_a_class_that_is_lost_forbids_it_however_much_is_won():
    rows = [pair("1", "2", "1")] * 40 + [pair("3", "3", "3")] * 8 + [pair("3", "3", "2")] * 2
    found = compare.compare(*zip(*rows, strict=True))
    assert {one.value for one in found.lost} == {"3"} and not found.promotes
    rows = [pair("1", "2", "1")] * 40 + [pair("3", "3", "3")] * 7 + [pair("3", "3", "2")] * 2
    assert compare.compare(*zip(*rows, strict=True)).promotes  # nine are too few to tell


@pytest.mark.parametrize(("losses", "gains", "p"), [(0, 0, 1.0), (5, 0, 1 / 32), (3, 3, 0.65625), (0, 4, 1.0)])
def test_mcnemar(losses, gains, p):
    assert compare.mcnemar(losses, gains) == pytest.approx(p)

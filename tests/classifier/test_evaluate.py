"""Measuring a router: second labels, disturbed texts, intervals, the news corpus."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from classifier import vntc
from classifier.evaluate import DISTURBANCES, accuracy, evaluate, evaluate_path, faithfulness, robustness
from classifier.items import Item, load_items

ROWS = [
    ("Đề nghị phủ sóng di động cho thôn vùng cao.", 16),
    ("Bệnh viện cần liên thông kết quả xét nghiệm.", 10),
    ("Xin sửa đường liên xã bị hư hỏng nặng.", None),
    ("Mong mở lớp dạy kỹ năng số cho người cao tuổi.", 14),
]


@pytest.fixture
def path(tmp_path):
    rows = [
        {"id": str(i), "text": text, "initiative": initiative, "agency_answered": "Bộ Y tế"}
        for i, (text, initiative) in enumerate(ROWS)
    ]
    path = tmp_path / "items.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_items_are_read(path):
    assert load_items(path)[2] == Item("2", ROWS[2][0], 0, "Bộ Y tế")


@pytest.mark.parametrize(("also", "read"), [(None, ()), (7, (7,)), ([7, None], (7, 0)), ([], ())])
def test_second_labels_are_read(tmp_path, also, read):
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps({"text": "a", "initiative": 3, "also": also}), encoding="utf-8")
    assert load_items(path) == [Item("1", "a", 3, also=read)]


def test_items_are_measured(router, path):
    items = load_items(path)
    found = accuracy(router, items)
    assert found["initiative_top3"].value > 0.6
    assert found["initiative_top3"].n == 3
    assert found["agency_top1"].n == 4
    assert found["system_or_outside"].low <= found["system_or_outside"].value <= found["system_or_outside"].high
    assert found["initiative_ece_floor"].n == 4
    assert found["initiative_set_size"].value >= 1


def test_a_second_label_counts_for_the_system(words_router):
    text = "Đề nghị phủ sóng di động và kéo Internet cáp quang về các thôn bản vùng cao còn lõm sóng."
    wrong = accuracy(words_router, [Item("a", text, 29)])
    allowed = accuracy(words_router, [Item("a", text, 29, also=(16,))])
    assert (wrong["system_or_outside"].value, allowed["system_or_outside"].value) == (0, 1)
    assert allowed["system_strict"].value == 0


def test_ways_of_typing_and_reasons_are_measured(words_router, path):
    items = load_items(path)
    assert robustness(words_router, items)["nfd"]["changed"] == 0
    assert faithfulness(words_router, items)["flips_named"].n == 4


@pytest.mark.parametrize("name", DISTURBANCES)
def test_texts_can_be_disturbed_first(words_router, path, name):
    plain, disturbed = (evaluate(words_router, load_items(path), disturb=d) for d in ((), (name,)))
    assert plain.keys() == disturbed.keys()
    json.dumps(disturbed)
    if name == "nfd":
        assert plain["accuracy"] == disturbed["accuracy"]


def test_the_command_prints_json(path):
    done = subprocess.run(
        [sys.executable, "-m", "classifier.evaluate", str(path), "--without-encoder", "--strip", "--upper"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert json.loads(done.stdout)["accuracy"]["initiative_top1"]["n"] == 3


# --- the news corpus ---------------------------------------------------------------------------


TOPICS = {
    "Suc khoe": ("Bệnh viện chữa bệnh cho người bệnh", "Bác sĩ khám bệnh ở bệnh viện"),
    "The thao": ("Đội bóng đá thắng trận đấu", "Cầu thủ bóng đá ghi bàn trong trận đấu"),
}


@pytest.fixture
def news(tmp_path):
    for half in (vntc.TRAIN, vntc.TEST):
        for topic, texts in TOPICS.items():
            folder = tmp_path / half / topic
            folder.mkdir(parents=True)
            for i, text in enumerate(texts):
                content = text.encode("utf-16") if i else text.encode("utf-8")
                (folder / f"{i}.txt").write_bytes(content)
    return tmp_path


def test_a_folder_of_news_is_learnt_and_measured(news, words_router):
    found = evaluate_path(news, words_router)
    assert (found["train"], found["test"], found["topics"]) == (4, 4, 2)
    assert (found["accuracy"], found["accuracy_unaccented"]) == (1, 1)


def test_the_bench_prints_one_line(news):
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, str(root / "bench" / "vntc.py"), str(news)], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["accuracy"] == 1


def test_another_folder_is_refused(tmp_path, words_router):
    with pytest.raises(ValueError, match=vntc.TRAIN):
        evaluate_path(tmp_path, words_router)
    for half in (vntc.TRAIN, vntc.TEST):
        (tmp_path / half / "one").mkdir(parents=True)
    with pytest.raises(ValueError, match="two topics"):
        evaluate_path(tmp_path, words_router)

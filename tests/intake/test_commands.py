"""`replay` and `route`: every line is answered for, whatever it holds."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from intake.models import Submission

pytestmark = pytest.mark.django_db

BAD = [
    "không phải json",
    "[" * 5000,
    json.dumps({"id": None, "text": "x"}),
    json.dumps({"id": "a"}),
    json.dumps({"id": "b", "text": None}),
    "[]",
]
TEXT = "Phần mềm một cửa của xã hay treo, đề nghị nâng cấp máy chủ."


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("intake.management.commands.replay.PATIENCE", 0)


def lines(*items: object) -> str:
    return "\n".join(item if isinstance(item, str) else json.dumps(item) for item in items)


def replay(path, capsys) -> dict[str, str]:
    call_command("replay", str(path))
    return dict(line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line.strip())


def test_replay_is_idempotent_and_counts_what_failed(tmp_path, capsys, impatient):
    file = tmp_path / "in.jsonl"
    good = [{"id": "1", "text": TEXT}, {"id": "x" * 150 + "a", "text": TEXT}, {"id": "x" * 150 + "b", "text": TEXT}]
    file.write_text("\ufeff" + lines(*good, *BAD), encoding="utf-8")
    table = {name.strip(): value for name, value in replay(file, capsys).items()}
    assert (table["received"], table["of these new"], table["routed"], table["failed"]) == (
        "3",
        "3",
        "3",
        str(len(BAD)),
    )
    again = {name.strip(): value for name, value in replay(file, capsys).items()}
    assert again["of these new"] == "0"
    assert Submission.objects.count() == 3


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(CommandError):
        call_command("replay", str(tmp_path / "none.jsonl"))


def test_route_answers_every_line(monkeypatch, capsys):
    given = "\ufeff" + lines(
        {"id": "1", "text": TEXT}, *BAD, '{"id": "\\ud800", "text": "x \\ud800 y"}', {"id": 2, "text": ""}
    )
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode("utf-8")), encoding="utf-8"))
    call_command("route")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 3 + len(BAD)
    assert sum("error" in row for row in rows) == len(BAD)
    first = rows[0]
    assert first["decision"] in {"assign", "suggest", "abstain"} and first["model_version"]
    for level in ("nature", "system", "initiative", "agency"):
        guesses = first[level]
        assert len(guesses) >= 5
        assert all(set(guess) == {"value", "name", "p"} for guess in guesses)
        assert [g["p"] for g in guesses] == sorted((g["p"] for g in guesses), reverse=True)


def test_similar_answers_every_line_with_the_nearest_of_the_pool(tmp_path, monkeypatch, capsys):
    pool = tmp_path / "pool.jsonl"
    others = [{"id": f"o{n}", "text": f"Cầu thôn {n} hỏng, đề nghị sửa đường số {n}."} for n in range(12)]
    pool.write_text(lines({"id": "gần", "text": TEXT}, *others, *BAD), encoding="utf-8")
    given = lines({"id": "q", "text": "phan mem mot cua o xa hay bi treo"}, *BAD)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode("utf-8")), encoding="utf-8"))
    call_command("similar", str(pool))
    first, *bad = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first["id"] == "q" and len(first["similar"]) == 10
    assert first["similar"][0]["id"] == "gần"
    scores = [near["score"] for near in first["similar"]]
    assert scores == sorted(scores, reverse=True)
    assert len(bad) == len(BAD) and all("error" in row for row in bad)


def test_similar_of_an_empty_pool_is_nothing(tmp_path, monkeypatch, capsys):
    pool = tmp_path / "pool.jsonl"
    pool.touch()
    given = lines({"id": "q", "text": TEXT})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode("utf-8")), encoding="utf-8"))
    call_command("similar", str(pool))
    assert json.loads(capsys.readouterr().out) == {"id": "q", "similar": []}


@pytest.mark.parametrize("flag", ["", "--strip", "--nfd", "--upper", "--telex", "--template"])
def test_the_classifier_is_measured_on_labelled_texts(tmp_path, capsys, flag):
    from classifier.corpus import load_corpus

    file = tmp_path / "items.jsonl"
    rows = [
        {"id": e.id, "text": e.text, "initiative": e.initiative, "agency_answered": "Bộ Khoa học và Công nghệ"}
        for e in load_corpus()[::400]
    ]
    file.write_text(lines(*rows), encoding="utf-8")
    call_command("evaluate_classifier", str(file), "--without-encoder", *([flag] if flag else []))
    shown = capsys.readouterr().out
    assert json.loads(shown)
    assert not any(row["text"][:40] in shown for row in rows)


def test_a_file_without_labels_is_said_to_be_none(tmp_path):
    file = tmp_path / "items.jsonl"
    file.write_text('{"id": 1}', encoding="utf-8")
    with pytest.raises(CommandError, match="KeyError"):
        call_command("evaluate_classifier", str(file), "--without-encoder")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('{"text": "a", "initiative": 1}\n\n{"text": 5}', "line 3: TypeError"),
        ('{"text": "a"}\n{"initiative": 1}', "line 2: KeyError"),
        ("[1]", "line 1: TypeError"),
        ('{"text": "a", "initiative": 99}', "item 1: no initiative 99"),
        ("\n", "no items"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, lines, said):
    (tmp_path / "items.jsonl").write_text(lines, encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        call_command("evaluate_classifier", str(tmp_path / "items.jsonl"), "--without-encoder")


def test_similar_says_how_many_lines_it_left_out(tmp_path, monkeypatch, capsys):
    pool = tmp_path / "pool.jsonl"
    pool.write_text('{"id": 1, "text": "phủ sóng cho thôn"}\n{"id": 2}\nnot json\n', encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"id": "q", "text": "phu song"}\n')))
    call_command("similar", str(pool))
    assert "2 lines left out" in capsys.readouterr().err

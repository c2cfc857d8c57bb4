"""A model on disk: whole or refused, the same for the same texts."""

import json
import shutil

import numpy as np
import pytest

from classifier import artifact
from classifier.artifact import UntrustedModel
from classifier.service import Router
from classifier.training import train

TEXT = "Đề nghị phủ sóng di động và Internet cho các thôn vùng cao"


@pytest.fixture
def saved(small_model, tmp_path):
    artifact.save(tmp_path / "model", small_model)
    return tmp_path / "model"


def test_it_comes_back_as_it_was(small_model, saved):
    before = Router(small_model).route([TEXT])[0]
    after = Router(artifact.load(saved)).route([TEXT])[0]
    assert [g.value for g in before.initiative] == [g.value for g in after.initiative]
    assert np.allclose([g.p for g in before.initiative], [g.p for g in after.initiative], atol=0.01)
    assert after.model_version == json.loads((saved / "manifest.json").read_text())["version"]


def test_the_same_texts_give_the_same_version(few_examples, taxonomy, saved, tmp_path):
    again = artifact.save(tmp_path / "again", train(few_examples, taxonomy))
    assert again == artifact.load(saved).version
    changed = train([*few_examples[1:]], taxonomy)
    assert artifact.save(tmp_path / "changed", changed) != again


@pytest.mark.parametrize("name", artifact.FILES)
def test_a_changed_file_is_refused(saved, name):
    content = bytearray((saved / name).read_bytes())
    content[len(content) // 2] ^= 1
    (saved / name).write_bytes(content)
    with pytest.raises(UntrustedModel, match=name):
        artifact.load(saved)


@pytest.mark.parametrize(
    ("key", "value"),
    [("format", 99), ("version", "20260101-00000000"), ("files", {}), ("version", None)],
)
def test_a_changed_manifest_is_refused(saved, key, value):
    manifest = json.loads((saved / "manifest.json").read_text()) | {key: value}
    (saved / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UntrustedModel):
        artifact.load(saved)


def test_a_manifest_that_is_not_json_is_refused(saved):
    (saved / "manifest.json").write_text("{")
    with pytest.raises(UntrustedModel):
        artifact.load(saved)


def test_arrays_that_would_run_code_are_refused(saved, monkeypatch):
    np.savez(saved / "arrays.npz", idf=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    monkeypatch.setattr(artifact, "_verify", lambda folder: "forged")
    with pytest.raises(UntrustedModel):
        artifact.load(saved)


def test_a_model_is_written_once(small_model, saved):
    with pytest.raises(FileExistsError):
        artifact.save(saved, small_model)
    assert artifact.save(saved, small_model, replace_existing=True)


def test_nothing_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        artifact.load(tmp_path)


def test_a_failed_write_leaves_nothing(small_model, tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(artifact.np, "savez_compressed", fail)
    with pytest.raises(OSError, match="disk full"):
        artifact.save(tmp_path / "model", small_model)
    assert list(tmp_path.iterdir()) == []


def test_quantising_keeps_small_weights_apart():
    weights = np.array([[1.0, 0.5], [-0.01, 0.0], [0.001, -0.25]], np.float32)
    back = artifact.dequantise(*artifact.quantise(weights))
    assert np.allclose(back, weights, atol=0.01)
    assert back[2, 0] > 0 > back[1, 0]


def test_an_artefact_can_be_moved(saved, tmp_path):
    shutil.move(saved, tmp_path / "elsewhere")
    assert artifact.load(tmp_path / "elsewhere").version

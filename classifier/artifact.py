"""A model on disk: arrays, JSON and a manifest of checksums. Loading cannot run code.

``arrays.npz`` is read with ``allow_pickle=False``; the manifest names every file with its SHA-256
and the version ends in the hash of all of them. That guards against damage and mix-ups, not against
someone who may write the folder and forges the manifest too: only the training job may write there.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from classifier import corrections
from classifier.accents import AccentModel
from classifier.features import Vectoriser
from classifier.heads import Head, Layer
from classifier.kernel import in_steps, of_steps
from classifier.model import HEADS, Model, Settings
from classifier.taxonomy import Taxonomy

FORMAT = 3
ARRAYS, TERMS, MODEL, CARD, MANIFEST = (
    "arrays.npz", "terms.txt", "model.json", "card.json", "manifest.json",
)  # fmt: skip
FILES = (ARRAYS, TERMS, MODEL, CARD)


class UntrustedModel(Exception):
    """The folder is not what its manifest says, or of a format this code does not know."""


def save(folder: Path, model: Model, *, replace_existing: bool = False) -> str:
    """Write the model and return its version, which follows from the content alone.

    Raises FileExistsError if the folder holds something and may not be replaced. The folder appears
    whole or not at all.
    """
    if folder.exists() and any(folder.iterdir()) and not replace_existing:
        raise FileExistsError(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        version = _write(partial, model)
        if folder.exists():
            shutil.rmtree(folder)
        partial.chmod(0o755)
        os.replace(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return version


def load(folder: Path) -> Model:
    """Read a model back. Raises UntrustedModel, or FileNotFoundError where there is none."""
    version = _verify(folder)
    try:
        return _read(folder, version)
    except (KeyError, ValueError, TypeError) as error:
        raise UntrustedModel(f"{folder}: {error}") from error


# --- writing -----------------------------------------------------------------------------------


def _write(folder: Path, model: Model) -> str:
    np.savez_compressed(folder / ARRAYS, allow_pickle=False, **_arrays(model))
    (folder / TERMS).write_text("\n".join(model.vectoriser.terms), encoding="utf-8")
    _write_json(folder / MODEL, _plain(model))
    _write_json(folder / CARD, dict(model.card))
    sums = {name: _sha256(folder / name) for name in FILES}
    version = _version(model.as_of, sums)
    _write_json(folder / MANIFEST, {"format": FORMAT, "version": version, "files": sums})
    return version


def _arrays(model: Model) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {
        "idf": model.vectoriser.idf.astype(np.float16),
        "centre": model.centre.astype(np.float32),
        "anchors": in_steps(model.anchors),
        "accents.counts": model.accents.counts,
        "accents.pairs": model.accents.pairs,
    }
    if model.corrections:
        arrays |= corrections.to_arrays(model.corrections)
    for name, head in model.heads.items():
        steps, scale = quantise(head.words.weights)
        arrays |= {
            f"{name}.words": steps,
            f"{name}.words.scale": scale,
            f"{name}.words.bias": head.words.bias,
            f"{name}.meaning": head.meaning.weights.astype(np.float16),
            f"{name}.meaning.bias": head.meaning.bias,
            f"{name}.offsets": np.stack([head.offset_alone, head.offset_together]),
        }
    return arrays


def _plain(model: Model) -> dict[str, Any]:
    return {
        "as_of": model.as_of,
        "encoder": model.encoder_name,
        "settings": asdict(model.settings),
        "heads": {
            name: {
                "classes": list(head.classes),
                "alone": round(head.alone, 4),
                "together": [round(scale, 4) for scale in head.together],
                "beside": [round(scale, 4) for scale in head.beside],
            }
            for name, head in model.heads.items()
        },
        "sets": {name: dict(levels) for name, levels in model.sets.items()},
        "syllables": list(model.accents.syllables),
        "taxonomy": model.taxonomy.to_dict(),
    }


def quantise(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 steps on a square-root scale, and the largest weight of each column, float32.

    Most weights are near nought; the root keeps them apart while the largest stay exact.
    """
    if not weights.size:
        return np.zeros(weights.shape, np.int8), np.ones(weights.shape[1], np.float32)
    scale = np.abs(weights).max(axis=0).astype(np.float32)
    scale[scale == 0] = 1
    roots = np.sqrt(np.abs(weights) / scale)
    return (np.sign(weights) * np.rint(roots * 127)).astype(np.int8), scale


def dequantise(steps: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """float32 weights of ``quantise``."""
    roots = steps.astype(np.float32) / 127
    return np.sign(roots) * roots * roots * scale


# --- reading -----------------------------------------------------------------------------------


def _verify(folder: Path) -> str:
    manifest = _read_json(folder / MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UntrustedModel(f"{folder}: not a model of format {FORMAT}")
    sums = manifest.get("files")
    if not isinstance(sums, dict) or set(sums) != set(FILES):
        raise UntrustedModel(f"{folder}: the manifest does not list the files of a model")
    for name, wanted in sums.items():
        if _sha256(folder / name) != wanted:
            raise UntrustedModel(f"{folder}: {name} changed after its manifest was written")
    version = manifest.get("version")
    if not isinstance(version, str) or not version.endswith(_version("", sums)):
        raise UntrustedModel(f"{folder}: the version is not that of the files")
    return version


def _read(folder: Path, version: str) -> Model:
    plain = _read_json(folder / MODEL)
    terms = (folder / TERMS).read_text(encoding="utf-8").split("\n")
    with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
        heads = {name: _head(plain["heads"][name], name, arrays) for name in HEADS}
        return Model(
            vectoriser=Vectoriser(tuple(terms), arrays["idf"].astype(np.float32)),
            centre=arrays["centre"],
            anchors=of_steps(arrays["anchors"]),
            encoder_name=plain["encoder"],
            accents=AccentModel(tuple(plain["syllables"]), arrays["accents.counts"], arrays["accents.pairs"]),
            settings=Settings(**plain["settings"]),
            taxonomy=Taxonomy.from_dict(plain["taxonomy"]),
            card=_read_json(folder / CARD),
            as_of=plain["as_of"],
            sets=plain["sets"],
            corrections=corrections.from_arrays(arrays),
            version=version,
            **heads,
        )


def _head(plain: Mapping[str, Any], name: str, arrays: Mapping[str, np.ndarray]) -> Head:
    weights = dequantise(arrays[f"{name}.words"], arrays[f"{name}.words.scale"])
    meaning = arrays[f"{name}.meaning"].astype(np.float32)
    classes = tuple(plain["classes"])
    if weights.shape[1] != len(classes) or meaning.shape != (len(arrays["anchors"]), len(classes)):
        raise ValueError(f"head {name}: weights and classes differ")
    offsets = arrays[f"{name}.offsets"]
    return Head(
        classes,
        Layer(weights, arrays[f"{name}.words.bias"]),
        Layer(meaning, arrays[f"{name}.meaning.bias"]),
        plain["alone"],
        _pair(plain["together"]),
        offsets[0],
        offsets[1],
        _pair(plain["beside"]),
    )


def _pair(scales: Sequence[float]) -> tuple[float, float]:
    first, second = scales
    return first, second


def _version(as_of: str, sums: Mapping[str, str]) -> str:
    text = json.dumps(dict(sorted(sums.items())))
    return f"{as_of.replace('-', '')}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_json(path: Path, data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UntrustedModel(f"{path}: not JSON") from error

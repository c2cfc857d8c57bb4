"""What all texts, and all short queries, have in common by the encoder: `python bench/centres.py`.

Measures the two middles of `search/centres.json` over the training corpus, texts as triage reads them and
queries as runs of two to six words of them, every `--every`-th text (25 ms each). Prints, as one line of
JSON, how near each is to the one that is kept (cosine); `--write` replaces the file, which new vectors
and new measurements must follow (docs/adr/0006).
"""

import argparse
import json
import os
import random
import sys
from base64 import b64encode
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402

from classifier.corpus import load_corpus  # noqa: E402
from classifier.reading import for_encoder, read_text  # noqa: E402
from search.lexicon import count  # noqa: E402
from search.meaning import _CENTRES, _centres, encoder  # noqa: E402

QUERY_WORDS = range(2, 7)


def run_of_words(rng: random.Random, text: str) -> str:
    words = text.split()
    length = rng.choice(QUERY_WORDS)
    start = rng.randrange(max(1, len(words) - length + 1))
    return " ".join(words[start : start + length])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--every", type=int, default=10)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    engine, rng = encoder(), random.Random(57)
    assert engine is not None, "no encoder here"
    texts = [example.text for example in load_corpus()]
    accents, read = count(texts).accents, texts[:: given.every]
    measured = {
        "texts": engine.encode([for_encoder(read_text(text), accents) for text in read]).mean(axis=0),
        "queries": engine.encode([run_of_words(rng, text) for text in read]).mean(axis=0),
    }
    kept = _centres()
    near = {name: round(_cosine(one, kept[name]), 4) for name, one in measured.items()}
    if given.write:
        middles = {name: b64encode(one.astype("<f2").tobytes()).decode() for name, one in measured.items()}
        _CENTRES.write_text(json.dumps({"encoder": engine.name} | middles, indent=1) + "\n")
    print(json.dumps({"texts": len(read), "cosine_to_kept": near}))


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


if __name__ == "__main__":
    main()

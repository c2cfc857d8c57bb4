"""The classifier's own cost over the steps it cannot avoid, and the wait for one text.

`python bench/classifier.py` prints one JSON line. ``overhead``: ``Router.route`` on a batch against
the same vectorising, encoding and matrix products by hand (1: nothing added; it also explains,
blends agencies and ranks). Times in milliseconds; only the ratio carries over.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # before this folder, whose classifier.py is not the room

from classifier.corpus import load_corpus  # noqa: E402
from classifier.heads import softmax  # noqa: E402
from classifier.reading import centred, read_text, rows, vectors  # noqa: E402
from classifier.service import Router, load_router  # noqa: E402

SHIPPED = ROOT / "classifier" / "model"
BATCH, ROUNDS, SINGLES = 40, 3, 20


def by_hand(router: Router, texts: list[str]) -> None:
    """What any routing must do: words, vectors, one matrix product a head."""
    model = router.model
    readings = [read_text(text) for text in texts]
    words = rows(model.vectoriser, readings, model.accents)
    encoder = router.encoder
    meaning = centred(vectors(readings, model.accents, encoder, None), model.centre) if encoder else None
    for head in (model.scope, model.initiative, model.nature, model.agency):
        softmax(head.logits(words, meaning))


def cpu_seconds(*work: Callable[[], object]) -> list[float]:
    """The least processor time of each piece of work, run in turn so that all meet the same load."""
    times: list[list[float]] = [[] for _ in work]
    for _ in range(ROUNDS):
        for piece, taken in zip(work, times, strict=True):
            started = time.process_time()
            piece()
            taken.append(time.process_time() - started)
    return [min(taken) for taken in times]


def measure(router: Router, texts: list[str]) -> dict[str, float]:
    """Overhead, processor time a text in a batch, and the wait for one text, warm."""
    router.route(texts[:2])
    whole, parts = cpu_seconds(lambda: router.route(texts), lambda: by_hand(router, texts))
    waits = []
    for text in texts[:SINGLES]:
        started = time.perf_counter()
        router.route([text])
        waits.append(1000 * (time.perf_counter() - started))
    return {
        "overhead": round(whole / parts, 2),
        "batch_cpu_ms_per_text": round(1000 * whole / len(texts), 2),
        "one_text_ms_p50": round(statistics.median(waits), 2),
        "one_text_ms_max": round(max(waits), 2),
    }


def main() -> None:
    """Measure the shipped model with this machine's encoder, if any, and without."""
    corpus = load_corpus()
    texts = [example.text for example in corpus[:: max(1, len(corpus) // BATCH)]][:BATCH]
    started = time.perf_counter()
    router = load_router(SHIPPED)
    loaded = 1000 * (time.perf_counter() - started)
    result = {"bench": "classifier", "texts": len(texts), "load_ms": round(loaded, 1), "version": router.model.version}
    if router.encoder:
        result["with_encoder"] = measure(router, texts)
    result["words_only"] = measure(load_router(SHIPPED, encoder=None), texts)
    print(json.dumps(result))


if __name__ == "__main__":
    main()

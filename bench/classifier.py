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
from classifier.reading import centred, documents, read_text, vectors  # noqa: E402
from classifier.service import Router, load_router  # noqa: E402

SHIPPED = ROOT / "classifier" / "model"
BATCH, ROUNDS, SINGLES = 40, 3, 20


def by_hand(router: Router, texts: list[str]) -> None:
    """What any routing must do: words, vectors, one matrix product a head."""
    model = router.model
    readings = [read_text(text) for text in texts]
    rows = model.vectoriser.transform(documents(readings))
    encoder = router.encoder
    meaning = centred(vectors(readings, model.accents, encoder, None), model.centre) if encoder else None
    for head in (model.scope, model.initiative, model.nature, model.agency):
        softmax(head.logits(rows, meaning))


def seconds(work: Callable[[], object]) -> float:
    """The quickest of some rounds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def measure(router: Router, texts: list[str]) -> dict[str, float]:
    """Overhead, batch time a text, and the wait for one text, warm."""
    router.route(texts[:2])
    whole, parts = seconds(lambda: router.route(texts)), seconds(lambda: by_hand(router, texts))
    singles = []
    for text in texts[:SINGLES]:
        started = time.perf_counter()
        router.route([text])
        singles.append(1000 * (time.perf_counter() - started))
    return {
        "overhead": round(whole / parts, 2),
        "batch_ms_per_text": round(1000 * whole / len(texts), 2),
        "one_text_ms_p50": round(statistics.median(singles), 2),
        "one_text_ms_max": round(max(singles), 2),
    }


def main() -> None:
    """Measure the shipped model with this machine's encoder, if any, and without."""
    texts = [example.text for example in load_corpus()[:: max(1, len(load_corpus()) // BATCH)]][:BATCH]
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

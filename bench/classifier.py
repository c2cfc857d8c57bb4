"""The classifier's speed against the steps it cannot avoid, and the wait for one text, an ordinary and a hostile one.

`python bench/classifier.py` prints one JSON line. ``speed``: the processor time of reading, vectorising,
encoding, matrix products and agencies by hand, over that of ``Router.route`` on the same batch (1: nothing
added; asked: 0.8). Times in milliseconds.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # before this folder, whose classifier.py is not the room

from classifier import levels  # noqa: E402
from classifier.agencies import AgencyBlend  # noqa: E402
from classifier.corpus import load_corpus  # noqa: E402
from classifier.kernel import nearness  # noqa: E402
from classifier.reading import centred, read_text, rows, vectors  # noqa: E402
from classifier.service import Router, load_router  # noqa: E402

SHIPPED = ROOT / "classifier" / "model"
BATCH, ROUNDS, SINGLES = 40, 3, 20
SYLLABLES = 100
HOSTILE = {
    "longest": "Đề nghị phủ sóng, chuyển đổi số cho thôn bản. " * 5_000,
    "one_word": "ạ" * 1_000_000,
    "dots": "a." * 300_000,
    "marks": "a" + "\u0316\u0301" * 500_000,
}


def by_hand(router: Router, blend: AgencyBlend, texts: list[str]) -> None:
    """What any routing must do: words, vectors, a matrix product a head, the agencies named."""
    model = router.model
    readings = [read_text(text) for text in texts]
    words = rows(model.vectoriser, readings, model.accents)
    near = None
    if router.encoder:
        raw = vectors(readings, model.accents, router.encoder, None)
        near = nearness(centred(raw, model.centre), model.anchors)
    classes = {name: head.classes for name, head in model.heads.items()}
    p = levels.probabilities(model.logits(words, near), classes, model.settings, model.settings.prior_outside)
    given = levels.initiatives(p["scope"], p["initiative"], classes["initiative"])
    blend.blend(readings, p["agency"], given)


def cpu_seconds(*work: Callable[[], object]) -> list[float]:
    """The least processor time of each piece of work, run in turn so that all meet the same load."""
    times: list[list[float]] = [[] for _ in work]
    for _ in range(ROUNDS):
        for piece, taken in zip(work, times, strict=True):
            started = time.process_time()
            piece()
            taken.append(time.process_time() - started)
    return [min(taken) for taken in times]


def wait(router: Router, text: str) -> tuple[float, float]:
    """Milliseconds for one text: by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    router.route([text])
    return 1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - processor)


def measure(router: Router, texts: list[str]) -> dict[str, object]:
    """Speed, processor time a text in a batch, the wait for one of 100 syllables, warm, and for hostile ones."""
    model = router.model
    blend = AgencyBlend(model.taxonomy, model.settings, model.agency.classes)
    router.route(texts[:2])
    whole, parts = cpu_seconds(lambda: router.route(texts), lambda: by_hand(router, blend, texts))
    hundred = " ".join(" ".join(texts).split()[:SYLLABLES])
    waits = [wait(router, hundred) for _ in range(SINGLES)]
    hostile = {name: round(wait(router, text)[1], 1) for name, text in HOSTILE.items()}
    return {
        "speed": round(parts / whole, 3),
        "batch_cpu_ms_per_text": round(1000 * whole / len(texts), 2),
        "one_text_ms_p50": round(statistics.median(clock for clock, _ in waits), 2),
        "one_text_cpu_ms_p50": round(statistics.median(processor for _, processor in waits), 2),
        "hostile_cpu_ms": hostile,
        "hostile_cpu_ms_max": max(hostile.values()),
    }


def main() -> None:
    """Measure the shipped model with this machine's encoder, if any, and without."""
    corpus = load_corpus()
    texts = [example.text for example in corpus[:: max(1, len(corpus) // BATCH)]][:BATCH]
    started = time.process_time()
    router = load_router(SHIPPED)
    loaded = 1000 * (time.process_time() - started)
    result = {
        "bench": "classifier",
        "texts": len(texts),
        "load_cpu_ms": round(loaded, 1),
        "version": router.model.version,
    }
    if router.encoder:
        result["with_encoder"] = measure(router, texts)
    result["words_only"] = measure(load_router(SHIPPED, encoder=None), texts)
    print(json.dumps(result))


if __name__ == "__main__":
    main()

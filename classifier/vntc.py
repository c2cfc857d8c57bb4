"""The recipe for words on the public VNTC news corpus (10 topics, official split), when a user has it.

Layout: ``Train_Full`` and ``Test_Full``, in each a folder a topic, in each a file an article (UTF-16 in
the original, UTF-8 elsewhere). Published figures with linear models: 92.5 to 93.4 % (Hoang et al.,
RIVF 2007; Sen-1 model card, 2026).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from classifier.features import grams
from classifier.text import fold, syllables

TRAIN, TEST = "Train_Full", "Test_Full"
MOST_TERMS = 300_000


def evaluate(folder: Path) -> dict[str, Any]:
    """Accuracy, 0 to 1, with accents and without, of the recipe learnt from the training half.

    Raises ValueError where the folder has not that layout.
    """
    train, topics = _articles(folder / TRAIN)
    test, wanted = _articles(folder / TEST)
    if len(set(topics)) < 2 or not set(wanted) <= set(topics):
        raise ValueError(f"{folder}: two topics at least, and those of {TEST} among those of {TRAIN}")
    vectoriser = TfidfVectorizer(analyzer=_grams, sublinear_tf=True, max_features=MOST_TERMS, dtype=np.float32)
    plain = vectoriser.fit_transform([*train, *map(fold, train)])
    model = LinearSVC(C=1.0, random_state=0)
    model.fit(sp.csr_matrix(plain), [*topics, *topics])
    return {
        "train": len(train),
        "test": len(test),
        "topics": len(set(topics)),
        "terms": len(vectoriser.vocabulary_),
        "accuracy": _accuracy(model, vectoriser.transform(test), wanted),
        "accuracy_unaccented": _accuracy(model, vectoriser.transform(map(fold, test)), wanted),
    }


def _accuracy(model: LinearSVC, rows: sp.csr_matrix, wanted: Sequence[str]) -> float:
    return round(float(np.mean(model.predict(rows) == np.array(wanted))), 4)


def _grams(text: str) -> list[str]:
    return grams(syllables(text))


def _articles(folder: Path) -> tuple[list[str], list[str]]:
    """Texts and the topic of each, in the order of their names."""
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    files = [file for topic in sorted(folder.iterdir()) if topic.is_dir() for file in sorted(topic.iterdir())]
    return [read(file.read_bytes()) for file in files], [file.parent.name for file in files]


def read(content: bytes) -> str:
    """The text of an article, whichever of the two encodings it is in; what is neither reads as marks."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8-sig", "replace")

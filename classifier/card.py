"""What a person should know of a model before trusting it: data, priors, measures, limits."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from classifier.corpus import Example, corpus_hash
from classifier.encoder import Encoder
from classifier.fitting import Fitted
from classifier.heads import Label
from classifier.measures import head_measures
from classifier.model import PLAIN, Settings


def model_card(
    examples: Sequence[Example],
    fitted: dict[str, tuple[Fitted, list[Label]]],
    settings: Settings,
    encoder: Encoder | None,
    origin: str,
    as_of: str,
) -> dict[str, Any]:
    """JSON-ready; numbers rounded so that the card does not change with the last bit.

    ``fitted``: each head, and the labels of the texts it was tried on without having seen them.
    """
    return {
        "intended_use": "Gợi ý phân loại cho cán bộ điều phối; không tự quyết định, không tự từ chối.",
        "data": {
            "origin": origin,
            "as_of": as_of,
            "rows": len(examples),
            "sha256": corpus_hash(list(examples)),
            "initiatives": _counts(e.initiative for e in examples),
            "natures": _counts(e.nature or PLAIN for e in examples),
            "agencies": _counts(e.agency for e in examples if e.agency),
        },
        "priors": {"outside": settings.prior_outside, "nature": dict(settings.nature_prior)},
        "encoder": encoder.name if encoder else None,
        "held_out": {name: head_measures(fit, labels) for name, (fit, labels) in fitted.items()},
        "known_limits": [
            "Văn bản huấn luyện do người viết cho dự án, không phải phiếu thật.",
            "Điểm trên văn bản cùng người viết cao hơn điểm trên phiếu thật.",
            "Cơ quan địa phương chỉ được gợi ý đúng khi văn bản nêu địa danh.",
        ],
    }


def _counts(values: Iterable[Label]) -> dict[str, int]:
    return {str(key): n for key, n in sorted(Counter(values).items(), key=lambda kv: str(kv[0]))}

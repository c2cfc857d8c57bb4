"""What is known of the model in use, ready for its page: card, decisions, versions, drift."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from classifier.routing import Level

from . import triage
from .learning import drift, policies, registry, report
from .learning.charts import Chart, confusion, percent, weekly
from .learning.decisions import decided
from .learning.words import of_run
from .learning.written import Written, written
from .models import DriftAlarm, Initiative, ModelVersion, Prediction, StrategicSystem, TrainingRun

NEWEST = 2_000
"""Decisions that the page counts."""
SHOWN_VERSIONS, SHOWN_RUNS = 10, 5
ALARM_SECONDS = 60


def card() -> dict[str, Any]:
    """`card.json` of the model in use; empty when there is no model."""
    path = triage.model_folder() / "card.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def reads() -> str:
    """What the model in use goes by: `words and meaning`, or `words` without its encoder.

    As the worker that loaded it said; until one has, by what is installed here.
    """
    if (loaded := triage.loaded_with()) is not None:
        return "words and meaning" if loaded else "words"
    wanted = str(card().get("encoder") or "").split()
    if len(wanted) < 2 or find_spec(wanted[0]) is None or version(wanted[0]) != wanted[1]:
        return "words"
    return "words and meaning"


@dataclass(frozen=True)
class Picture:
    """A chart and what it says to somebody who reads no charts."""

    chart: Chart
    title: str
    says: str
    x_name: str
    headers: Sequence[str]


def page() -> dict[str, Any]:
    """Everything that the template draws."""
    known = card()
    found = decided(newest=NEWEST)
    versions = list(ModelVersion.objects.select_related("trained_by"))
    champion = registry.champion()
    mode = reads().replace(" ", "_")
    measured = report.measured(found, known, mode)
    overruled = report.overruled(found)
    names = {"0": _("Ngoài phạm vi")} | {str(one.pk): str(one) for one in Initiative.objects.all()}
    grown = report.growth(versions)
    of_texts = written(known, mode)
    refused = _refused()
    return {
        "card": known,
        "reads": reads(),
        "champion": champion,
        "measured": measured,
        "shares": [(_level_name(share.level), share) for share in measured.shares],
        "of_texts": measured.source == "written",
        "pictures": _when_to_trust(measured),
        "confusion": confusion(measured.confusion) if measured.confusion else None,
        "confusion_table": list(zip(_system_names(), measured.confusion, strict=True)) if measured.confusion else [],
        "systems": [_("Ngoài"), *map(str, range(1, report.SYSTEMS))],
        "overruled": overruled,
        "pairs": _mistaken(measured, overruled, names),
        "growth": [*_one_by_one(known), *([_growth(grown)] if grown else [])],
        "written": of_texts,
        "written_rows": _written_rows(known),
        "written_levels": [(_level_name(row.level), row) for row in of_texts.levels] if of_texts else [],
        "written_recall": [(names.get(label, label), share) for label, share in of_texts.recall] if of_texts else [],
        "written_pictures": _of_texts(of_texts) if of_texts else [],
        "versions": [(one, registry.usable(one), _why(one)) for one in (versions or [champion])[:SHOWN_VERSIONS]],
        "before": registry.before(),
        "runs": [(run, of_run(run)) for run in _runs()],
        "refused": refused,
        "refused_why": of_run(refused) if refused else "",
        "limits": [_(limit) for limit in known.get("known_limits", ())],
        "drift": [_weekly(one) for one in drift.series() if len(one.weeks) > 1],
        "alarms": drift.unseen(),
        "policy": policies.newest(),
        "decisions": len(found),
    }


def _why(version: ModelVersion) -> str:
    """What the training that made it came to; empty for the shipped one."""
    run = version.runs.first()
    return of_run(run) if run else ""


def _runs() -> Iterable[TrainingRun]:
    done = TrainingRun.objects.exclude(outcome=TrainingRun.Outcome.UNCHANGED)
    return done.select_related("requested_by")[:SHOWN_RUNS]


def _mistaken(
    measured: report.Measured, overruled: report.Overruled, names: Mapping[str, str]
) -> list[tuple[str, str, int]]:
    """(guessed, right, how often), most often first: initiatives overruled, or systems of written texts."""
    if measured.source != "written":
        return [(names.get(guessed, guessed), names.get(right, right), n) for guessed, right, n in overruled.pairs]
    systems = _system_names()
    return [(systems[guessed], systems[right], n) for guessed, right, n in report.mistaken(measured.confusion)]


def _when_to_trust(measured: report.Measured) -> list[Picture]:
    pictures = []
    number = _("Số văn bản") if measured.source == "written" else _("Số phiếu")
    if measured.calibration:
        pictures.append(
            Picture(
                measured.calibration,
                _("Máy nói chắc bao nhiêu, đúng bấy nhiêu?"),
                _(
                    "Nằm trên đường chéo là lời nói đi đôi với việc làm. Dưới đường chéo: máy tự tin quá. "
                    "Mỗi chấm là một nhóm; vạch đứng là khoảng có thể của con số thật."
                ),
                _("máy nói chắc"),
                [_("Máy nói chắc"), number, _("Đúng"), _("Có thể từ – đến")],
            )
        )
    if measured.coverage:
        pictures.append(
            Picture(
                measured.coverage,
                _("Nếu chỉ nghe máy khi nó chắc nhất"),
                _(
                    "Bên trái là phần máy chắc nhất, càng sang phải càng lấy thêm phần máy phân vân. "
                    "Đường cho biết trong số đó bao nhiêu phần đúng; vùng mờ là khoảng có thể."
                ),
                _("phần được lấy"),
                [_("Phần được lấy"), number, _("Đúng"), _("Có thể từ – đến")],
            )
        )
    return pictures


def _growth(chart: Chart) -> Picture:
    return Picture(
        chart,
        _("Đúng bao nhiêu sau từng số quyết định"),
        _("Mỗi chấm là một mô hình đã huấn luyện, đo trên những quyết định mới hơn mà nó chưa thấy."),
        _("số quyết định đã học"),
        [_("Số quyết định đã học"), _("Đúng")],
    )


def _written_rows(known: dict[str, Any]) -> int:
    """Of the texts that the model learnt, those that were written for it."""
    return known.get("data", {}).get("rows", 0) - known.get("decisions", {}).get("learnt", 0)


def _one_by_one(known: dict[str, Any]) -> list[Picture]:
    """How the share right has grown with the decisions learnt, at two levels."""
    pictures = []
    levels: tuple[Level, ...] = ("system", "agency")  # every decision names the first
    for level in levels:
        chart = report.one_by_one(known, level)
        if chart:
            pictures.append(
                Picture(
                    chart,
                    _("Học từng quyết định: %(level)s") % {"level": _level_name(level)},
                    _(
                        "Các quyết định theo thứ tự thời gian; mỗi quyết định được đoán trước khi học. Đường liền: "
                        "phần đúng tính đến lúc đó khi máy học những quyết định trước; đường đứt: nếu máy không học gì."
                    ),
                    _("số quyết định"),
                    [_("Số quyết định"), _("Đúng, có học"), _("Đúng, không học")],
                )
            )
    return pictures


def _of_texts(found: Written) -> list[Picture]:
    """By the card alone: each level's calibration and risk, and what more texts have brought."""
    pictures = []
    for level, (calibration, coverage) in found.charts.items():
        name = {"level": _level_name(level)}
        pictures.append(
            Picture(
                calibration,
                _("Nói chắc và nói đúng: %(level)s") % name,
                _("Trên đường chéo: máy nói chắc bao nhiêu thì đúng bấy nhiêu."),
                _("máy nói chắc"),
                [_("Máy nói chắc"), _("Số văn bản"), _("Đúng"), _("Có thể từ – đến")],
            )
        )
        pictures.append(
            Picture(
                coverage,
                _("Khi chỉ lấy phần chắc nhất: %(level)s") % name,
                _("Từ trái sang phải: lấy thêm những văn bản máy kém chắc hơn."),
                _("phần được lấy"),
                [_("Phần được lấy"), _("Số văn bản"), _("Đúng"), _("Có thể từ – đến")],
            )
        )
    if found.by_texts:
        pictures.append(
            Picture(
                found.by_texts,
                _("Thêm văn bản viết, thêm đúng: hệ thống"),
                _("Phần đúng về hệ thống (kể cả ngoài phạm vi) theo số văn bản viết đã học."),
                _("số văn bản"),
                [_("Số văn bản"), _("Đúng")],
            )
        )
    return pictures


def _weekly(series: drift.Series) -> Picture:
    """A measure over the weeks, with what it is held to in words."""
    if series.threshold is None or series.reference is None:
        says = _("Chưa đủ 30 phiếu trong một tuần để có mức so sánh.")
    elif series.measure == drift.Measure.COVERED:
        says = _("Máy hứa %(promise)s; báo động khi dưới %(limit)s.") % {
            "promise": percent(series.reference),
            "limit": percent(series.threshold),
        }
    else:
        says = _("Thường là %(usual)s; báo động khi qua %(limit)s.") % {
            "usual": percent(series.reference),
            "limit": percent(series.threshold),
        }
    chart = weekly(
        [f"{week.monday:%d/%m}" for week in series.weeks],
        [week.value for week in series.weeks],
        [week.n for week in series.weeks],
        series.threshold,
        series.measure,
    )
    return Picture(chart, series.label, says, _("tuần từ ngày"), [_("Tuần từ"), _("Số phiếu"), _("Phần")])


def _system_names() -> list[str]:
    return [_("Ngoài phạm vi"), *map(str, StrategicSystem.objects.order_by("pk"))]


def _level_name(level: str) -> str:
    return str(Prediction.Level(level).label)


def _refused() -> TrainingRun | None:
    """The last run, if it asks somebody to look at decisions."""
    last = TrainingRun.objects.filter(state=TrainingRun.State.DONE).first()
    return last if last and last.outcome == TrainingRun.Outcome.REFUSED else None


def alarm_count() -> int:
    """Alarms that nobody has answered, for the badge beside the link to the page."""
    known = cache.get("model-alarms")
    if known is None:
        known = DriftAlarm.objects.filter(seen_at=None).count() + (_refused() is not None)
        cache.set("model-alarms", known, ALARM_SECONDS)
    return known


def forget_alarms() -> None:
    """Somebody has answered one: count anew."""
    cache.delete("model-alarms")

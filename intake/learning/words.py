"""Why a training ended as it did, in plain words and the reader's language, from what is kept with the run."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from ..models import Nature, Prediction, TrainingRun
from .guard import ORDINARY

Data = Mapping[str, Any]
GAVE_UP = "gave_up"
"""`TrainingRun.reason` where every attempt was cut short; else the name of the exception."""


def of_run(run: TrainingRun) -> str:
    """What a person is told of a run; empty where its outcome or state says it all."""
    if run.reason and (run.state != TrainingRun.State.FAILED or " " in run.reason):
        return run.reason  # runs of before 0009 hold the sentence itself, and not all that it is made of
    if run.state == TrainingRun.State.FAILED:
        return _failure(run)
    tells: dict[str, Callable[[Data], str]] = {
        TrainingRun.Outcome.TOO_FEW: _too_few,
        TrainingRun.Outcome.REFUSED: _refusal,
        TrainingRun.Outcome.PROMOTED: _verdict,
        TrainingRun.Outcome.KEPT: _verdict,
    }
    return tells[run.outcome](run.data) if run.outcome in tells else ""


def _failure(run: TrainingRun) -> str:
    if run.reason == GAVE_UP:
        return _("Đã thử %(n)d lần không xong. Mô hình đang dùng vẫn chạy.") % {"n": run.attempts}
    causes = {
        "MemoryError": _("máy hết bộ nhớ"),
        "OperationalError": _("cơ sở dữ liệu không trả lời"),
        "UntrustedModel": _("không đọc được mô hình"),
        "UnusableModel": _("không đọc được mô hình"),
        **dict.fromkeys(("OSError", "PermissionError", "FileNotFoundError"), _("không đọc hoặc không ghi được tệp")),
    }
    cause = causes.get(run.reason, _("lỗi chưa lường trước"))
    return _(
        "Huấn luyện bị dừng: %(cause)s. Mô hình đang dùng vẫn chạy. Nhật ký máy chủ ghi chi tiết dưới tên %(code)s."
    ) % {"cause": cause, "code": run.reason}


def _too_few(data: Data) -> str:
    return _(
        "Mới có %(have)d quyết định dùng được; cần ít nhất %(wanted)d để vừa học vừa giữ lại một phần mà so sánh."
    ) % {"have": data["learnt"] + data["held_back"], "wanted": data["wanted"]}


def _verdict(data: Data) -> str:
    """What the comparison came to, or what people did that goes before it."""
    first, agency = data["levels"]["initiative"], data["levels"]["agency"]
    counted = _(
        "Trên %(n)d quyết định mới nhất được giữ lại: về sáng kiến, mô hình đang dùng đúng %(old)s, mô hình mới "
        "%(new)s; về cơ quan, %(old_agency)s và %(new_agency)s."
    ) % {
        "n": first["n"],
        "old": _percent(first["champion"]),
        "new": _percent(first["challenger"]),
        "old_agency": _percent(agency["champion"]),
        "new_agency": _percent(agency["challenger"]),
    }
    return f"{counted} {_because(data)}"


def _because(data: Data) -> str:
    reasons = [_("kém hơn rõ về %(level)s") % {"level": _level(level)} for level in data["worse"]]
    reasons += [
        _("%(level)s “%(value)s” từ %(old)s xuống %(new)s trên %(n)d phiếu")
        % {
            "level": _level(one["level"]),
            "value": str(Nature(one["value"]).label) if one["level"] == "nature" else one["value"],
            "old": _percent(one["champion"]),
            "new": _percent(one["challenger"]),
            "n": one["n"],
        }
        for one in data["lost"]
    ]
    if not reasons and data["gained"] < 0:
        reasons = [_("tính chung ba mức, số gợi ý đúng ít hơn %(n)d") % {"n": -data["gained"]}]
    if reasons:
        return _("Chưa được dùng vì %(reasons)s.") % {"reasons": "; ".join(reasons)}
    if data["overtaken"]:
        return _("Chưa được dùng vì trong lúc huấn luyện, mô hình đang dùng đã được thay.")
    if data["gone_back"]:
        return _("Chưa được dùng vì đã có người quay về bản trước; chỉ người quản trị mới đưa bản khác vào.")
    return _("Không kém hơn, nên được đưa vào dùng.")


def _refusal(data: Data) -> str:
    """Which batches somebody ought to look at, and why."""
    told = ". ".join(_suspect(one) for one in data["suspects"])
    return _("Chưa học vì có quyết định cần người xem lại. %(batches)s.") % {"batches": told}


def _suspect(one: Data) -> str:
    numbers = {key: round(one[key]) for key in ("against", "n", "expected", "sure", "sure_against")}
    who = _name(one["actor"]) if one["actor"] else _("Các quyết định mới")
    if one["aspect"] == ORDINARY:
        said = _(
            "%(against)d/%(n)d phiếu máy cho là tố cáo, khiếu nại hoặc có thể mật được ghi là phiếu thường, trong khi "
            "máy chỉ chờ khoảng %(expected)d"
        )
    else:
        said = _(
            "%(against)d/%(n)d quyết định trái với gợi ý đầu về %(level)s, trong khi máy chỉ chờ khoảng %(expected)d; "
            "%(sure_against)d/%(sure)d trái với những gợi ý máy chắc nhất"
        )
        numbers |= {"level": _level(one["aspect"])}
    parts = [f"{who}: {said % numbers}"]
    if one["others_n"]:
        parts.append(
            _("đồng nghiệp khác là %(against)d/%(n)d") % {"against": one["others_against"], "n": one["others_n"]}
        )
    if one["overruled"]:
        parts.append(_("%(n)d quyết định về sau bị đồng nghiệp sửa") % {"n": one["overruled"]})
    return "; ".join(parts)


def _level(level: str) -> str:
    return str(Prediction.Level(level).label).lower()


def _name(actor_id: int) -> str:
    user = get_user_model().objects.filter(pk=actor_id).first()
    return (user.get_full_name() or user.get_username()) if user else f"#{actor_id}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"

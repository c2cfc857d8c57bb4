"""Why a training ended as it did, in plain Vietnamese: what is kept with the run and shown to people."""

from collections.abc import Sequence

from django.contrib.auth import get_user_model

from .compare import ClassLost, Comparison
from .guard import Suspect

LEVEL_NAMES = {"nature": "tính chất", "system": "hệ thống", "initiative": "sáng kiến", "agency": "cơ quan"}


def too_few(have: int, wanted: int) -> str:
    return f"Mới có {have} quyết định dùng được; cần ít nhất {wanted} để vừa học vừa giữ lại một phần mà so sánh."


def verdict(comparison: Comparison, *, overtaken: bool, gone_back: bool) -> str:
    """What the comparison came to, or what people did that goes before it.

    `overtaken`: another model was put to use during the training; `gone_back`: a person had gone back.
    """
    first, agency = comparison.levels["initiative"], comparison.levels["agency"]
    counted = (
        f"Trên {first.n} quyết định mới nhất được giữ lại: về sáng kiến, mô hình đang dùng đúng "
        f"{_percent(first.champion)}, mô hình mới {_percent(first.challenger)}; về cơ quan, "
        f"{_percent(agency.champion)} và {_percent(agency.challenger)}."
    )
    if comparison.promotes and overtaken:
        return f"{counted} Chưa được dùng vì trong lúc huấn luyện, mô hình đang dùng đã được thay."
    if comparison.promotes and gone_back:
        return f"{counted} Chưa được dùng vì đã có người quay về bản trước; chỉ người quản trị mới đưa bản khác vào."
    if comparison.promotes:
        return f"{counted} Không kém hơn, nên được đưa vào dùng."
    reasons = [f"kém hơn rõ về {LEVEL_NAMES[level]}" for level in comparison.worse]
    reasons += [_lost(one) for one in comparison.lost]
    if not reasons:
        reasons = [f"tính chung ba mức, số gợi ý đúng ít hơn {-comparison.gained}"]
    return f"{counted} Chưa được dùng vì {'; '.join(reasons)}."


def _lost(one: ClassLost) -> str:
    return (
        f"{LEVEL_NAMES[one.level]} “{one.value}” từ {_percent(one.champion)} xuống {_percent(one.challenger)} "
        f"trên {one.n} phiếu"
    )


def refusal(suspects: Sequence[Suspect]) -> str:
    """Which batches somebody ought to look at, and why."""
    parts = []
    for suspect in suspects:
        tally = suspect.tally
        who = _name(suspect.actor_id) if suspect.actor_id else "Các quyết định mới"
        part = (
            f"{who}: {tally.against}/{tally.n} quyết định trái với gợi ý đầu, trong khi máy chỉ chờ khoảng "
            f"{tally.expected:.0f}; {tally.sure_against}/{tally.sure} trái với những gợi ý máy chắc nhất"
        )
        if suspect.others:
            part += f"; đồng nghiệp khác là {suspect.others.against}/{suspect.others.n}"
        if suspect.overruled:
            part += f"; {suspect.overruled} quyết định về sau bị đồng nghiệp sửa"
        parts.append(part)
    return f"Chưa học vì có quyết định cần người xem lại. {'. '.join(parts)}."


def _name(actor_id: int) -> str:
    user = get_user_model().objects.filter(pk=actor_id).first()
    return (user.get_full_name() or user.get_username()) if user else f"#{actor_id}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"

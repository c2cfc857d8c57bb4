"""The public list of answers: filters from the address, pages of twenty, links that remove themselves."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from intake.models import Agency, StrategicSystem

PER_PAGE = 20


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def listing(request: HttpRequest) -> dict[str, object]:
    """Unknown values are ignored: an address somebody mistyped still shows the list."""
    from .models import AnswerPage

    answers: QuerySet = AnswerPage.objects.live().public().select_related("agency").order_by("-answered_on", "-pk")
    filters: list[dict[str, str]] = []

    def without(name: str) -> str:
        query = request.GET.copy()
        query.pop(name, None)
        query.pop("page", None)
        return f"?{query.urlencode()}" if query else request.path

    system = StrategicSystem.objects.filter(pk=_number(request.GET.get("he-thong", "")) or 0).first()
    if system:
        answers = answers.filter(system=system)
        filters.append({"label": _("Hệ thống"), "value": str(system), "url": without("he-thong")})
    agency = Agency.objects.filter(code=request.GET.get("co-quan", "")[:24].replace("\0", "")).first()
    if agency:
        answers = answers.filter(agency=agency)
        filters.append({"label": _("Cơ quan"), "value": str(agency), "url": without("co-quan")})
    year = _number(request.GET.get("nam", ""))
    if year:
        answers = answers.filter(answered_on__year=year)
        filters.append({"label": _("Năm"), "value": str(year), "url": without("nam")})

    live = AnswerPage.objects.live().public()
    return {
        "page_obj": Paginator(answers, PER_PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "clear_url": request.path,
        "systems": StrategicSystem.objects.order_by("pk"),
        "agencies": Agency.objects.filter(pk__in=live.values("agency")).order_by("order"),
        "years": [day.year for day in live.dates("answered_on", "year", order="DESC")],
        "chosen": {"system": system, "agency": agency, "year": year},
    }

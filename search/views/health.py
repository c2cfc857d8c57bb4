from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..health import report


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if everything this installation needs works, else 503; in both cases says what."""
    parts, well = report()
    return JsonResponse(parts, status=200 if well else 503, json_dumps_params={"ensure_ascii": False})

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from .. import model_card
from ..access import handling_required


@require_GET
@handling_required
def model(request: HttpRequest) -> HttpResponse:
    """The model's card in words: what it was trained on, how often it is right, what officers overruled."""
    card = model_card.card()
    names = {
        "initiative": _("Sáng kiến đột phá"),
        "scope": _("Trong hay ngoài phạm vi"),
        "agency": _("Cơ quan"),
        "nature": _("Tính chất"),
    }
    context = {
        "card": card,
        "version": model_card.version(),
        "measures": [(names[measure.level], measure) for measure in model_card.measures(card)],
        "record": model_card.record(),
    }
    return render(request, "officer/model.html", context)

"""Suggestions of the public's search box: what each one is, and where it leads."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from cms.models import AnswerPage

from .address import Address
from .suggest import Kind, Suggestion, suggest

KINDS = {
    Kind.TITLE: _("câu trả lời"),
    Kind.PHRASE: "",
    Kind.AGENCY: _("cơ quan"),
    Kind.INITIATIVE: _("sáng kiến đột phá"),
    Kind.SYSTEM: _("hệ thống chiến lược"),
}


def offers(address: Address) -> list[dict[str, str]]:
    """For what is being typed (`q` of the address): words to show, what they are, the address they lead to."""
    found = suggest(address.get("q"))
    keys = [int(one.key) for one in found if one.kind == Kind.TITLE]
    pages = AnswerPage.objects.live().public().in_bulk(keys)
    urls = {str(pk): page.url for pk, page in pages.items()}
    return [{"text": one.text, "kind": str(KINDS[one.kind]), "url": _target(address, one, urls)} for one in found]


def _target(address: Address, one: Suggestion, urls: dict[str, str]) -> str:
    """An answer is opened, a phrase is asked for; an agency, initiative or system becomes a filter."""
    if one.kind == Kind.TITLE:
        return urls.get(one.key) or address.url(q=one.text)
    if one.kind == Kind.PHRASE:
        return address.url(q=one.text)
    return replace(address, others={}).with_filter(one.kind, one.key)

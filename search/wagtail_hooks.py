"""What an administrator edits of search: how words are also written."""

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Abbreviation


class AbbreviationViewSet(SnippetViewSet):
    model = Abbreviation
    icon = "search"
    list_display = ["written", "means", "both_ways"]
    search_fields = ["written", "means"]
    list_per_page = 100
    panels = ["written", "means", "both_ways"]


register_snippet(AbbreviationViewSet)

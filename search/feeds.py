"""A search as an Atom feed: the newest answers that have every word of it, for readers that come back."""

from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timezone import localdate, make_aware
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.rich_text import get_text_for_indexing

from .address import Address
from .analysis import Width
from .public import PublicSearch

SIZE = 30
TEXT = 400  # characters of the question, and of the answer


class AnswersFeed(Atom1Feed):
    """Answers are in Vietnamese in whatever language the feed presents itself."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return super().item_attributes(item) | {"xml:lang": "vi"}

    def latest_post_date(self) -> datetime:
        """An empty feed was updated this morning, not in this very second: its ETag holds for the day."""
        return super().latest_post_date() if self.items else _morning(localdate())


def feed_of(address: Address) -> str:
    """Atom 1.0 with absolute addresses; the same text until an answer changes."""
    found = PublicSearch(address, newest=True, size=SIZE, widths=(Width.ALL,))
    here = settings.SITE_URL + address.over(reverse("search:feed")).url(sort="")
    feed = AnswersFeed(
        title=_plain(f"{found.title} · {_('Phản ánh · Sáng kiến')}"),
        link=settings.SITE_URL + address.over(reverse("search:public")).url(sort=""),
        feed_url=here,
        feed_guid=here,
        description="",
        subtitle=_("Câu trả lời mới được công khai"),
        language=get_language(),
    )
    for page in found.pages:
        url = f"{settings.SITE_URL}{page.url}"
        texts = (page.question, get_text_for_indexing(page.answer))
        feed.add_item(
            title=_plain(page.title),
            link=url,
            unique_id=get_tag_uri(f"{settings.SITE_URL}/tra-loi/{page.pk}/", page.sent_on),
            # What Django calls a description stands in Atom as HTML: a text in it is escaped once more.
            description="".join(format_html("<p>{}</p>", _plain(Truncator(text).chars(TEXT))) for text in texts),
            author_name=str(page.agency),
            pubdate=_morning(page.answered_on),
            updateddate=page.last_published_at or _morning(page.answered_on),
        )
    return feed.writeString("utf-8")


def _plain(text: str) -> str:
    """On one line, without what XML cannot hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _morning(day: Any) -> datetime:
    return make_aware(datetime.combine(day, time(8)))

"""The pages a site starts with. Made once; afterwards they belong to the editors."""

import json
from pathlib import Path

from django.db import transaction
from wagtail.models import Page, Site

from .models import AnswerIndexPage, HomePage, InfoPage
from .publishing import clean_html

CONTENT = Path(__file__).parent / "demo"


def read(name: str):
    return json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8"))


@transaction.atomic
def ensure_site() -> AnswerIndexPage:
    """Home, information pages, the list of answers: each made if it is not there. Gives the list."""
    home = _home()
    for page in read("pages"):
        if not InfoPage.objects.filter(slug=page["slug"]).exists():
            home.add_child(
                instance=InfoPage(
                    slug=page["slug"],
                    title=page["title"],
                    title_en=page["title_en"],
                    intro=page["intro"],
                    intro_en=page["intro_en"],
                    body=clean_html(page["body_html"]),
                    body_en=clean_html(page["body_html_en"]),
                )
            )
    index = AnswerIndexPage.objects.first()
    if index is None:
        index = home.add_child(
            instance=AnswerIndexPage(
                slug="tra-loi",
                title="Câu trả lời đã công khai",
                title_en="Published answers",
                intro="Điều người khác đã hỏi và cơ quan đã trả lời, sau khi che thông tin cá nhân.",
                intro_en="What others asked and what the agencies answered, with personal data removed. Answers are in Vietnamese.",
            )
        )
    return index


def _home() -> HomePage:
    if home := HomePage.objects.first():
        return home
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
    words = read("home")
    home = HomePage(
        slug="trang-chu",
        title=words["headline"],
        title_en=words["headline_en"],
        intro=words["lead"],
        intro_en=words["lead_en"],
    )
    # Wagtail's own welcome page, if it is still there, makes room.
    Page.objects.filter(depth=2, slug="home").exclude(pk__in=HomePage.objects.values("pk")).delete()
    root = Page.objects.get(pk=root.pk)
    root.add_child(instance=home)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home, "site_name": "Phản ánh · Sáng kiến"}
    )
    return home

"""What the queue found otherwise than by the words typed is named, and is not "all that match"."""

from dataclasses import replace

import pytest

from search import listing
from search.engines import search_submissions
from search.models import BulkJob
from search.query import Correction
from tests.search.test_fusion import _meaning_is_the_first_number, meant  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_server")]


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def all_that_match(client, q: str) -> list[str]:
    client.post("/can-bo/hang-loat/", {"viec": "ask", "tat-ca": "1", "tu": f"goc=all&q={q}"})
    return list(BulkJob.objects.values_list("items__submission__title", flat=True))


def test_what_only_means_the_same_says_so_and_is_no_match(desk, meant, indexed):  # noqa: F811
    indexed("Phần mềm hay treo", title="Có chữ")
    meant("Lá đơn về ao cá", 0.9, title="Gần nghĩa thôi")
    shown = desk.get("/can-bo/?goc=all&q=phần mềm treo").content.decode()
    assert shown.count("gần nghĩa</span>") == 1
    assert all_that_match(desk, "phần mềm treo") == ["Có chữ"]


def test_what_has_a_part_of_the_words_is_no_match(desk, indexed, monkeypatch):
    monkeypatch.setattr("search.listing.SIZE", 1)
    monkeypatch.setattr("search.desk.SIZE", 1)
    for n in range(2):
        indexed("Phần mềm một cửa", title=f"Một phần {n}")
    assert "tat-ca" in desk.get("/can-bo/?goc=all&q=phần mềm").content.decode()
    assert "tat-ca" not in desk.get("/can-bo/?goc=all&q=phần mềm trạm sạc").content.decode()
    assert all_that_match(desk, "phần mềm trạm sạc") == []


def test_what_was_searched_for_in_another_spelling_is_named(desk, indexed, monkeypatch):
    indexed("Mất điện cả xóm")
    meant_ = (Correction("dien", "điện", "mất điện", used=True), Correction("mat", "mặt", "mặt điện", used=False))
    monkeypatch.setattr(
        listing, "search_submissions", lambda query: replace(search_submissions(query), corrections=meant_)
    )
    shown = desk.get("/can-bo/?goc=all&q=mat dien").content.decode()
    assert "Đã tìm cả:" in shown and "Có phải bạn muốn tìm:" in shown


def test_how_many_match_counts_no_meaning_where_more_match_than_are_taken(desk, meant, indexed, monkeypatch):  # noqa: F811
    monkeypatch.setattr("search.bulk.jobs.MOST", 1)
    indexed("Phần mềm hay treo", title="Có chữ")
    meant("Lá đơn về ao cá", 0.9, title="Gần nghĩa thôi")
    assert all_that_match(desk, "phần mềm treo") == ["Có chữ"]
    assert BulkJob.objects.get().matched == 1

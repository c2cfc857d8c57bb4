"""The list as a table: what the person may see, nobody's name by default, and no formula."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from openpyxl import load_workbook

from intake import services
from intake.models import Event, Role, Submission
from search import export
from search.export import harmless
from search.models import Export
from tests.conftest import SENDER, make_submission, person
from tests.search.conftest import index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_server")]
TAKE = "/can-bo/xuat/"


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def table(response) -> list[dict[str, str]]:
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def take(client, **given) -> list[dict[str, str]]:
    return table(client.post(TAKE, {"dang": "csv", "tu": "goc=all"} | given))


def test_what_the_list_shows_in_its_order_and_written_down(desk, coordinator):
    made = [make_submission(title=f"Phiếu {n}", kind=kind) for n, kind in enumerate(("petition", "feedback"))]
    index(*made)
    rows = take(desk, tu="goc=all&loai=petition")
    assert [row["Tiêu đề"] for row in rows] == ["Phiếu 0"]
    log = Export.objects.get()
    assert (log.user, log.rows, log.with_contacts, log.format) == (coordinator, 1, False, "csv")
    assert log.address == "goc=all&loai=petition"


def test_no_name_and_no_contact_unless_asked_for(desk):
    index(make_submission(body="Gọi tôi số 0912 345 678, thư thu@vidu.vn để biết thêm."))
    text = b"".join(desk.post(TAKE, {"dang": "csv", "tu": "goc=all"}).streaming_content).decode()
    for secret in (SENDER.name, "0912", "thu@vidu.vn", SENDER.address):
        assert secret not in text


def test_with_contacts_every_look_is_written_down(desk, coordinator):
    one = make_submission()
    index(one)
    (row,) = take(desk, **{"lien-he": "1"})
    assert (row["Họ tên"], row["Điện thoại"]) == (SENDER.name, SENDER.phone)
    assert one.events.filter(name=Event.Name.CONTACT_VIEWED, actor=coordinator).count() == 1


def test_a_co_agency_gets_the_rows_and_no_contacts(client, coordinator, stranger, ministry):
    from intake.models import Agency

    one, hidden = make_submission(), make_submission(title="Của người khác")
    services.assign(one, lead=ministry, co_agencies=[Agency.objects.get(code="BYT")], actor=coordinator)
    index(one, hidden)
    client.force_login(stranger)
    (row,) = take(client, **{"lien-he": "1"})
    assert row["Họ tên"] == ""
    assert not Event.objects.filter(name=Event.Name.CONTACT_VIEWED).exists()
    assert take(client, chon=[hidden.receipt_code]) == []


def test_blocked_contacts_are_not_taken_out(desk):
    one = make_submission()
    one.submitter.__class__.objects.update(blocked_at=one.created_at)
    index(one)
    assert take(desk, **{"lien-he": "1"})[0]["Họ tên"] == ""


def test_only_the_chosen_ones(desk):
    one, two = make_submission(title="Một"), make_submission(title="Hai")
    index(one, two)
    assert [row["Tiêu đề"] for row in take(desk, chon=[two.receipt_code])] == ["Hai"]


def test_the_log_tells_the_ticked_ones_from_the_whole_list(desk):
    one, two = make_submission(), make_submission()
    index(one, two)
    take(desk)
    take(desk, chon=[two.receipt_code])
    assert [(log.taken, log.address) for log in Export.objects.all()] == [
        (two.receipt_code, "goc=all"),
        ("goc=all", "goc=all"),
    ]


def test_an_administrator_reads_the_log_and_nobody_changes_it(desk, admin_client):
    one = make_submission()
    index(one)
    take(desk, chon=[one.receipt_code])
    log = "/quan-tri/exports/"
    shown = admin_client.get(log)
    assert one.receipt_code in shown.content.decode()
    assert admin_client.get(f"{log}inspect/{Export.objects.get().pk}/").status_code == 200
    for path in (f"{log}new/", f"{log}edit/{Export.objects.get().pk}/", f"{log}delete/{Export.objects.get().pk}/"):
        assert admin_client.post(path).status_code in {302, 403}
    assert Export.objects.get().codes == [one.receipt_code]
    assert desk.get(log).status_code in {302, 403}


def test_a_workbook_opens_and_holds_the_same(desk):
    index(make_submission(title="=1+1"))
    response = desk.post(TAKE, {"dang": "xlsx", "tu": "goc=all"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][3] == "Tiêu đề"
    assert (cells[1][3], sheet.cell(2, 4).data_type) == ("'=1+1", "s")


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0", "|x", "%x"])
def test_nothing_is_taken_for_a_formula(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["Bình thường", "a=b", "57-AAAA-BBBB", "", "5 + 5"])
def test_ordinary_words_stay_as_they_are(text):
    assert harmless(text) == text


def test_more_than_a_batch_and_never_more_than_the_cap(desk, monkeypatch):
    index(*(make_submission(title=f"Phiếu {n}") for n in range(7)))
    monkeypatch.setattr(export, "BATCH", 2)
    assert len({row["Tiêu đề"] for row in take(desk)}) == 7
    monkeypatch.setattr(export, "MOST", 3)
    assert len(take(desk)) == 3
    assert len(take(desk, tu="goc=all&q=phieu")) == 3


def test_a_link_gives_no_file(desk):
    index(make_submission())
    assert desk.get(TAKE, {"dang": "csv", "tu": "goc=all"}).status_code == 302
    assert not Export.objects.exists()
    chosen = desk.post(TAKE, {"tu": "goc=all", "chon": [Submission.objects.get().receipt_code]})
    assert "1 phiếu đã chọn" in chosen.content.decode()


def test_people_without_a_handling_role_take_nothing(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("khach"))
    assert client.post(TAKE, {"dang": "csv"}).status_code == 403
    assert not Export.objects.exists()


def test_the_page_before_says_how_much_and_of_what(desk):
    index(make_submission())
    page = desk.get(TAKE, {"tu": "goc=all"}).content.decode()
    assert "nhiều nhất 10.000 phiếu" in page
    assert Submission.objects.count() == 1


def test_a_state_with_a_nul_is_written_down_without_it(desk):
    index(make_submission())
    take(desk, tu="goc=all\0")
    assert Export.objects.get().address == "goc=all"


def test_administrators_and_superusers_read_the_log_others_do_not(client, admin_client):
    """As they do the versions of the model."""
    for page in ("/quan-tri/exports/", "/quan-tri/phien-ban-mo-hinh/"):
        assert admin_client.get(page).status_code == 200
        for role, expected in ((Role.ADMINISTRATOR, 200), (Role.EDITOR, 302)):
            user = person(f"{role} {page}", role, "VPTW")
            user.user_permissions.add(Permission.objects.get(codename="access_admin"))
            client.force_login(user)
            assert client.get(page).status_code == expected


def test_ticks_that_cannot_be_read_are_not_the_whole_list(desk):
    index(make_submission())
    assert desk.post(TAKE, {"dang": "csv", "tu": "goc=all", "chon": ["khong-phai-ma"]}).status_code == 302
    assert not Export.objects.exists()

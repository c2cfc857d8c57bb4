"""Saved views, what was opened, what is next: an officer comes back to where the work was."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from intake import services
from intake.models import Membership, Opening, Role, Submission
from search import saved
from search.bulk.tasks import sweep_desk
from search.labels import Labels
from search.models import Notice, SavedView
from tests.conftest import make_submission
from tests.search.conftest import index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_server")]
PAGE, SAVE, COUNTS = "/can-bo/", "/can-bo/goc-nhin/", "/can-bo/goc-nhin/so-phieu/"


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def many(count: int) -> list[Submission]:
    """The first is due first."""
    made = [make_submission(title=f"Phiếu số {n}") for n in range(count)]
    for n, submission in enumerate(made):
        Submission.objects.filter(pk=submission.pk).update(due_at=now() + timedelta(days=n + 1))
    index(*made)
    return made


def save(client, state: str, name: str = "Của Bộ Y tế", **more) -> SavedView:
    response = client.post(SAVE, {"tu": state, "name": name} | more)
    assert response.status_code == 302, response.content.decode()[-1500:]
    return SavedView.objects.get(name=name)


def links(client, **given) -> dict[str, int | None]:
    found = client.get(PAGE, given).context["desk"].saved_links
    return {link["view"].name: link["count"] for link in found}


def test_a_view_is_kept_with_its_state_and_its_count(desk):
    index(make_submission(kind="petition"), make_submission(kind="petition"), make_submission())
    view = save(desk, "goc=all&loai=petition&xep=newest&page=3&mo=57-0000-0000&bo-loc=1")
    assert view.address == "goc=all&xep=newest&loai=petition"
    assert links(desk) == {"Của Bộ Y tế": 2}
    page = desk.get(f"{PAGE}?{view.address}&page=1")
    assert len(page.context["rows"]) == 2
    assert page.context["desk"].current_saved == view.pk


def test_a_view_with_words_is_counted_as_well(desk):
    index(make_submission(title="Chuyển đổi số ở xã"), make_submission())
    view = save(desk, "goc=all&q=chuyen+doi+so")
    assert links(desk) == {"Của Bộ Y tế": None}  # the page does not wait for it, and asks for it when it stands
    assert f'hx-get="{COUNTS}"' in desk.get(PAGE).content.decode()
    counted = desk.get(COUNTS).content.decode()
    assert f'id="so-{view.pk}" hx-swap-oob="true">1<' in counted
    page = desk.get(PAGE)
    assert page.context["desk"].saved_links[0]["count"] == 1
    assert f'hx-get="{COUNTS}"' not in page.content.decode()


def test_views_with_words_cost_the_page_nothing(desk, coordinator):
    many(1)
    desk.get(PAGE, {"goc": "all"})  # what is read once and kept
    costs = []
    for number in range(3):
        with CaptureQueriesContext(connection) as statements:
            desk.get(PAGE, {"goc": "all"})
        costs.append(len(statements))
        SavedView.objects.create(owner=coordinator, name=str(number), address=f"goc=all&q=phieu+{number}")
    assert len(set(costs)) == 1


def test_ones_own_stand_before_those_shared_and_all_have_a_page(client, officer, approver, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 2)
    client.force_login(officer)
    for name in ("A chung", "B chung"):
        save(client, "goc=all", name=name, shared="on")
    client.force_login(approver)
    save(client, "goc=all", name="Xem riêng tôi")
    page = client.get(PAGE)
    assert [link["view"].name for link in page.context["desk"].saved_links] == ["Xem riêng tôi", "A chung"]
    assert reverse("search:views") in page.content.decode()
    everything = client.get(reverse("search:views")).content.decode()
    assert all(name in everything for name in ("A chung", "B chung", "Xem riêng tôi"))
    client.force_login(officer)
    assert reverse("search:views") not in client.get(PAGE).content.decode()
    assert "Xem riêng tôi" not in client.get(reverse("search:views")).content.decode()


def test_a_filter_that_stands_in_the_view_too_is_counted_rightly(desk):
    many(2)
    view = save(desk, "goc=waiting&trang-thai=assigned")
    assert f'id="so-{view.pk}" hx-swap-oob="true">0<' in desk.get(COUNTS).content.decode()


def test_shared_by_an_agency_and_only_there(client, officer, approver, stranger):
    client.force_login(officer)
    save(client, "goc=all", shared="on")
    save(client, "goc=fresh", name="Chỉ tôi")
    assert set(links(client)) == {"Của Bộ Y tế", "Chỉ tôi"}
    client.force_login(approver)
    assert set(links(client)) == {"Của Bộ Y tế"}
    client.force_login(stranger)
    assert links(client) == {}


def test_a_shared_view_counts_what_its_reader_may_see(client, officer, approver, coordinator, ministry):
    ours, theirs = make_submission(), make_submission()
    services.assign(ours, lead=ministry, actor=coordinator)
    services.accept(ours, actor=officer)
    index(ours, theirs)
    client.force_login(officer)
    save(client, "goc=all&nguoi=toi", shared="on")
    assert links(client) == {"Của Bộ Y tế": 1}
    client.force_login(approver)  # "me" is whoever reads
    assert links(client) == {"Của Bộ Y tế": 0}


def test_a_shared_view_means_the_same_to_every_reader(client, officer, approver, coordinator, ministry):
    waits, other = make_submission(), make_submission()
    for submission in (waits, other):
        services.assign(submission, lead=ministry, actor=coordinator)
        services.accept(submission, actor=officer)
    services.draft_answer(waits, actor=officer, agency=ministry, text="Trả lời.", outcome="explained")
    services.propose_answer(waits, actor=officer)
    index(waits, other)
    client.force_login(approver)
    save(client, "goc=to-approve", shared="on")
    save(client, "", name="Mở bàn", shared="on")
    client.force_login(officer)
    save(client, "goc=mine", name="Của chuyên viên", shared="on")
    for reader in (officer, approver):
        client.force_login(reader)
        assert links(client) == {"Của Bộ Y tế": 1, "Mở bàn": 1, "Của chuyên viên": 2}
        for link in client.get(PAGE).context["desk"].saved_links:
            page = client.get(link["url"])
            assert len(page.context["rows"]) == link["count"]
            assert page.context["desk"].current_saved


def test_a_view_kept_for_oneself_stays_as_it_was_called(client, approver):
    client.force_login(approver)
    view = save(client, "goc=to-approve")
    assert view.address == "goc=to-approve"
    client.post(reverse("search:edit_view", args=[view.pk]), {"name": "Cho cơ quan", "shared": "on"})
    view.refresh_from_db()
    assert view.address.startswith("goc=all&duyet=")


def test_a_view_that_the_reader_does_not_have_shows_nothing(client, officer, coordinator, ministry):
    one = make_submission()
    services.assign(one, lead=ministry, actor=coordinator)
    index(one)
    client.force_login(officer)
    assert client.get(PAGE, {"goc": "fresh"}).context["rows"]
    for view in ("to-approve", "khong-co"):
        page = client.get(PAGE, {"goc": view})
        assert page.context["rows"] == [] and "Không có góc nhìn này" in page.content.decode()


def test_officers_of_other_agencies_have_no_name_here(client, officer, stranger, coordinator):
    """Their numbers can be written into an address by anybody."""

    def chip(reader, who) -> str:
        client.force_login(reader)
        (found,) = client.get(PAGE, {"goc": "all", "nguoi": str(who.pk)}).context["desk"].chips
        return found.value

    assert chip(stranger, officer) == str(officer.pk)
    assert chip(coordinator, officer) == chip(officer, officer) == officer.first_name
    Membership.objects.create(
        user=officer,
        agency=Membership.of(stranger).agency,
        role=Role.EDITOR,
        valid_to=now() - timedelta(days=300),
        valid_from=now() - timedelta(days=600),
    )
    assert chip(stranger, officer) == str(officer.pk)  # long gone from there


def test_only_its_owner_changes_it(client, officer, approver):
    client.force_login(officer)
    view = save(client, "goc=all", shared="on")
    address = reverse("search:edit_view", args=[view.pk])
    client.force_login(approver)
    assert client.get(address).status_code == 404
    assert client.post(reverse("search:delete_view", args=[view.pk])).status_code == 404
    client.force_login(officer)
    client.post(address, {"name": "Tên mới"})
    view.refresh_from_db()
    assert (view.name, view.agency) == ("Tên mới", None)
    client.post(reverse("search:delete_view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_two_of_one_name_are_refused_kindly(desk):
    save(desk, "goc=all")
    response = desk.post(SAVE, {"tu": "", "name": "Của Bộ Y tế"})
    assert response.status_code == 422
    assert "Bạn đã có một góc nhìn tên này" in response.content.decode()


def test_twenty_are_enough(desk, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 1)
    view = save(desk, "goc=all")
    response = desk.post(SAVE, {"tu": "", "name": "Một nữa"})
    assert response.status_code == 422
    assert desk.post(reverse("search:edit_view", args=[view.pk]), {"name": "Tên khác"}).status_code == 302


def test_the_queue_costs_the_same_for_few_and_many_rows_with_views(desk):
    save(desk, "goc=all&loai=petition")
    save(desk, "goc=all&q=ho+so", name="Có từ")
    many(2)
    desk.get(PAGE, {"goc": "all"})
    with CaptureQueriesContext(connection) as few:
        desk.get(PAGE, {"goc": "all"})
    many(40)
    with CaptureQueriesContext(connection) as lots:
        desk.get(PAGE, {"goc": "all"})
    assert len(lots) == len(few)


# --- letters --------------------------------------------------------------------------------


@pytest.fixture
def told(desk, coordinator) -> SavedView:
    coordinator.email = "dieu.phoi@vidu.vn"
    coordinator.save()
    desk.force_login(coordinator)
    many(1)
    return save(desk, "goc=all&loai=petition", notify="on")


def test_something_new_is_told_once_an_hour_at_most(told):
    sweep_desk()
    assert mail.outbox == []  # what matched already is no news
    index(make_submission(kind="petition", title="Riêng tư của ai đó"))
    sweep_desk()
    sweep_desk()
    assert [letter.to for letter in mail.outbox] == [["dieu.phoi@vidu.vn"]]
    assert "Riêng tư" not in mail.outbox[0].body
    assert "loai=petition" in mail.outbox[0].body
    index(make_submission(kind="petition"), make_submission(kind="petition"))
    sweep_desk()
    assert len(mail.outbox) == 1
    SavedView.objects.update(told_at=now() - timedelta(hours=1, minutes=1))
    sweep_desk()
    assert len(mail.outbox) == 2
    assert mail.outbox[1].subject.startswith("2 ")


def test_a_dead_mail_server_costs_time_and_no_letter(told, monkeypatch):
    index(make_submission(kind="petition"))

    def refuse(*args, **given):
        raise OSError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    sweep_desk()
    monkeypatch.undo()
    assert Notice.objects.get().sent_at is None
    Notice.objects.update(claimed_until=None)
    sweep_desk()
    assert len(mail.outbox) == 1


def test_without_an_address_nothing_is_promised(desk):
    response = desk.post(SAVE, {"tu": "goc=all", "name": "x", "notify": "on"})
    assert response.status_code == 422
    assert "chưa có địa chỉ thư" in response.content.decode()


def test_who_is_no_longer_an_officer_hears_nothing(told, coordinator):
    coordinator.memberships.all().delete()
    index(make_submission(kind="petition"))
    sweep_desk()
    assert mail.outbox == []


def test_what_moves_up_into_what_is_remembered_is_no_news(told, monkeypatch):
    monkeypatch.setattr(saved, "KNOWN", 2)
    made = [make_submission(kind="petition", title=f"Kiến nghị {n}") for n in range(3)]
    index(*made)
    member = Membership.of(told.owner)
    saved.remember(told, member)
    assert told.known == [made[2].pk, made[1].pk]
    Submission.objects.filter(pk=made[2].pk).update(kind="feedback", version=F("version") + 1)
    index(Submission.objects.get(pk=made[2].pk))
    assert saved.matching(told, member, told.owner, 2).ids == [made[1].pk, made[0].pk]
    sweep_desk()
    assert mail.outbox == []
    index(make_submission(kind="petition"))
    sweep_desk()
    assert len(mail.outbox) == 1


def test_every_view_has_its_turn(told, monkeypatch):
    monkeypatch.setattr("search.bulk.tasks.VIEWS_AT_ONCE", 1)
    SavedView.objects.create(owner=told.owner, name="A đầu bảng", address="goc=all&loai=solution", notify=True)
    index(make_submission(kind="petition"))
    sweep_desk()
    sweep_desk()
    assert len(mail.outbox) == 1


# --- opened, changed, next ------------------------------------------------------------------


def test_what_was_opened_last_is_listed_and_what_changed_since_is_marked(desk, coordinator, ministry):
    one, two = many(2)
    for submission in (one, two):
        desk.get(f"/can-bo/phieu/{submission.receipt_code}/xem-nhanh/")
    services.assign(one, lead=ministry, actor=coordinator)
    index(one)
    page = desk.get(PAGE, {"goc": "all"}).context["desk"]
    assert [(row["title"], row["changed"]) for row in page.recent()] == [("Phiếu số 1", False), ("Phiếu số 0", True)]
    marked = {row.title: [chip["text"] for chip in row.chips] for row in page.rows}
    assert "Vừa đổi" in marked["Phiếu số 0"]
    assert "Vừa đổi" not in marked["Phiếu số 1"]


def test_what_others_did_since_is_said_once(desk, coordinator, ministry, officer):
    (one,) = many(1)
    url, said = f"/can-bo/phieu/{one.receipt_code}/xem-nhanh/", "Từ lần bạn xem trước"
    assert said not in desk.get(url).content.decode()
    services.assign(one, lead=ministry, actor=coordinator)
    assert said not in desk.get(url).content.decode()
    services.accept(one, actor=officer)
    page = desk.get(f"/can-bo/phieu/{one.receipt_code}/").content.decode()
    assert said in page
    assert [event.name for event in desk.get(url).context["news"]] == []
    news = page.split(said)[1].split("</section>")[0]
    assert "Cơ quan đã nhận xử lý" in news and "Chuyen Vien" in news and "Đã chuyển cơ quan" not in news
    assert page.count('<span class="chip info">mới</span>') == 1


def test_what_is_no_longer_theirs_is_not_among_the_recent(client, officer, coordinator, ministry):
    (one,) = many(1)
    services.assign(one, lead=ministry, actor=coordinator)
    client.force_login(officer)
    client.get(f"/can-bo/phieu/{one.receipt_code}/")
    services.hand_back(one, actor=officer, note="không thuộc")
    assert client.get(PAGE).context["desk"].recent() == []
    assert Opening.objects.exists()


def deal_with(client, submission: Submission, place: int, state: str = "goc=waiting"):
    data = {"version": submission.version, "tu": state, "thu": str(place), "nature": "in_scope", "initiative": "2"}
    url = reverse("intake:route", args=[submission.receipt_code])
    return client.post(url, data | {"lead": "BKHCN", "reason": "agreed"}, follow=True)


def test_after_an_action_the_next_of_the_list_is_open(desk):
    first, second, third = many(3)
    response = deal_with(desk, first, 0)
    assert response.redirect_chain[-1][0] == f"/can-bo/?goc=waiting&mo={second.receipt_code}"
    index(first)
    assert deal_with(desk, second, 0).redirect_chain[-1][0].endswith(f"mo={third.receipt_code}")


def test_after_the_last_one_the_list_says_so(desk):
    (one,) = many(1)
    response = deal_with(desk, one, 0)
    index(one)
    assert response.redirect_chain[-1][0].startswith("/can-bo/?goc=waiting")
    page = desk.get("/can-bo/tiep/", {"tu": "goc=waiting", "thu": "0", "qua": one.receipt_code}, follow=True)
    assert "Đã xem hết danh sách này" in page.content.decode()


def test_the_next_may_stand_on_the_next_page(desk):
    made = many(26)
    response = deal_with(desk, made[24], 24, state="goc=all&xep=oldest")
    page = desk.get(response.redirect_chain[-1][0])
    assert f"mo={made[25].receipt_code}" in response.redirect_chain[-1][0]
    assert [row.title for row in page.context["rows"] if row.current] == ["Phiếu số 25"]


def test_the_next_on_a_page_reached_from_the_end(desk):
    made = many(28)
    page = desk.get(
        "/can-bo/tiep/", {"tu": "goc=all&xep=oldest&page=2&truoc=cuoi", "thu": "1", "qua": made[26].receipt_code}
    )
    assert page.url.endswith(f"mo={made[27].receipt_code}")


def test_from_the_end_of_the_page_it_goes_to_what_is_left(desk):
    first, second = many(2)
    page = desk.get("/can-bo/tiep/", {"tu": "goc=waiting", "thu": "1", "qua": second.receipt_code})
    assert page.url.endswith(f"mo={first.receipt_code}")


@pytest.mark.parametrize("given", [{}, {"thu": "x"}, {"thu": "9" * 30}, {"tu": "page=\0&sau=x&q=%00"}, {"qua": "'"}])
def test_garbage_leads_to_the_list(desk, given):
    many(1)
    assert desk.get("/can-bo/tiep/", given).url.startswith("/can-bo/")


def test_what_is_said_from_elsewhere_leads_back_to_the_submission(desk):
    (one,) = many(1)
    data = {"version": one.version, "nature": "in_scope", "initiative": "2", "lead": "BKHCN", "reason": "agreed"}
    response = desk.post(reverse("intake:route", args=[one.receipt_code]), data)
    assert response.url == reverse("intake:submission", args=[one.receipt_code])


def test_a_form_with_a_mistake_keeps_its_place(desk):
    (one,) = many(1)
    data = {"version": one.version, "tu": "goc=waiting", "thu": "0"}
    url = reverse("intake:reject", args=[one.receipt_code])
    page = desk.post(url, data, headers={"HX-Request": "true"})
    assert (page.status_code, page["HX-Retarget"]) == (422, "#phieu")
    assert 'name="tu" value="goc=waiting"' in page.content.decode()


def test_canonical_states_are_equal_however_they_were_reached():
    assert saved.canonical("loai=petition&goc=all&page=2&sau=x") == saved.canonical("goc=all&loai=petition&bo-loc=1")


def test_one_broken_view_does_not_keep_the_letters_of_others(desk, coordinator, monkeypatch):
    type(coordinator).objects.filter(pk=coordinator.pk).update(email="dp@vidu.vn")
    for name in ("một", "hai"):
        desk.post(SAVE, {"tu": "goc=all", "name": name, "notify": "on"})
    looked = []

    def look(view):
        looked.append(view.name)
        raise OverflowError

    monkeypatch.setattr(saved, "look", look)
    SavedView.objects.update(looked_at=None)
    sweep_desk()
    assert sorted(looked) == ["hai", "một"]


def test_a_view_of_too_many_conditions_is_refused_kindly(desk):
    state = "goc=all&" + "&".join(f"nguoi={'ế' * 30}{n}" for n in range(20))
    response = desk.post(SAVE, {"tu": state[:2_000], "name": "dài"})
    assert response.status_code == 422 and "quá nhiều điều kiện" in response.content.decode()
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("state", "holds"),
    [
        ("goc=mine&loai=petition", {"petition"}),
        ("goc=mine&trang-thai=in_progress", {"petition", "feedback"}),
        ("goc=mine&trang-thai=assigned", {"given"}),
        ("goc=mine&trang-thai=closed", set()),
    ],
)
def test_a_shared_view_keeps_what_was_filtered_beside_it(
    client, officer, approver, coordinator, ministry, state, holds
):
    made = {name: make_submission(title=name, kind="petition" if name == "petition" else "feedback") for name in
            ("petition", "feedback", "given")}  # fmt: skip
    for name, submission in made.items():
        services.assign(submission, lead=ministry, actor=coordinator)
        services.accept(submission, actor=officer)
        if name == "given":
            Submission.objects.filter(pk=submission.pk).update(status="assigned")
    index(*made.values())
    client.force_login(officer)
    save(client, state, shared="on")
    for reader in (officer, approver):
        client.force_login(reader)
        (link,) = client.get(PAGE).context["desk"].saved_links
        assert {row.title for row in client.get(link["url"]).context["rows"]} == holds
        assert link["count"] == len(holds)


def test_an_officer_elsewhere_who_handles_what_one_helps_with_has_a_name(
    client, officer, stranger, coordinator, ministry
):
    one = make_submission()
    theirs = Membership.of(stranger).agency
    services.assign(one, lead=ministry, co_agencies=[theirs], actor=coordinator)
    services.accept(one, actor=officer)
    client.force_login(stranger)
    (chip,) = client.get(PAGE, {"goc": "all", "nguoi": str(officer.pk)}).context["desk"].chips
    assert chip.value == officer.first_name


def test_the_next_by_its_place_on_a_page_reached_from_the_end(desk):
    """The last page holds what whole pages leave over: places are counted there."""
    made = many(28)
    page = desk.get("/can-bo/tiep/", {"tu": "goc=all&xep=oldest&page=2&truoc=cuoi", "thu": "1"})
    assert page.url.endswith(f"mo={made[26].receipt_code}")


def test_the_view_with_words_that_the_page_is_has_the_count_of_the_page(desk):
    index(make_submission(title="Chuyển đổi số ở xã"), make_submission())
    view = save(desk, "goc=all&q=chuyen+doi+so")
    page = desk.get(f"{PAGE}?{view.address}")
    assert page.context["desk"].saved_links[0]["count"] == 1 and not page.context["desk"].counts_missing


def test_without_a_reader_no_officer_has_a_name(officer):
    assert Labels().of("handler", str(officer.pk)) == str(officer.pk)

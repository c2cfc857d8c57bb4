import datetime as dt
import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from intake.directories.decide import Action, decide
from intake.directories.loader import Directory, Keys, load
from intake.directories.tables import DATA, TABLES
from intake.models import (
    Agency,
    AgencyAlias,
    AgencySuccession,
    Category,
    Commune,
    DeadlineRule,
    FormerProvince,
    FormerUnit,
    Holiday,
    Initiative,
    MatrixTask,
    Province,
    RejectionReason,
    RoutingRule,
    StrategicSystem,
    Technology,
    TechnologyGroup,
)

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 25)
BEFORE = dt.date(2026, 1, 1)
MARKS = ("[official] ", "[observed] ", "[default] ", "[general] ")
DEADLINES = next(table for table in TABLES if table.model is DeadlineRule)
ROUTES = next(table for table in TABLES if table.model is RoutingRule)


def load_deadlines(folder: Path = DATA, *, overwrite: bool = False):
    return Directory(DEADLINES, Keys()).load(folder, overwrite=overwrite)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(DATA / DEADLINES.file, tmp_path)
    return tmp_path


def rewrite(folder: Path, **amounts: int | None) -> None:
    """Change the amounts of deadlines in a copy of the file; ``None`` removes the row."""
    path = folder / DEADLINES.file
    rows = json.loads(path.read_text("utf-8"))
    for row in rows:
        row["amount"] = amounts.get(row["key"], row["amount"])
    path.write_text(json.dumps([row for row in rows if row["amount"] is not None]), "utf-8")


# --- What is in the files -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "count"),
    [(StrategicSystem, 6), (Initiative, 30), (MatrixTask, 23), (Province, 34), (RoutingRule, 31)],
)
def test_counts(model, count):
    assert model.objects.current(TODAY).count() == count


@pytest.mark.parametrize(
    ("day", "xa", "phuong", "dac_khu"),
    [
        (dt.date(2025, 7, 1), 2621, 687, 13),
        (BEFORE, 2621, 687, 13),
        (dt.date(2026, 4, 29), 2621, 687, 13),
        (dt.date(2026, 4, 30), 2611, 697, 13),
        (TODAY, 2611, 697, 13),
    ],
)
def test_communes_by_kind_and_day(day, xa, phuong, dac_khu):
    held = Commune.objects.on(day)
    assert [held.filter(kind=kind).count() for kind in ("xa", "phuong", "dac_khu")] == [
        xa,
        phuong,
        dac_khu,
    ]
    assert held.values("code").distinct().count() == held.count() == 3321


def test_no_commune_before_the_first_of_july_2025():
    assert not Commune.objects.on(dt.date(2025, 6, 30)).exists()


def test_the_ten_wards_of_dong_nai_are_one_unit_in_two_versions():
    xa, phuong = Commune.objects.filter(code="26248").order_by("valid_from")
    assert (str(xa), str(phuong)) == ("Xã Trảng Bom", "Phường Trảng Bom")
    assert xa.valid_to == phuong.valid_from == dt.date(2026, 4, 30)
    assert Commune.objects.filter(valid_to__isnull=False).count() == 10


def test_dong_nai_was_a_province_until_the_day_it_became_a_city():
    dong_nai = Province.objects.get(pk="75")
    assert dong_nai.kind_on(dt.date(2026, 4, 29)) == Province.Kind.PROVINCE
    assert dong_nai.kind_on(dt.date(2026, 4, 30)) == dong_nai.kind == Province.Kind.CITY
    assert Province.objects.filter(kind=Province.Kind.CITY).count() == 7


def test_every_province_has_its_committee_under_its_code():
    for province in Province.objects.prefetch_related("agencies"):
        (committee,) = province.agencies.all()
        assert committee.code == f"UBND-{province.pk}"
        assert committee.name.endswith(f"{province.get_kind_display().lower()} {province.name}")


def test_the_29_names_that_went_in_2025():
    assert FormerProvince.objects.filter(until=dt.date(2025, 7, 1)).count() == 29


def test_every_former_unit_leads_to_a_unit_of_today():
    assert FormerUnit.objects.filter(level="ward").values("code").distinct().count() == 10_035
    assert FormerUnit.objects.filter(level="district").values("code").distinct().count() == 696
    assert not FormerUnit.objects.filter(commune=None).exists()


def test_technology_lists_by_day():
    def count(day):
        lists = TechnologyGroup.objects.on(day), Technology.objects.on(day)
        return [rows.count() for rows in lists]

    assert count(TODAY) == count(dt.date(2026, 7, 1)) == [10, 30]
    assert count(dt.date(2026, 6, 30)) == [11, 21]
    new = Technology.objects.filter(list__code="qd-21-2026")
    assert set(new.values_list("group_basis", flat=True)) == {"default"}
    assert all(technology.group.list_id == technology.list_id for technology in new)


def test_initiatives_stand_in_their_systems_in_order():
    sizes = [system.initiatives.count() for system in StrategicSystem.objects.all()]
    assert sizes == [3, 6, 6, 5, 5, 5]
    assert [i.pk for i in Initiative.objects.order_by("system", "pk")] == list(range(1, 31))


def test_every_initiative_has_a_route_and_everything_else_a_fallback():
    rules = list(RoutingRule.objects.all())
    assert [rule.initiative_id for rule in rules] == [*range(1, 31), None]
    fallback = rules[-1]
    assert (fallback.lead.code, fallback.nature, fallback.province) == ("VPTW", "", None)
    for rule in rules:
        assert rule.basis
        assert rule.lead not in rule.co.all()


def test_the_matrix_names_bodies_of_today_and_keeps_their_words():
    task = MatrixTask.objects.get(number=5)
    assert "Bộ TTTT" in task.implementers_original
    assert [agency.code for agency in task.implementers.all()] == ["BKHCN"]
    assert all(task.implementers.exists() for task in MatrixTask.objects.all())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("KHCN", "BKHCN"),
        ("Bộ KH&CN", "BKHCN"),
        ("MOST", "BKHCN"),
        ("Bộ TTTT", "BKHCN"),
        ("GTVT", "BXD"),
        ("UBND TPHCM", "UBND-79"),
        ("UBND tỉnh Hà Giang", "UBND-08"),
    ],
)
def test_aliases(text, code):
    assert AgencyAlias.objects.get(text=text).agency.code == code


def test_an_alias_means_one_agency():
    texts = AgencyAlias.objects.values_list("folded", "agency")
    meant: dict[str, set[int]] = {}
    for folded, agency in texts:
        meant.setdefault(folded, set()).add(agency)
    assert [folded for folded, agencies in meant.items() if len(agencies) > 1] == []


def test_a_ministry_may_be_split_between_several_heirs():
    heirs = AgencySuccession.objects.filter(predecessor_name="Bộ Thông tin và Truyền thông")
    whole = heirs.get(scope="")
    assert whole.successor.code == "BKHCN"
    assert {heir.successor.code for heir in heirs} == {"BKHCN", "BVHTTDL", "BCA"}


def test_every_row_says_where_it_comes_from():
    for table in TABLES:
        rows = table.model.objects.values_list("source", flat=True).distinct()
        assert all(source.startswith(MARKS) for source in rows), table.label


def test_what_people_read_is_there_in_both_languages():
    for model in (StrategicSystem, Agency, Category, RejectionReason, DeadlineRule):
        assert not model.objects.filter(name_en="").exists(), model
    assert not Initiative.objects.filter(title_en="").exists()
    assert not RejectionReason.objects.filter(public_text_en="").exists()


def test_days_off_are_weekdays_and_days_worked_are_not():
    for day in Holiday.objects.all():
        assert (day.date.isoweekday() <= 5) == (day.kind == Holiday.Kind.OFF), day


# --- Loading again ------------------------------------------------------------------------------


def test_loading_again_changes_nothing():
    for report in load():
        assert [action for action, n in report.counts.items() if n] == [Action.NOTHING], report
        assert not report.vanished


def test_an_edit_survives_quietly_while_the_file_stands_still():
    DeadlineRule.objects.filter(key="T5").update(amount=12)
    report = load_deadlines()
    assert report.counts[Action.KEEP] == 1
    assert report.conflicts == []
    assert DeadlineRule.objects.get(key="T5").amount == 12


def test_an_edit_the_file_disagrees_with_is_kept_and_reported(folder):
    DeadlineRule.objects.filter(key="T5").update(amount=12)
    rewrite(folder, T5=10, T4=3)
    report = load_deadlines(folder)
    assert report.conflicts == ["T5"]
    assert report.counts[Action.UPDATE] == 1
    assert DeadlineRule.objects.get(key="T5").amount == 12
    assert DeadlineRule.objects.get(key="T4").amount == 3


def test_a_conflict_is_reported_until_someone_settles_it(folder):
    DeadlineRule.objects.filter(key="T5").update(amount=12)
    rewrite(folder, T5=10)
    load_deadlines(folder)
    assert load_deadlines(folder).conflicts == ["T5"]
    DeadlineRule.objects.filter(key="T5").update(amount=10)
    assert load_deadlines(folder).conflicts == []
    rewrite(folder, T5=9)
    assert load_deadlines(folder).counts[Action.UPDATE] == 1


def test_overwrite_takes_the_file(folder):
    DeadlineRule.objects.filter(key="T5").update(amount=12)
    rewrite(folder, T5=10)
    assert load_deadlines(folder, overwrite=True).counts[Action.UPDATE] == 1
    assert DeadlineRule.objects.get(key="T5").amount == 10


def test_a_row_gone_from_the_file_is_reported_and_stays(folder):
    rewrite(folder, T7=None)
    assert load_deadlines(folder).vanished == ["T7"]
    assert DeadlineRule.objects.filter(key="T7").exists()


def test_a_row_made_by_hand_is_nobody_elses():
    DeadlineRule.objects.create(key="X1", name="riêng", amount=1, unit="days", calendar="working")
    assert load_deadlines().vanished == []


def test_a_changed_set_of_co_agencies_is_an_edit_too():
    rule = RoutingRule.objects.get(key="initiative-01")
    rule.co.set([Agency.objects.get(code="BQP")])
    report = next(report for report in load() if report.label == ROUTES.label)
    assert report.counts[Action.KEEP] == 1
    assert [agency.code for agency in rule.co.all()] == ["BQP"]
    load(overwrite=True)
    assert {agency.code for agency in rule.co.all()} == {"BKHCN", "DUQH", "UBKHCNMT", "BTC"}


def test_a_dry_run_reports_and_writes_nothing():
    DeadlineRule.objects.filter(key="T5").delete()
    out = StringIO()
    call_command("load_directories", "--dry-run", stdout=out)
    row = next(line for line in out.getvalue().splitlines() if line.startswith("deadline_rules"))
    assert row.split() == ["deadline_rules", "1", "0", "0", "0", "20"]
    assert not DeadlineRule.objects.filter(key="T5").exists()


def test_the_command_names_each_conflict():
    DeadlineRule.objects.filter(key="T5").update(amount=12, seeded={"amount": 99})
    out = StringIO()
    call_command("load_directories", stdout=out)
    assert "conflict: deadline_rules T5" in out.getvalue()


def test_a_reference_to_nothing_stops_the_load(tmp_path):
    row = {"key": "bad", "order": 1, "lead": "NOBODY", "basis": "x", "source": "[default] x"}
    (tmp_path / ROUTES.file).write_text(json.dumps([row]), "utf-8")
    keys = Keys()
    keys.learn(Agency, {})
    with pytest.raises(LookupError, match="NOBODY"):
        Directory(ROUTES, keys).load(tmp_path, overwrite=False)


@pytest.mark.parametrize("extra", [{"amuont": 1}, {}])
def test_a_misspelt_field_or_a_doubled_key_stops_the_load(folder, extra):
    path = folder / DEADLINES.file
    rows = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps([*rows, rows[0] | extra]), "utf-8")
    with pytest.raises(LookupError, match="amuont" if extra else "twice"):
        load_deadlines(folder)


def test_folding_follows_an_update():
    Commune.objects.filter(code="00004").update(name="Khác", seeded={"name": "Khác"}, folded="x")
    load()
    assert Commune.objects.get(code="00004").folded == "ba dinh"


OLD, NEW, EDIT = {"a": 1}, {"a": 2}, {"a": 3}


@pytest.mark.parametrize(
    ("file", "current", "seeded", "action"),
    [
        (OLD, None, {}, Action.CREATE),
        (OLD, OLD, OLD, Action.NOTHING),
        (NEW, OLD, OLD, Action.UPDATE),
        (OLD, EDIT, OLD, Action.KEEP),
        (NEW, EDIT, OLD, Action.CONFLICT),
        (NEW, NEW, OLD, Action.NOTHING),
        (OLD, EDIT, {}, Action.CONFLICT),
        ({"a": 1, "b": 5}, {"a": 1, "b": 0}, OLD, Action.UPDATE),
    ],
)
def test_decide(file, current, seeded, action):
    assert decide(file, current, seeded, overwrite=False) is action


# --- What the database refuses ------------------------------------------------------------------


def test_a_row_cannot_end_before_it_begins():
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.create(code="x", name="x", facet="sector", valid_from=TODAY, valid_to=TODAY)


def test_a_commune_has_one_version_a_day():
    twin = Commune.objects.get(code="00004")
    with pytest.raises(IntegrityError), transaction.atomic():
        Commune.objects.create(code="00004", valid_from=twin.valid_from, name="x", kind="xa", province_id="01")


def test_months_do_not_count_working_days():
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineRule.objects.create(key="x", name="x", amount=1, unit="months", calendar="working")

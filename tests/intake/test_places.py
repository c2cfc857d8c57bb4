import datetime as dt

import pytest
from django.db import connection

from intake.models import Commune, FormerUnit
from intake.place_reading import cut
from intake.places import find_communes, find_province

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 25)
HCM, HN, DN = "Hồ Chí Minh", "Hà Nội", "Đồng Nai"


@pytest.mark.parametrize(
    ("text", "unit", "province", "via"),
    [
        ("Ba Đình", "Phường Ba Đình", HN, "current"),
        ("ba dinh ha noi", "Phường Ba Đình", HN, "current"),
        ("phường ba đình", "Phường Ba Đình", HN, "current"),
        ("PHUONG BA DINH", "Phường Ba Đình", HN, "current"),
        ("P. Ba Đình, TP. Hà Nội", "Phường Ba Đình", HN, "current"),
        ("Ba\u0302\u0300 ai khong co", None, None, None),
        ("Cầu Giấy Hà Nội", "Phường Cầu Giấy", HN, "current"),
        ("Hà Nội, Cầu Giấy", "Phường Cầu Giấy", HN, "current"),
        ("cầu gi", "Phường Cầu Giấy", HN, "current"),
        ("Sài Gòn", "Phường Sài Gòn", HCM, "current"),
        ("phường Sài Gòn, TPHCM", "Phường Sài Gòn", HCM, "current"),
        ("Phương Liệt", "Phường Phương Liệt", HN, "current"),
        ("phuong liet", "Phường Phương Liệt", HN, "current"),
        ("xã Xà Phiên", "Xã Xà Phiên", "Cần Thơ", "current"),
        ("đặc khu Phú Quốc", "Đặc khu Phú Quốc", "An Giang", "current"),
        ("phu quoc kien giang", "Đặc khu Phú Quốc", "An Giang", "current"),
        ("Hội An, Quảng Nam", "Phường Hội An", "Đà Nẵng", "current"),
        ("Trảng Bom", "Phường Trảng Bom", DN, "current"),
        ("Vũng Tàu, Bà Rịa - Vũng Tàu", "Phường Vũng Tàu", HCM, "current"),
        ("Đồng Xoài Bình Phước", "Phường Đồng Xoài", DN, "current"),
        ("Sơn Tây, Hà Tây", "Phường Sơn Tây", HN, "current"),
        ("Bến Nghé", "Phường Sài Gòn", HCM, "former"),
        ("phường Bến Nghé, quận 1", "Phường Sài Gòn", HCM, "former"),
        ("p bến nghé q1 tphcm", "Phường Sài Gòn", HCM, "former"),
        ("P.Bến Nghé, Q.1, TP.HCM", "Phường Sài Gòn", HCM, "former"),
        ("12 Lê Lợi, phường Bến Nghé, quận 1", "Phường Sài Gòn", HCM, "former"),
        ("số 12 Lê Lợi, Bến Nghé, Quận 1, TP. Hồ Chí Minh", "Phường Sài Gòn", HCM, "former"),
        ("Lê Lợi, phường Bến Nghé, quận 1", "Phường Sài Gòn", HCM, "former"),
        (
            "số nhà 12 ngõ 34 đường Trần Duy Hưng phường Trung Hòa quận Cầu Giấy thành phố Hà Nội",
            "Phường Yên Hòa",
            HN,
            "former",
        ),
        ("Lê Lợi, phường Sài Gòn", "Phường Sài Gòn", HCM, "current"),
        ("Tân Định, phường Sài Gòn", "Phường Sài Gòn", HCM, "current"),
        ("phường 01, quận 3", "Phường Bàn Cờ", HCM, "former"),
        ("huyện Gia Lâm", "Xã Gia Lâm", HN, "former"),
        ("thành phố Thủ Đức", "Phường Thủ Đức", HCM, "former"),
        ("Đa Kao", "Phường Sài Gòn", HCM, "former"),
        ("phường Tân Định, quận 1", "Phường Tân Định", HCM, "former"),
        ("phường Sài Gòn, quận 1", "Phường Sài Gòn", HCM, "current"),
        ("thị trấn Trảng Bom, huyện Trảng Bom, Đồng Nai", "Phường Trảng Bom", DN, "former"),
        ("Xã Hòa Thắng, Buôn Ma Thuột", "Phường Tân Lập", "Đắk Lắk", "former"),
        ("ấp 3 xã Phước Kiển huyện Nhà Bè TP HCM", "Xã Nhà Bè", HCM, "former"),
        ("Xã Liên Minh, Huyện Đức Thọ, Tỉnh Hà Tĩnh", "Xã Đức Minh", "Hà Tĩnh", "former"),
        ("Cổ Bi Gia Lâm", "Phường Phúc Lợi", HN, "former"),
        ("ea hleo", "Xã Ea H'Leo", "Đắk Lắk", "current"),
        ("xã Ea H’leo", "Xã Ea H'Leo", "Đắk Lắk", "current"),
        ("thị trấn Ea T'Ling, huyện Cư Jút", "Xã Cư Jút", "Lâm Đồng", "former"),
        ("zzz", None, None, None),
        ("%", None, None, None),
        ("_", None, None, None),
        ("", None, None, None),
        (" , - ", None, None, None),
    ],
)
def test_the_first_answer(text, unit, province, via):
    first, *_ = find_communes(text, on=TODAY) or [None]
    if unit is None:
        assert first is None
    else:
        found = (str(first.commune), first.commune.province.name, first.via)
        assert found == (unit, province, via)


def names(text: str, **kwargs) -> list[str]:
    return [str(match.commune) for match in find_communes(text, on=TODAY, **kwargs)]


def test_an_old_district_leads_to_all_its_heirs_largest_first():
    assert names("quận 1") == [
        "Phường Bến Thành",
        "Phường Cầu Ông Lãnh",
        "Phường Sài Gòn",
        "Phường Tân Định",
    ]


def test_quan_1_is_not_quan_10():
    assert "Phường Hòa Hưng" in names("quận 10")
    assert "Phường Hòa Hưng" not in names("quận 1", limit=50)


def test_a_district_leads_to_its_heirs_before_their_namesakes():
    matches = find_communes("quận Tân Phú", on=TODAY)
    heirs = [match for match in matches if "Quận Tân Phú" in match.matched_name]
    assert matches[: len(heirs)] == heirs
    assert str(heirs[0].commune) == "Phường Tân Phú"
    assert {match.commune.province.name for match in heirs} == {HCM}


def test_who_bears_a_name_and_took_over_its_bearer_goes_first():
    provinces = [match.commune.province.name for match in find_communes("Yên Bình", on=TODAY)]
    assert provinces[:3] == ["Lào Cai", "Lạng Sơn", "Thái Nguyên"]


def test_a_ward_of_quan_10_is_not_one_of_quan_1():
    assert names("phường 1, quận 1") == names("quận 1")


def test_a_ward_that_was_split_leads_to_every_part():
    assert names("phường Đa Kao, quận 1") == ["Phường Sài Gòn", "Phường Tân Định"]


def test_a_full_old_address_always_finds_its_heir():
    wards = FormerUnit.objects.filter(level="ward").select_related("commune").order_by("pk")
    lost = [
        str(ward)
        for ward in wards[::97]
        if ward.commune.code not in {m.commune.code for m in find_communes(str(ward), on=TODAY)}
    ]
    assert lost == []


def test_names_of_today_stand_before_old_ones():
    vias = [match.via for match in find_communes("gia lâm", limit=50, on=TODAY)]
    assert vias == sorted(vias)
    assert set(vias) == {"current", "former"}


def test_the_diacritics_typed_decide_between_namesakes():
    assert names("xuan dinh")[:2] == ["Phường Xuân Đỉnh", "Xã Xuân Định"]
    assert names("Xuân Định")[0] == "Xã Xuân Định"
    assert names("Thạnh Trị")[0] == "Xã Thạnh Trị"


def test_tone_placement_does_not_matter():
    assert names("Hoà Hưng") == names("Hòa Hưng")
    assert "Phường Hòa Hưng" in names("Hoà Hưng")


def test_a_named_province_leaves_out_the_others():
    matches = find_communes("Tân Phú, Đồng Tháp", limit=50, on=TODAY)
    assert matches
    assert {match.commune.province.name for match in matches} == {"Đồng Tháp"}


def test_the_day_decides_which_version_is_found():
    (then, *_), (now, *_) = (find_communes("Trảng Bom", on=day) for day in (dt.date(2026, 4, 29), TODAY))
    assert (str(then.commune), str(now.commune)) == ("Xã Trảng Bom", "Phường Trảng Bom")
    (then, *_) = find_communes("thị trấn Trảng Bom, huyện Trảng Bom", on=dt.date(2026, 1, 1))
    assert (str(then.commune), then.via) == ("Xã Trảng Bom", "former")
    assert find_communes("Trảng Bom", on=dt.date(2025, 6, 30)) == []


def test_a_unit_appears_once():
    codes = [match.commune.code for match in find_communes("Bến", limit=50, on=TODAY)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(("limit", "most"), [(3, 3), (0, 0), (-1, 0), (10_000, 50)])
def test_the_list_has_an_upper_bound(limit, most):
    assert len(find_communes("tân", limit=limit, on=TODAY)) == most


@pytest.mark.parametrize("text", ["a" * 100_000, "tân " * 50_000, "p " * 50_000, ", " * 50_000])
def test_long_text_is_cut_before_it_costs(text, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        find_communes(text, on=TODAY)


@pytest.mark.parametrize("text", ["gia lâm", "phường Bến Nghé, quận 1", "Trảng Bom", "12 Lê Lợi"])
def test_a_search_takes_few_queries(text, django_assert_max_num_queries):
    find_communes(text, on=TODAY)
    with django_assert_max_num_queries(3):
        for match in find_communes(text, on=TODAY):
            assert match.commune.province.name


def test_the_name_column_has_an_index():
    table = Commune._meta.db_table
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    assert any(index["index"] and index["columns"] == ["folded"] for index in found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hà Nội", HN),
        ("tp hcm", HCM),
        ("TPHCM", HCM),
        ("Sài Gòn", HCM),
        ("tỉnh Hà Giang", "Tuyên Quang"),
        ("ha giang", "Tuyên Quang"),
        ("Thừa Thiên Huế", "Huế"),
        ("Thừa Thiên - Huế", "Huế"),
        ("Bà Rịa - Vũng Tàu", HCM),
        ("BR-VT", HCM),
        ("Đồng Nai", DN),
        ("Hoà Bình", "Phú Thọ"),
        ("Hà", None),
        ("", None),
        ("Hà Nội, Huế", None),
    ],
)
def test_find_province(text, name):
    province = find_province(text)
    assert (province and province.name) == name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("phường Bến Nghé, quận 1", [("phuong", "ben nghe"), ("quan", "1")]),
        ("P.05 Q3", [("phuong", "5"), ("quan", "3")]),
        ("xã Xà Phiên", [("xa", "xa phien")]),
        ("Phương Liệt", [("", "phuong liet")]),
        ("TP. Hồ Chí Minh", [("thanh pho", "ho chi minh")]),
        ("xã", [("", "xa")]),
        ("Ea H leo", [("", "ea h leo")]),
        ("bến nghé q 1", [("", "ben nghe"), ("quan", "1")]),
    ],
)
def test_cut(text, parts):
    assert [(part.kind, part.name) for part in cut(text)] == parts


def test_what_is_read_has_an_upper_bound():
    assert sum(len(part.words) for part in cut("xã a b, " * 100)) <= 24
    assert cut("a " * 100) == []

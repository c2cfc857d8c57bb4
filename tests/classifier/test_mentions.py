"""Agencies and places as people write them, old names included."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from classifier.mentions import DISTRICTS, Mentions
from classifier.reading import read_text


@pytest.fixture(scope="module")
def mentions(taxonomy):
    return Mentions(taxonomy)


def agencies(mentions, text):
    return mentions.find(text, read_text(text).words)[0]


def provinces(mentions, text):
    return mentions.find(text, read_text(text).words)[1]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Kính gửi Bộ Khoa học và Công nghệ", ("BKHCN",)),
        ("đề nghị bộ KH&CN và Bộ GD&ĐT", ("BKHCN", "BGDDT")),
        ("de nghi Bo Thong tin va Truyen thong", ("BKHCN",)),
        ("BỘ Y TẾ, rồi Bộ Kế hoạch và Đầu tư", ("BYT", "BTC")),
        ("may moc cu, bo may cong kenh", ()),
        ("", ()),
    ],
)
def test_agencies(mentions, text, codes):
    assert agencies(mentions, text) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Tôi ở Hà Giang, làm việc tại Cần Thơ", ("08", "92")),
        ("người dân TP.HCM và Bình Dương", ("79",)),
        ("nha toi o ninh thuan", ("56",)),
        ("Chúng tôi yêu hòa bình", ()),
        ("Sông Đà, tỉnh Hoà Bình cũ", ("25",)),
        ("Người trồng hoa Đà Lạt và Gò Công", ("68", "82")),
        ("Nguoi trong hoa Da Lat", ("68",)),
        ("nha toi o da lat", ()),
        ("Dân Đà Lạt ra Hà Nội học", ("01",)),
        ("Hộ nuôi tôm Châu Thành", ()),
    ],
)
def test_provinces(mentions, text, codes):
    assert provinces(mentions, text) == codes


def test_the_districts_are_those_that_one_province_alone_had(taxonomy):
    """Written again from the tables of ``intake`` whenever those change."""
    data = Path(__file__).parents[2] / "intake" / "directories" / "data"
    with (data / "communes.csv").open(encoding="utf-8") as file:
        province = {row["code"]: row["province"] for row in csv.DictReader(file)}
    lies_in = defaultdict(set)
    with (data / "former_units.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["level"] == "district":
                lies_in[_without_kind(row["name"])].add(_most([province[code] for code in row["communes"].split()]))
    provinces = {name for names in taxonomy.provinces.values() for name in names}
    wanted = {
        (name, *codes)
        for name, codes in lies_in.items()
        if len(codes) == 1 and len(name.split()) > 1 and name not in provinces
    }
    assert {(name, code) for code, names in DISTRICTS.items() for name in names} == wanted


def _most(codes):
    return max(codes, key=codes.count)


def _without_kind(name):
    for kind in ("Thành phố ", "Thị xã ", "Quận ", "Huyện "):
        name = name.removeprefix(kind)
    return name

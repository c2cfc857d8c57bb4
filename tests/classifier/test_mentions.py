"""Agencies and places as people write them, old names included."""

import pytest

from classifier.mentions import Mentions
from classifier.text import words


@pytest.fixture(scope="module")
def mentions(taxonomy):
    return Mentions(taxonomy)


def agencies(mentions, text):
    return mentions.find(text, list(words(text)))[0]


def provinces(mentions, text):
    return mentions.find(text, list(words(text)))[1]


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
    ],
)
def test_provinces(mentions, text, codes):
    assert provinces(mentions, text) == codes

"""Raw keystrokes become letters; ordinary prose stays as it is."""

import pytest

from classifier.text import decode_telex


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("tieengs vieejt khoong cos daaus", "tiếng việt không có dấu"),
        ("Tie61ng Vie65t kho6ng co1 da61u", "Tiếng Việt không có dấu"),
        ("dduwowngf duongwf nuwowcs DDEEF nghij", "đường dường nước ĐỀ nghị"),
        ("quyeetj quanr lys giuwxa thuwcj", "quyệt quản lý giữa thực"),
    ],
)
def test_keystrokes_become_letters(given, wanted):
    assert decode_telex(given) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Tôi dùng mạng 5G, test app trên iOS và khai thuế qua mạng",
        "Chi bo xa de nghi phu song 4G cho ban vung cao",
        "For those of us in class, the data is open",
        "",
        "\ud800 12345",
    ],
)
def test_prose_stays(text):
    assert decode_telex(text) == text


def test_one_certain_slip_in_accented_prose_is_mended():
    assert decode_telex("Đề nghị phủ sóng vieenx thông") == "Đề nghị phủ sóng viễn thông"

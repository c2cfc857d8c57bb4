"""Markings of secrecy are found by rule, honey and passwords are not."""

import pytest

from classifier.guard import secret_marking


@pytest.mark.parametrize(
    "text",
    [
        "TUYỆT MẬT\nKế hoạch",
        "Kính gửi Bộ\n  MẬT  \nNội dung",
        "Độ mật: Tối mật. ĐỘ MẬT: MẬT",
        "Tôi có bản đồ đóng dấu tối mật",
        "toi gui kem tai lieu mang dau tuyet mat",
        "TO\u0302\u0301I MA\u0323\u0302T",
    ],
)
def test_a_marking_is_found(text):
    assert secret_marking(text)


@pytest.mark.parametrize(
    "text",
    [
        "Đề nghị bảo mật thông tin cá nhân",
        "Mật khẩu VNeID của tôi bị khóa",
        "Hội nuôi ong lấy mật ở xã tôi",
        "Toi mat tien vi tin nhan lua dao",
        "MẬT ONG RỪNG GIÁ RẺ",
        "",
        "\ud800",
    ],
)
def test_other_words_are_not(text):
    assert not secret_marking(text)

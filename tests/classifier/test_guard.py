"""Markings of secrecy and words that accuse are found by rule, honey and passwords are not."""

import pytest

from classifier.guard import accusation, secret_marking


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


@pytest.mark.parametrize(
    "words",
    [
        "tố cáo", "TỐ CÁO", "to cao", "toos caos", "to61 cao1", "tố giác", "khiếu nại", "khieu nai", "khieeus naij",
        "khie61u nai5", "khiếu kiện", "to\u0302\u0301 ca\u0301o", "tố  cáo", "tố\ncáo",
    ],
)  # fmt: skip
def test_words_that_accuse_are_found_however_typed(words):
    assert "việc này." in accusation(f"Cầu đã xong. Nay tôi {words} việc này. Xin cảm ơn.")


def test_the_sentence_alone_is_shown_and_the_middle_of_a_long_letter_read():
    letter = "Xin mở thêm lớp học máy tính. " * 300
    assert accusation(f"{letter}Tôi tố cáo ông giám đốc. {letter}") == "Tôi tố cáo ông giám đốc."


@pytest.mark.parametrize(
    "text", ["Chim làm tổ cao trên cột", "tờ giấc", "Đố cáo", "khiếu nài", "tố\u200b", "", "\ud800"]
)
def test_other_words_do_not_accuse(text):
    assert accusation(text) == ""


def test_a_hostile_text_costs_little():
    """Linear: ten thousand beginnings of the words, none of them whole, and no end of a sentence."""
    assert accusation("to ca khieu na " * 15_000) == ""
    assert len(accusation("a" * 50_000 + " tố cáo " + "a" * 50_000)) < 700

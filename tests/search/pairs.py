"""Query, text: the query finds the text. Grouped by what could go wrong."""

import unicodedata


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# The same words with and without marks, in either direction.
MARKS = [
    ("chuyen doi so", "Đẩy mạnh chuyển đổi số ở cấp xã"),
    ("chuyển đổi số", "Đẩy mạnh chuyển đổi số ở cấp xã"),
    ("chuyển đổi số", "day manh chuyen doi so o cap xa"),
    ("dinh danh dien tu", "Định danh điện tử cho người già"),
    ("định danh điện tử", "Dinh danh dien tu cho nguoi gia"),
    ("doi moi sang tao", "Quỹ đổi mới sáng tạo"),
    ("duong sat toc do cao", "Đường sắt tốc độ cao Bắc Nam"),
    ("thue dien tu", "Thuế điện tử hay treo"),
    ("nuoc mam", "Truy xuất nguồn gốc nước mắm"),
    ("huyen uy", "Trụ sở huyện ủy bỏ không"),
    ("nghien cuu khoa hoc", "Kinh phí nghiên cứu khoa học"),
    ("benh an dien tu", "Bệnh án điện tử liên thông"),
    ("luu tru dam may", "Lưu trữ đám mây trong nước"),
    ("tri tue nhan tao", "Trí tuệ nhân tạo đọc phim X quang"),
    ("khoi nghiep", "Vườn ươm khởi nghiệp"),
    ("ky so", "Ký số từ xa"),
    ("yeu cau", "Yêu cầu bản giấy"),
    ("đo lường", "do luong chat luong"),
    ("quỹ", "quy phat trien"),
    ("ở Huế", "o hue"),
]

# Every vowel, with marks that stack, and the five tones.
VOWELS = [
    ("an ninh mang", "An ninh mạng"),
    ("cac dau moi", "Các đầu mối"),
    ("can bo tai cho", "Cán bộ tại chỗ"),
    ("bang bao ve", "Băng bảo vệ, bằng, bẳng, bẵng, bặng"),
    ("am am", "Ẩm ầm"),
    ("em be", "Em bé"),
    ("de den the he", "Để đến thế hệ"),
    ("i i", "Ì ì"),
    ("con co nho", "Con cò nhỏ"),
    ("to cong nghe so", "Tổ công nghệ số"),
    ("cho o gio", "Chờ ở giỗ"),
    ("thu tuc", "Thủ tục"),
    ("su du tru", "Sự dự trữ, sử dụng, sứ"),
    ("ky thuat", "Kỹ thuật, kỳ, ký, kỷ, kỵ"),
    ("uong uong", "Ương ướng"),
]

FORMS = [
    (nfd("chuyển đổi số"), "Chuyển đổi số"),
    ("chuyển đổi số", nfd("Chuyển đổi số")),
    (nfd("Đường ống"), nfd("đường ống dẫn nước")),
    ("CHUYỂN ĐỔI SỐ", "chuyển đổi số"),
    ("chuyển đổi số", "CHUYỂN ĐỔI SỐ"),
    ("ĐMST", "đmst ở tỉnh"),
    ("hoà bình", "Hòa Bình"),
    ("hòa bình", "Hoà Bình"),
    ("thuỷ lợi", "thủy lợi nội đồng"),
    ("khỏe", "chăm sóc sức khoẻ"),
    ("uỷ ban", "Ủy ban xã"),
    ("quý", "qúy III"),
    ("chuyển  đổi\tsố", "chuyển đổi số"),
    ("chuyển-đổi-số", "chuyển đổi số"),
    ("“chuyển đổi số”", "chuyển đổi số"),
    ("5G", "phủ sóng 5g vùng sâu"),
    ("57-NQ/TW", "Nghị quyết số 57-NQ/TW"),
]

KEYSTROKES = [
    ("chuyeenr ddooir soos", "Chuyển đổi số"),
    ("dichj vuj coong", "Dịch vụ công"),
    ("chuye63n d9o63i so61", "Chuyển đổi số"),
    ("thur tucj", "Thủ tục hành chính"),
    ("chuyển đổi số", "Ddeef nghij chuyeenr ddooir soos owr xax tooi"),
    ("benh vien", "Bệnh viện hẹn khám"),
]

ABBREVIATIONS = [
    ("KHCN", "Bộ Khoa học và Công nghệ"),
    ("KH&CN", "Bộ Khoa học và Công nghệ"),
    ("khcn", "khoa hoc va cong nghe"),
    ("khoa học và công nghệ", "Sở KHCN tỉnh"),
    ("khoa hoc va cong nghe", "Sở KH&CN tỉnh"),
    ("ĐMST", "đổi mới sáng tạo"),
    ("dmst", "Đổi mới sáng tạo"),
    ("đổi mới sáng tạo", "Quỹ ĐMST"),
    ("CĐS", "chuyển đổi số"),
    ("cds cấp xã", "Chuyển đổi số ở cấp xã"),
    ("DVC", "dịch vụ công"),
    ("DVCTT", "dịch vụ công trực tuyến"),
    ("dịch vụ công trực tuyến", "nộp qua DVCTT"),
    ("TTHC", "thủ tục hành chính"),
    ("UBND xã", "Ủy ban nhân dân xã"),
    ("ủy ban nhân dân", "UBND tỉnh"),
    ("VNeID", "Tài khoản định danh điện tử"),
    ("CNTT", "công nghệ thông tin"),
    ("SHTT", "sở hữu trí tuệ"),
    ("TTTT", "Bộ Khoa học và Công nghệ"),
    ("Bộ TTTT", "Bộ Khoa học và Công nghệ trả lời"),
    ("Bộ Thông tin và Truyền thông", "Bộ Khoa học và Công nghệ"),
]

FOUND = [*MARKS, *VOWELS, *FORMS, *KEYSTROKES, *ABBREVIATIONS]

# Query, what must stand first, what may only follow.
EXACT_FIRST = [
    ("chuyển đổi số", "Chuyển đổi số", "Chuyện đòi sổ, chuyện đòi sổ, chuyện đòi sổ"),
    ("ma túy", "phòng chống ma túy", "mã tùy chọn mà tùy chọn mả tụy"),
    ("đất", "lấn đất công", "dắt xe, dạt, đạt chuẩn"),
    ("thuế", "nộp thuế", "thuê nhà, cho thuê, người thuê"),
    ("bán", "bán hàng", "bạn bàn bản ban bận"),
]

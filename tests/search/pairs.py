"""Query and text, by what could go wrong: the query finds the text, or must not.

`FOUND` with every word as it stands; `REPAIRED` though the query is misspelt, once the words of the
index are known; `NOT_FOUND` never with every word; in `EXACT_FIRST` and `TYPED_FIRST` the order counts.
"""

import unicodedata


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _of_words(lines: str) -> list[tuple[str, str]]:
    """A query without marks for each word with marks: one row a line, `query: text`."""
    return [(query.strip(), text.strip()) for query, text in (line.split(":") for line in lines.strip().splitlines())]


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
    # Half with, half without.
    ("chuyển doi số", "Đẩy mạnh chuyển đổi số ở cấp xã"),
    ("dinh danh điện tử", "Định danh điện tử cho người già"),
    ("thu tục hanh chính", "Thủ tục hành chính một cửa"),
]

# Each of the twelve vowels with each of the five tones, typed without marks and with them.
VOWELS = _of_words("""
ba ba: bá bà bả
la ma: lã mạ
an: án
chat: chắt
lang: lằng
can: cẳn
van: vẵn
dac: đặc
dat: đất
cau: cầu
mau: mẩu
dau: dẫu
bac: bậc
be: bé
me: mè
ke: kẻ
de: dễ
xe: xẹ
the: thế
he: hề
ke hoach: kể hoạch
le: lễ
he thong: hệ thống
i: í
di: dì
chi: chỉ
nghi: nghĩ
thi: thị
lo: ló
co: cò
to: tỏ
do: dõ
cho: chọ
so: số
cong: cồng
to chuc: tổ chức
cho trong: chỗ trống
hoi: hội
co quan: cớ quản
bo: bờ
nghi ngo: nghỉ ngở
go bo: gỡ bỡ
dot: đợt
cu: cú
mu: mù
thu tuc: thủ tục
mu boi: mũ bơi
phu: phụ
dut: đứt
tu: từ
cu dan: cử dân
luu tru: lưu trữ
su dung: sự dụng
y kien: ý kiến
ky: kỳ
ky thuat: kỷ thuật
my: mỹ
ly: lỵ
""")

D_AND_FORMS = [
    ("d", "chữ đ đứng một mình"),
    ("dang ky", "Đăng ký"),
    ("ĐĂNG KÝ", "dang ky truc tuyen"),
    (nfd("chuyển đổi số"), "Chuyển đổi số"),
    ("chuyển đổi số", nfd("Chuyển đổi số")),
    (nfd("Đường ống"), nfd("đường ống dẫn nước")),
    ("CHUYỂN ĐỔI SỐ", "chuyển đổi số"),
    ("chuyển đổi số", "CHUYỂN ĐỔI SỐ"),
    ("ĐMST", "đmst ở tỉnh"),
    ("hoà bình", "Hòa Bình"),
    ("hòa bình", "Hoà Bình"),
    ("thuỷ lợi", "thủy lợi nội đồng"),
    ("thủy lợi", "thuỷ lợi nội đồng"),
    ("khỏe", "chăm sóc sức khoẻ"),
    ("uỷ ban", "Ủy ban xã"),
    ("quý", "qúy III"),
    ("xoá đói", "xóa đói giảm nghèo"),
    ("tùy", "tuỳ từng nơi"),
    ("chuyển  đổi\tsố", "chuyển đổi số"),
    ("chuyển-đổi-số", "chuyển đổi số"),
    ("“chuyển đổi số”", "chuyển đổi số"),
    ("5G", "phủ sóng 5g vùng sâu"),
    ("57-NQ/TW", "Nghị quyết số 57-NQ/TW"),
]

KEYSTROKES = [
    # Telex.
    ("chuyeenr ddooir soos", "Chuyển đổi số"),
    ("CHUYEENR DDOOIR SOOS", "Chuyển đổi số"),
    ("dichj vuj coong", "Dịch vụ công"),
    ("thur tucj", "Thủ tục hành chính"),
    ("ddaats ddai", "Đất đai"),
    ("nguwowif daan", "Người dân"),
    ("benh vien", "Bệnh viện hẹn khám"),
    ("chuyển đổi số", "Ddeef nghij chuyeenr ddooir soos owr xax tooi"),
    # VNI.
    ("chuye63n d9o63i so61", "Chuyển đổi số"),
    ("di5ch vu5 co6ng", "Dịch vụ công"),
    ("thu3 tu5c ha2nh chi1nh", "Thủ tục hành chính"),
    ("ngu7o7i2 da6n", "Người dân"),
    ("d9a61t d9ai", "Đất đai"),
    ("ba8ng ta62n", "Băng tần"),
    ("dịch vụ công", "de62 nghi5 mo73 di5ch vu5 co6ng cho ba2 con"),
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
    ("thu tuc hanh chinh", "giải quyết TTHC"),
    ("UBND xã", "Ủy ban nhân dân xã"),
    ("ủy ban nhân dân", "UBND tỉnh"),
    ("VNeID", "Tài khoản định danh điện tử"),
    ("CNTT", "công nghệ thông tin"),
    ("SHTT", "sở hữu trí tuệ"),
    ("TTTT", "Bộ Khoa học và Công nghệ"),
    ("Bộ TTTT", "Bộ Khoa học và Công nghệ trả lời"),
    ("Bộ Thông tin và Truyền thông", "Bộ Khoa học và Công nghệ"),
    ("Bộ Thông tin và Truyền thông", "Bộ KH&CN trả lời"),
    # However it is shortened, the same texts.
    ("KHCN", "Đề án KH&CN"),
    ("KH&CN", "Đề án KHCN"),
    ("KH&CN", "đề tài khoa học công nghệ"),
    ("khoa học công nghệ", "Quỹ KH&CN"),
    ("Bộ KH&CN", "Bộ KHCN hướng dẫn"),
    ("GDĐT", "Phòng GD&ĐT"),
    ("AI", "Trung tâm TTNT"),
]

FOUND = [*MARKS, *VOWELS, *D_AND_FORMS, *KEYSTROKES, *ABBREVIATIONS]

JOINED = [
    ("thutuchanhchinh", "Thủ tục hành chính một cửa"),
    ("chuyểnđổisố", "Chuyển đổi số cấp xã"),
    ("chuyendoiso", "Chuyển đổi số cấp xã"),
    ("ChuyenDoiSo", "Chuyển đổi số cấp xã"),
    ("dichvucong trực tuyến", "Dịch vụ công trực tuyến"),
    ("dịchvụcông trựctuyến", "Dịch vụ công trực tuyến"),
    ("căncước côngdân", "Căn cước công dân gắn chip"),
    ("khoahọccôngnghệ", "Quỹ khoa học công nghệ"),
    ("ykien", "Gửi ý kiến"),
    ("nguoidan chờ lâu", "Người dân chờ lâu"),
]

# One wrong letter: two changed places, one missing, one too many, the key beside it.
ONE_ERROR = [
    ("thủ tục hnàh chính", "Thủ tục hành chính"),
    ("thủ tục hàhn chính", "Thủ tục hành chính"),
    ("thu tuc hanh chnih", "Thủ tục hành chính"),
    ("chuyểm đổi số", "Chuyển đổi số"),
    ("chuyenn đổi số", "Chuyển đổi số"),
    ("chuyển đổi sốm", "Chuyển đổi số"),
    ("phần mền", "Phần mềm một cửa"),
    ("bện viện", "Bệnh viện tỉnh"),
    ("nước sạhc", "Nước sạch nông thôn"),
    ("sổ đỏo", "Cấp sổ đỏ"),
    ("trí tụe nhaan tạo", "Trí tuệ nhân tạo"),
    ("nghiệpp vụ", "Nghiệp vụ của công chức"),
    ("bao hiem xa hoii", "Bảo hiểm xã hội"),
    ("thủ tục hình chính", "Thủ tục hành chính"),
    ("thuế thu nhập cá nhna", "Thuế thu nhập cá nhân"),
    ("căn cướcc", "Căn cước gắn chip"),
]

REPAIRED = [*JOINED, *ONE_ERROR]

NOT_FOUND = [
    # Another word, not another tone.
    ("chuyển đổi sổng", "Chuyển đổi số"),
    ("xe lửa", "Xe tải chở gạo"),
    ("đường sắt", "Đường ống dẫn nước"),
    ("tin", "tính tiền"),
    ("dân", "dâng"),
    ("an", "anh"),
    ("chính", "chín"),
    # Part of a word is no word.
    ("ngn", "Nghề"),
    ("5", "5G"),
    # What an input method would make of other keys.
    ("thur tucj", "Thứ tự"),
    ("d9a61t", "Đá"),
    # The abbreviation of something else; letters that only begin the words.
    ("KHCN", "Kế hoạch của nhà trường"),
    ("TTHC", "Trung tâm hội chợ"),
    ("ĐMST", "Đèn màu sân trường"),
    ("Bộ Tài chính", "Bộ KHĐT"),  # the old name leads to the new one, not back
    # A name whose words stand apart.
    ("Bộ Thông tin và Truyền thông", "Bộ phận và công tơ truyền số, không thông báo tin"),
    ("ủy ban nhân dân", "Dân nhận tin nhắn, ủy quyền cho ban quản lý"),
    # Two errors are not one; a short word is not bent to fit.
    ("thuur tucjk hanfhh", "Thủ tục hành chính"),
    ("hnhà chiính", "Thủ tục hành chính"),
    ("xyzzy", "Thủ tục hành chính"),
    # Run together with letters that are no syllable.
    ("chuyenxqdoiso", "Chuyển đổi số cấp xã"),
    ("thutuckhongco", "Thủ tục hành chính"),
]

# Query, what must stand first, what may only follow.
EXACT_FIRST = [
    ("chuyển đổi số", "Chuyển đổi số", "Chuyện đòi sổ, chuyện đòi sổ, chuyện đòi sổ"),
    ("ma túy", "phòng chống ma túy", "mã tùy chọn mà tùy chọn mả tụy"),
    ("đất", "lấn đất công", "dắt xe, dạt, đạt chuẩn"),
    ("thuế", "nộp thuế", "thuê nhà, cho thuê, người thuê"),
    ("bán", "bán hàng", "bạn bàn bản ban bận"),
    ("đường", "con đường", "dương, dưỡng, dượng, đương"),
    ("hoà", "hòa giải", "hoa hóa họa hỏa"),
    (nfd("sở"), "Sở Xây dựng", "số so sổ sơ"),
]

# Query with an error in it: the text that has it as typed, the text that has what was meant.
TYPED_FIRST = [
    ("hnàh", "Xe hiệu hnàh", "Hành lang an toàn, hành trình, hành chính"),
    ("chuyểm đổi", "Ghi là chuyểm đổi", "chuyển đổi số, chuyển đổi xanh, chuyển đổi"),
    ("dichvucong", "Trang tên là dichvucong", "Dịch vụ công, dịch vụ công, dịch vụ công"),
]

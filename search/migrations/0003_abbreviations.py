"""The first abbreviations; afterwards the table is the administrator's."""

from django.db import migrations

BOTH_WAYS = """
BHXH: bảo hiểm xã hội
BHYT: bảo hiểm y tế
Bộ KHCN: Bộ Khoa học và Công nghệ
BTCTW: Ban Tổ chức Trung ương
CBCC: cán bộ công chức
CBCCVC: cán bộ công chức viên chức
CCCD: căn cước công dân
CCHC: cải cách hành chính
CĐS: chuyển đổi số
CMCN 4.0: cách mạng công nghiệp lần thứ tư
CNC: công nghệ cao
CNSH: công nghệ sinh học
CNTT: công nghệ thông tin
CSDL: cơ sở dữ liệu
DN: doanh nghiệp
DNNVV: doanh nghiệp nhỏ và vừa
DVC: dịch vụ công
DVCTT: dịch vụ công trực tuyến
ĐBQH: đại biểu Quốc hội
ĐMST: đổi mới sáng tạo
GD&ĐT: giáo dục và đào tạo
GDĐT: giáo dục và đào tạo
GPLX: giấy phép lái xe
HĐND: hội đồng nhân dân
KCB: khám bệnh, chữa bệnh
KCN: khu công nghiệp
KH&CN: khoa học và công nghệ
KHCN: khoa học và công nghệ
KHCN: khoa học công nghệ
KTXH: kinh tế xã hội
MTTQ: Mặt trận Tổ quốc
NCKH: nghiên cứu khoa học
NQ57: Nghị quyết 57
NSNN: ngân sách nhà nước
R&D: nghiên cứu và phát triển
SHTT: sở hữu trí tuệ
THCS: trung học cơ sở
THPT: trung học phổ thông
TMĐT: thương mại điện tử
TP HCM: Thành phố Hồ Chí Minh
TPHCM: Thành phố Hồ Chí Minh
TTDL: trung tâm dữ liệu
TTHC: thủ tục hành chính
TTNT: trí tuệ nhân tạo
TTTT: Thông tin và Truyền thông
UBND: ủy ban nhân dân
VBQPPL: văn bản quy phạm pháp luật
VNeID: định danh điện tử
VPCP: Văn phòng Chính phủ
"""
# Names of before 01/03/2025 lead to who has the work now (NQ 176/2025/QH15); "ai" is also "who".
ONE_WAY = """
AI: trí tuệ nhân tạo
TTTT: Khoa học và Công nghệ
Bộ Thông tin và Truyền thông: Bộ Khoa học và Công nghệ
Bộ Kế hoạch và Đầu tư: Bộ Tài chính
Bộ KHĐT: Bộ Tài chính
Bộ Giao thông vận tải: Bộ Xây dựng
Bộ GTVT: Bộ Xây dựng
Bộ Tài nguyên và Môi trường: Bộ Nông nghiệp và Môi trường
Bộ TNMT: Bộ Nông nghiệp và Môi trường
Bộ Nông nghiệp và Phát triển nông thôn: Bộ Nông nghiệp và Môi trường
Bộ NN&PTNT: Bộ Nông nghiệp và Môi trường
Bộ Lao động - Thương binh và Xã hội: Bộ Nội vụ
Bộ LĐTBXH: Bộ Nội vụ
"""


def rows() -> list[tuple[str, str, bool]]:
    found = []
    for block, both_ways in ((BOTH_WAYS, True), (ONE_WAY, False)):
        for line in block.strip().splitlines():
            written, means = line.split(": ")
            found.append((written, means, both_ways))
    return found


def seed(apps, schema_editor) -> None:
    model = apps.get_model("search", "Abbreviation")
    for written, means, both_ways in rows():
        model.objects.get_or_create(written=written, means=means, defaults={"both_ways": both_ways})


def remove(apps, schema_editor) -> None:
    model = apps.get_model("search", "Abbreviation")
    for written, means, _both_ways in rows():
        model.objects.filter(written=written, means=means).delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0002_fts5")]
    operations = [migrations.RunPython(seed, remove)]

"""Attachments are what they are, not what they are called."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from intake.files import check, safe_name


def picture(kind: str = "PNG", **save) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, kind, **save)
    return out.getvalue()


def office(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DOCX = office("[Content_Types].xml", "word/document.xml")
XLSX = office("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", picture()),
        ("a.jpg", picture("JPEG")),
        ("A.JPEG", picture("JPEG")),
        ("a.pdf", PDF),
        ("a.docx", DOCX),
        ("a.xlsx", XLSX),
    ],
)
def test_it_takes(name, content):
    assert check(SimpleUploadedFile(name, content)).content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"), ("a", PDF), ("a.svg", b"<svg/>"), ("a.html", b"<html>"), ("a.pdf", picture()), ("a.png", PDF),
        ("a.png", picture("JPEG")), ("a.png", b""), ("a.docx", XLSX), ("a.docx", b"PK\x03\x04broken"), ("a.docx", office("a.exe")),
        ("a.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.xlsx", office("[Content_Types].xml", "xl/workbook.xml", "x/run.exe")), ("a.pdf", b"%PDF-1.7 and no end"),
    ],
)  # fmt: skip
def test_it_refuses(name, content):
    with pytest.raises(ValidationError):
        check(SimpleUploadedFile(name, content))


def test_a_large_file_is_refused_before_it_is_read():
    file = SimpleUploadedFile("a.pdf", PDF)
    file.size = 11 * 1024 * 1024
    with pytest.raises(ValidationError, match="10 MB"):
        check(file)


def test_what_hides_behind_or_inside_a_picture_is_gone():
    exif = Image.Exif()
    exif[0x010F] = "Máy của ông Ví Dụ"
    dirty = picture("JPEG", exif=exif) + b"<script>alert(1)</script>"
    clean = check(SimpleUploadedFile("a.jpg", dirty)).content
    assert b"script" not in clean
    assert not Image.open(io.BytesIO(clean)).getexif()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\tmp\\đơn.pdf", "đơn.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("", "tep"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_name(name) == safe


def test_a_comment_in_a_picture_is_gone():
    dirty = picture("JPEG", comment=b"so dien thoai 0912345678")
    assert b"0912345678" in dirty
    assert b"0912345678" not in check(SimpleUploadedFile("a.jpg", dirty)).content


def test_a_picture_of_too_many_points_is_refused_before_it_is_decoded():
    out = io.BytesIO()
    Image.new("1", (6000, 6000)).save(out, "PNG")
    with pytest.raises(ValidationError):
        check(SimpleUploadedFile("a.png", out.getvalue()))


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_is_refused_or_taken_but_never_an_error(seed):
    import random

    chance = random.Random(seed)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(name, "<x>" + "nội dung " * 50 + "</x>")
    exif = Image.Exif()
    exif[0x0112] = 6
    for name, whole in (("a.docx", out.getvalue()), ("a.jpg", picture("JPEG", exif=exif))):
        broken = bytearray(whole)
        for _ in range(3):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            check(SimpleUploadedFile(name, bytes(broken)))
        except ValidationError:
            pass

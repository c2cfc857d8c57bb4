"""Attachments, checked by what they are and not by what they are called.

Pictures are decoded and written anew, which drops positions, cameras and anything glued behind the
image. Office files are opened for structure, programs and macros refused; of a PDF only
its frame is checked. Nothing here is a virus scan.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from . import limits

_MOST_PIXELS = 25_000_000
_UNZIPPED_LIMIT = 200 * 1024 * 1024
_OFFICE_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


@dataclass(frozen=True)
class CheckedFile:
    """A file that passed: its safe name, kind and bytes as they will be stored."""

    name: str
    extension: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def safe_name(name: str) -> str:
    """The sender's file name without paths, control or direction characters, at most 120 long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] not in "CZ" or c == " ")
    return re.sub(r'[<>:"|?*]', "_", name).strip(" .")[-120:] or "tep"


def check(file: UploadedFile) -> CheckedFile:
    """Raises `ValidationError` with a sentence the sender can act on."""
    name = safe_name(file.name or "")
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    extension = {"jpeg": "jpg"}.get(extension, extension)
    if extension not in limits.FILE_TYPES:
        raise ValidationError(
            _("Tệp “%(name)s” không thuộc loại nhận được. Hãy gửi PDF, DOCX, XLSX, JPG hoặc PNG."),
            params={"name": name},
            code="type",
        )
    if file.size is None or file.size > limits.FILE_BYTES:
        raise ValidationError(
            _("Tệp “%(name)s” lớn hơn 10 MB. Hãy giảm dung lượng hoặc chia nhỏ rồi gửi lại."),
            params={"name": name},
            code="size",
        )
    content = file.read()
    content = _CHECKS[extension](content, extension)
    if content is None:
        raise ValidationError(
            _("Tệp “%(name)s” bị hỏng hoặc không đúng là tệp %(kind)s. Hãy mở thử, lưu lại rồi gửi lại."),
            params={"name": name, "kind": extension.upper()},
            code="content",
        )
    return CheckedFile(name=name, extension=extension, content=content)


def _picture(content: bytes, extension: str) -> bytes | None:
    wanted = {"jpg": "JPEG", "png": "PNG"}[extension]
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
            if image.format != wanted or image.width * image.height > _MOST_PIXELS:
                return None
            upright = ImageOps.exif_transpose(image)
            upright.info = {}  # comments, colour profiles, dates: nothing but the picture goes on
            out = io.BytesIO()
            if wanted == "JPEG":
                upright.convert("RGB").save(out, "JPEG", quality=88)
            else:
                upright.save(out, "PNG")
            return out.getvalue()
    except Exception:  # noqa: BLE001 (a hostile picture can raise whatever the decoder's code raises)
        return None


def _pdf(content: bytes, extension: str) -> bytes | None:
    whole = content[:1024].lstrip().startswith(b"%PDF-") and b"%%EOF" in content[-2048:]
    return content if whole else None


def _office(content: bytes, extension: str) -> bytes | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > 5000 or sum(entry.file_size for entry in entries) > _UNZIPPED_LIMIT:
                return None
            if "[Content_Types].xml" not in names or _OFFICE_PART[extension] not in names:
                return None
            if any(re.search(r"vbaProject|\.(exe|dll|js|vbs|bat|cmd|scr)$", name, re.I) for name in names):
                return None
            if archive.testzip() is not None:
                return None
    except Exception:  # noqa: BLE001 (so can a hostile archive: zlib, lzma, struct)
        return None
    return content


_CHECKS = {"jpg": _picture, "png": _picture, "pdf": _pdf, "docx": _office, "xlsx": _office}

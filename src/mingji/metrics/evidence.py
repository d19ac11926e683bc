"""Files of evidence: what may be one, told by its content; where they lie; whether they hold."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS_OF_OLE = "_VBA_PROJECT".encode("utf-16-le")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class EvidenceUpload:
    """A file as somebody gave it: its name and its bytes."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest that names the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def check_file(upload: EvidenceUpload) -> None:
    """Whether a file may be kept as evidence: its size, and that it is what its name says.

    Raises:
        Invalid: it is empty or too large, of no kind that is taken, of another kind than its
            name says, or it carries macros.
    """
    if not upload.content:
        raise _refused(_EMPTY)
    if len(upload.content) > settings.MINGJI_EVIDENCE_MB * 2**20:
        raise _refused(_too_large())
    is_one = _KINDS.get(_suffix(upload.name))
    if is_one is None:
        raise _refused(_NO_KIND)
    if not is_one[1](upload.content):
        raise _refused(_other(_suffix(upload.name)))


def keep(upload: EvidenceUpload) -> None:
    """Write the bytes into the folder of evidence, under their digest; wholly or not at all.

    The same bytes are kept once. Nothing there is ever written over.
    """
    path = place_of(upload.sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(upload.content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        finally:
            Path(file.name).unlink(missing_ok=True)


def held(sha256: str) -> bytes | None:
    """The bytes with this digest; None if they are gone or are no longer these."""
    try:
        content = place_of(sha256).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def place_of(sha256: str) -> Path:
    """Where the bytes with this digest lie."""
    folder: Path = settings.MINGJI_EVIDENCE
    return folder / sha256[:2] / sha256


def media_type(name: str) -> str:
    """What a kept file is served as, by its name (which was held against its content)."""
    return _KINDS.get(_suffix(name), ("application/octet-stream",))[0]


def accepted() -> str:
    """The endings of names that are taken, as a file field wants them."""
    return ",".join(f".{each}" for each in _KINDS)


def _suffix(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _starting(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


def _webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _office(part: str) -> Callable[[bytes], bool]:
    """A zipped office document that has this part and no macros."""

    def is_one(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, EOFError, NotImplementedError, OverflowError, ValueError):
            return False
        macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return part in names and not macros

    return is_one


def _old_workbook(content: bytes) -> bool:
    return content.startswith(_OLE) and _MACROS_OF_OLE not in content


def _text(content: bytes) -> bool:
    """Words in an encoding that people use here, and no page or drawing."""
    for encoding in ("utf-16",) if content.startswith(_UTF_16) else _ENCODINGS:
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not _CONTROLS.search(words) and not words.lstrip().startswith("<")
    return False


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_JPEG = ("image/jpeg", _starting(b"\xff\xd8\xff"))
_KINDS: Mapping[str, tuple[str, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", _starting(b"%PDF-")),
    "png": ("image/png", _starting(b"\x89PNG\r\n\x1a\n")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "webp": ("image/webp", _webp),
    "xlsx": (f"{_OPEN_XML}spreadsheetml.sheet", _office("xl/workbook.xml")),
    "docx": (f"{_OPEN_XML}wordprocessingml.document", _office("word/document.xml")),
    "pptx": (f"{_OPEN_XML}presentationml.presentation", _office("ppt/presentation.xml")),
    "xls": ("application/vnd.ms-excel", _old_workbook),
    "csv": ("text/csv", _text),
    "tsv": ("text/tab-separated-values", _text),
    "txt": ("text/plain", _text),
}

_EMPTY = (
    Text("这个文件是空的", "the file is empty"),
    Text("打开看看，再选一次", "open it to see, then choose again"),
)
_NO_KIND = (
    Text("这种文件不能作依据", "this kind of file cannot be evidence"),
    Text(
        "另存为 PDF、图片（png、jpg、webp）、Office 文件（xlsx、xls、docx、pptx）、csv 或 txt",
        "save it as PDF, a picture (png, jpg, webp), an office file (xlsx, xls, docx, pptx), "
        "csv or txt",
    ),
)


def _too_large() -> tuple[Text, Text]:
    most = settings.MINGJI_EVIDENCE_MB
    return (
        Text(f"文件超过 {most} MB", f"the file is larger than {most} MB"),
        Text("只留能证明这个数的那几页，或写链接", "keep the pages that prove it, or give a link"),
    )


def _other(suffix: str) -> tuple[Text, Text]:
    return (
        Text(
            f"内容不是 .{suffix} 文件，或带有宏", f"the content is no .{suffix} file, or has macros"
        ),
        Text(
            "从原来的程序另存一份，不要改后缀名", "save it anew from its program; do not rename it"
        ),
    )


def _refused(said: tuple[Text, Text]) -> Invalid:
    finding = Finding("evidence_file", "error", *said, Place(path="file"))
    return Invalid(said[0], code="evidence_file", findings=(finding,))

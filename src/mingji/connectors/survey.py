"""One look at a whole text file before it is read: digest, encoding, quotes, stray bytes."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mingji.connectors.reading import refused
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

_BLOCK = 16 * 2**20
_START = 4096
_WIDE = 0.3
#: Two bytes of GB18030 whose second is a plain letter: rare in Chinese, the rule in Latin text.
_LETTER_PAIR = re.compile(rb"[\x81-\xfe][A-Za-z ,.;'\"\r\n-]")
_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
#: Of the bytes beyond ASCII so many are characters where a few are broken (a text cut in two).
_NEARLY = 0.95
#: Chinese that is certainly in one of two encodings: whole runs of bytes beyond ASCII.
_RUN_UTF8 = re.compile(rb"(?<![\x80-\xff])(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){3,}(?![\x80-\xff])")
_HAN_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
_RUN_GBK = re.compile(rb"(?<![\x80-\xff])(?:[\xa1-\xf7][\xa1-\xfe]){2,}(?![\x80-\xff])")


@dataclass(frozen=True, slots=True)
class Survey:
    """What a text file is made of; `quotes` and `nuls` are counts of bytes.

    `broken` says that bytes may stand in it that are no characters of its encoding.
    """

    digest: str
    encoding: str
    quotes: int
    nuls: int
    broken: bool = False


def survey(path: Path) -> Survey:
    """Reads the file once, in pieces: UTF-8, UTF-16, GB18030 or Windows-1252, in this order.

    Raises:
        Invalid: If it is none of them, or two of them in one file.
        OSError: If it cannot be read.
    """
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    quotes = nuls = 0
    valid, start = True, b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            start = start or block[:_START]
            digest.update(block)
            quotes += block.count(b'"')
            nuls += block.count(b"\0")
            valid = valid and _decodes(decoder, block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        valid = False
    wide = _wide(start)
    encoding, broken = (wide, True) if wide else ("utf-8", False) if valid else _narrow(path)
    return Survey(digest.hexdigest(), encoding, quotes, nuls, broken)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    if block.isascii() and decoder.getstate()[0] == b"":
        return True
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def _wide(start: bytes) -> str:
    """UTF-16, by its mark or by the zero bytes that plain letters have in it."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    pairs = len(start) // 2 or 1
    if start[1::2].count(0) / pairs > _WIDE:
        return "utf-16-le"
    return "utf-16-be" if start[::2].count(0) / pairs > _WIDE else ""


def _narrow(path: Path) -> tuple[str, bool]:
    """UTF-8 with broken characters, GB18030 with or without, or Windows-1252.

    Of a text that is nearly UTF-8 broken lines are set aside one by one, unless it begins so.
    """
    nearly = _is_nearly_utf8(path)
    in_utf8 = _first_line(path, _RUN_UTF8.search)
    in_gbk = _first_line(path, _gbk) if in_utf8 else 0
    if in_gbk and (in_gbk < in_utf8 or not nearly):
        raise _mixed(path, in_utf8, in_gbk)
    if nearly:
        return "utf-8", True
    decoder = codecs.getincrementaldecoder("gb18030")("replace")
    high = letters = broken = 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            broken += decoder.decode(block).count("\ufffd")
            high += len(_HIGH.findall(block))
            letters += len(_LETTER_PAIR.findall(block))
    broken += decoder.decode(b"", final=True).count("\ufffd")
    if letters * 2 <= high and broken <= high * (1 - _NEARLY):
        return "gb18030", broken > 0
    return _western(path), False


def _first_line(path: Path, holds: Callable[[bytes], re.Match[bytes] | None]) -> int:
    """The first line that holds certain Chinese; 0 if none does. Pieces end where lines do."""
    lines = 1
    with path.open("rb") as stream:
        while piece := stream.read(_BLOCK) + stream.readline():
            if found := holds(piece):
                return lines + piece.count(b"\n", 0, found.start())
            lines += piece.count(b"\n")
    return 0


def _gbk(piece: bytes) -> re.Match[bytes] | None:
    """A run of GBK in which no part is Chinese in UTF-8."""
    return next((run for run in _RUN_GBK.finditer(piece) if not _HAN_UTF8.search(run[0])), None)


def _mixed(path: Path, in_utf8: int, in_gbk: int) -> Invalid:
    return refused(
        path,
        Text(
            f"文件混用了两种编码：第 {in_utf8} 行是 UTF-8，第 {in_gbk} 行是 GBK",
            f"the file mixes two encodings: line {in_utf8} is in UTF-8, line {in_gbk} in GBK",
        ),
        Text(
            "它多半是两个文件拼起来的：各自另存为 UTF-8 编码的 CSV，再分别给出",
            "two files were probably put together: save each as CSV in UTF-8 and give them apart",
        ),
    )


def _is_nearly_utf8(path: Path) -> bool:
    """Whether nearly all bytes beyond ASCII, in the first piece that has any, are UTF-8."""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if high := len(_HIGH.findall(block)):
                return sum(map(len, _UTF8.findall(block))) >= high * _NEARLY
    return False


def _western(path: Path) -> str:
    """Windows-1252, unless bytes stand in it that no Western text has."""
    try:
        with path.open(encoding="cp1252", newline="") as text:
            while piece := text.read(_BLOCK):
                if re.search(r"[\x00-\x08ÿþ]", piece):
                    break
            else:
                return "cp1252"
    except UnicodeDecodeError:
        pass
    raise refused(
        path,
        Text("编码既不是 UTF-8 也不是 GB18030", "the text is neither UTF-8 nor GB18030"),
        Text("另存为 UTF-8 编码的 CSV", "save it again as CSV in UTF-8"),
    )

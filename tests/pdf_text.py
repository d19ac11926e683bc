"""What stands in a PDF as text, in the order in which it was put there: enough to test our own."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)\s*endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
# Parentheses that match stand within a string as they are.
_INSIDE = rb"(?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*"
_LITERAL = rb"\((" + _INSIDE + rb")\)|<([0-9A-Fa-f]+)>"
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\[((?:" + _LITERAL + rb"|[-\d.\s])+)\]\s*TJ", re.DOTALL)
_STRING = re.compile(_LITERAL, re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_PAIR = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")


def pdf_text(document: bytes) -> str:
    """The words of every page, runs of text apart by line breaks."""
    objects = dict(_OBJECT.findall(document))
    fonts = dict(pair for body in objects.values() for pair in _FONT.findall(body))
    glyphs = {name: _glyphs(objects, objects[number]) for name, number in fonts.items()}
    pages = [body for body in objects.values() if re.search(rb"/Type/Page\b(?!s)", body)]
    return "\n".join(_page(_stream(objects, page, b"Contents"), glyphs) for page in pages)


def _stream(objects: dict[bytes, bytes], holder: bytes, name: bytes) -> bytes:
    number = re.search(rb"/" + name + rb" (\d+) 0 R", holder)
    assert number
    packed = _STREAM.search(objects[number[1]])
    assert packed
    return zlib.decompress(packed[1])


def _glyphs(objects: dict[bytes, bytes], font: bytes) -> dict[int, str]:
    pairs = _PAIR.findall(_stream(objects, font, b"ToUnicode"))
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs
    }


def _page(content: bytes, glyphs: dict[bytes, dict[int, str]]) -> str:
    lines, font = [], b""
    for name, shown, *_strings in _SHOWN.findall(content):
        font = name or font
        if shown:
            raw = b"".join(_raw(*each) for each in _STRING.findall(shown))
            codes = (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))
            lines.append("".join(glyphs[font].get(code, "") for code in codes))
    return "\n".join(lines)


def _raw(literal: bytes, hexadecimal: bytes) -> bytes:
    if hexadecimal:
        return bytes.fromhex(hexadecimal.decode())
    return _ESCAPE.sub(_unescaped, literal)


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if said[:1].isdigit() else _ESCAPED.get(said, said)

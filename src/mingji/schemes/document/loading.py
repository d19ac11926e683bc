"""A scheme document → a checked `Scheme`, or all that is wrong with it, line by line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.scheme import Scheme
from mingji.rules.text import Text
from mingji.rules.validator import validate
from mingji.schemes.document.decoding import UNUSABLE, Decoder
from mingji.schemes.document.shapes import Shape
from mingji.schemes.document.yaml_text import compose

LIBRARY = Path(__file__).resolve().parent.parent / "library"


@dataclass(frozen=True, slots=True)
class LoadedScheme:
    """A scheme that may be used, what else a person should know about it, and its digest.

    `findings` are warnings and information. `text` is the document with plain line ends;
    `digest` is its SHA-256 in hexadecimal.
    """

    scheme: Scheme
    findings: tuple[Finding, ...]
    digest: str
    text: str


def load(source: str | Path, name: str = "") -> LoadedScheme:
    """Read a scheme from a file (a `Path`) or from its text; `name` is how messages call it.

    Raises:
        Invalid: the document cannot be used. Its findings name every fault with file, line,
            column, path and remedy; warnings that were found besides are among them.
    """
    name = name or (source.name if isinstance(source, Path) else "scheme.yaml")
    text = plain_text(_read(source, name) if isinstance(source, Path) else source)
    scheme, decoder = _decoded(text, name)
    findings = [_placed(each, scheme, decoder) for each in validate(scheme)]
    if any(each.severity == "error" for each in findings):
        raise _unusable(name, findings)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return LoadedScheme(scheme, tuple(findings), digest, text)


def read_kept(text: str, name: str) -> Scheme:
    """The scheme of a document that was checked when it was put in force.

    It is not checked again: a rule that a later release adds must not shut a closed cycle.

    Raises:
        Invalid: the text is no scheme document.
    """
    return _decoded(text, name)[0]


def plain_text(text: str) -> str:
    """The text with `\\n` line ends and without a byte order mark, as it is kept and digested."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def shipped() -> tuple[str, ...]:
    """The names of the schemes that come with the product."""
    return tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml")))


def find(name_or_path: str) -> Path:
    """The file of a scheme: a path, or the name of a shipped scheme such as `minimal`.

    Raises:
        Invalid: there is neither such a file nor such a shipped scheme.
    """
    if name_or_path in shipped():
        return LIBRARY / f"{name_or_path}.yaml"
    if Path(name_or_path).is_file():
        return Path(name_or_path)
    known = ", ".join(shipped())
    raise Invalid(
        Text(
            zh=f"找不到方案文件“{name_or_path}”。写文件路径，或随附方案的名字：{known}",
            en=f"there is no scheme file “{name_or_path}”. "
            f"Give a path, or the name of a shipped scheme: {known}",
        ),
        code="no_such_scheme",
    )


def _decoded(text: str, name: str) -> tuple[Scheme, Decoder]:
    decoder = Decoder(name)
    scheme = decoder.decode(Shape("record", record=Scheme), compose(text, name))
    if scheme is UNUSABLE or decoder.findings:
        raise _unusable(name, decoder.findings)
    return scheme, decoder


def _read(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        message = Text(zh="文件不是 UTF-8 编码", en="the file is not in UTF-8")
        remedy = Text(zh="用编辑器另存为 UTF-8", en="save it as UTF-8 in your editor")
        finding = Finding("not_utf8", "error", message, remedy, Place(file=name))
        raise _unusable(name, [finding]) from None
    except OSError as error:
        raise Invalid(
            Text(
                zh=f"读不了文件 {name}：{error.strerror}",
                en=f"cannot read {name}: {error.strerror}",
            )
        ) from None


def _unusable(name: str, findings: Iterable[Finding]) -> Invalid:
    ordered = sorted(findings, key=lambda each: (each.place.line or 0, each.place.column or 0))
    errors = sum(each.severity == "error" for each in ordered)
    return Invalid(
        Text(
            zh=f"方案 {name} 有 {errors} 处错误，还不能使用",
            en=f"the scheme {name} cannot be used: {errors} {'error' if errors == 1 else 'errors'}",
        ),
        code="invalid_scheme",
        findings=tuple(ordered),
    )


def _placed(finding: Finding, scheme: Scheme, decoder: Decoder) -> Finding:
    """Give a finding of the validator the line of the value it speaks of, or of what holds it."""
    path = _counted(finding.place.path, scheme)
    while path and path not in decoder.places:
        path = re.sub(r"(\.?[^.\[\]]+|\[\d+\])$", "", path)
    line, column = decoder.places.get(path, (None, None))
    return replace(
        finding, place=replace(finding.place, file=decoder.file, line=line, column=column)
    )


def _counted(path: str, scheme: Scheme) -> str:
    """The path with places counted where the validator names a part by its id."""
    if found := re.match(r"dimensions\.([^.\[\]]+)", path):
        for d, dimension in enumerate(scheme.dimensions):
            if dimension.id == found[1]:
                return f"dimensions[{d}]{path[found.end() :]}"
            for i, item in enumerate(dimension.items):
                if item.id == found[1]:
                    return f"dimensions[{d}].items[{i}]"
    if found := re.match(r"templates\[(\d+)\]\.([^.\[\]]+)", path):
        for place, group in enumerate(scheme.templates[int(found[1])].items):
            if found[2] in (group.dimension, *(item.id for item in group.items)):
                return f"templates[{found[1]}].items[{place}]"
    return path

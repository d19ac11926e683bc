"""The reference page of the API, made from its OpenAPI description in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils import translation

from mingji.rules.text import Text
from mingji.web.api import document
from mingji.web.reference import Field, Operation, Shape, reference, translated

REFERENCE = Path(__file__).parents[1] / "docs/reference"
PAGES = {"en": REFERENCE / "api.md", "zh": REFERENCE / "api.zh.md"}
_LOCALES = {"en": "en", "zh": "zh-hans"}

_TITLE = Text("API", "The API")
_INTRO = Text(
    """[English](api.md) · [用 API 读取和办理](../how-to/use-the-api.zh.md) ·
[谁能看、谁能做](policy-matrix.md)

本页由 API 的描述生成，测试保证两边一致。安装好的系统在 `/api/v1/` 有同样的页面，
在 `/api/v1/openapi.json` 有 OpenAPI 3.1 描述，都按 `Accept-Language` 选择语言。""",
    """[中文](api.zh.md) · [Use the API](../how-to/use-the-api.md) ·
[Who may see and do what](policy-matrix.md)

This page is made from the description of the API; a test keeps the two together. An installation
has the same page at `/api/v1/` and the OpenAPI 3.1 description at `/api/v1/openapi.json`, both in
the language of `Accept-Language`.""",
)
_OBJECTS = Text("对象", "Objects")
_INPUTS = Text("| 名称 | 位置 | 类型 | 含义 |", "| name | where | what | meaning |")
_FIELDS = Text("| 名称 | 类型 | 含义 |", "| name | what | meaning |")
_OPTIONAL = Text("，可省略", ", optional")
_ANSWERS = Text(
    "答复 {status}{shape}；拒绝时 {refusals}。", "Answers {status}{shape}; refuses with {refusals}."
)
_PLACES = {
    "path": Text("地址", "address"),
    "query": Text("查询参数", "query"),
    "body": Text("正文", "body"),
}


def page(language: str) -> str:
    """The whole page."""
    with translation.override(_LOCALES[language]):
        told = reference(translated(document()))
    lines = [f"# {_TITLE.in_(language)}", "", _INTRO.in_(language), "", told.words]
    for section in told.sections:
        lines += ["", f"## {section.name.in_(language)}"]
        for operation in section.operations:
            lines += _operation(operation, language)
    lines += ["", f"## {_OBJECTS.in_(language)}"]
    for shape in told.shapes:
        lines += _shape(shape, language)
    return "\n".join(lines) + "\n"


def _operation(operation: Operation, language: str) -> Iterator[str]:
    yield from ("", f"### {operation.summary}", "", f"`{operation.method} {operation.path}`")
    yield from ("", operation.words)
    if operation.inputs:
        yield from ("", _INPUTS.in_(language), "|---|---|---|---|")
        yield from (_input(field, language) for field in operation.inputs)
    shape = f" [`{operation.answer}`](#{operation.answer.lower()})" if operation.answer else ""
    refusals = ("、" if language == "zh" else ", ").join(operation.refusals)
    said = _ANSWERS.in_(language).format(status=operation.status, shape=shape, refusals=refusals)
    yield from ("", said)


def _input(field: Field, language: str) -> str:
    kind = field.kind.in_(language) + ("" if field.required else _OPTIONAL.in_(language))
    return _row([f"`{field.name}`", _PLACES[field.place].in_(language), kind, field.words])


def _shape(shape: Shape, language: str) -> Iterator[str]:
    yield from (
        "",
        f"### {shape.name}",
        "",
        shape.words,
        "",
        _FIELDS.in_(language),
        "|---|---|---|",
    )
    for field in shape.fields:
        kind = field.kind.in_(language)
        linked = f"[{kind}](#{field.shape.lower()})" if field.shape else kind
        yield _row([f"`{field.name}`", linked, field.words])


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"

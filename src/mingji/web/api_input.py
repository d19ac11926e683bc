"""What is wrong with a request to the API, from the validator's codes to sentences for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_REFUSED = Text(
    zh="请求里有内容用不了，没有保存任何内容。",
    en="Something in the request cannot be used. Nothing was saved.",
)
_MISSING = Text(zh="缺少这个值", en="this value is missing")
_SEND = Text(zh="补上它。", en="Send it.")
_READ = Text(zh="按 /api/v1/ 的说明填写。", en="Write it as the reference at /api/v1/ says.")
# By the code of the validator: what is wrong, with its limits in braces.
_SAID: dict[str, Text] = {
    "missing": _MISSING,
    "int_parsing": Text(zh="要写成整数", en="has to be a whole number"),
    "int_type": Text(zh="要写成整数", en="has to be a whole number"),
    "int_parsing_size": Text(zh="这个数太大", en="the number is too large"),
    "greater_than_equal": Text(zh="至少是 {ge}", en="has to be {ge} at least"),
    "less_than_equal": Text(zh="最多是 {le}", en="has to be {le} at most"),
    "string_too_long": Text(zh="最长 {max_length} 个字符", en="{max_length} characters at most"),
    "string_type": Text(zh="要写成文字", en="has to be text"),
    "string_pattern_mismatch": Text(zh="写法不对", en="is not written as it has to be"),
    "literal_error": Text(zh="只能是 {expected}", en="has to be {expected}"),
    "extra_forbidden": Text(zh="没有这个字段", en="there is no such field"),
    "json_invalid": Text(zh="正文不是 JSON", en="the body is not JSON"),
    "model_attributes_type": Text(zh="要写成 JSON 对象", en="has to be a JSON object"),
    "model_type": Text(zh="要写成 JSON 对象", en="has to be a JSON object"),
    "dict_type": Text(zh="要写成 JSON 对象", en="has to be a JSON object"),
}
_UNUSABLE = Text(zh="这个值用不了", en="this value cannot be used")


def refused(errors: list[dict[str, Any]]) -> Invalid:
    """The validator's list of errors as the one named failure, a finding each."""
    return Invalid(_REFUSED, code="bad_request", findings=tuple(map(_finding, errors)))


def unknown_names(names: Iterable[str]) -> Invalid:
    """The refusal of what the query of an address names and the operation does not know."""
    return refused([{"type": "extra_forbidden", "loc": ("query", name)} for name in names])


def _finding(error: Mapping[str, Any]) -> Finding:
    code = str(error["type"])
    said, limits = _SAID.get(code, _UNUSABLE), error.get("ctx", {})
    expected = str(limits.get("expected", "")).replace("'", "")
    given = {
        **limits,
        "expected": Text(zh=expected.replace(" or ", " 或 "), en=expected),
    }
    return Finding(
        code=code,
        severity="error",
        message=Text(zh=_filled(said.zh, given, "zh"), en=_filled(said.en, given, "en")),
        remedy=_SEND if code == "missing" else _READ,
        place=Place(path=_place(error["loc"])),
    )


def _filled(sentence: str, given: Mapping[str, Any], locale: str) -> str:
    words = {k: v.in_(locale) if isinstance(v, Text) else v for k, v in given.items()}
    return sentence.format(**words)


def _place(location: tuple[Any, ...]) -> str:
    """`query.limit`, `body.theme`: the name that our function gives to the body says nothing."""
    where, *way = map(str, location)
    return ".".join([where, *(way[1:] if where == "body" else way)])

"""A YAML document whose every value remembers its line, so that an error can point at it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

import yaml

from mingji.engine.yaml_root import root_of
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

Value: TypeAlias = "str | bool | list[Spot] | dict[str, Spot] | None"
_NULL, _BOOL = "tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"
_NESTED = 40


@dataclass(frozen=True, slots=True)
class Spot:
    """A value and where it stands. Numbers stay the text that was written: no binary float."""

    value: Value
    line: int
    column: int
    path: str
    raw: str = ""
    file: str = ""


@dataclass(slots=True)
class Notes:
    """The findings gathered while reading one file; `stop` raises them together."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    spots: dict[str, Spot] = field(default_factory=dict)

    def nearest(self, path: str) -> Spot | None:
        """The spot at a path, or of the closest thing above it that is written."""
        while path and path not in self.spots:
            path = path.rpartition(".")[0]
        return self.spots.get(path)

    def add(self, spot: Spot | None, message: Text, remedy: Text, *, code: str) -> None:
        """Notes an error at a spot."""
        place = Place(self.file)
        if spot is not None:
            place = Place(spot.file or self.file, spot.line, spot.column, spot.path)
        self.findings.append(Finding(code, "error", message, remedy, place))

    def stop(self) -> None:
        """Raises `Invalid` if anything was noted."""
        if not self.findings:
            return
        count, files = len(self.findings), {each.place.file for each in self.findings}
        file = files.pop() if len(files) == 1 else self.file
        raise Invalid(
            Text(
                f"{file}：{count} 处需要修改，第一处：{self.findings[0].message.zh}",
                f"{file}: {count} to mend, the first: {self.findings[0].message.en}",
            ),
            code="definitions",
            findings=tuple(self.findings),
        )


def compose(text: str, notes: Notes) -> Spot:
    """Reads YAML into spots.

    Raises:
        Invalid: If it is not YAML, uses anchors, repeats a key, or is nested without end.
    """
    try:
        node = root_of(text, _NESTED)
    except (yaml.YAMLError, RecursionError) as error:
        _not_yaml(error, notes)
        raise
    if node is None:
        return Spot({}, 1, 1, "")
    spot = _spot(node, "", notes, _NESTED)
    notes.stop()
    return spot


def compose_together(texts: Mapping[str, str], notes: Notes) -> Spot:
    """Reads several files as if they were one: the mappings of a word are put together.

    Args:
        texts: The YAML of each file by its name, in order.
        notes: Findings name the file that they stand in.

    Raises:
        Invalid: As `compose`, and if two files say the same thing.
    """
    whole, together = notes.file, Spot({}, 1, 1, "", file=notes.file)
    for notes.file, text in texts.items():
        _merge(together, compose(text, notes), notes)
    notes.file = whole
    notes.stop()
    return together


def overlaid(base: Spot, text: str, file: str, notes: Notes) -> None:
    """Lets the entries of another file stand for those of the same name: a company's own words.

    An entry (a table, a metric) is replaced as a whole, so that it can be read in one place.

    Raises:
        Invalid: As `compose`.
    """
    whole, notes.file = notes.file, file
    above = compose(text, notes)
    notes.file = whole
    assert isinstance(base.value, dict)
    for word, below in above.value.items() if isinstance(above.value, dict) else ():
        known = base.value.get(word)
        if known is None or not isinstance(known.value, dict) or not isinstance(below.value, dict):
            base.value[word] = below
            continue
        for name, entry in below.value.items():
            _forget(f"{word}.{name}", file, notes)
            known.value[name] = entry


def _forget(path: str, file: str, notes: Notes) -> None:
    """Drops where the parts of a replaced entry stood, so that no message points there."""
    gone = [
        each
        for each, spot in notes.spots.items()
        if each.startswith(f"{path}.") and spot.file != file
    ]
    for each in gone:
        del notes.spots[each]


def _merge(into: Spot, spot: Spot, notes: Notes) -> None:
    """Adds the entries of one mapping to another, and theirs to theirs one step down."""
    assert isinstance(into.value, dict)
    for name, below in spot.value.items() if isinstance(spot.value, dict) else ():
        known = into.value.get(name)
        if known is None:
            into.value[name] = below
        elif below.path == name and isinstance(known.value, dict) and isinstance(below.value, dict):
            _merge(known, below, notes)
        else:
            _twice(notes.spots[below.path], name, notes)


def _not_yaml(error: Exception, notes: Notes) -> None:
    mark = getattr(error, "problem_mark", None)
    problem = _problem(getattr(error, "problem", None) or str(error))
    spot = None if mark is None else Spot(None, mark.line + 1, mark.column + 1, "")
    notes.add(
        spot,
        Text(f"不是有效的 YAML：{problem.zh}", f"this is not YAML: {problem.en}"),
        Text("检查这一行的缩进、冒号和引号", "check indentation, colons and quotes on this line"),
        code="yaml",
    )
    notes.stop()


_PROBLEMS = {
    "mapping values are not allowed": Text(
        "这里不能再有冒号（缩进不对，或含冒号的文字没加引号）",
        "no colon can stand here (wrong indentation, or a text with a colon without quotes)",
    ),
    "expected ',' or '}'": Text(
        "花括号没有闭合，或缺了逗号", "a brace is left open, or a comma missing"
    ),
    "expected ',' or ']'": Text(
        "方括号没有闭合，或缺了逗号", "a bracket is left open, or a comma missing"
    ),
    "found unexpected end of stream": Text("引号没有闭合", "a quote is left open"),
    "could not find expected ':'": Text("这一行缺了冒号", "a colon is missing"),
    "found character '\\t'": Text("用了制表符，缩进要用空格", "a tab stands where spaces must"),
    "expected <block end>": Text(
        "缩进和上面的行对不齐", "the indentation does not fit the lines above"
    ),
}


def _problem(told: str) -> Text:
    """What the reader of YAML stumbled over, in plain words where it is a common mistake."""
    known = (text for start, text in _PROBLEMS.items() if told.startswith(start))
    return next(known, Text.same(told))


def _spot(node: yaml.Node, path: str, notes: Notes, depth: int) -> Spot:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    here = Spot(None, line, column, path, file=notes.file)
    if depth == 0:
        notes.add(
            here, Text("嵌套太深", "nested too deeply"), Text("拆开", "flatten it"), code="yaml"
        )
        return here
    if isinstance(node, yaml.SequenceNode):
        items = [_spot(each, f"{path}[{n}]", notes, depth - 1) for n, each in enumerate(node.value)]
        return replace(here, value=items)
    if isinstance(node, yaml.MappingNode):
        return replace(here, value=_mapping(node, path, notes, depth))
    return replace(here, value=_scalar(node), raw=str(node.value))


def _mapping(node: yaml.MappingNode, path: str, notes: Notes, depth: int) -> dict[str, Spot]:
    entries: dict[str, Spot] = {}
    for key, value in node.value:
        name = str(key.value)
        below = _spot(value, f"{path}.{name}" if path else name, notes, depth - 1)
        start = key.start_mark
        written = Spot(None, start.line + 1, start.column + 1, below.path, file=notes.file)
        notes.spots[below.path] = written
        if name in entries:
            _twice(written, name, notes)
        entries[name] = below
    return entries


def _twice(spot: Spot, name: str, notes: Notes) -> None:
    notes.add(
        spot,
        Text(f"“{name}”写了两次", f"“{name}” is written twice"),
        Text("删掉其中一处", "remove one of them"),
        code="duplicate",
    )


def _scalar(node: yaml.Node) -> str | bool | None:
    if node.tag == _NULL:
        return None
    if node.tag == _BOOL:
        return str(node.value).lower() in ("true", "yes", "on")
    return str(node.value)


class Section:
    """One mapping of the document, read word by word; `close` complains of words not understood."""

    def __init__(self, spot: Spot, notes: Notes) -> None:
        self.spot, self.notes = spot, notes
        self.entries: dict[str, Spot] = {}
        self.known: set[str] = set()
        if isinstance(spot.value, dict):
            self.entries = spot.value
        elif spot.value is not None:
            self.complain(
                spot,
                Text("这里要写“名称: 值”", "a mapping (name: value) is needed here"),
                Text("按参考文档的形式改写", "write it as the reference shows"),
            )

    def complain(
        self, spot: Spot | None, message: Text, remedy: Text, *, code: str = "value"
    ) -> None:
        self.notes.add(spot or self.spot, message, remedy, code=code)

    def get(self, name: str) -> Spot | None:
        """The spot of a word, or None if it is not written."""
        self.known.add(name)
        spot = self.entries.get(name)
        return None if spot is None or spot.value is None else spot

    def text(self, name: str, default: str = "", *, required: bool = False) -> str:
        """A word or sentence; numbers and booleans count as what was written."""
        spot = self.get(name)
        if spot is None:
            if required:
                self.complain(
                    None,
                    Text(f"缺少“{name}”", f"“{name}” is missing"),
                    Text(f"补上 {name}: …", f"add {name}: …"),
                    code="missing",
                )
            return default
        if isinstance(spot.value, list | dict):
            self.complain(
                spot,
                Text(f"“{name}”只能是一个值", f"“{name}” takes one value"),
                Text(f"写成 {name}: 值", f"write {name}: value"),
            )
            return default
        return spot.raw

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> Any:
        """One of a list of words; a misspelt one is answered with the nearest."""
        given = self.text(name, default)
        if given in allowed:
            return given
        near = difflib.get_close_matches(given, allowed, 1) or allowed
        self.complain(
            self.get(name),
            Text(f"“{name}”不能是“{given}”", f"“{name}” cannot be “{given}”"),
            Text(f"可用：{'、'.join(near)}", f"use {', '.join(near)}"),
        )
        return default

    def both(self, name: str, default: str = "") -> Text:
        """A sentence in both languages: `{zh: …, en: …}`, or one wording for both."""
        spot = self.get(name)
        if spot is None or not isinstance(spot.value, dict):
            return Text.same(self.text(name, default))
        words = Section(spot, self.notes)
        zh, en = words.text("zh"), words.text("en")
        words.close()
        return Text(zh=zh or en, en=en or zh)

    def number(self, name: str) -> Decimal | None:
        """A decimal exactly as written."""
        spot = self.get(name)
        if spot is None:
            return None
        try:
            number = Decimal(spot.raw)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
        self.complain(
            spot,
            Text(f"“{name}”不是数字：{spot.raw}", f"“{name}” is not a number: {spot.raw}"),
            Text("写成 12.5 这样的数字", "write a number such as 12.5"),
        )
        return None

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        number = self.number(name)
        if number is None:
            return default
        if number == int(number) and low <= number <= high:
            return int(number)
        self.complain(
            self.get(name),
            Text(
                f"“{name}”要是 {low} 到 {high} 的整数",
                f"“{name}” must be a whole number from {low} to {high}",
            ),
            Text(f"例如 {name}: {default}", f"for example {name}: {default}"),
        )
        return default

    def flag(self, name: str) -> bool:
        """True or false; false if not written."""
        spot = self.get(name)
        return spot is not None and spot.value is True

    def words(self, name: str) -> tuple[str, ...]:
        """One word or a list of words."""
        spot = self.get(name)
        if spot is None:
            return ()
        if isinstance(spot.value, list):
            return tuple(each.raw for each in spot.value)
        return (self.text(name),)

    def sections(self, name: str, *, short: str = "") -> Iterator[tuple[str, Section]]:
        """The named mappings below a word; a bare value stands for `{short: value}`."""
        spot = self.get(name)
        for key, below in Section(spot, self.notes).entries.items() if spot else ():
            if short and isinstance(below.value, str | bool):
                below = Spot({short: below}, below.line, below.column, below.path)
            yield key, Section(below, self.notes)

    def pairs(self, name: str) -> dict[str, str]:
        """A mapping of text to text."""
        spot = self.get(name)
        if spot is None:
            return {}
        below = Section(spot, self.notes)
        return {key: below.text(key) for key in below.entries}

    def close(self) -> None:
        """Complains of every word that nobody asked for."""
        for name, spot in self.entries.items():
            if name in self.known:
                continue
            near = difflib.get_close_matches(name, self.known, 1) or sorted(self.known)
            self.complain(
                spot,
                Text(f"不认识“{name}”", f"“{name}” is not a word of this section"),
                Text(f"可用：{'、'.join(near)}", f"use {', '.join(near)}"),
                code="unknown",
            )

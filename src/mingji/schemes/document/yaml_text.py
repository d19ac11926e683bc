"""YAML text → a tree of nodes that remember their lines; nothing in it is ever executed.

Scalars stay text here: `0.29` reaches `Decimal` as its characters and never as a binary float,
and words such as `no` or `on` are not turned into truth values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 60
MAX_NODES = 100_000
_NULL, _MERGE = "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"
_Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a mapping; `merged` when it came through `<<`."""

    key: str
    key_node: yaml.Node
    value: yaml.Node
    merged: bool = False


def compose(text: str, file: str) -> yaml.Node:
    """The root node of a YAML document.

    Raises:
        Invalid: the text is too long, is not YAML, is empty, or holds more than one document.
    """
    if len(text) > MAX_CHARACTERS:
        raise _unreadable(
            Text(
                zh=f"文件有 {len(text):,} 个字符，超过上限 {MAX_CHARACTERS:,}",
                en=f"the file has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}",
            ),
            Text(zh="确认这是方案文件", en="check that this is a scheme file"),
            Place(file=file),
        )
    try:
        _check_depth(text, file)
        root: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise _broken(error, file) from None
    if root is None:
        raise _unreadable(
            Text(zh="文件是空的", en="the file is empty"),
            Text(
                zh="从随附的 minimal.yaml 改起最省事",
                en="start from the shipped scheme minimal.yaml",
            ),
            Place(file=file),
        )
    _check_size(root, file)
    return root


def entries(node: yaml.MappingNode) -> Iterator[Entry]:
    """The entries of a mapping; a key of its own wins over one merged with `<<`."""
    own = {key.value for key, _ in node.value if not _is_merge(key)}
    for key, value in node.value:
        if not _is_merge(key):
            yield Entry(str(key.value), key, value)
    taken = set(own)
    for source in _merged(node):
        for entry in entries(source):
            if entry.key not in taken:
                taken.add(entry.key)
                yield Entry(entry.key, entry.key_node, entry.value, merged=True)


def is_null(node: yaml.Node) -> bool:
    """Whether a value was left out (`key:`, `~` or `null`)."""
    return bool(node.tag == _NULL)


def line_of(node: yaml.Node) -> tuple[int, int]:
    """Line and column of a node, counting from 1."""
    return node.start_mark.line + 1, node.start_mark.column + 1


def is_anchor_shelf(key: str) -> bool:
    """Whether a top-level key (`x-…`) only holds pieces that are used elsewhere by `*name`."""
    return key.startswith("x-")


def _is_merge(key: yaml.Node) -> bool:
    return bool(key.tag == _MERGE)


def _merged(node: yaml.MappingNode) -> Iterator[yaml.MappingNode]:
    for key, value in node.value:
        if _is_merge(key):
            sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
            yield from (each for each in sources if isinstance(each, yaml.MappingNode))


def misplaced_merge(node: yaml.MappingNode) -> yaml.Node | None:
    """What stands behind `<<` and is no group of keys; it would be lost in silence."""
    values = (value for key, value in node.value if _is_merge(key))
    for value in values:
        sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
        wrong: list[yaml.Node] = [
            each for each in sources if not isinstance(each, yaml.MappingNode)
        ]
        if wrong:
            return wrong[0]
    return None


def _check_depth(text: str, file: str) -> None:
    """Refuse deep nesting before composing, which recurses and would end the process."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _too_big(file)


def _check_size(root: yaml.Node, file: str) -> None:
    """Refuse trees that are deep or, through anchors used over and over, huge."""
    seen = 0
    stack = [(root, 1)]
    while stack:
        node, depth = stack.pop()
        seen += 1
        if seen > MAX_NODES or depth > MAX_DEPTH:
            raise _too_big(file)
        if isinstance(node, yaml.MappingNode):
            stack += [(each, depth + 1) for pair in node.value for each in pair]
        elif isinstance(node, yaml.SequenceNode):
            stack += [(each, depth + 1) for each in node.value]


def _too_big(file: str) -> Invalid:
    return _unreadable(
        Text(
            zh=f"文件嵌套太深或展开后太大（上限 {MAX_DEPTH} 层、{MAX_NODES:,} 个值）",
            en=f"the file nests too deep or is too large once its anchors are put in "
            f"(limits: {MAX_DEPTH} levels, {MAX_NODES:,} values)",
        ),
        Text(zh="减少嵌套或锚点引用", en="use fewer levels or anchors"),
        Place(file=file),
    )


def _broken(error: yaml.YAMLError, file: str) -> Invalid:
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or error).split("\n")[0]
    place = Place(
        file=file,
        line=mark.line + 1 if mark else None,
        column=mark.column + 1 if mark else None,
    )
    return _unreadable(
        Text(zh=f"这里不是合法的 YAML（{problem}）", en=f"this is not valid YAML ({problem})"),
        Text(
            zh="检查这一行及上一行的缩进、冒号后的空格和引号；缩进用空格，不用制表符",
            en="check the indentation, the space after the colon and the quotes in this line and "
            "the one above; indent with spaces, not tabs",
        ),
        place,
    )


def _unreadable(message: Text, remedy: Text, place: Place) -> Invalid:
    head = Text(zh=f"读不了方案文件 {place.file}", en=f"cannot read the scheme file {place.file}")
    finding = Finding("unreadable", "error", message, remedy, place)
    return Invalid(head, code="unreadable_scheme", findings=(finding,))

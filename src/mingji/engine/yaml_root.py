"""YAML text → its root node, by whichever parser of PyYAML reads it fast and the same."""

from __future__ import annotations

import re

import yaml

# Where the two parsers of PyYAML differ: tabs, `?`, tags, directives, other ends of lines, and
# comments behind `|`. A value that is not written at all is placed differently, too.
_READ_DIFFERENTLY = re.compile(
    r"[\t?!\x85\u2028\u2029\ufeff]|^%|\r(?!\n)|[|>][-+0-9]*#", re.MULTILINE
)


def root_of(text: str, deepest: int) -> yaml.Node | None:
    """The root node, from libyaml where that is at hand: it needs a tenth of the time.

    What libyaml might refuse, or might end the process over, is left to the parser in Python, so
    that the words and the places of complaints are the same everywhere.

    Args:
        text: One document.
        deepest: How many levels libyaml may read; it would not survive very many.

    Raises:
        yaml.YAMLError: It is not YAML, or uses aliases.
        RecursionError: It is nested without end.
    """
    if yaml.__with_libyaml__ and _is_plain(text, deepest):
        return yaml.compose(text, yaml.CSafeLoader)
    if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
        raise yaml.YAMLError("anchors and aliases are not read")
    return yaml.compose(text, yaml.SafeLoader)


def _is_plain(text: str, deepest: int) -> bool:
    """Whether libyaml reads this as the other parser would, and no deeper than allowed."""
    if _READ_DIFFERENTLY.search(text):
        return False
    depth = documents = 0
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > deepest or documents > 1 or _is_unwritten(event):
                return False
    except yaml.YAMLError:
        return False
    return True


def _is_unwritten(event: yaml.Event) -> bool:
    """Whether an event stands for a value that is written elsewhere (an alias), or nowhere."""
    if isinstance(event, yaml.ScalarEvent):
        return not event.value and not event.style
    return isinstance(event, yaml.AliasEvent)

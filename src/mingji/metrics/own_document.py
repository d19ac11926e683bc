"""One metric within the YAML of the company's own definitions: read, put, nothing else touched."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

_METRICS = re.compile(r"metrics:\s*(#.*)?")
_INDENT = "  "


def metric_words(document: str, id_: str) -> dict[str, object]:
    """What a document says of a metric, word for word; nothing if it does not know it.

    >>> metric_words("metrics: {won: {type: simple}}", "won")
    {'type': 'simple'}
    """
    said = yaml.safe_load(document) if document else None
    metrics = said.get("metrics") if isinstance(said, dict) else None
    words = metrics.get(id_) if isinstance(metrics, dict) else None
    return words if isinstance(words, dict) else {}


def put_metric(document: str, id_: str, words: Mapping[str, object]) -> str:
    """The document with a metric in place of the one of its id, or added at the end.

    Comments and the order of everything else stay as they are.

    >>> put_metric("", "won", {"type": "simple", "table": "deals"})
    'metrics:\\n  won:\\n    type: simple\\n    table: deals\\n'
    """
    lines = document.splitlines()
    block = _block(id_, words)
    start, end = _metrics(lines)
    if start is None:
        lines += ["metrics:", *block]
        return "\n".join(lines) + "\n"
    first, last = _entry(lines, id_, start, end)
    lines[first:last] = block
    return "\n".join(lines) + "\n"


def _block(id_: str, words: Mapping[str, object]) -> list[str]:
    text = yaml.safe_dump(
        {id_: dict(words)}, allow_unicode=True, sort_keys=False, width=100, default_flow_style=False
    )
    return [_INDENT + line if line else line for line in text.splitlines()]


def _metrics(lines: list[str]) -> tuple[int | None, int]:
    """The lines behind `metrics:` up to the next word of the first column."""
    for place, line in enumerate(lines):
        if _METRICS.fullmatch(line.rstrip()):
            rest = range(place + 1, len(lines))
            return place + 1, next((at for at in rest if _stands_first(lines[at])), len(lines))
    return None, 0


def _stands_first(line: str) -> bool:
    return bool(line.strip()) and not line[0].isspace() and not line.startswith("#")


def _entry(lines: list[str], id_: str, start: int, end: int) -> tuple[int, int]:
    """The lines of one metric; an empty place at the end if it is not there."""
    head = re.compile(rf"(\s+)[\"']?{re.escape(id_)}[\"']?\s*:.*")
    for place in range(start, end):
        if match := head.fullmatch(lines[place]):
            depth = len(match[1])
            for after in range(place + 1, end):
                line = lines[after]
                if line.strip() and len(line) - len(line.lstrip()) <= depth:
                    return place, after
            return place, end
    while end > start and not lines[end - 1].strip():
        end -= 1
    return end, end

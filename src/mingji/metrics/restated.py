"""Why a closed period says another number now, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from mingji.metrics.models import Restatement
from mingji.rules.text import Text

_FILES = 3


@dataclass(frozen=True, slots=True)
class Restated:
    """What a number was, what it is now, since when, and why."""

    before: Decimal | None
    after: Decimal | None
    at: datetime
    causes: tuple[Text, ...]


def restated_since(rows: Iterable[Restatement]) -> Restated | None:
    """Restatements of one number, the earliest first, as one; None if it is back where it was."""
    ordered = list(rows)
    if not ordered or ordered[0].before == ordered[-1].after:
        return None
    causes = dict.fromkeys(cause_in_words(cause) for row in ordered for cause in row.causes)
    first, last = ordered[0].before, ordered[-1].after
    return Restated(_short(first), _short(last), ordered[-1].run.at, tuple(causes))


def cause_in_words(cause: Mapping[str, Any]) -> Text:
    """One cause of a restatement as a sentence without a full stop."""
    match cause["kind"]:
        case "correction":
            listed = "、".join(f"№{number}" for number in cause["numbers"])
            told = ", ".join(f"№{number}" for number in cause["numbers"])
            return Text(f"更正 {listed}", f"correction {told}")
        case "late_data":
            files = cause["files"]
            zh, en = "、".join(files[:_FILES]), ", ".join(files[:_FILES])
            more = len(files) - _FILES
            if more > 0:
                zh, en = f"{zh} 等 {len(files)} 个文件", f"{en} and {more} more"
            return Text(f"期后载入的数据：{zh}", f"data loaded later: {en}")
        case "definition":
            return Text("指标定义改过", "the definitions changed")
    return Text("归属对应或岗位记录改过", "owner matches or postings changed")


def _short(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(format(value.normalize(), "f"))

"""Which group of raters (评价组) a row of answers names."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from mingji.rules.methods.rated import MultiRater
from mingji.rules.raters import GROUP_NAMES
from mingji.rules.text import Text
from mingji.schemes.document.complaints import nearest
from mingji.schemes.facts.report import Report
from mingji.schemes.facts.rows import Row

_ALSO: dict[str, tuple[str, ...]] = {
    "manager": ("直属上级", "上级领导", "主管", "领导", "superior"),
    "peer": ("同事", "平级", "peer"),
    "report": ("下属", "直接下属", "subordinate", "subordinates"),
    "self": ("本人", "自己", "自我评价"),
    "client": ("内部客户", "外部客户", "customer", "customers"),
}


def group_of(method: MultiRater, row: Row, report: Report) -> str:
    """The id of the group in the column `part`; a group that nobody knows is a fault.

    Answers of a usual group that has no weight in the form are kept: they are shown, not counted.
    """
    written = row.get("part")
    known = _words(method)
    if found := known.get(_key(written)):
        return found
    ids = [group.id for group in method.groups]
    named = [f"{GROUP_NAMES[id_].zh}（{id_}）" if id_ in GROUP_NAMES else id_ for id_ in ids]
    close = nearest(_key(written), known)
    report.add(
        "unknown_group",
        Text(zh=f"没有评价组“{written}”", en=f"there is no group of raters “{written}”"),
        Text(
            zh=f"{f'是不是“{close}”？' if close else ''}可选：{'、'.join(named)}",
            en=f"{f'did you mean “{close}”? ' if close else ''}choose one of: {', '.join(ids)}",
        ),
        row=row.number,
        column="part",
    )
    return written


def no_group(row: Row, report: Report) -> None:
    """A rating of which nobody says from which group it comes would count nowhere."""
    report.add(
        "no_group",
        Text(zh="这份评价没有写评价组", en="this rating names no group of raters"),
        Text(
            zh="在 part（评价组）列写上：上级、同级、下级、自评或客户；一份评价一行",
            en="write manager, peer, report, self or client in the column part, one row an answer",
        ),
        row=row.number,
        column="part",
    )


def _words(method: MultiRater) -> Mapping[str, str]:
    words = {_key(word): id_ for id_, also in _ALSO.items() for word in also}
    for id_, name in GROUP_NAMES.items():
        words |= {_key(word): id_ for word in (name.zh, name.en, id_)}
    return words | {_key(group.id): group.id for group in method.groups}


def _key(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()

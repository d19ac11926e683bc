"""What a goal must be refused for when it is saved, before anything was achieved (§1, §9)."""

from __future__ import annotations

from decimal import Decimal

from mingji.rules.findings import Finding
from mingji.rules.method_checks import divides_by_target, finding
from mingji.rules.methods.steps import BaseStep, BestHistory
from mingji.rules.numbers import shown
from mingji.rules.scheme import Item
from mingji.rules.text import Text


def check_goal(
    item: Item, *, target: Decimal | None, baseline: Decimal | None = None, path: str = ""
) -> tuple[Finding, ...]:
    """What is wrong with a target and baseline for this item.

    >>> won = Item(id="won", name=Text("赢单额", "won value"))
    >>> [each.code for each in check_goal(won, target=Decimal(0))]
    ['target_not_positive']
    """
    found = []
    if target is not None and target <= 0 and divides_by_target(item):
        t = shown(target)
        found.append(
            finding(
                "target_not_positive",
                path or "target",
                Text(f"目标值是 {t}，完成率没有意义", f"a ratio to the target {t} is undefined"),
                Text(
                    "改用 base_step（measure: value）、anchors 或 described",
                    "use base_step (measure: value), anchors or described",
                ),
            )
        )
    if baseline is None and _needs_baseline(item):
        found.append(
            finding(
                "delta_without_baseline",
                path or "baseline",
                Text("按变化计分，却没有起始值", "a change is scored, but there is no baseline"),
                Text("补上起始值", "add the baseline"),
            )
        )
    return tuple(found)


def _needs_baseline(item: Item) -> bool:
    match item.scoring:
        case BestHistory():
            return item.baseline is None
        case BaseStep(reference=reference, target_difficulty_cap=capped):
            return item.baseline is None and (reference == "baseline" or capped)
    return False

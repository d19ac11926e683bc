"""Several raters (360): groups, the anonymity minimum, and the weights of those who answered."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.errors import Invalid
from mingji.rules.facts import Part
from mingji.rules.numbers import exact, shown
from mingji.rules.text import Text

# A manager's and one's own answer are known to be theirs: no anonymity to keep.
NAMED_GROUPS = frozenset(("manager", "self"))
LEAST_MINIMUM = 3
USUAL_MINIMUM = 4
GROUP_NAMES: dict[str, Text] = {
    "manager": Text("上级", "manager"),
    "peer": Text("同级", "peers"),
    "report": Text("下级", "reports"),
    "self": Text("自评", "self"),
    "client": Text("客户", "clients"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMean:
    """What may be said of a group: its mean, or nothing when too few answered (`mean` None)."""

    group: str
    mean: Decimal | None


@exact
def group_means(
    answers: tuple[Part, ...], *, scale: Decimal, minimum: int = USUAL_MINIMUM
) -> tuple[GroupMean, ...]:
    """The mean of each group, in the order of their names; too few answers give no mean.

    Single answers end here: nothing that leaves this function can be traced to a rater, and a
    group that is left out is not rolled into another (scoring.md §4).

    Raises:
        Invalid: an answer lies outside 0..scale, or the minimum is below 3.
    """
    _check(answers, scale, minimum)
    means = []
    for group in sorted({answer.key for answer in answers}):
        values = [a.value for a in answers if a.key == group and a.value is not None]
        enough = len(values) >= (1 if group in NAMED_GROUPS else minimum)
        mean = sum(sorted(values), Decimal(0)) / len(values) if enough else None
        means.append(GroupMean(group=group, mean=mean))
    return tuple(means)


def _check(answers: tuple[Part, ...], scale: Decimal, minimum: int) -> None:
    if minimum < LEAST_MINIMUM:
        raise Invalid(
            Text(
                zh=f"匿名下限是 {minimum}，少于 3 人就可能认出是谁；改成 3 或以上",
                en=f"the anonymity minimum is {minimum}; below 3 a rater can be recognised. "
                "Make it 3 or more",
            ),
            code="anonymity_minimum_too_low",
        )
    for answer in answers:
        if answer.value is not None and not 0 <= answer.value <= scale:
            raise Invalid(
                Text(
                    zh=f"评分 {shown(answer.value)} 超出 0 至 {shown(scale)} 的量表；改到范围内",
                    en=f"the rating {shown(answer.value)} lies outside the scale 0 to "
                    f"{shown(scale)}; bring it inside",
                ),
                code="outside_scale",
            )

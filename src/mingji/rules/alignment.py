"""Goals that serve others: cycles refused, shares held to a whole, and what nobody covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.numbers import HUNDRED, ZERO, exact, shown
from mingji.rules.text import Text

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`child` serves `parent`: `share` (above 0, up to 1) of its target counts there.

    `metric` is what both are measured by, empty where they are measured differently.
    """

    child: str
    parent: str
    share: Decimal = _ONE
    metric: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A goal as coverage sees it: whose it is, its theme, its weight and effort in percent."""

    key: str
    owner: str
    theme: str = ""
    weight: Decimal | None = None
    effort: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many goals a person may have before it is too few or too many."""

    least: int = 3
    most: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What strategy, goals and people leave open; keys in the order in which they were given.

    `unaligned` goals reach no theme, neither themselves nor through any goal that they serve.
    `overloaded` names each such person with the reason; `underloaded` those with some, but few.
    """

    themes_without_goals: tuple[str, ...]
    unaligned: tuple[str, ...]
    people_without_goals: tuple[str, ...]
    overloaded: Mapping[str, Text]
    underloaded: tuple[str, ...]


def cycle(links: Iterable[Link]) -> tuple[str, ...]:
    """A way round from a goal back to itself, or nothing where there is none.

    Takes time in step with the number of links; depth is bounded by memory alone.

    >>> cycle([Link(child="a", parent="b"), Link(child="b", parent="c"),
    ...        Link(child="c", parent="a")])
    ('a', 'b', 'c', 'a')
    >>> cycle([Link(child="a", parent="b"), Link(child="a", parent="c")])
    ()
    """
    above = _above(links)
    done: set[str] = set()
    for start in above:
        path: list[str] = []
        on_path: dict[str, int] = {}
        ahead = [(start, False)]
        while ahead:
            goal, left = ahead.pop()
            if left:
                path.pop()
                del on_path[goal]
                done.add(goal)
            elif goal in on_path:
                return (*path[on_path[goal] :], goal)
            elif goal not in done:
                on_path[goal] = len(path)
                path.append(goal)
                ahead.append((goal, True))
                ahead.extend((each, False) for each in reversed(above.get(goal, ())))
    return ()


def refuse_cycle(links: Iterable[Link], names: Mapping[str, Text]) -> None:
    """Refuse goals that serve themselves by a way round.

    Raises:
        Invalid: with the way round, by name (`names`; a goal without one goes by its key). Its
            finding has the keys on the way as the place.
    """
    found = cycle(links)
    if not found:
        return
    called = [names.get(key, Text.same(key)) for key in found]
    zh = f"对齐绕成了一圈：{' → '.join(each.zh for each in called)}"
    en = f"the alignment goes round: {' → '.join(each.en for each in called)}"
    wrong = Finding(
        "alignment_cycle",
        "error",
        Text(zh, en),
        Text("去掉其中一条", "take one link out"),
        Place(path=" ".join(found[:-1])),
    )
    message = Text(f"{zh}；{wrong.remedy.zh}", f"{en}; {wrong.remedy.en}")
    raise Invalid(message, code=wrong.code, findings=(wrong,))


@exact
def double_counts(links: Iterable[Link], names: Mapping[str, Text]) -> tuple[Finding, ...]:
    """Goals that count more than once: their shares on one metric are above 1 together.

    >>> twice = [Link(child="li", parent=p, share=Decimal("0.6"), metric="mql") for p in "ab"]
    >>> [found.message.en for found in double_counts(twice, {})]
    ['“li” counts 120 %: a 60 %, b 60 %']
    """
    by_child: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in links:
        if link.metric:
            by_child[link.child, link.metric].append(link)
    found = []
    for (child, _), own in by_child.items():
        total = sum((link.share for link in own), ZERO)
        if total > _ONE:
            found.append(_counted_twice(child, own, total, names))
    return tuple(found)


def _counted_twice(
    child: str, own: Sequence[Link], total: Decimal, names: Mapping[str, Text]
) -> Finding:
    name = names.get(child, Text.same(child))
    each = [(names.get(o.parent, Text.same(o.parent)), shown(o.share * HUNDRED)) for o in own]
    all_zh = "、".join(f"{parent.zh} {share}%" for parent, share in each)
    all_en = ", ".join(f"{parent.en} {share} %" for parent, share in each)
    percent = shown(total * HUNDRED)
    return Finding(
        code="counted_twice",
        severity="error",
        message=Text(
            f"“{name.zh}”一共被计入 {percent}%：{all_zh}",
            f"“{name.en}” counts {percent} %: {all_en}",
        ),
        remedy=Text(
            f"把这些占比减少 {shown((total - _ONE) * HUNDRED)} 个百分点，合计不超过 100%",
            f"take {shown((total - _ONE) * HUNDRED)} points off these shares, 100 % at most",
        ),
        place=Place(path=child),
    )


@exact
def coverage(
    *,
    themes: Sequence[str],
    goals: Sequence[Placed],
    people: Sequence[str],
    links: Sequence[Link] = (),
    limits: Limits = Limits(),
) -> Coverage:
    """What is left open between strategy, goals and people.

    A goal is aligned if it hangs on a theme or serves, by any way, one that does. A person is
    overloaded with more goals than `limits.most`, or weights or effort above 100 together.

    >>> goals = [Placed(key="g1", owner="li", theme="growth"), Placed(key="g2", owner="li")]
    >>> found = coverage(themes=["growth", "brand"], goals=goals, people=["li", "wang"])
    >>> found.themes_without_goals, found.unaligned, found.people_without_goals
    (('brand',), ('g2',), ('wang',))
    """
    own: dict[str, list[Placed]] = defaultdict(list)
    for goal in goals:
        own[goal.owner].append(goal)
    hung = {goal.theme for goal in goals}
    aligned = _reaching({goal.key for goal in goals if goal.theme}, links)
    reasons = {person: _too_much(own.get(person, ()), limits.most) for person in people}
    return Coverage(
        themes_without_goals=tuple(theme for theme in themes if theme not in hung),
        unaligned=tuple(goal.key for goal in goals if goal.key not in aligned),
        people_without_goals=tuple(person for person in people if person not in own),
        overloaded={person: reason for person, reason in reasons.items() if reason},
        underloaded=tuple(p for p in people if 0 < len(own.get(p, ())) < limits.least),
    )


def _above(links: Iterable[Link]) -> dict[str, list[str]]:
    above: dict[str, list[str]] = {}
    for link in links:
        above.setdefault(link.child, []).append(link.parent)
    return above


def _reaching(wanted: Collection[str], links: Iterable[Link]) -> set[str]:
    """The goals from which a way up leads to one that is wanted."""
    below: dict[str, list[str]] = defaultdict(list)
    for link in links:
        below[link.parent].append(link.child)
    reached, ahead = set(wanted), list(wanted)
    while ahead:
        for child in below.get(ahead.pop(), ()):
            if child not in reached:
                reached.add(child)
                ahead.append(child)
    return reached


def _too_much(goals: Sequence[Placed], most: int) -> Text | None:
    if len(goals) > most:
        return Text(f"{len(goals)} 个目标，超过 {most} 个", f"{len(goals)} goals, above {most}")
    weight = sum((goal.weight or ZERO for goal in goals), ZERO)
    if weight > HUNDRED:
        return Text(f"权重合计 {shown(weight)}%", f"weights of {shown(weight)} % together")
    effort = sum((goal.effort or ZERO for goal in goals), ZERO)
    if effort > HUNDRED:
        return Text(f"预计投入 {shown(effort)}%", f"an effort of {shown(effort)} % together")
    return None

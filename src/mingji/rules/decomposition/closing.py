"""What closes a difference: each way reaches the target when all else stays."""

from __future__ import annotations

import decimal
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from mingji.rules.decomposition.amounts import amount, step
from mingji.rules.decomposition.moves import alone, factor, in_percent, missing, moved
from mingji.rules.decomposition.terms import Child, Direction, Mode, Parent, Way
from mingji.rules.explanation import Node
from mingji.rules.numbers import ZERO, exact, rounded, shown
from mingji.rules.text import Text

_ONE = Decimal(1)
_NOISE = 14
# Beyond so many, goals are counted in a sentence instead of named.
_NAMED = 5
_INVERSE: Mapping[Direction, Direction] = {"up": "down", "down": "up", "closer": "closer"}


@exact
def ways(
    parent: Parent, children: Sequence[Child], mode: Mode, made: Node, target: Node
) -> tuple[Way, ...]:
    """The ways to bring `made` to the target; none where either is missing.

    New targets are rounded to their own places on the better side, so that a way leaves no gap.
    """
    if not isinstance(target.value, Decimal) or not isinstance(made.value, Decimal):
        return ()
    return tuple(_ways(parent, children, mode, made, target))


def _ways(
    parent: Parent, children: Sequence[Child], mode: Mode, made: Node, target: Node
) -> Iterator[Way]:
    if mode == "sum":
        yield from _of_sum(parent, children, made, target)
    elif mode == "weighted_mean":
        yield from _of_mean(parent, children, made, target)
    elif mode == "ratio_of_sums":
        yield from _of_quotient(parent, children, made, target)
    elif mode == "shared_funnel":
        yield from _of_funnel(parent, children, made, target)
    else:
        yield from _of_extreme(parent, children, mode, target)
    if mode == "same" and parent.direction == "closer":
        return  # another target above would only be far from other children
    # Down to what comes from below, and no further: what is rounded leaves no gap either.
    value = _tidy(moved(made), _INVERSE[parent.direction], parent.places)
    unit = parent.unit
    yield Way(
        code="parent",
        words=Text(
            f"把上级目标改为 {amount(value, unit).zh}",
            f"set the target above to {amount(value, unit).en}",
        ),
        changes={parent.key: value},
        node=made,
    )


def _of_sum(parent: Parent, children: Sequence[Child], made: Node, target: Node) -> Iterator[Way]:
    value, wanted = moved(made), moved(target)
    gap = missing(made, target)
    if value * wanted > 0:
        percent = in_percent(made, target)
        yield Way(
            code="scale_all",
            words=_by_percent(moved(percent)),
            changes={
                child.key: _better(parent, _target(child) * wanted / value) for child in children
            },
            node=percent,
        )
    largest = max(children, key=lambda child: (abs(_target(child)) * child.share, child.key))
    yield _one(parent, largest, alone(made, target, largest.share))
    if moved(gap) * value > 0:
        more = _better(parent, moved(gap))
        said = amount(more, parent.unit)
        yield Way(
            code="new_child",
            words=Text(
                f"再增加一个目标值为 {said.zh} 的下级目标",
                f"add one more goal below, with a target of {said.en}",
            ),
            changes={},
            node=gap,
            amount=more,
        )


def _of_mean(parent: Parent, children: Sequence[Child], made: Node, target: Node) -> Iterator[Way]:
    gap = missing(made, target)
    by, word = step(moved(gap), parent.unit), _up(moved(gap))
    yield Way(
        code="shift_all",
        words=Text(f"每个下级目标都{word.zh} {by.zh}", f"{word.en} each target below by {by.en}"),
        changes={child.key: _better(parent, _target(child) + moved(gap)) for child in children},
        node=gap,
    )
    whole = sum((_weight(child) for child in children), ZERO)
    heaviest = max(children, key=lambda child: (_weight(child), child.key))
    yield _one(parent, heaviest, alone(made, target, _weight(heaviest) / whole))


def _of_quotient(
    parent: Parent, children: Sequence[Child], made: Node, target: Node
) -> Iterator[Way]:
    above, below = made.inputs
    if moved(above) * moved(target) <= 0:
        return
    for code, side, direction in (
        ("numerators", above, parent.direction),
        ("denominators", below, _INVERSE[parent.direction]),
    ):
        inverse = side is below
        move = factor(side, made, target, inverse=inverse)
        needed, now = moved(move) + moved(side), moved(side)
        own = {
            child.key: (child.below if inverse else child.above, _places(child))
            for child in children
            if child.side in ("", code.removesuffix("s"))
        }
        written = {places for _, places in own.values()}
        told = _tidy(needed, direction, written.pop() if len(written) == 1 else None)
        yield Way(
            code=code,
            words=_of_side(now, told, side.unit, numerators=not inverse),
            changes={
                key: _tidy((value or ZERO) * needed / now, direction, places)
                for key, (value, places) in own.items()
            },
            node=move,
        )


def _of_funnel(
    parent: Parent, children: Sequence[Child], made: Node, target: Node
) -> Iterator[Way]:
    if moved(made) * moved(target) <= 0:
        return
    places = {child.stage: child.places for child in children}
    for stage in made.inputs:
        move = factor(stage, made, target)
        exactly, now = moved(move) + moved(stage), moved(stage)
        then = _tidy(exactly, parent.direction, places.get(stage.key))
        word, by = _more(then - now), step(then - now, stage.unit)
        was, will = amount(now, stage.unit), amount(then, stage.unit)
        yield Way(
            code="stage",
            words=Text(
                f"其他环节不变，“{stage.label.zh}”{word.zh} {by.zh}（从 {was.zh} 到 {will.zh}）",
                f"{by.en} {word.en} of “{stage.label.en}” (from {was.en} to {will.en}), "
                "the other stages staying",
            ),
            changes={stage.key: then},
            node=move,
        )


def _of_extreme(
    parent: Parent, children: Sequence[Child], mode: Mode, target: Node
) -> Iterator[Way]:
    wanted = moved(target)
    off = [child for child in children if _target(child) != wanted]
    if mode == "min":
        off = [child for child in children if _target(child) < wanted] or [
            min(children, key=_target)
        ]
    elif mode == "max":
        off = [child for child in children if _target(child) > wanted] or [
            max(children, key=_target)
        ]
    if not off:
        return
    zh, en = "、".join(c.name.zh for c in off[:_NAMED]), ", ".join(c.name.en for c in off[:_NAMED])
    if len(off) > _NAMED:
        zh, en = f"{zh} 等 {len(off)} 个", f"{en} and {len(off) - _NAMED} more"
    said = amount(wanted, parent.unit)
    yield Way(
        code="set_each",
        words=Text(f"把 {zh} 的目标值改为 {said.zh}", f"set {en} to {said.en}"),
        changes={child.key: wanted for child in off},
        node=target,
    )


def _one(parent: Parent, child: Child, move: Node) -> Way:
    then = _better(parent, _target(child) + moved(move))
    word, by = _up(then - _target(child)), step(then - _target(child), parent.unit)
    to = amount(then, parent.unit)
    return Way(
        code="one_child",
        words=Text(
            f"只把“{child.name.zh}”{word.zh} {by.zh}，到 {to.zh}",
            f"{word.en} “{child.name.en}” alone by {by.en}, to {to.en}",
        ),
        changes={child.key: then},
        node=move,
    )


def _of_side(now: Decimal, needed: Decimal, unit: str, *, numerators: bool) -> Text:
    by, word = step(needed - now, unit), _more(needed - now)
    was, will = amount(now, unit), amount(needed, unit)
    zh = ("分母不变，分子合计", "分子不变，分母合计")[not numerators]
    moving, staying = ("numerators", "denominators")[:: 1 if numerators else -1]
    return Text(
        f"{zh}{word.zh} {by.zh}（从 {was.zh} 到 {will.zh}）",
        f"{by.en} {word.en} in the {moving} together (from {was.en} to {will.en}), "
        f"the {staying} staying",
    )


def _by_percent(percent: Decimal) -> Text:
    word = _up(percent)
    by = shown(abs(percent))
    return Text(f"每个下级目标都{word.zh} {by}%", f"{word.en} each target below by {by} %")


def _up(change: Decimal) -> Text:
    return Text("提高", "raise") if change > 0 else Text("降低", "lower")


def _more(change: Decimal) -> Text:
    return Text("增加", "more") if change > 0 else Text("减少", "less")


def _better(parent: Parent, value: Decimal) -> Decimal:
    """A new target as it is written, on the side that is better for the metric."""
    return _tidy(value, parent.direction, parent.places)


def _tidy(value: Decimal, direction: Direction, places: int | None) -> Decimal:
    if places is None:
        return value
    mode = {"up": decimal.ROUND_CEILING, "down": decimal.ROUND_FLOOR}
    # What a division could not end must not become a whole unit more.
    return rounded(value, _NOISE).quantize(
        _ONE.scaleb(-places), rounding=mode.get(direction, decimal.ROUND_HALF_UP)
    )


def _places(child: Child) -> int | None:
    """How a part is written; what a rate of its own is made of has no places that are known."""
    return child.places if child.side else None


def _weight(child: Child) -> Decimal:
    return (child.weight or ZERO) * child.share


def _target(child: Child) -> Decimal:
    return child.target or ZERO

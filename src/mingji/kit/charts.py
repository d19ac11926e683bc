"""The geometry of bullet bars and waterfalls; templates in `components/` draw it as SVG.

Horizontal places are percentages of the width, so a chart fits a phone and a wide page without
scaling its letters. Each chart carries its values in words or as a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from mingji.kit.numbers import show
from mingji.rules.text import Text

Direction = Literal["up", "down", "closer"]
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places: `low` lies at `start` percent, `high` at `end` percent."""

    low: Decimal
    high: Decimal
    start: Decimal = Decimal(0)
    end: Decimal = Decimal(100)

    def at(self, value: Decimal) -> Decimal:
        """The place of a value in percent, two decimals."""
        share = (value - self.low) / ((self.high - self.low) or Decimal(1))
        return (self.start + share * (self.end - self.start)).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar: left edge and width in percent, and the class that colours it."""

    x: Decimal
    width: Decimal
    look: str


def _bar(scale: Scale, one: Decimal, other: Decimal, look: str) -> Bar:
    left, right = sorted((scale.at(one), scale.at(other)))
    return Bar(left, right - left, look)


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bullet bar; `words` says everything that it shows. Places in percent, None if absent.

    `zero` is where nought stands if something lies below it.
    """

    bands: tuple[Bar, ...]
    actual: Bar | None
    zero: Decimal | None
    target: Decimal | None
    stretch: Decimal | None
    expected: Decimal | None
    words: Text


def bullet(
    actual: Decimal | None,
    *,
    target: Decimal | None,
    threshold: Decimal | None = None,
    stretch: Decimal | None = None,
    expected: Decimal | None = None,
    direction: Direction = "up",
    unit: str = "",
    label: Text = _NOTHING,
) -> Bullet:
    """An actual against its threshold, target and stretch target, and what was expected by now.

    The darker the ground, the further from the target; with `direction` down the dark ground
    lies to the right. Without an actual only the ground and the marks are drawn.
    """
    named = {
        Text("实际", "actual"): actual,
        Text("目标", "target"): target,
        Text("门槛", "threshold"): threshold,
        Text("挑战", "stretch"): stretch,
        Text("此时应到", "expected by now"): expected,
    }
    known = [value for value in named.values() if value is not None]
    scale = Scale(min([Decimal(0), *known]), max([*known, Decimal(0)]) * Decimal("1.08"))
    edges = [scale.low, *_inner(threshold, target, direction), scale.high]
    looks = ["band-1", "band-2", "band-3"][4 - len(edges) :]
    if direction == "down":
        looks.reverse()
    return Bullet(
        bands=tuple(
            _bar(scale, *pair, look) for pair, look in zip(pairwise(edges), looks, strict=True)
        ),
        actual=None if actual is None else _bar(scale, Decimal(0), actual, _side(actual)),
        zero=scale.at(Decimal(0)) if scale.low < 0 else None,
        target=None if target is None else scale.at(target),
        stretch=None if stretch is None else scale.at(stretch),
        expected=None if expected is None else scale.at(expected),
        words=_bullet_words(label, named, unit, direction),
    )


def _side(actual: Decimal) -> str:
    return "fall" if actual < 0 else "actual"


def _inner(threshold: Decimal | None, target: Decimal | None, direction: str) -> list[Decimal]:
    """The edges between the grounds, from left to right."""
    if target is None:
        return []
    if threshold is None or direction == "closer":
        return [target]
    return sorted((threshold, target))


def _bullet_words(
    label: Text, named: dict[Text, Decimal | None], unit: str, direction: str
) -> Text:
    said = {
        locale: [
            f"{name.in_(locale)} {show(value, unit, locale)}"
            for name, value in named.items()
            if value is not None or name.en == "actual"
        ]
        for locale in ("zh", "en")
    }
    if direction == "down":
        said["zh"].append("越低越好")
        said["en"].append("lower is better")
    return Text(
        (f"{label.zh}：" if label.zh else "") + "，".join(said["zh"]),
        (f"{label.en}: " if label.en else "") + ", ".join(said["en"]),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a waterfall. `total` shows the sum so far; its own `delta` is not added.

    `href` opens the step's number; `note` is a small word beside the label; `inner` steps stand
    indented below their dimension.
    """

    label: Text
    delta: Decimal | None
    href: str = ""
    note: str = ""
    total: bool = False
    inner: bool = False


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """A step with its bar, the sum after it, and where the line from the step before stands."""

    step: Step
    bar: Bar | None
    running: Decimal
    join: Decimal | None


@dataclass(frozen=True, slots=True)
class Waterfall:
    """How a total came about; every row shows its step, its bar and the sum so far."""

    rows: tuple[DrawnStep, ...]
    unit: str
    caption: Text


def waterfall(steps: Sequence[Step], *, unit: str = "point", caption: Text = _NOTHING) -> Waterfall:
    """Bars that each start where the one before ended; a total starts at zero."""
    sums = [Decimal(0)]
    for step in steps:
        sums.append(sums[-1] + (Decimal(0) if step.total else step.delta or Decimal(0)))
    scale = Scale(min(sums), max(max(sums), Decimal("0.01")))
    rows = tuple(
        DrawnStep(
            step=step,
            bar=_step_bar(scale, step, before, after),
            running=after,
            join=scale.at(before) if index else None,
        )
        for index, (step, (before, after)) in enumerate(zip(steps, pairwise(sums), strict=True))
    )
    return Waterfall(rows, unit, caption)


def _step_bar(scale: Scale, step: Step, before: Decimal, after: Decimal) -> Bar | None:
    if step.total:
        return _bar(scale, Decimal(0), after, "sum")
    if step.delta is None:
        return None
    return _bar(scale, before, after, "fall" if step.delta < 0 else "rise")

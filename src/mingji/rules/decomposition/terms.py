"""What a decomposition is checked with, and what the check says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mingji.rules.explanation import Node
from mingji.rules.text import Text

Mode = Literal["sum", "weighted_mean", "ratio_of_sums", "shared_funnel", "min", "max", "same"]
StageMode = Literal["sum", "weighted_mean", "ratio_of_sums", "min", "max"]
Direction = Literal["up", "down", "closer"]
Verdict = Literal["adds_up", "gap", "overlap", "unknown"]
Side = Literal["", "numerator", "denominator"]

PERCENT = frozenset({"%", "percent"})
ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The target above. `places` is to how many places a target is written, None for any.

    `numerator_unit` and `denominator_unit` are those of the two sides of its fraction; empty where
    nothing says so: then the first child of a side settles it.
    """

    key: str
    name: Text
    target: Decimal | None
    unit: str = ""
    period: str = ""
    direction: Direction = "up"
    places: int | None = None
    numerator_unit: str = ""
    denominator_unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A target below, in its own `unit`; `share` (above 0, up to 1) of it counts for this parent.

    `weight` is its volume, for a weighted mean; `numerator` and `denominator` what its rate is made
    of, for a ratio of sums, or `side` says which of the two its whole target is; `stage` is the key
    of its stage in a shared funnel and `metric` what it is measured by. `places` as above.
    """

    key: str
    name: Text
    target: Decimal | None
    unit: str = ""
    period: str = ""
    share: Decimal = ONE
    weight: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    side: Side = ""
    stage: str = ""
    metric: str = ""
    places: int | None = None

    @property
    def above(self) -> Decimal | None:
        """What it brings to the numerator of a ratio of sums."""
        return self.target if self.side == "numerator" else self.numerator

    @property
    def below(self) -> Decimal | None:
        """What it brings to the denominator of a ratio of sums."""
        return self.target if self.side == "denominator" else self.denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A factor of a shared funnel, and how several children of one stage make it up.

    A stage in percent enters the product as a fraction. With a `metric`, only what that measures
    counts in it.
    """

    key: str
    name: Text
    unit: str = ""
    mode: StageMode = "sum"
    metric: str = ""
    places: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncounted:
    """A child that is not in the combined value (it is never taken for zero), and why."""

    child: Child
    code: str
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to close the difference when all else stays.

    `changes` are new values by key: targets of children (`numerators`, `denominators`: those parts
    of them), of stages for code `stage`, of the parent for code `parent`; empty for a `new_child`,
    whose target is `amount`. `node` opens the exact change, in its unit; what is written is rounded
    to the better side.
    """

    code: str
    words: Text
    changes: Mapping[str, Decimal]
    node: Node
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decomposition:
    """How the targets below stand to the one above.

    `difference` is combined minus target in the parent's unit and `percent` that of the target
    (None for a target of 0). A `gap` falls short of the target, an `overlap` goes beyond it, in
    the direction of the metric; `unknown` where something is missing. `node` opens the difference.
    """

    mode: Mode
    verdict: Verdict
    combined: Decimal | None
    difference: Decimal | None
    percent: Decimal | None
    ways: tuple[Way, ...]
    uncounted: tuple[Uncounted, ...]
    words: Text
    node: Node

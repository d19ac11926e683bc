"""One row of facts may set any parameter of its item or method, in the words of a scheme file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mingji.rules.errors import Invalid
from mingji.rules.facts import ItemFacts
from mingji.rules.methods.ratio import Ratio
from mingji.rules.points import score_item
from unit.rules.forms import an_item

D = Decimal


def test_a_row_overrides_any_parameter_of_item_and_method() -> None:
    facts = ItemFacts(
        actual=D(180),
        target=D(150),
        weight=D(20),
        overrides={"direction": "down", "form": "complement", "out_of": "10"},
    )

    result = score_item(an_item("won", 100, scoring=Ratio()), facts)

    assert str(result.points) == "32.00"


def test_a_row_may_change_the_method_altogether_with_its_bands_as_json() -> None:
    bands = '[{"low": null, "high": 25, "points": "15"}, {"low": 25, "points": 3}]'
    facts = ItemFacts(actual=D(20), overrides={"method": "band", "bands": bands})

    assert str(score_item(an_item("won", 100, scoring=Ratio()), facts).points) == "15.00"


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"direction": "sideways"}, "bad_parameter"),
        ({"cap": "lots"}, "bad_parameter"),
        ({"nonsense": "1"}, "unknown_parameter"),
        ({"method": "guess"}, "unknown_method"),
    ],
)
def test_an_override_that_does_not_fit_is_refused(overrides: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        score_item(
            an_item("won", 100, scoring=Ratio()),
            ItemFacts(actual=D(1), target=D(1), overrides=overrides),
        )

    assert refusal.value.code == code

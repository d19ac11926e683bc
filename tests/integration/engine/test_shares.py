"""Shares of another metric and of a total: parts worked by hand, parts that add up to one."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.engine.conftest import loader
from integration.engine.test_other_days import value
from mingji.engine.definitions import load_definitions
from mingji.engine.identity import Identity, OwnerLink, Posting
from mingji.engine.lineage import rows
from mingji.engine.model import Definitions
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

MARKET = """\
tables:
  sales:
    key: id
    time: day
    owner: rep
    columns:
      id: text
      rep: text
      region: text
      day: date
      amount: {type: decimal, unit: CNY, scale: 2}
  market:
    time: month
    columns: {month: date, region: text, size: {type: decimal, unit: CNY, scale: 2}}
metrics:
  revenue: {table: sales, column: amount}
  market_size: {table: market, column: size}
  market_share: {type: share, metric: revenue, of: market_size, of_total: true}
  strict_share: {type: share, metric: revenue, of: market_size}
  region_mix: {type: share, metric: revenue, over: region}
  member_part: {type: share, metric: revenue, over: member}
  share_growth: {type: growth, metric: market_share, as: difference}
"""
SALES = """\
id,rep,region,day,amount
1,ann,east,2026-01-05,100
2,ann,west,2026-02-05,50
3,bob,east,2026-02-06,50
4,zoe,,2026-03-01,200
5,bob,east,2026-04-01,60
"""
SIZES = """\
month,region,size
2026-01-01,east,500
2026-02-01,west,500
2026-04-01,east,300
"""
IDENTITY = Identity(
    (OwnerLink("ann", "ann"), OwnerLink("bob", "bob")),
    (Posting("ann", {"team": "north"}), Posting("bob", {"team": "south"})),
)


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load_definitions(MARKET)


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory, definitions: Definitions) -> Warehouse:
    folder = tmp_path_factory.mktemp("market")
    warehouse = Warehouse(folder / "warehouse")
    load = loader(folder, warehouse, definitions)
    load("sales", SALES)
    load("market", SIZES)
    return warehouse


def test_a_member_has_a_share_of_the_whole_market_where_the_definition_says_so(
    market: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        market, definitions, metrics=["market_share"], by=("member", "period"), identity=IDENTITY
    )

    assert value(answer, "market_share", member="ann", period="2026Q1") == "0.1500"  # 150 of 1000
    assert value(answer, "market_share", member="bob", period="2026Q1") == "0.0500"
    assert value(answer, "market_share", member="bob", period="2026Q2") == "0.2000"  # 60 of 300
    node = answer.at("market_share", member="ann", period="2026Q1").node  # type: ignore[union-attr]
    size = node.inputs[1]
    assert (size.label.en, size.value) == ("market_size (all)", Decimal("1000.00"))
    assert size.sources[0].ref == "market_size?period=2026Q1"
    assert len(rows(market, definitions, size.sources[0].ref).rows) == 2


def test_without_of_total_a_key_that_the_whole_lacks_is_refused(
    market: Warehouse, definitions: Definitions
) -> None:
    by_region = observe(market, definitions, metrics=["strict_share"], by=("region",))

    assert value(by_region, "strict_share", region="east") == "0.2625"  # 210 of 800
    with pytest.raises(Invalid, match="market, which has no “member”"):
        observe(market, definitions, metrics=["strict_share"], by=("member",))


def test_a_key_that_the_whole_has_still_cuts_it(
    market: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        market,
        definitions,
        metrics=["market_share"],
        by=("member", "region", "period"),
        identity=IDENTITY,
    )

    share = value(answer, "market_share", member="bob", region="east", period="2026Q1")
    assert share == "0.1000"  # 50 of 500


def test_shares_over_a_dimension_divide_by_its_whole(
    market: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        market,
        definitions,
        metrics=["region_mix"],
        by=("region", "period"),
        periods=["2026Q1"],
    )

    found = {row.keys["region"]: str(row.value) for row in answer.rows}
    assert found == {"": "0.5000", "east": "0.3750", "west": "0.1250"}
    source = answer.rows[1].node.inputs[1].sources[0]
    assert source.ref == "revenue?period=2026Q1"


def test_shares_of_the_company_count_the_rows_of_nobody(
    market: Warehouse, definitions: Definitions
) -> None:
    answer = observe(
        market, definitions, metrics=["member_part"], by=("team", "period"), identity=IDENTITY
    )

    assert value(answer, "member_part", team="north", period="2026Q1") == "0.3750"  # 150 of 400
    assert [each.owner for each in answer.unmatched] == ["zoe"]


def test_shares_can_grow(market: Warehouse, definitions: Definitions) -> None:
    answer = observe(market, definitions, metrics=["share_growth"], by=("period",))

    assert value(answer, "share_growth", period="2026Q2") == "-20.00"  # 40 % to 20 %


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ("{type: share, metric: revenue}", "value"),
        ("{type: share, metric: revenue, of: market_size, over: region}", "value"),
        ("{type: share, metric: revenue, over: region, of_total: true}", "value"),
        ("{type: share, metric: revenue, over: colour}", "name"),
        ("{type: share, metric: market_share, over: region}", "share_parts"),
        ("{type: share, metric: revenue, of: nothing}", "name"),
        ("{type: share, metric: deals, of: market_size}", "unit"),
        ("{type: share, metric: revenue, of: strict_share}", "cycle"),
    ],
)
def test_shares_that_make_no_sense_are_refused_with_line_and_remedy(
    instead: str, code: str
) -> None:
    text = MARKET.replace("{type: share, metric: revenue, of: market_size}", instead)
    text += "  deals: {table: sales, agg: count}\n"

    with pytest.raises(Invalid) as refused:
        load_definitions(text)

    finding = refused.value.findings[0]
    assert (finding.code, finding.place.line) == (code, 19)
    assert finding.remedy.zh != finding.remedy.en
    assert finding.message.zh != finding.message.en


CELLS = st.lists(
    st.tuples(st.sampled_from(("east", "west", "")), st.decimals(0, 1000, places=2)),
    min_size=1,
    max_size=15,
)


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(CELLS)
def test_the_parts_add_up_to_one(
    tmp_path_factory: pytest.TempPathFactory,
    definitions: Definitions,
    cells: list[tuple[str, Decimal]],
) -> None:
    folder: Path = tmp_path_factory.mktemp("random")
    warehouse = Warehouse(folder / "warehouse")
    lines = [f"{n},x,{region},2026-01-01,{amount}" for n, (region, amount) in enumerate(cells)]
    loader(folder, warehouse, definitions)("sales", "\n".join(["id,rep,region,day,amount", *lines]))

    answer = observe(warehouse, definitions, metrics=["region_mix"], by=("region", "period"))

    parts = [Fraction(row.value) for row in answer.rows if row.value is not None]
    total = sum(amount for _, amount in cells)
    assert abs(sum(parts) - (1 if total else 0)) < Fraction(1, 10**18)

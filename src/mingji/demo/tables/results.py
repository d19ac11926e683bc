"""What the deals won came to: orders with their cost, the market around them, credit for adverts.

Everything here is worked out from rows that are there already, with chance of its own, so that the
tables it follows from stay as they are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from mingji.demo import words
from mingji.demo.quarters import first_day, following, quarter_of
from mingji.demo.rows import MarketSize, Opportunity, Order, Spend
from mingji.demo.world import World, after, money, numbered

#: What a product costs of its price, and what part of its market the company holds.
COSTS = (0.42, 0.48, 0.56)
SHARES = (0.14, 0.09, 0.05)
#: Sold since the end of 2025 only.
NEW_PRODUCT = "质检眼"
CONVERSIONS = 0.055


def settled(world: World, deals: Sequence[Opportunity]) -> list[Opportunity]:
    """The deals with the day on which sales qualified them, and the profit of those won."""
    products = words.bank("words")["products"]
    found = []
    for deal in deals:
        rng = world.rng("settled", deal.opportunity_id)
        day = after(deal.created_on, rng.uniform(1, 7))
        cost = COSTS[products.index(deal.product)] * rng.lognormvariate(0, 0.06)
        found.append(
            replace(
                deal,
                qualified_on=day
                if day <= min(world.today, deal.closed_on or world.today)
                else None,
                gross_profit=money(float(deal.amount) * (1 - cost))
                if deal.stage == "won"
                else None,
            )
        )
    return found


def credited(world: World, rows: Sequence[Spend], deals: Sequence[Opportunity]) -> list[Spend]:
    """Advertising with its conversions, and with the revenue that its owner won in the quarter."""
    crm = {world.owner("crm", stint): world.owner("budget", stint) for stint in world.stints}
    won: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    spent: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for deal in deals:
        if deal.stage == "won" and deal.closed_on:
            won[crm.get(deal.owner, ""), quarter_of(deal.closed_on)] += deal.amount
    for row in rows:
        if row.clicks is not None:
            spent[row.owner, quarter_of(row.spent_on)] += row.amount
    found = []
    for row in rows:
        if row.clicks is None:
            found.append(row)
            continue
        rng = world.rng("credited", row.spend_id)
        key = row.owner, quarter_of(row.spent_on)
        conversions = round(row.clicks * CONVERSIONS * rng.lognormvariate(0, 0.2))
        revenue = money(float(row.amount * won[key] / spent[key])) if spent[key] else Decimal(0)
        found.append(replace(row, conversions=conversions, attributed_revenue=revenue))
    return found


def orders(world: World, deals: Sequence[Opportunity]) -> list[Order]:
    """An order for each deal won; a renewal is the next order of a customer of the same owner."""
    people = {world.owner("crm", stint): world.owner("erp", stint) for stint in world.stints}
    bought: dict[str, list[list[str]]] = defaultdict(list)
    found = []
    won = [deal for deal in deals if deal.stage == "won" and deal.owner in people]
    for deal in sorted(won, key=lambda each: (each.closed_on or dt.date.max, each.opportunity_id)):
        assert deal.closed_on is not None
        assert deal.gross_profit is not None
        known = bought[deal.owner]
        again = deal.kind == "renewal" and known
        mine = world.rng("orders", deal.opportunity_id).choice(known) if again else []
        if not mine:
            known.append(mine)
        mine.append(deal.opportunity_id)
        found.append(
            Order(
                ordered_on=deal.closed_on,
                customer_id=f"U{mine[0][1:]}",
                order_number=len(mine),
                product=deal.product,
                new_product=deal.product == NEW_PRODUCT,
                channel=deal.channel,
                region=deal.region,
                amount=deal.amount,
                cost=deal.amount - deal.gross_profit,
                owner=people[deal.owner],
            )
        )
    return numbered("B", "order_id", found)


def market_size(world: World, sold: Sequence[Order]) -> list[MarketSize]:
    """The industry report of each quarter that has ended: a row a product."""
    products = words.bank("words")["products"]
    reporter = min(
        (stint for stint in world.stints if stint.family == "MR"),
        key=lambda stint: (stint.posting.starts_on, stint.member.code),
    )
    found = []
    for quarter in sorted({quarter_of(order.ordered_on) for order in sold}):
        last = first_day(following(quarter)) - dt.timedelta(days=1)
        if last > world.today or last < reporter.posting.starts_on:
            continue
        for product, share in zip(products, SHARES, strict=True):
            mine = (
                each.amount
                for each in sold
                if each.product == product and quarter_of(each.ordered_on) == quarter
            )
            own = float(sum(mine, Decimal(0)))
            size = own / (share * world.rng("market", product, quarter).lognormvariate(0, 0.07))
            found.append(
                MarketSize(
                    measured_on=last,
                    product=product,
                    region="",
                    market_sales=money(size, 10_000),
                    owner=world.owner("research", reporter),
                )
            )
    return numbered("Z", "market_id", found)

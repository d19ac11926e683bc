"""Rows and definitions with everything in them that engines treat differently."""

from __future__ import annotations

import datetime as dt

from mingji.engine.identity import Identity, OwnerLink, Posting

DEFINITIONS = """\
tables:
  deals:
    source: crm
    key: id
    time: closed_on
    owner: 负责人
    columns:
      id: text
      负责人: text
      stage: text
      product: text
      opened_on: date
      closed_on: date
      signed_at: timestamp
      amount: {type: decimal, unit: CNY}
      rate: {type: decimal, scale: 4}
      seats: integer
      renewed: boolean
    joins: {products: product}
  products:
    key: product
    columns: {product: text, series: text, active: boolean, list_price: {type: decimal, scale: 2}}
  spend:
    time: day
    columns: {day: date, channel: text, cost: {type: decimal, unit: CNY}}
metrics:
  rows: {table: deals, agg: count}
  won: {table: deals, agg: count, filter: stage = 'Won'}
  value: {table: deals, agg: sum, column: amount}
  won_value: {table: deals, agg: sum, column: amount, filter: stage = 'Won'}
  weighted:
    table: deals
    expression: amount * rate * case when product = 'MG' then 0.333 else 1.25 end
    scale: 20
  seats: {table: deals, agg: sum, column: seats}
  seat_value: {table: deals, agg: sum, expression: seats * amount, scale: 12}
  products_sold: {table: deals, agg: count_distinct, column: product}
  days_won: {table: deals, agg: count_distinct, column: closed_on, filter: stage <> 'Lost'}
  smallest: {table: deals, agg: min, column: amount}
  largest: {table: deals, agg: max, column: amount}
  average: {table: deals, agg: average, column: amount}
  median: {table: deals, agg: median, column: amount}
  median_days: {table: deals, agg: median, expression: "days_between(opened_on, closed_on)"}
  ninth: {table: deals, agg: percentile, percentile: 0.9, column: amount}
  signed: {table: deals, agg: count, time: signed_at}
  listed: {table: deals, agg: sum, expression: products.list_price, scale: 2}
  not_renewed: {table: deals, agg: count, filter: not renewed}
  not_two: {table: deals, agg: count, filter: "product not in ('MG', 'GTX Pro')"}
  active: {table: deals, agg: count, filter: products.active is not true}
  filled: {table: deals, agg: sum, expression: "coalesce(amount, 0.5) - 1"}
  span: {table: deals, agg: count, filter: "closed_on between '2026-01-11' and '2026-02-20'"}
  quoted: {table: deals, agg: count, filter: "product = 'O''Neil \\\\ \\"x\\" %s'"}
  win_rate: {type: ratio, numerator: won, denominator: rows, unit: ratio}
  price: {type: ratio, numerator: value, denominator: seats, unit: CNY}
  cost: {table: spend, agg: sum, column: cost}
  cost_per_won: {type: ratio, numerator: cost, denominator: won, unit: CNY}
  margin: {type: derived, formula: (won_value - cost) / won_value}
"""

DEALS = """\
id,负责人,stage,product,opened_on,closed_on,signed_at,amount,rate,seats,renewed
1,Anna,Won,GTX Pro,2026-01-01,2026-01-11,2026-01-11 23:59:59,100.10,0.5,3,true
2,Anna,Won,GTX Pro,2026-01-01,2026-02-20,2026-02-20 00:00:00,200.20000001,0.3333,,false
3,Anna,Lost,MG,2026-01-01,2026-02-21,,0,,7,
4,欧阳修,Won,MG,2026-02-01,2026-02-02,2026-02-02 12:00:00,0.05,1.0001,2,true
5,欧阳修,Lost,MG,2026-02-01,2026-04-02,,-0.00000001,1,1,false
6,欧阳修,Lost,Ufo,2026-02-01,2026-04-03,,,,,
7,Carl,Won,MG,2026-02-01,,2026-12-31 23:59:59,,0.1,0,true
8,Dora,Won,,2026-03-01,2026-03-31,2026-03-31 08:00:00,1000,0.25,12,
9,,Won,"O'Neil \\ ""x"" %s",2026-03-01,2026-03-30,2026-03-30 08:00:00,7.125,1,1,false
10,Carl,Won,MG,2024-02-28,2026-03-01,2026-03-01 00:00:01,12345678901234567890.12345678,0,5,true
11,Carl,Lost,MG,2026-03-01,2026-03-02,,-12345678901234567890.12345679,0,9000000000,false
12,Anna,Lost,gtx pro,2025-12-29,2025-12-31,2025-12-31 16:30:00,-33.335,0.5,-4,true
"""
PRODUCTS = """\
product,series,active,list_price
GTX Pro,GTX,true,4821.00
MG,MG,false,55.10
gtx pro,,,0.01
"""
SPEND = """\
day,channel,cost
2026-01-05,ads,30
2026-04-05,ads,70
2026-04-06,邮件,20.5
2026-07-01,ads,
2026-07-02,ads,0
"""

_MIDDLE = dt.date(2026, 2, 15)
IDENTITY = Identity(
    owners=(
        OwnerLink("Anna", "anna", "crm"),
        OwnerLink("欧阳修", "ouyang"),
        OwnerLink("Carl", "carl"),
    ),
    postings=(
        Posting("anna", {"team": "北区"}, ends_on=_MIDDLE - dt.timedelta(days=1)),
        Posting("anna", {"team": "south"}, starts_on=_MIDDLE),
        Posting("ouyang", {"team": "south"}, starts_on=dt.date(2026, 1, 1)),
        Posting("carl", {"team": "北区"}),
        Posting("eve", {"team": "south"}),
    ),
)

"""A funnel of leads and closed deals with odd dates, made up, and its figures in plain Python.

The layout is that of a marketplace: a file of marketing-qualified leads, and one of the deals that
were closed with them. Nothing of what counts the figures is Mingji's.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

#: A day after everything but the deals that are won in the future.
TODAY = dt.date(2026, 11, 20)
_LEADS, _DEALS = 600, 180
_LONG_AGO, _AHEAD = dt.date(2000, 1, 1), dt.timedelta(days=731)
DEFINITIONS = """\
tables:
  mql:
    name: {zh: 营销线索, en: Marketing leads}
    key: mql_id
    time: first_contact_date
    columns: {mql_id: text, first_contact_date: date, landing_page_id: text, origin: text}
  closed_deals:
    name: {zh: 成交记录, en: Closed deals}
    source: crm
    key: seller_id
    time: won_date
    owner: sdr_id
    columns:
      mql_id: text
      seller_id: text
      sdr_id: text
      sr_id: text
      won_date: date
      business_segment: text
      lead_type: text
      declared_monthly_revenue: {type: decimal, unit: BRL}
metrics:
  mql_won:
    name: {zh: 线索成交率, en: Leads won}
    type: conversion
    table: mql
    steps:
      contact: {time: first_contact_date, name: {zh: 首次接触, en: First contact}}
      won: {table: closed_deals, key: mql_id, time: won_date, name: {zh: 成交, en: Won}}
    unit: ratio
    owner: {zh: 营销运营, en: Marketing operations}
  sellers_won:
    name: {zh: 签约商家数, en: Sellers won}
    table: closed_deals
    agg: count
    unit: count
    scale: 0
"""


@dataclass(frozen=True)
class Lead:
    """A lead: its key and the day of the first contact, if anybody wrote it down."""

    key: str
    met: dt.date | None


@dataclass(frozen=True)
class Deal:
    """A deal: the lead that it names, its own key, who won it, and when."""

    lead: str
    key: str
    seller: str
    won: dt.date | None


@dataclass(frozen=True)
class Funnel:
    """All leads and deals."""

    leads: Sequence[Lead]
    deals: Sequence[Deal]

    def reasons(self, today: dt.date = TODAY) -> dict[str, int]:
        """How many rows have each finding."""
        return dict(Counter(reason for reason, _ in self._reasoned(today)))

    def keys(self, reason: str) -> set[str]:
        """The keys of the leads with a finding."""
        return {key for each, key in self._reasoned(TODAY) if each == reason}

    def _reasoned(self, today: dt.date) -> Iterator[tuple[str, str]]:
        met = {lead.key: lead.met for lead in self.leads}
        for lead in self.leads:
            if lead.met is None:
                yield "step_undated mql.first_contact_date", lead.key
        for deal in self.deals:
            if reason := _reason(deal, met):
                yield reason, deal.lead
            if deal.won and deal.won > today:
                yield "step_in_future closed_deals.won_date", deal.lead
            if deal.won and not _LONG_AGO <= deal.won <= today + _AHEAD:
                yield "impossible_date closed_deals.won_date", deal.lead

    def rates(self) -> dict[str, Fraction]:
        """By quarter of the first contact, the share of leads that were won no earlier."""
        met = {lead.key: lead.met for lead in self.leads if lead.met}
        won = {d.lead for d in self.deals if d.won and d.lead in met and d.won >= met[d.lead]}
        begun = Counter(_quarter(day) for day in met.values())
        ended = Counter(_quarter(met[key]) for key in won)
        return {quarter: Fraction(ended[quarter], count) for quarter, count in begun.items()}


def _reason(deal: Deal, met: Mapping[str, dt.date | None]) -> str:
    """Why a deal counts for no lead; empty if it does."""
    if not deal.lead:
        return "step_without_key closed_deals.mql_id"
    if deal.won is None:
        return "step_undated closed_deals.won_date"
    if deal.lead not in met:
        return "step_without_start closed_deals.mql_id"
    day = met[deal.lead]
    if day is None:
        return "step_start_not_taken closed_deals.won_date"
    return "step_before_start closed_deals.won_date" if deal.won < day else ""


def a_funnel() -> Funnel:
    """The same funnel each time."""
    chance = random.Random(7)
    first = dt.date(2026, 1, 1)
    leads = []
    for number in range(_LEADS):
        day = first + dt.timedelta(days=chance.randrange(270))
        leads.append(Lead(_key(f"lead {number}"), None if number % 97 == 5 else day))
    deals = []
    for number in range(_DEALS):
        lead = chance.choice(leads)
        met = lead.met or first
        key, won = lead.key, met + dt.timedelta(days=chance.randrange(25))
        match number % 30:
            case 3 | 17:
                won = met - dt.timedelta(days=chance.randrange(1, 20))
            case 5:
                key = _key(f"nobody {number}")
            case 7:
                won = None
            case 11:
                won = TODAY + dt.timedelta(days=chance.randrange(1, 300))
            case 13:
                won = dt.date(1970, 1, 1) if number % 60 == 13 else dt.date(2190, 1, 1)
            case 19:
                key = ""
        deals.append(Deal(key, _key(f"seller {number}"), f"sdr-{chance.randrange(5)}", won))
    return Funnel(leads, deals)


def written(funnel: Funnel, folder: Path) -> tuple[Path, Path]:
    """The files of leads and deals, their days in three notations."""
    chance = random.Random(11)
    leads, deals = folder / "mql.csv", folder / "closed_deals.csv"
    _write(
        leads,
        ["mql_id", "first_contact_date", "landing_page_id", "origin"],
        [
            [lead.key, _noted(lead.met, chance), _key("page"), chance.choice(["social", "email"])]
            for lead in funnel.leads
        ],
    )
    head = ["mql_id", "seller_id", "sdr_id", "sr_id", "won_date", "business_segment"]
    _write(
        deals,
        [*head, "lead_type", "declared_monthly_revenue"],
        [
            [deal.lead, deal.key, deal.seller, "sr-1", _noted(deal.won, chance), "pet", "", "0.0"]
            for deal in funnel.deals
        ],
    )
    return leads, deals


def _noted(day: dt.date | None, chance: random.Random) -> str:
    if day is None:
        return ""
    forms = (
        f"{day} 17:{chance.randrange(60):02}:00",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    )
    return chance.choice(forms)


def _write(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _quarter(day: dt.date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"

"""The rows of the canonical model, one class a table; columns as in the metric library."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Somebody who left their details, and how far they came."""

    lead_id: str = ""
    created_on: dt.date
    channel: str
    campaign: str
    region: str
    industry: str
    owner: str
    mql_on: dt.date | None = None
    sql_on: dt.date | None = None
    rejected_on: dt.date | None = None
    reject_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A qualified lead handed to somebody in sales support."""

    follow_up_id: str = ""
    lead_id: str
    assigned_on: dt.date
    owner: str
    response_hours: Decimal
    sla_hours: Decimal
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """A possible deal; `amount` is the signed money once won, the expected money before."""

    opportunity_id: str = ""
    lead_id: str = ""
    created_on: dt.date
    closed_on: dt.date | None
    stage: str
    kind: str
    product: str
    channel: str
    region: str
    amount: Decimal
    owner: str
    qualified_on: dt.date | None = None
    gross_profit: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """An instalment of a deal: what fell due, and what came in."""

    payment_id: str = ""
    opportunity_id: str
    due_on: dt.date
    due_amount: Decimal
    paid_on: dt.date | None
    paid_amount: Decimal | None
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """Money spent on a campaign on a day; what it was seen by, where that is counted."""

    spend_id: str = ""
    spent_on: dt.date
    channel: str
    campaign: str
    amount: Decimal
    budget: Decimal
    impressions: int | None
    clicks: int | None
    owner: str
    conversions: int | None = None
    attributed_revenue: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A published piece and what it brought."""

    content_id: str = ""
    published_on: dt.date
    kind: str
    title: str
    platform: str
    views: int
    interactions: int
    leads: int
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event that was held."""

    event_id: str = ""
    held_on: dt.date
    name: str
    kind: str
    city: str
    registered: int
    attended: int
    leads: int
    qualified_leads: int
    cost: Decimal
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to a survey; `owner` is the member whose work it is about."""

    answer_id: str = ""
    answered_on: dt.date
    survey: str
    respondent: str
    score: Decimal
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A channel partner."""

    partner_id: str = ""
    name: str
    region: str
    signed_on: dt.date
    activated_on: dt.date | None
    ended_on: dt.date | None
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A press item about the company."""

    mention_id: str = ""
    published_on: dt.date
    outlet: str
    tier: str
    tone: str
    reach: int
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable:
    """A piece of work with a due date."""

    deliverable_id: str = ""
    kind: str
    title: str
    due_on: dt.date
    done_on: dt.date | None
    accepted_first_time: bool | None
    adopted: bool | None = None
    records_checked: int | None = None
    records_wrong: int | None = None
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a customer ordered; `order_number` is which order of theirs it is."""

    order_id: str = ""
    ordered_on: dt.date
    customer_id: str
    order_number: int
    product: str
    new_product: bool
    channel: str
    region: str
    amount: Decimal
    cost: Decimal
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSize:
    """What the whole market sold of a product, by the industry report."""

    market_id: str = ""
    measured_on: dt.date
    product: str
    region: str
    market_sales: Decimal
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The account of a month on one of the company's own platforms."""

    audience_id: str = ""
    measured_on: dt.date
    platform: str
    gained: int
    lost: int
    tagged: int
    members: int
    active: int
    referred: int | None
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebVisit:
    """Visits to the web site by where they came from; downloads where there are any."""

    visit_id: str = ""
    visited_on: dt.date
    source: str
    page: str
    visits: int
    downloads: int | None
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """How often the brand and its whole category were talked about."""

    reading_id: str = ""
    measured_on: dt.date
    platform: str
    own_mentions: int
    category_mentions: int
    owner: str


Row = (
    Lead
    | FollowUp
    | Opportunity
    | Payment
    | Spend
    | Content
    | Event
    | Answer
    | Partner
    | Mention
    | Deliverable
    | Order
    | MarketSize
    | Audience
    | WebVisit
    | Listening
)

ROW_TYPES: dict[str, type[Row]] = {
    "leads": Lead,
    "follow_ups": FollowUp,
    "opportunities": Opportunity,
    "payments": Payment,
    "spend": Spend,
    "content": Content,
    "events": Event,
    "surveys": Answer,
    "partners": Partner,
    "mentions": Mention,
    "deliverables": Deliverable,
    "orders": Order,
    "market_size": MarketSize,
    "audience": Audience,
    "web_visits": WebVisit,
    "listening": Listening,
}

"""Which objects of HubSpot's CRM are read, with which properties, and where they belong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mingji.connectors.source import Entity
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Object:
    """One kind of object: its path, its properties by column, and when one was last modified.

    Names and addresses of people are not among the properties: no metric needs them.
    """

    name: str
    modified: str
    properties: Mapping[str, str]
    instants: frozenset[str]
    history: tuple[str, ...] = ()


OBJECTS: Mapping[str, Object] = {
    "contacts": Object(
        "contacts",
        "lastmodifieddate",
        {
            "created_at": "createdate",
            "modified_at": "lastmodifieddate",
            "lifecycle_stage": "lifecyclestage",
            "lead_status": "hs_lead_status",
            "original_source": "hs_analytics_source",
            "source_detail": "hs_analytics_source_data_1",
            "country": "country",
            "industry": "industry",
            "owner_id": "hubspot_owner_id",
            "became_mql_at": "hs_lifecyclestage_marketingqualifiedlead_date",
            "became_sql_at": "hs_lifecyclestage_salesqualifiedlead_date",
            "merged_ids": "hs_merged_object_ids",
        },
        frozenset({"created_at", "modified_at", "became_mql_at", "became_sql_at"}),
        ("lifecyclestage", "hs_lead_status", "hubspot_owner_id"),
    ),
    "companies": Object(
        "companies",
        "hs_lastmodifieddate",
        {
            "created_at": "createdate",
            "modified_at": "hs_lastmodifieddate",
            "name": "name",
            "domain": "domain",
            "industry": "industry",
            "country": "country",
            "owner_id": "hubspot_owner_id",
            "merged_ids": "hs_merged_object_ids",
        },
        frozenset({"created_at", "modified_at"}),
    ),
    "deals": Object(
        "deals",
        "hs_lastmodifieddate",
        {
            "created_at": "createdate",
            "modified_at": "hs_lastmodifieddate",
            "name": "dealname",
            "pipeline_id": "pipeline",
            "stage_id": "dealstage",
            "amount": "amount",
            "currency": "deal_currency_code",
            "close_date": "closedate",
            "deal_type": "dealtype",
            "original_source": "hs_analytics_source",
            "owner_id": "hubspot_owner_id",
            "merged_ids": "hs_merged_object_ids",
        },
        frozenset({"created_at", "modified_at", "close_date"}),
        ("dealstage", "amount", "closedate", "hubspot_owner_id"),
    ),
}

#: Columns that are worked out: from owners, from the stages of pipelines, from associations.
OWNER_COLUMNS = ("owner", "owner_name")
DEAL_COLUMNS = (
    "pipeline",
    "stage",
    "outcome",
    "closed_on",
    "amount_with_currency",
    "contact_id",
    "contact_ids",
    "company_ids",
)
HISTORY_COLUMNS = ("id", "property", "changed_at", "value", "source")
OWNERS_COLUMNS = ("id", "email", "name", "archived", "updated_at")
STAGES_COLUMNS = ("pipeline_id", "stage_id", "pipeline", "stage", "position", "outcome")

_CHANNELS = {
    "PAID_SEARCH": "search_ads",
    "PAID_SOCIAL": "feed_ads",
    "ORGANIC_SEARCH": "organic_search",
    "SOCIAL_MEDIA": "social",
    "EMAIL_MARKETING": "email",
    "REFERRALS": "referral",
    "DIRECT_TRAFFIC": "direct",
    "OTHER_CAMPAIGNS": "other",
    "OFFLINE": "offline",
}

ENTITIES: tuple[Entity, ...] = (
    Entity(
        "contacts",
        Text("联系人", "Contacts"),
        ("id",),
        "leads",
        {
            "lead_id": "id",
            "created_on": "created_at",
            "channel": "original_source",
            "campaign": "source_detail",
            "region": "country",
            "industry": "industry",
            "owner": "owner",
            "mql_on": "became_mql_at",
            "sql_on": "became_sql_at",
            "rejected_on": "",
            "reject_reason": "",
        },
        {"channel": _CHANNELS},
    ),
    Entity("companies", Text("公司", "Companies"), ("id",)),
    Entity(
        "deals",
        Text("交易", "Deals"),
        ("id",),
        "opportunities",
        {
            "opportunity_id": "id",
            "lead_id": "contact_id",
            "created_on": "created_at",
            "closed_on": "closed_on",
            "stage": "outcome",
            "kind": "deal_type",
            "product": "",
            "channel": "original_source",
            "region": "",
            "amount": "amount_with_currency",
            "owner": "owner",
        },
        {
            "channel": _CHANNELS,
            "kind": {"newbusiness": "new", "existingbusiness": "renewal"},
        },
    ),
    Entity("owners", Text("负责人", "Owners"), ("id",), incremental=False),
    Entity(
        "pipelines",
        Text("交易管道与阶段", "Deal pipelines and stages"),
        ("pipeline_id", "stage_id"),
        incremental=False,
    ),
    Entity(
        "contact_history",
        Text("联系人属性变更", "Changes of contacts"),
        ("id", "property", "changed_at"),
    ),
    Entity(
        "deal_history", Text("交易属性变更", "Changes of deals"), ("id", "property", "changed_at")
    ),
)

#: Which objects the entities of changes belong to.
HISTORIES: Mapping[str, str] = {"contact_history": "contacts", "deal_history": "deals"}

"""Which objects of Salesforce are read, with which fields, and where they belong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mingji.connectors.source import Entity
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Object:
    """One kind of object and the fields that are read where they exist and may be seen.

    Names and addresses of leads are not among them: no metric needs them. `derived` are columns
    that are worked out. `lost` says whether rows can be deleted (users cannot).
    """

    name: str
    fields: tuple[str, ...]
    derived: tuple[str, ...] = ()
    lost: bool = True


OBJECTS: Mapping[str, Object] = {
    each.name: each
    for each in (
        Object(
            "Lead",
            (
                "CreatedDate",
                "LeadSource",
                "Status",
                "Industry",
                "Country",
                "State",
                "IsConverted",
                "ConvertedDate",
                "ConvertedOpportunityId",
                "MasterRecordId",
                "OwnerId",
            ),
            ("Owner", "OwnerName"),
        ),
        Object(
            "Opportunity",
            (
                "Name",
                "CreatedDate",
                "CloseDate",
                "StageName",
                "IsClosed",
                "IsWon",
                "Type",
                "Amount",
                "CurrencyIsoCode",
                "Probability",
                "LeadSource",
                "CampaignId",
                "AccountId",
                "OwnerId",
            ),
            ("Owner", "OwnerName", "Outcome", "ClosedDate", "AmountWithCurrency", "LeadId"),
        ),
        Object(
            "OpportunityHistory",
            (
                "OpportunityId",
                "CreatedDate",
                "StageName",
                "Amount",
                "CurrencyIsoCode",
                "Probability",
                "CloseDate",
                "ForecastCategory",
                "CreatedById",
            ),
        ),
        Object("User", ("Name", "Email", "IsActive", "ManagerId", "Department"), lost=False),
        Object(
            "Campaign",
            (
                "Name",
                "Type",
                "Status",
                "StartDate",
                "EndDate",
                "ActualCost",
                "BudgetedCost",
                "CurrencyIsoCode",
                "OwnerId",
            ),
            ("Owner", "OwnerName", "CostWithCurrency", "BudgetWithCurrency"),
        ),
        Object(
            "CampaignMember",
            (
                "CampaignId",
                "LeadId",
                "ContactId",
                "Status",
                "HasResponded",
                "FirstRespondedDate",
                "CreatedDate",
            ),
        ),
    )
}

ENTITIES: tuple[Entity, ...] = (
    Entity(
        "Lead",
        Text("潜在客户", "Leads"),
        ("Id",),
        "leads",
        {
            "lead_id": "Id",
            "created_on": "CreatedDate",
            "channel": "LeadSource",
            "campaign": "",
            "region": "State",
            "industry": "Industry",
            "owner": "Owner",
            "mql_on": "",
            "sql_on": "ConvertedDate",
            "rejected_on": "",
            "reject_reason": "",
        },
    ),
    Entity(
        "Opportunity",
        Text("业务机会", "Opportunities"),
        ("Id",),
        "opportunities",
        {
            "opportunity_id": "Id",
            "lead_id": "LeadId",
            "created_on": "CreatedDate",
            "closed_on": "ClosedDate",
            "stage": "Outcome",
            "kind": "Type",
            "product": "",
            "channel": "LeadSource",
            "region": "",
            "amount": "AmountWithCurrency",
            "owner": "Owner",
        },
        {
            "kind": {
                "New Business": "new",
                "New Customer": "new",
                "Existing Business": "renewal",
                "Existing Customer - Upgrade": "renewal",
                "Existing Customer - Replacement": "renewal",
                "Existing Customer - Downgrade": "renewal",
            }
        },
    ),
    Entity("OpportunityHistory", Text("业务机会阶段变更", "Changes of opportunities"), ("Id",)),
    Entity("User", Text("用户", "Users"), ("Id",)),
    Entity(
        "Campaign",
        Text("市场活动", "Campaigns"),
        ("Id",),
        "spend",
        {
            "spend_id": "Id",
            "spent_on": "StartDate",
            "channel": "Type",
            "campaign": "Name",
            "amount": "CostWithCurrency",
            "budget": "BudgetWithCurrency",
            "impressions": "",
            "clicks": "",
            "owner": "Owner",
        },
    ),
    Entity("CampaignMember", Text("市场活动成员", "Members of campaigns"), ("Id",)),
)

#: Fields that hold an instant; Salesforce tells it in universal time.
INSTANTS = frozenset({"CreatedDate", "SystemModstamp"})

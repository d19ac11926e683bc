"""What there is to find in the demo company; tests and docs point to these names.

Told for readers in docs/explanation/demo-company.md.
"""

from __future__ import annotations

import datetime as dt

#: The advertising channel that wears out: the same money buys fewer leads each quarter.
DECAYING_CHANNEL = "feed_ads"
#: The lead who gives nearly everybody a 4 or 5, and the one who hardly gives a 4.
LENIENT_MANAGER = "CC004"
HARSH_MANAGER = "CC006"
#: The team that reaches its lead targets while its revenue falls behind.
LEADS_NOT_REVENUE_TEAM = "events"
#: Joined in the middle of 2026Q3.
NEWCOMER = "CC054"
#: Moved from performance ads to growth on this day.
TRANSFERRED = "CC024"
TRANSFERRED_ON = dt.date(2026, 8, 15)
#: Left the company after this day.
LEAVER = "CC016"
#: Was on leave over two quarters.
ON_LEAVE = "CC029"
#: Owners in the CRM that match nobody: an agency that left, and a name with a slip of the finger.
LEFT_AGENCY = "agency@yuandian-media.example"
LEFT_AGENCY_UNTIL = dt.date(2026, 3, 31)
MISSPELT_OWNER = "zhnag.wei@chengchuan.example"
MISSPELT_MEMBER = "CC018"
UNMATCHED_OWNERS = (LEFT_AGENCY, MISSPELT_OWNER)
#: A shared mailbox in the CRM that one member handed to another on a day.
SHARED_OWNER = "zixun@chengchuan.example"
SHARED_FIRST = "CC033"
SHARED_THEN = "CC035"
SHARED_HANDED_ON = dt.date(2026, 4, 1)
#: The press clippings tool has no account for this member: "no data", not zero.
NO_DATA_MEMBER = "CC017"
NO_DATA_SOURCE = "media"
#: The department promised more of this than the targets of its teams add up to.
UNCOVERED_METRIC = "won_revenue"
#: Disputed a number: answered by a correction, answered by a reason, still waiting.
CORRECTED = TRANSFERRED
REFUSED = "CC046"
DISPUTES_STILL = "CC027"
#: A survey's results are typed in, and who answers for them and for another metric, of which a
#: dispute waits: the lead.
TYPED_METRIC = "brand_index"
TYPED_OWNER = "CC003"
OWNED_METRICS = (TYPED_METRIC, "buying_accounts")
#: Rows that an intern typed in later: a year that nobody meant, a lead that the CRM does not have.
#: They count in no quarter that anybody is appraised for.
FAULTS = {
    "mentions": """mention_id,published_on,outlet,tier,tone,reach,owner
N-9001,2062-10-08,制造业观察,core,positive,12000,pr-desk
""",
    "follow_ups": f"""follow_up_id,lead_id,assigned_on,owner,response_hours,sla_hours,accepted
F-9001,L90001,2025-07-14,{LEFT_AGENCY},3.5,8,true
F-9002,L90002,2025-07-15,{LEFT_AGENCY},9.0,8,false
""",
}

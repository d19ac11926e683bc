"""Three disputes of the demo company: one open, one answered by a correction, one by a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from mingji.demo.company import Company
from mingji.demo.stories import CORRECTED, DISPUTES_STILL, REFUSED
from mingji.metrics import actions
from mingji.metrics import queries as metrics
from mingji.metrics.queries import Slice
from mingji.people import queries as people
from mingji.people.viewer import Viewer, viewer_for
from mingji.rules.text import Text

_QUARTER = "2026Q3"
_TABLE, _LEADS = "leads", "leads_created"
# In a quiet week after the quarter's facts were frozen.
_RAISED, _ANSWERED, _APPROVED = (datetime(2026, 11, day, 2, 30, tzinfo=UTC) for day in (16, 18, 19))
_WORDS = {
    "qualified": Text(
        "这条线索电话里已经确认合格，系统里漏填了 MQL 日期，通话记录可查。",
        "This lead was qualified on the phone; the MQL date was left out. The call is on record.",
    ),
    "found": Text(
        "通话记录与线索一致，补填 MQL 日期。",
        "The call record matches the lead; the MQL date is filled in.",
    ),
    "late": Text(
        "有一条客户名单 9 月 30 日晚上才录入，应算三季度。",
        "A list of customers was entered on the evening of 30 September and belongs to Q3.",
    ),
    "refused": Text(
        "按口径以首次创建日期为准：这批记录创建于 10 月 1 日，计入四季度。",
        "By definition the day of creation counts: these were created on 1 October, so in Q4.",
    ),
    "waits": Text(
        "少了一场直播的数据，直播后台有导出文件。",
        "The data of one live stream is missing; its own export has it.",
    ),
}


@dataclass(frozen=True, slots=True)
class _Lead:
    """A lead of a member that was never marked as qualified."""

    key: str
    created_on: date


def load_disputes(company: Company) -> None:
    """Dispute, answer and correct as the members, the analyst and the HR partner would."""
    viewers = {code: viewer_for(user, company.today) for code, user in people.logins().items()}
    analyst = next(viewer for viewer in viewers.values() if viewer.analyst)
    partner = next(viewer for viewer in viewers.values() if viewer.hr_of_all)
    _corrected(viewers[CORRECTED], analyst, partner)
    refused = _raise(viewers, REFUSED, "wrong_date", "late")
    reason = _WORDS["refused"].zh
    actions.answer_with_reason(analyst, refused, reason, at=_ANSWERED)
    _raise(viewers, DISPUTES_STILL, "missing_row", "waits")


def _corrected(member: Viewer, analyst: Viewer, partner: Viewer) -> None:
    lead = _unqualified(member)
    dispute = actions.raise_dispute(
        member,
        Slice("mql_count", _QUARTER, member=member.code),
        actions.Complaint("missing_row", _WORDS["qualified"].zh, _TABLE, (lead.key,)),
        at=_RAISED,
    )
    proposal = actions.Proposal(
        table=_TABLE,
        kind="change",
        key=(lead.key,),
        values={"mql_on": str(lead.created_on + timedelta(days=2))},
        reason=_WORDS["found"].zh,
        file=actions.EvidenceUpload("通话记录-2026-09.csv", _calls(lead)),
        dispute_id=dispute.pk,
    )
    correction = actions.propose_correction(analyst, proposal, at=_ANSWERED)
    actions.decide_correction(partner, correction.pk, approve=True, at=_APPROVED)


def _calls(lead: _Lead) -> bytes:
    """What the telephone system has on a lead."""
    day = lead.created_on + timedelta(days=2)
    return f"线索,通话日,时长（分）,结论\n{lead.key},{day},11,合格\n".encode("utf-8-sig")


def _unqualified(member: Viewer) -> _Lead:
    """The first lead of the quarter that is neither qualified nor rejected."""
    page = metrics.rows_for(member, Slice(_LEADS, _QUARTER, member=member.code), limit=500).page
    names = [column.en for column in page.columns]
    rows: list[Mapping[str, str]] = [dict(zip(names, row, strict=True)) for row in page.rows]
    row = next(each for each in rows if not each["mql_on"] and not each["rejected_on"])
    return _Lead(row["lead_id"], date.fromisoformat(row["created_on"]))


def _raise(viewers: Mapping[str, Viewer], code: str, ground: str, words: str) -> int:
    """A dispute about the first counted number of a member, in the order of metric names."""
    viewer = viewers[code]
    facts = metrics.facts_for([viewer.member_id], _QUARTER)
    names = metrics.metric_names()
    counted = sorted(metric for _, metric in facts if names[metric].unit == "count")
    dispute = actions.raise_dispute(
        viewer,
        Slice(counted[0], _QUARTER, member=code),
        actions.Complaint(ground, _WORDS[words].zh),
        at=_RAISED,
    )
    return dispute.pk

"""The appraisal cycles of the demo company: three released, the last one under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from mingji.appraisals import actions
from mingji.appraisals import queries as appraisals
from mingji.appraisals.actions import Answer, CyclePlan
from mingji.appraisals.forms_of import rated_items
from mingji.demo.company import Company
from mingji.demo.ratings import By
from mingji.people import queries as people
from mingji.people.viewer import Viewer, viewer_for
from mingji.rules.calendar import Period
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.appraisals.models import Appraisal, AppraisalCycle

# In the running cycle something is left to do: one self-review and some reviews, all of one team.
SELF_REVIEW_WAITS = "CC025"
TEAM_THAT_WAITS = "ads"


@dataclass(frozen=True, slots=True)
class _Run:
    company: Company
    viewers: Mapping[str, Viewer]
    quarter: str
    running: bool

    @property
    def hr_partner(self) -> Viewer:
        """Who runs the cycles."""
        return next(viewer for viewer in self.viewers.values() if viewer.hr_of_all)


def load_cycles(company: Company, scheme_version: int) -> None:
    """Appraise every complete quarter; all but the last are released."""
    viewers = {code: viewer_for(user, company.today) for code, user in people.logins().items()}
    for quarter in company.quarters:
        run = _Run(company, viewers, quarter, running=quarter == company.quarters[-1])
        cycle = _open(run, scheme_version)
        _self_reviews(run, cycle)
        for appraisal in appraisals.for_scoring(cycle):
            if not _waits(run, appraisal):
                _review(run, appraisal, "manager")
        actions.compute(run.hr_partner, cycle.code, at=_at(quarter, 49))
        if not run.running:
            actions.release(run.hr_partner, cycle.code, at=_at(quarter, 60))


def _open(run: _Run, scheme_version: int) -> AppraisalCycle:
    quarter = run.quarter
    period = Period.parse(quarter)
    return actions.open_cycle(
        run.hr_partner,
        CyclePlan(
            code=quarter.lower(),
            period=quarter,
            scheme_version_id=scheme_version,
            name_zh=f"{period.label.zh}考核",
            name_en=f"{period.label.en} appraisal",
            self_review_due=_at(quarter, 47).date(),
            manager_review_due=_at(quarter, 55).date(),
        ),
        at=_at(quarter, 36),
    )


def _self_reviews(run: _Run, cycle: AppraisalCycle) -> None:
    """Everybody who still has a login writes; for those who left, the self-review is ended."""
    for appraisal in appraisals.for_scoring(cycle):
        code = appraisal.member.code
        if code in run.viewers and not (run.running and code == SELF_REVIEW_WAITS):
            _review(run, appraisal, "self")
    if not run.running:
        reason = Text(zh="离职成员不再填写自评", en="Members who left write no self-review")
        actions.end_self_review(
            run.hr_partner, cycle.code, reason=reason.zh, at=_at(run.quarter, 47)
        )


def _waits(run: _Run, appraisal: Appraisal) -> bool:
    """In the running cycle: the member who has not written, and every other one of a team."""
    code = appraisal.member.code
    if not run.running:
        return False
    if code == SELF_REVIEW_WAITS:
        return True
    return appraisal.team.code == TEAM_THAT_WAITS and appraisal.pk % 2 == 0


def _review(run: _Run, appraisal: Appraisal, by: By) -> None:
    member, quarter = appraisal.member.code, run.quarter
    author = appraisal.reviewer if by == "manager" else appraisal.member
    assert author is not None  # without a reviewer there is no appraisal
    said = {
        item.id: run.company.rating(member, quarter, item.id, by=by)
        for item in rated_items(appraisal)
    }
    whole = run.company.rating(member, quarter, "summary", by=by)
    actions.save_review(
        run.viewers[author.code],
        appraisal.pk,
        [Answer(item, rating.level, rating.comment) for item, rating in said.items()],
        comment=whole.comment,
        submit=True,
        at=_at(quarter, 42 if by == "self" else 48),
    )


def _at(quarter: str, days: int) -> datetime:
    """So many days after the quarter ended, in the morning. Finance closes its books first."""
    end = Period.parse(quarter).end + timedelta(days=days)
    return datetime.combine(end, time(2, 30), tzinfo=UTC)

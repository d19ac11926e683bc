"""Goals in the making: next quarter's under negotiation, and this quarter's that should change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from mingji.demo.company import Company
from mingji.demo.loading.decomposing import take_apart
from mingji.goals import actions
from mingji.goals import queries as goals
from mingji.goals.queries import Owner
from mingji.people import queries as people
from mingji.people.viewer import Viewer, viewer_for
from mingji.rules.goal_terms import GoalTerms, MilestoneTerms
from mingji.rules.text import Text

_NEXT = "2027Q1"
_DEPARTMENT = "marketing"
_LEAD, _DIRECTOR = "CC003", "CC001"
_ASKED, _COUNTERS, _FOLLOWS = "CC025", "CC019", "CC022"
_MARKET_MOVED, _CHANNEL_WEAKENS = "CC023", "CC021"
# Whose goals the lead has drafted and not proposed yet.
_DRAFTED = ("CC021", "CC023")
_TEMPLATE = "投放专员 2027"
_GROWTH, _LESS = Decimal("1.08"), Decimal("0.95")
_DEADLINE = date(2026, 11, 30)
# What the lead's team is to bring next quarter: drafted, not yet split over its members.
_TO_SPLIT = Decimal(360)


def _on(day: int, hour: int = 2) -> datetime:
    return datetime(2026, 11, day, hour, 30, tzinfo=UTC)


OBJECTIVE = (
    GoalTerms(
        key="objective-1",
        kind="objective",
        title="让搜索投放多带来愿意见面的客户",
        commitment="committed",
        due=date(2026, 12, 31),
    ),
    GoalTerms(
        key="objective-1-kr-1",
        kind="key_result",
        objective="objective-1",
        title="带来的市场合格线索从 20 条到 40 条",
        metric="mql_count",
        baseline=Decimal(20),
        target=Decimal(40),
        weight=Decimal(50),
        support="搜索投放预算追加 5 万元",
        support_due=date(2026, 11, 20),
    ),
    GoalTerms(
        key="objective-1-kr-2",
        kind="key_result",
        objective="objective-1",
        title="落地页改版上线并完成对照试验",
        measure="milestones",
        weight=Decimal(30),
        support="前端排出两周工时",
        support_due=date(2026, 10, 30),
        milestones=(
            MilestoneTerms(title="方案评审通过", weight=Decimal(30), due=date(2026, 10, 23)),
            MilestoneTerms(title="新页面上线", weight=Decimal(30), due=date(2026, 11, 13)),
            MilestoneTerms(title="对照试验有结论", weight=Decimal(40), due=date(2026, 12, 18)),
        ),
    ),
    GoalTerms(
        key="objective-1-kr-3",
        kind="key_result",
        objective="objective-1",
        title="销售对线索的评价从 3.2 分到 4 分",
        measure="manual",
        unit="分",
        baseline=Decimal("3.2"),
        target=Decimal(4),
        weight=Decimal(20),
    ),
)
FOLLOWED = {_FOLLOWS: OBJECTIVE}

_WORDS = {
    "proposed": Text(
        "按四季度的水平加 8%，预算维持不变。", "Eight percent above Q4; the budget stays."
    ),
    "countered": Text(
        "一季度有春节，去年同期少两周投放。线索数先按四季度的 95% 定，转化率我认。",
        "Q1 has the Spring Festival: two weeks less last year. Let us take 95 % of Q4 for leads.",
    ),
    "said": Text(
        "春节前后的投放排期能不能先给我看一下？", "Can I see the media plan around the festival?"
    ),
    "moved": Text(
        "视频平台十月起上调竞价底价，同样预算能买到的量少一成。",
        "The video platform raised its floor price in October; the same budget buys a tenth less.",
    ),
    "notice": Text(
        "平台公告 2026-10-09，附件三", "Notice of the platform, 9 October 2026, annex 3"
    ),
    "agreed": Text("情况属实，按调整后的目标执行。", "It is so; the adjusted target holds."),
    "weakens": Text(
        "信息流转化连续三个季度下滑，公司已决定把两成预算转到搜索。",
        "Feed ads have fallen for three quarters; a fifth of the budget moves to search.",
    ),
    "minutes": Text("11 月 6 日预算会纪要第 4 条", "Minutes of the budget meeting, 6 Nov, item 4"),
    "score": Text("销售月度评分表 11 月", "Monthly rating by sales, November"),
    "half": Text(
        "只排出一周，对照试验因此晚了十天。",
        "One week came, so the experiment started ten days late.",
    ),
    "review": Text("评审纪要 1022", "Minutes of the review, 22 October"),
}
_WORK = {
    "boards/landing-pages": Text("落地页改版看板", "Board of the landing pages"),
    "docs/experiment-7": Text("对照试验方案与结果", "Plan and outcome of the experiment"),
}


def load_agreements(company: Company) -> None:
    """Propose, counter, ask for changes and report as the lead, the members and the director."""
    viewers = {code: viewer_for(user, company.today) for code, user in people.logins().items()}
    _align(viewers, company)
    _change(viewers, company)
    _report(viewers, company)
    _negotiate(viewers, company)


def _align(viewers: Mapping[str, Viewer], company: Company) -> None:
    """Goals of members serve their team's of the same metric, and those the department's."""
    director, quarter = viewers[_DIRECTOR], company.running_quarter
    of_teams = {
        (line.goal.team.code, line.goal.metric): line.goal.pk
        for line in goals.goals_of_teams(director, None, quarter)
        if line.goal.team
    }
    members = people.below(director)
    posts = people.postings_on(members, company.today)
    for line in goals.goals_of_members(director, (each.pk for each in members), quarter):
        team = posts[line.goal.member_id or 0].team.code
        if above := of_teams.get((team, line.goal.metric)):
            actions.align(director, line.goal.pk, above, at=_on(2))
    for (code, metric), goal in sorted(of_teams.items()):
        above = of_teams.get((_DEPARTMENT, metric))
        if above and code != _DEPARTMENT:
            actions.align(director, goal, above, at=_on(2))


def _negotiate(viewers: Mapping[str, Viewer], company: Company) -> None:
    lead = viewers[_LEAD]
    team = people.own_team(lead)
    shared = GoalTerms(key="mql_count", target=_TO_SPLIT)
    actions.set_goal(lead, Owner(team=team), period=_NEXT, terms=shared, at=_on(16))
    take_apart(lead, _NEXT, _on(16))
    asked = _draft(lead, _ASKED, company.running_quarter)
    actions.set_deadline(lead, asked, _DEADLINE, at=_on(17))
    actions.propose(lead, asked, note=_WORDS["proposed"].zh, at=_on(17))
    actions.save_template(lead, asked, _TEMPLATE, at=_on(17, 4))
    countered = _draft(lead, _COUNTERS, company.running_quarter)
    actions.propose(lead, countered, note=_WORDS["proposed"].zh, at=_on(17, 3))
    member = viewers[_COUNTERS]
    agreement = goals.agreement_for(member, countered)
    terms = goals.terms_of(agreement)
    wanted = [_scaled(goal, _LESS / _GROWTH) if _adds_up(goal) else goal for goal in terms]
    actions.comment(member, countered, _WORDS["said"].zh, key=terms[0].key, at=_on(18, 1))
    actions.counter(member, countered, wanted, note=_WORDS["countered"].zh, at=_on(18))
    for code in _DRAFTED:
        _draft(lead, code, company.running_quarter)


def _draft(lead: Viewer, code: str, quarter: str) -> int:
    """Next quarter's goals as this quarter's, counts and money a little higher."""
    owner = Owner(member=people.member_for(lead, code))
    agreed = goals.agreement_of(lead, owner, quarter)
    assert agreed is not None, "everybody has agreed on the running quarter"
    made = 0
    for goal in goals.terms_of(agreed):
        next_one = _scaled(goal, _GROWTH) if _adds_up(goal) else goal
        # The strategy of next year is not written yet.
        next_one = replace(next_one, theme="")
        made = actions.set_goal(lead, owner, period=_NEXT, terms=next_one, at=_on(16))
    return goals.goal_for(lead, made).agreement_id


def _change(viewers: Mapping[str, Viewer], company: Company) -> None:
    lead, director = viewers[_LEAD], viewers[_DIRECTOR]
    done = _ask(viewers[_MARKET_MOVED], company, "market", "moved", "notice", day=9)
    actions.accept_change(lead, done, at=_on(10))
    actions.approve_change(director, done, answer=_WORDS["agreed"].zh, at=_on(11))
    waits = _ask(viewers[_CHANNEL_WEAKENS], company, "strategy", "weakens", "minutes", day=18)
    actions.accept_change(lead, waits, at=_on(19))


def _ask(
    member: Viewer, company: Company, category: str, reason: str, evidence: str, *, day: int
) -> int:
    """Ask for a tenth less of what adds up."""
    owner = Owner(member=people.member_for(member, member.code))
    agreement = goals.agreement_of(member, owner, company.running_quarter)
    assert agreement is not None, "everybody has agreed on the running quarter"
    wanted = [
        _scaled(goal, Decimal("0.9")) if _adds_up(goal) else goal
        for goal in goals.terms_of(agreement)
    ]
    grounds = actions.Grounds(
        category=category, reason=_WORDS[reason].zh, evidence=_WORDS[evidence].zh
    )
    return actions.request_change(member, agreement.pk, wanted, grounds, at=_on(day))


def _report(viewers: Mapping[str, Viewer], company: Company) -> None:
    member = viewers[_FOLLOWS]
    owner = Owner(member=people.member_for(member, member.code))
    agreement = goals.agreement_of(member, owner, company.running_quarter)
    assert agreement is not None, "everybody has agreed on the running quarter"
    rows = {goal.item: goal.pk for goal in goals.goals_of(agreement)}
    half = actions.SupportReport(state="partly", note=_WORDS["half"].zh)
    actions.follow_support(member, rows["objective-1-kr-2"], half, at=_on(12))
    steps = actions.Report(steps=(0,), evidence=_WORDS["review"].zh, confidence="at_risk")
    actions.report(member, rows["objective-1-kr-2"], steps, at=_on(13))
    for page, title in _WORK.items():
        address = f"https://work.example.com/{page}"
        actions.link_work(
            member, rows["objective-1-kr-2"], title=title.zh, address=address, at=_on(13, 1)
        )
    score = actions.Report(value=Decimal("3.6"), evidence=_WORDS["score"].zh, confidence="on_track")
    actions.report(member, rows["objective-1-kr-3"], score, at=_on(16, 4))


def _adds_up(goal: GoalTerms) -> bool:
    """Whether more work brings more of it: counts and money earned, neither rates nor costs."""
    return goal.key.endswith(("_count", "_created", "_revenue"))


def _scaled(goal: GoalTerms, factor: Decimal) -> GoalTerms:
    """The goal with its amounts times a factor, in whole units."""

    def times(value: Decimal | None) -> Decimal | None:
        return None if value is None else (value * factor).quantize(Decimal(1))

    return replace(
        goal,
        target=times(goal.target),
        threshold=times(goal.threshold),
        stretch=times(goal.stretch),
    )

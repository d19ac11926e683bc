"""The goal agreement (目标确认书) as the data that `documents/agreement.typ` prints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mingji.engine.model import Metric
from mingji.goals.models import AMOUNTS, Agreement, Version
from mingji.goals.queries import PrintedAgreement, owner_name
from mingji.goals.scoring import scoring_words
from mingji.kit import numbers
from mingji.kit.words import RULES, VALUES, worded
from mingji.metrics.definitions import library
from mingji.people.directory import title_of
from mingji.rules.calendar import Period
from mingji.rules.goal_terms import GoalTerms, MilestoneTerms
from mingji.rules.numbers import shown
from mingji.rules.text import Text

TEMPLATE = "goals/documents/agreement.typ"
TITLE = Text("目标确认书", "Goal agreement")
_LABELS = {
    "goal": Text("目标", "Goal"),
    "baseline": Text("起始值", "Baseline"),
    "threshold": Text("门槛值", "Threshold"),
    "target": Text("目标值", "Target"),
    "stretch": Text("挑战值", "Stretch target"),
    "weight": Text("权重", "Weight"),
    "support": Text("承诺的支持", "Support promised"),
    "due": Text("到位日期", "Due"),
    "signatures": Text("双方确认", "Agreed by both sides"),
    "signature": Text("签名", "Signature"),
    "date": Text("日期", "Date"),
    "digest": Text(
        "签署版本的摘要（SHA-256）：目标、权重、里程碑或承诺的支持改动任何一处，摘要都会不同",
        "Digest of the signed version (SHA-256): it differs as soon as any goal, weight, "
        "milestone or promised support does",
    ),
}
_OBJECTIVES = Text("目标与关键结果", "Objectives and key results")
_BESIDE = Text("考核表之外（只跟踪，不计分）", "Beside the form (followed, not scored)")
_DRAFT = Text("草稿", "DRAFT")
_NOT_AGREED = Text(
    "草稿：双方还没有同意，内容还会变。",
    "A draft: both sides have not agreed yet, and it may still change.",
)
_IMPORTED = Text(
    "作为双方已经同意的目标导入本系统。", "Taken over into this system as agreed by both sides."
)
_MEASURED = {
    "manual": Text("自行填报数值，附依据", "A number that is reported, with evidence"),
    "milestones": Text("按里程碑完成的权重", "By the weight of the milestones that are done"),
    "yes_no": Text("完成或没有完成", "Done or not done"),
}
_NOTHING = Text.same("–")


def document(found: PrintedAgreement) -> dict[str, Any]:
    """Everything that is printed."""
    signed = found.version if _agreed(found) else None
    return {
        "title": TITLE,
        "footer": _footer(found),
        "watermark": None if signed else _DRAFT,
        "labels": _LABELS,
        "facts": list(_facts(found)),
        "groups": [{"name": name, "goals": goals} for name, goals in _groups(found) if goals],
        "support": list(_support(found)),
        "signatures": _signatures(found),
        "remarks": list(_remarks(found)),
        "digest": signed.digest if signed else "",
    }


def _agreed(found: PrintedAgreement) -> bool:
    return found.agreement.status == Agreement.Status.AGREED


def _footer(found: PrintedAgreement) -> Text:
    whose, period = owner_name(found.agreement), Period.parse(found.agreement.period).label
    number = found.version.number if found.version else 0
    return Text(
        zh=f"{TITLE.zh} · {whose.zh} · {period.zh}" + (f" · 第 {number} 版" if number else ""),
        en=f"{TITLE.en} · {whose.en} · {period.en}" + (f" · version {number}" if number else ""),
    )


def _facts(found: PrintedAgreement) -> Iterator[tuple[Text, Text]]:
    agreement, post = found.agreement, found.posting
    period = Period.parse(agreement.period)
    if agreement.member:
        yield Text("姓名", "Name"), owner_name(agreement)
        yield Text("工号", "Code"), Text.same(agreement.member.code)
    else:
        yield Text("团队", "Team"), owner_name(agreement)
    if post:
        yield Text("岗位", "Post"), title_of(post)
        yield Text("团队", "Team"), post.team.known_as
        yield Text("直属上级", "Manager"), post.manager.known_as if post.manager else _NOTHING
    yield Text("期间", "Period"), period.label
    first, last = _day(period.start), _day(period.end)
    yield Text("起止", "From and to"), Text(f"{first.zh}至{last.zh}", f"{first.en} to {last.en}")
    if found.version:
        yield Text("版本", "Version"), Text.same(str(found.version.number))


def _groups(found: PrintedAgreement) -> Iterator[tuple[Text, list[dict[str, Any]]]]:
    """Goals by dimension of the form, then objectives with their key results, then the rest."""
    kpis = {goal.key: goal for goal in found.terms if goal.kind == "kpi"}
    for part in found.parts:
        own = [kpis.pop(key) for key in part.weights if key in kpis]
        yield part.name, [_line(found, goal, part.weights[goal.key]) for goal in own]
    objectives = []
    for objective in (goal for goal in found.terms if goal.kind == "objective"):
        below = [goal for goal in found.terms if goal.objective == objective.key]
        objectives += [_line(found, goal) for goal in (objective, *below)]
    yield _OBJECTIVES, objectives
    yield _BESIDE, [_line(found, goal) for goal in kpis.values()]


def _line(
    found: PrintedAgreement, goal: GoalTerms, weight: Decimal | None = None
) -> dict[str, Any]:
    """A row of the table; `weight` is the scheme's, where the goal has none of its own."""
    item = found.items.get(goal.key)
    unit = item.unit if item else goal.unit
    return {
        "name": _name(found, goal),
        "indent": 1 if goal.objective else 0,
        "notes": [note for note in _notes(found, goal) if note.zh],
        "weight": _weight(weight if goal.weight is None else goal.weight),
        **{name: _amount(getattr(goal, name), unit) for name in AMOUNTS if name != "weight"},
    }


def _name(found: PrintedAgreement, goal: GoalTerms) -> Text:
    item = found.items.get(goal.key)
    return Text.same(goal.title) if goal.title or item is None else item.name


def _notes(found: PrintedAgreement, goal: GoalTerms) -> Iterator[Text]:
    """How a goal is measured and scored, and what else was agreed of it, a line each."""
    yield Text.same(goal.description)
    if goal.kind != "objective":
        yield _measured(found, goal)
        yield from (_step(each) for each in goal.milestones)
    elif goal.commitment == "stretch":
        yield Text(
            "挑战性目标：除非方案另有规定，不影响薪酬",
            "A stretch objective: it stays out of pay unless the scheme says otherwise",
        )
    if goal.due:
        day = _day(goal.due)
        yield Text(f"截止：{day.zh}", f"Due: {day.en}")
    if theme := found.themes.get(goal.theme):
        yield Text(f"战略主题：{theme.zh}", f"Strategy theme: {theme.en}")


def _measured(found: PrintedAgreement, goal: GoalTerms) -> Text:
    item = found.items.get(goal.key)
    if item is None or not item.metric:
        return _MEASURED.get(goal.measure, _NOTHING)
    metric = library().definitions.metrics.get(item.metric)
    how = [_formula(metric)] if metric and not goal.title else []
    if metric and goal.title:
        how.append(metric.name)
    if goal.scoring:
        how.append(scoring_words(goal.scoring, item.unit))
    elif item.method:
        how.append(worded(RULES, f"method.{item.method}"))
    how.append(worded(VALUES, item.direction))
    return Text("；".join(each.zh for each in how), "; ".join(each.en for each in how))


def _formula(metric: Metric) -> Text:
    return metric.formula_text if metric.formula_text.zh else metric.name


def _step(step: MilestoneTerms) -> Text:
    due = f"  {step.due.isoformat()}" if step.due else ""
    return Text.same(f"· {step.title}  {_weight(step.weight).zh}{due}")


def _support(found: PrintedAgreement) -> Iterator[dict[str, Any]]:
    """Each promise once, with the goals that it was made for."""
    made: dict[tuple[str, date | None], list[Text]] = {}
    for goal in found.terms:
        if goal.support:
            made.setdefault((goal.support, goal.support_due), []).append(_name(found, goal))
    for (support, due), names in made.items():
        together = Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
        yield {"name": together, "support": support, "due": _day(due)}


def _signatures(found: PrintedAgreement) -> list[dict[str, Any]]:
    agreement = found.agreement
    pairs = (
        (Text("提出", "Proposed by"), agreement.proposed_by, agreement.proposed_at),
        (Text("同意", "Agreed to by"), agreement.accepted_by, agreement.accepted_at),
    )
    return [
        {
            "label": label,
            "name": found.names.get(code, Text.same(code or " ")),
            "at": _moment(at),
            "sealed": _agreed(found),
        }
        for label, code, at in pairs
    ]


def _remarks(found: PrintedAgreement) -> Iterator[Text]:
    version = found.version
    if not _agreed(found) or version is None:
        yield _NOT_AGREED
    elif version.kind == Version.Kind.IMPORTED:
        yield _IMPORTED
    elif version.kind == Version.Kind.CHANGED:
        by, at = found.names.get(version.by, Text.same(version.by)), _moment(version.at)
        yield Text(
            zh=f"第 {version.number} 版经变更申请修改，{at.zh} 由{by.zh}批准。原因：{version.note}",
            en=f"Version {version.number} came by a change request that {by.en} approved on "
            f"{at.en}. Reason: {version.note}",
        )


def _amount(value: Decimal | None, unit: str) -> Text:
    """A value with all its digits: what is signed is not rounded."""
    if value is None:
        return _NOTHING
    zh, en = numbers.show(value, unit, "zh"), numbers.show(value, unit, "en")
    return Text(zh.exact or str(zh), en.exact or str(en))


def _weight(value: Decimal | None) -> Text:
    return _NOTHING if value is None else Text.same(f"{shown(value)}%")


def _day(on: date | None) -> Text:
    if on is None:
        return _NOTHING
    return Text(f"{on.year}年{on.month}月{on.day}日", numbers.day(on, "en"))


def _moment(at: datetime | None) -> Text:
    return Text(numbers.moment(at, "zh"), numbers.moment(at, "en")) if at else Text.same(" ")

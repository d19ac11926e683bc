"""Writing the goals of an agreement as its terms say; each action does so in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mingji.audit import trail
from mingji.goals import queries
from mingji.goals.checks import (
    FormPart,
    agreement_findings,
    belonging_findings,
    goal_findings,
)
from mingji.goals.models import Agreement, Goal, Milestone, Theme, Version
from mingji.goals.queries import MeasuredItem, Owner
from mingji.metrics import queries as metrics
from mingji.rules.agreed_scoring import scoring_findings
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.goal_terms import GoalTerms, as_data, digest, stored
from mingji.rules.text import Text


def write_terms(agreement: Agreement, terms: Sequence[GoalTerms]) -> None:
    """Make the goals of an agreement those of these terms: changed, added, removed.

    A goal that stays keeps its row, and with it its progress and its alignment. The terms have
    been checked.
    """
    rows = {goal.item: goal for goal in queries.goals_of(agreement, lock=True)}
    themes = themes_of(terms, agreement.period)
    kept = {goal.key for goal in terms}
    gone = [row for key, row in rows.items() if key not in kept]
    for row in sorted(gone, key=lambda row: row.objective_id is None):
        row.delete()
    # Objectives first: their key results refer to them.
    for goal in sorted(terms, key=lambda goal: goal.kind == "key_result"):
        row = rows.get(goal.key) or Goal(
            agreement=agreement,
            member=agreement.member,
            team=agreement.team,
            period=agreement.period,
        )
        row.take(goal)
        row.theme = themes[goal.theme]
        row.objective = rows[goal.objective] if goal.objective else None
        row.save()
        rows[goal.key] = row
        _write_milestones(row, goal)


def _write_milestones(row: Goal, goal: GoalTerms) -> None:
    """Set the milestones of a key result; one of the same title keeps what is done of it."""
    done = {each.title: (each.done_on, each.evidence) for each in row.milestones.all()}
    row.milestones.all().delete()
    for position, each in enumerate(goal.milestones):
        done_on, evidence = done.get(each.title, (None, ""))
        Milestone.objects.create(
            goal=row,
            position=position,
            title=each.title,
            weight=each.weight,
            due=each.due,
            done_on=done_on,
            evidence=evidence,
        )


def sign_under_definitions_in_force(agreements: Collection[int]) -> None:
    """Let the goals of these agreements, which are being put before the other side, mean what their
    metrics mean now. One statement for any number of them."""
    Goal.objects.filter(
        agreement__in=agreements, measure=Goal.Measured.METRIC, metric__gt=""
    ).exclude(kind=Goal.Kind.OBJECTIVE).update(definition=metrics.version_in_force())


def meaning_as_signed(
    before: Sequence[GoalTerms], wanted: Sequence[GoalTerms], in_force: int
) -> tuple[GoalTerms, ...]:
    """The terms with the meaning of each metric: as it was signed; as it is now for a new goal,
    another metric, or where they ask for it.

    Raises:
        Invalid: they ask for a version that is neither.
    """
    old = {goal.key: goal for goal in before}
    return tuple(_meaning(old.get(goal.key), goal, in_force) for goal in wanted)


def _meaning(old: GoalTerms | None, goal: GoalTerms, in_force: int) -> GoalTerms:
    if not measured_by_metric(goal):
        return replace(goal, definition=0)
    if old is None or old.metric != goal.metric:
        return replace(goal, definition=in_force)
    if goal.definition not in (0, old.definition, in_force):
        found = _within(goal, _NO_MEANING)
        raise Invalid(found.message, code=found.code, findings=(found,))
    return replace(goal, definition=goal.definition or old.definition)


def measured_by_metric(goal: GoalTerms) -> bool:
    """Whether a metric gives the values of a goal."""
    return goal.kind != "objective" and goal.measure == "metric" and bool(goal.metric)


def merged(before: Sequence[GoalTerms], terms: Sequence[GoalTerms]) -> tuple[GoalTerms, ...]:
    """Goals with new ones in the place of those of the same key, and behind them."""
    new = {goal.key: goal for goal in terms}
    kept = [new.pop(goal.key, goal) for goal in before]
    return (*kept, *new.values())


def checked(
    owner: Owner, period: str, terms: Sequence[GoalTerms], *, whole: bool
) -> tuple[GoalTerms, ...]:
    """Terms as they are kept, all of them in order.

    `whole` asks also for what only the set of them can get wrong: weights, key results.

    Raises:
        Invalid: what is wrong, with the goal and field it is wrong in.
    """
    items = queries.measured_items(owner, period)
    wrong = wrong_with(terms, items, queries.form_parts(owner, period) if whole else None)
    if wrong:
        raise Invalid(wrong[0].message, code=wrong[0].code, findings=tuple(wrong))
    if whole:
        must_belong(terms)
    return as_kept(terms, items)


def must_belong(terms: Sequence[GoalTerms]) -> None:
    """Refuse goals of which two have the same key, or a key result belongs to none of them.

    Raises:
        Invalid: which of them, with `key.field` as the place.
    """
    twice = [key for key, times in Counter(goal.key for goal in terms).items() if times > 1]
    wrong = [_twice(key) for key in twice] or list(belonging_findings(terms))
    if wrong:
        raise Invalid(wrong[0].message, code=wrong[0].code, findings=tuple(wrong))


def wrong_with(
    terms: Sequence[GoalTerms],
    items: Mapping[str, MeasuredItem],
    parts: Sequence[FormPart] | None,
) -> list[Finding]:
    """What is wrong with goals, places as `goal.field`; with `parts`, also with the set of them."""
    wrong: list[Finding] = []
    for goal in terms:
        item = queries.item_of(goal, items)
        if item is None and goal.metric:
            wrong.append(_within(goal, _unknown(goal, items)))
            continue
        known = _as_kept(goal, item)
        method, direction = (item.method, item.direction) if item else ("", "up")
        method = goal.scoring.get("method", method)
        found = goal_findings(known, method=method, direction=direction)
        wrong += [_within(goal, each) for each in found or _of_scoring(known, item)]
    if parts is not None:
        wrong += agreement_findings(as_kept(terms, items), parts)
    return wrong


def _of_scoring(goal: GoalTerms, item: MeasuredItem | None) -> tuple[Finding, ...]:
    if item and item.scored:
        return scoring_findings(item.scored, goal, item.direction)
    return (_NOT_SCORED,) if goal.scoring else ()


def as_kept(terms: Sequence[GoalTerms], items: Mapping[str, MeasuredItem]) -> tuple[GoalTerms, ...]:
    """Terms with the metric that each item is measured by, amounts as they are stored."""
    return tuple(_as_kept(goal, queries.item_of(goal, items)) for goal in terms)


def _as_kept(goal: GoalTerms, item: MeasuredItem | None) -> GoalTerms:
    return stored(replace(goal, metric=item.metric) if item else goal)


def themes_of(terms: Sequence[GoalTerms], period: str) -> dict[str, Theme | None]:
    """The themes that goals name, by code.

    Raises:
        Invalid: no such theme in the year of the period.
    """
    codes = {goal.theme for goal in terms if goal.theme}
    found = Theme.objects.filter(code__in=codes, year=int(period[:4])) if codes else ()
    themes: dict[str, Theme | None] = {"": None} | {theme.code: theme for theme in found}
    for code in sorted(codes - themes.keys()):
        message = Text(
            zh=f"{period[:4]} 年没有战略主题“{code}”。",
            en=f"There is no strategy theme “{code}” in {period[:4]}.",
        )
        remedy = Text(zh="从列表里选一个主题。", en="Choose a theme from the list.")
        wrong = Finding("unknown_theme", "error", message, remedy, Place(path="theme"))
        raise Invalid(message, code="unknown_theme", findings=(wrong,))
    return themes


def add_version(
    agreement: Agreement, kind: str, *, by: str, at: datetime, note: str = ""
) -> Version:
    """Keep the terms as they stand now under the next number; the agreement is saved with it."""
    terms = queries.terms_of(agreement)
    agreement.number += 1
    agreement.save()
    return Version.objects.create(
        agreement=agreement,
        number=agreement.number,
        kind=kind,
        by=by,
        at=at,
        note=note,
        terms=as_data(terms),
        digest=digest(terms),
    )


def record(
    actor: str,
    action: str,
    agreement: Agreement,
    at: datetime,
    *,
    reason: str = "",
    evidence: Mapping[str, object] | None = None,
) -> None:
    """Say in the audit trail what was done with an agreement."""
    trail.record(
        actor=actor,
        action=action,
        kind="agreement",
        object_id=agreement.pk,
        at=at,
        reason=reason,
        evidence={"period": agreement.period, "version": agreement.number, **(evidence or {})},
    )


def told(goal: GoalTerms) -> dict[str, object]:
    """One goal as the audit trail says it."""
    return {"goal": as_data([goal])[0]}


def _unknown(goal: GoalTerms, items: Mapping[str, MeasuredItem]) -> Finding:
    known = ", ".join(items) or "—"
    return Finding(
        "unknown_item",
        "error",
        Text(
            zh=f"考核表里没有考核项“{goal.key}”，也没有指标“{goal.metric}”。",
            en=f"There is no item “{goal.key}” in the form, and no metric “{goal.metric}”.",
        ),
        Text(
            zh=f"考核项可以选：{known}；或从指标目录里选一个指标",
            en=f"Items of the form: {known}; or choose a metric of the catalogue.",
        ),
        Place(path="metric"),
    )


def _twice(key: str) -> Finding:
    return Finding(
        "goal_twice",
        "error",
        Text(f"“{key}”出现了两次", f"“{key}” is there twice"),
        Text("留下一个", "keep one of the two"),
        Place(path=f"{key}.key"),
    )


def _within(goal: GoalTerms, found: Finding) -> Finding:
    path = f"{goal.key}.{found.place.path}"
    return replace(found, place=replace(found.place, path=path))


_NO_MEANING = Finding(
    "no_such_meaning",
    "error",
    Text(
        zh="只能沿用签字时的口径，或改用现在生效的口径。",
        en="A goal keeps the definition it was signed under, or takes the one in force now.",
    ),
    Text(zh="写现在生效的版本号，或留空", en="Name the version in force, or leave it out."),
    Place(path="definition"),
)
_NOT_SCORED = Finding(
    "scoring_beside_the_form",
    "error",
    Text(
        zh="这个目标不在考核表上，只跟踪、不计分。",
        en="This goal stands beside the form: it is followed, not scored.",
    ),
    Text(zh="去掉计分方法", en="Leave the scoring out."),
    Place(path="scoring"),
)

"""Setting up: strategy themes, and goals that were agreed before they came here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.db import IntegrityError, transaction

from mingji.audit import trail
from mingji.goals.actions import writing
from mingji.goals.models import Agreement, Goal, Milestone, Theme, Version
from mingji.metrics import queries as metrics
from mingji.people.viewer import SYSTEM
from mingji.rules.errors import Invalid
from mingji.rules.goal_terms import GoalTerms, as_data, digest, stored
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedGoal:
    """A goal that both sides had agreed to before it came into this installation.

    Of a member or of a whole team: one of `member_id` and `team_id`, never both. All goals of
    one owner and period are one agreement; who proposed and accepted the first, did so for all.
    """

    member_id: int | None = None
    team_id: int | None = None
    period: str
    terms: GoalTerms
    proposed_by: str
    proposed_at: datetime
    accepted_by: str
    accepted_at: datetime

    @property
    def owner(self) -> tuple[int, int, str]:
        """Whose agreement it belongs to, sortable."""
        return (self.member_id or 0, self.team_id or 0, self.period)


@transaction.atomic
def import_agreed(goals: Iterable[AgreedGoal], *, at: datetime, actor: str = SYSTEM) -> int:
    """Take over goals that were agreed elsewhere; how many came in. For set-up, not for a person.

    Raises:
        Invalid: there is an agreement of the same owner and period already, a goal comes twice,
            or an unknown theme.
    """
    given = sorted(_as_meant_now(goals), key=lambda goal: goal.owner)
    themes = _themes(given)
    groups = [list(group) for _, group in groupby(given, key=lambda goal: goal.owner)]
    try:
        with transaction.atomic():
            signed = _write(groups, themes)
    except IntegrityError as error:
        raise Invalid(_EXISTS, code="goal_exists") from error
    periods = sorted({goal.period for goal in given})
    trail.record(
        actor=actor,
        action="import",
        kind="goals",
        object_id=",".join(periods)[:80],
        at=at,
        evidence={"goals": len(given), "periods": periods, "digests": signed},
    )
    return len(given)


@transaction.atomic
def set_theme(code: str, *, year: int, name: Text, at: datetime, actor: str = SYSTEM) -> None:
    """Add a strategy theme of a year, or rename it. For set-up, not for a person."""
    Theme.objects.update_or_create(
        code=code, defaults={"year": year, "name_zh": name.zh, "name_en": name.en}
    )
    trail.record(actor=actor, action="set", kind="theme", object_id=code, at=at)


def _as_meant_now(goals: Iterable[AgreedGoal]) -> Iterator[AgreedGoal]:
    """The goals with metrics as they are defined now."""
    in_force = metrics.version_in_force()
    for goal in goals:
        number = in_force if writing.measured_by_metric(goal.terms) else 0
        yield replace(goal, terms=replace(goal.terms, definition=number))


def _write(groups: Sequence[Sequence[AgreedGoal]], themes: dict[str, Theme]) -> dict[str, str]:
    """A fixed number of insertions for any number of agreements; the digest of each, by number."""
    agreements = Agreement.objects.bulk_create(
        [_agreement(group[0]) for group in groups], batch_size=500
    )
    pairs = [(one, given) for one, group in zip(agreements, groups, strict=True) for given in group]
    # Objectives first: their key results refer to them.
    rows: dict[tuple[int, str], Goal] = {}
    for below in (False, True):
        made = Goal.objects.bulk_create(
            [
                _goal(one, given, themes, rows.get((one.pk, given.terms.objective)))
                for one, given in pairs
                if bool(given.terms.objective) == below
            ],
            batch_size=500,
        )
        rows |= {(row.agreement_id, row.item): row for row in made}
    Milestone.objects.bulk_create(
        [
            Milestone(
                goal=rows[one.pk, given.terms.key],
                position=position,
                title=step.title,
                weight=step.weight,
                due=step.due,
            )
            for one, given in pairs
            for position, step in enumerate(given.terms.milestones)
        ],
        batch_size=500,
    )
    versions = [_version(one, group) for one, group in zip(agreements, groups, strict=True)]
    Version.objects.bulk_create(versions, batch_size=500)
    return {str(version.agreement_id): version.digest for version in versions}


def _agreement(first: AgreedGoal) -> Agreement:
    return Agreement(
        member_id=first.member_id,
        team_id=first.team_id,
        period=first.period,
        status=Agreement.Status.AGREED,
        number=1,
        proposed_by=first.proposed_by,
        proposed_at=first.proposed_at,
        accepted_by=first.accepted_by,
        accepted_at=first.accepted_at,
    )


def _goal(
    agreement: Agreement, given: AgreedGoal, themes: dict[str, Theme], objective: Goal | None
) -> Goal:
    row = Goal(
        agreement=agreement,
        member_id=given.member_id,
        team_id=given.team_id,
        period=given.period,
        theme=themes.get(given.terms.theme),
        objective=objective,
    )
    row.take(stored(given.terms))
    return row


def _version(agreement: Agreement, group: Sequence[AgreedGoal]) -> Version:
    terms = [stored(given.terms) for given in group]
    return Version(
        agreement=agreement,
        number=1,
        kind=Version.Kind.IMPORTED,
        by=group[0].accepted_by,
        at=group[0].accepted_at,
        terms=as_data(terms),
        digest=digest(terms),
    )


def _themes(given: Sequence[AgreedGoal]) -> dict[str, Theme]:
    themes = {theme.code: theme for theme in Theme.objects.all()}
    for goal in given:
        if goal.terms.theme and goal.terms.theme not in themes:
            raise Invalid(
                Text(
                    zh=f"没有战略主题“{goal.terms.theme}”。先建主题，再导入目标。",
                    en=f"There is no strategy theme “{goal.terms.theme}”. "
                    "Add the theme, then import.",
                ),
                code="unknown_theme",
            )
    return themes


_EXISTS = Text(
    zh="导入的目标与已有的重复（同一成员或团队、同一期间）。去掉重复的再导入。",
    en="Imported goals exist already (same member or team, same period). "
    "Take out what is there and import again.",
)

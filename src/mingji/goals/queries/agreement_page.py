"""An agreement as its page shows it: goals by dimension, differences, versions, discussion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mingji.goals.models import Agreement, ChangeRequest, Version
from mingji.goals.queries.differences import GoalChange, goal_changes
from mingji.goals.queries.items import MeasuredItem, Owner, form_parts, measured_items
from mingji.goals.queries.lines import GoalLine, goals_in
from mingji.goals.queries.one import owner_of
from mingji.people import queries as people
from mingji.people.viewer import Viewer
from mingji.rules.errors import NotFound
from mingji.rules.text import Text

_OBJECTIVES = Text("目标与关键结果", "Objectives and key results")
_BESIDE = Text("考核表之外（只跟踪，不计分）", "Beside the form (followed, not scored)")
_NO_VERSION = Text(zh="没有这个版本。", en="There is no such version.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Goals that share one whole: a dimension of the form, or all objectives.

    `weights` is what theirs come to in percent, with those that the scheme gives items without a
    goal; None where weights do not apply.
    """

    name: Text
    lines: tuple[tuple[GoalLine, Decimal | None], ...]
    weights: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version: who, when, and as what it was put down."""

    number: int
    kind: str
    by: Text
    at: datetime
    note: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment; `about` is the goal it speaks of, if one."""

    by: Text
    at: datetime
    text: str
    about: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPage:
    """What the page of an agreement shows. `changes` are those of its last version against the
    one before, or of the draft against the last version."""

    groups: tuple[Group, ...]
    changes: tuple[GoalChange, ...]
    versions: tuple[VersionLine, ...]
    comments: tuple[Said, ...]
    requests: tuple[ChangeRequest, ...]
    proposed_by: Text
    accepted_by: Text
    goal_names: dict[str, Text]

    @property
    def both(self) -> Text:
        """Who agreed, in the order in which they did."""
        first, second = self.proposed_by, self.accepted_by
        return Text(zh=f"{first.zh}、{second.zh}", en=f"{first.en} and {second.en}")


def agreement_page(viewer: Viewer, agreement: Agreement) -> AgreementPage:
    """The page of an agreement, which the caller got by `agreement_for`; a fixed number of
    queries."""
    owner = owner_of(agreement)
    items = measured_items(owner, agreement.period)
    lines = goals_in(viewer, agreement)
    versions = list(agreement.versions.order_by("number"))
    comments = list(agreement.comments.order_by("at", "id"))
    requests = list(agreement.requests.order_by("-asked_at", "-id"))
    codes = {version.by for version in versions} | {comment.by for comment in comments}
    codes |= {code for code in (agreement.proposed_by, agreement.accepted_by) if code}
    names = people.names_by_code(codes)
    goal_names = {line.goal.item: line.name for line in lines}
    return AgreementPage(
        groups=tuple(_groups(owner, agreement.period, lines)),
        changes=tuple(_last_changes(versions, items)),
        versions=tuple(_version(each, names) for each in reversed(versions)),
        comments=tuple(
            Said(
                by=names.get(each.by, Text.same(each.by)),
                at=each.at,
                text=each.text,
                about=goal_names.get(each.key),
            )
            for each in comments
        ),
        requests=tuple(requests),
        proposed_by=names.get(agreement.proposed_by, Text.same(agreement.proposed_by)),
        accepted_by=names.get(agreement.accepted_by, Text.same(agreement.accepted_by)),
        goal_names=goal_names,
    )


def changes_between(agreement: Agreement, first: int, second: int) -> list[GoalChange]:
    """What differs between two versions of an agreement, which the caller has.

    Raises:
        NotFound: it has no such version.
    """
    found = {each.number: each for each in agreement.versions.filter(number__in=(first, second))}
    if first not in found or second not in found:
        raise NotFound(_NO_VERSION, code="no_version")
    return goal_changes(found[first].goals, found[second].goals, items_of(agreement))


def items_of(agreement: Agreement) -> dict[str, MeasuredItem]:
    """The measured items of the form behind an agreement, by id."""
    return measured_items(owner_of(agreement), agreement.period)


def changes_asked(request: ChangeRequest) -> list[GoalChange]:
    """What a change request (the caller has it) would change in the version it started from."""
    base = request.agreement.versions.get(number=request.base)
    return goal_changes(base.goals, request.goals, items_of(request.agreement))


def _last_changes(versions: Sequence[Version], items: dict[str, MeasuredItem]) -> list[GoalChange]:
    """Of the last version against the one before that was put by the other side or changed."""
    told = [each for each in versions if each.kind != Version.Kind.AGREED]
    if len(told) < 2:
        return []
    return goal_changes(told[-2].goals, told[-1].goals, items)


def _version(row: Version, names: dict[str, Text]) -> VersionLine:
    return VersionLine(
        number=row.number,
        kind=row.get_kind_display(),
        by=names.get(row.by, Text.same(row.by)),
        at=row.at,
        note=row.note,
        digest=row.digest,
    )


def _groups(owner: Owner, period: str, lines: Sequence[GoalLine]) -> list[Group]:
    left = {line.goal.item: line for line in lines}
    groups = []
    for part in form_parts(owner, period):
        own = [left.pop(key) for key in part.weights if key in left]
        if not own:
            continue
        given = {line.goal.item: line.goal.weight for line in own}
        every = {key: given.get(key) or weight for key, weight in part.weights.items()}
        groups.append(
            Group(
                name=part.name,
                lines=tuple((line, every[line.goal.item]) for line in own),
                weights=sum(every.values(), Decimal(0)),
            )
        )
    objectives = [line for line in left.values() if line.goal.kind == "objective"]
    beside = [line for line in left.values() if line.goal.kind != "objective"]
    groups += [_plain(_OBJECTIVES, objectives)] if objectives else []
    return groups + ([_plain(_BESIDE, beside)] if beside else [])


def _plain(name: Text, lines: Sequence[GoalLine]) -> Group:
    known = [line.goal.weight for line in lines if line.goal.weight is not None]
    whole = sum(known, Decimal(0)) if len(known) == len(lines) and name is _OBJECTIVES else None
    return Group(name=name, lines=tuple((line, line.goal.weight) for line in lines), weights=whole)

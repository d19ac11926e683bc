"""The company's own definitions: their versions, what a change would do, one metric as a form."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from mingji.engine.model import Definitions, Metric
from mingji.engine.observe import observe
from mingji.metrics import policy
from mingji.metrics.computing import in_force
from mingji.metrics.definitions import LIBRARY, library, metric_of, under, warehouse
from mingji.metrics.earlier import changed, earlier_words, kept_as
from mingji.metrics.models import DefinitionsVersion
from mingji.metrics.own_document import metric_words, put_metric
from mingji.metrics.queries.facts import observed_periods
from mingji.metrics.signing import SignedGoals, signed_goals
from mingji.people.viewer import Viewer
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid, NotFound
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_CONTEXT = 3
_NO_VERSION = Text("没有这个版本。", "There is no such version.")
Kind = Literal["added", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the company's own definitions, without its text."""

    number: int
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a comparison: `+` new, `-` gone, `@` where it stands, blank: unchanged."""

    sign: Literal["+", "-", "@", " "]
    text: str


@dataclass(frozen=True, slots=True)
class VersionPage:
    """The text of a version and how it differs from the one before."""

    version: Version
    document: str
    difference: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a version of the own definitions made of a metric: its words as YAML, or nothing.

    `gone` leaves what the shipped library says, if it says something.
    """

    version: Version
    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing would do to a metric, with the company's value before and after; `signed`
    are the goals, by period, that go on being measured by `kept_as`."""

    metric: Metric
    kind: Kind
    before: Decimal | None
    after: Decimal | None
    unit_before: str
    signed: tuple[SignedGoals, ...] = ()
    kept_as: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document in which what signed goals are measured by stays what it was.

    `ids` are the metrics that keep an earlier meaning, with those whose meaning it was; `signed`
    the goals that stand on each metric that changes.
    """

    document: str
    ids: Mapping[str, str]
    signed: Mapping[str, tuple[SignedGoals, ...]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing would do: metric by metric, with values of the last period computed."""

    period: str
    changes: tuple[Change, ...]

    @property
    def kept(self) -> tuple[Change, ...]:
        """The changes of metrics whose meaning so far stays for signed goals."""
        return tuple(each for each in self.changes if each.kept_as)


def definition_versions() -> list[Version]:
    """The versions of the company's own definitions, the one in force first."""
    return [_version(row) for row in DefinitionsVersion.objects.defer("document")]


def definition_version(number: int) -> VersionPage:
    """One version with its difference from the one before.

    Raises:
        NotFound: there is no such version.
    """
    rows = DefinitionsVersion.objects.filter(number__in=(number, number - 1))
    texts = {row.number: row for row in rows}
    if number not in texts:
        raise NotFound(_NO_VERSION, code="no_version")
    before = texts[number - 1].document if number - 1 in texts else ""
    row = texts[number]
    return VersionPage(_version(row), row.document, tuple(_difference(before, row.document)))


def metric_history(metric: str) -> list[Said]:
    """The versions that changed what the company's own definitions say of a metric, the latest
    first. One query.

    Raises:
        NotFound: there is no such metric now, and there was none before.
    """
    found: list[Said] = []
    before: dict[str, object] = {}
    for row in DefinitionsVersion.objects.order_by("number"):
        words = metric_words(row.document, metric)
        if words != before:
            kind: Kind = "changed" if words and before else "added" if words else "gone"
            found.append(Said(_version(row), kind, put_metric("", metric, words) if words else ""))
        before = words
    if not found:
        metric_of(metric)
    return found[::-1]


def own_document() -> str:
    """The text of the company's own definitions in force."""
    last = DefinitionsVersion.objects.first()
    return last.document if last else ""


def words_in_force(metric: str) -> dict[str, object]:
    """What the definitions in force say of a metric, word for word; nothing if there is none."""
    shipped = (file.read_text(encoding="utf-8") for file in LIBRARY.glob("*.yaml"))
    texts = [own_document(), *(text for text in shipped if metric in text)]
    return next(filter(None, (metric_words(text, metric) for text in texts)), {})


def definitions_change(number: int) -> Version | None:
    """By whom, when and why the version of that number came into force, if there is one."""
    row = DefinitionsVersion.objects.filter(number=number).defer("document").first()
    return _version(row) if row else None


def version_in_force() -> int:
    """The number of the version of the company's own definitions that is in force; 0: none is."""
    return DefinitionsVersion.objects.values_list("number", flat=True).first() or 0


def meant_at(names: Collection[str], at: datetime) -> dict[str, str]:
    """By metric the one that says what it meant at an instant. No query, or one where some metric
    has meant something else."""
    known = library().definitions
    if not any(name in known.earlier for name in names):
        return {name: name for name in names}
    before = DefinitionsVersion.objects.filter(at__lte=at).values_list("number", flat=True)
    number = before.first() or 0
    return {name: known.as_of(name, number) for name in names}


def kept_for_signed(document: str) -> Kept:
    """These own definitions, with the earlier meaning of every metric that they change and that
    goals are signed under. Two queries.

    Raises:
        Invalid: the document has errors, or would move signed goals to another metric.
    """
    old, new = library().definitions, under(document).definitions
    stand_on: dict[str, list[SignedGoals]] = {}
    every = signed_goals()
    for each in every:
        meant = old.as_of(each.metric, each.number)
        if meant in old.metrics and changed(old, new, meant):
            stand_on.setdefault(meant, []).append(each)
    number = version_in_force()
    kept = earlier_words(old, new, sorted(stand_on), number, words_in_force)
    for id_, words in kept.items():
        document = put_metric(document, id_, words)
    names = {kept_as(old, name, number): name for name in old.metrics}
    ids = {id_: names[id_] for id_ in kept}
    stays = {name: id_ for id_, name in ids.items()}
    new = under(document).definitions if kept else new
    for each in every:
        meant = old.as_of(each.metric, each.number)
        if new.as_of(each.metric, each.number) != stays.get(meant, meant):
            raise _moved(each.metric)
    return Kept(document, ids, {name: tuple(goals) for name, goals in stand_on.items()})


def _moved(metric: str) -> Invalid:
    message = Text(
        f"“formerly”会让“{metric}”已签的目标改按另一个指标计数",
        f"“formerly” would have signed goals of “{metric}” measured by another metric",
    )
    remedy = Text("去掉 formerly；口径改变时发布会自动写上", "leave it out; publishing writes it")
    finding = Finding("formerly", "error", message, remedy, Place(path="document"))
    return Invalid(message, code="formerly", findings=(finding,))


def preview_definitions(viewer: Viewer, document: str) -> Preview:
    """What publishing these own definitions would do; nothing is written.

    Raises:
        NotAllowed: the viewer does not keep the data.
        Invalid: the document has errors, or rows that are loaded already would become unreadable.
    """
    policy.may_keep_data(viewer).require()
    kept = kept_for_signed(document)
    old, new = library().definitions, under(kept.document).definitions
    warehouse().connect(new).close()
    stays = {name: id_ for id_, name in kept.ids.items()}
    kinds = {name: kind for name, kind in _kinds(old, new) if name not in kept.ids}
    period = next(reversed(observed_periods()), "")
    before = _values(old, [name for name in kinds if name in old.metrics], period)
    after = _values(new, [name for name in kinds if name in new.metrics], period)
    return Preview(
        period,
        tuple(
            Change(
                metric=(new if name in new.metrics else old).metrics[name],
                kind=kind,
                before=before.get(name),
                after=after.get(name),
                unit_before=old.metrics[name].unit if name in old.metrics else "",
                signed=kept.signed.get(name, ()),
                kept_as=stays.get(name, ""),
            )
            for name, kind in kinds.items()
        ),
    )


def _version(row: DefinitionsVersion) -> Version:
    return Version(row.number, row.reason, row.at, row.by)


def _difference(before: str, after: str) -> Iterator[DiffLine]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=_CONTEXT)
    for place, line in enumerate(lines):
        if place < 2:  # the names of two files, which these are not
            continue
        sign: Literal["+", "-", "@", " "] = line[0]  # type: ignore[assignment]
        yield DiffLine(sign, line if sign == "@" else line[1:])


def _kinds(old: Definitions, new: Definitions) -> Iterator[tuple[str, Kind]]:
    """Every metric that is not what it was, also because a part of it is not."""
    for name, metric in new.metrics.items():
        if name not in old.metrics:
            yield name, "added"
        elif _parts(new, metric) != _parts(old, old.metrics[name]):
            yield name, "changed"
    for name in old.metrics:
        if name not in new.metrics:
            yield name, "gone"


def _parts(definitions: Definitions, metric: Metric) -> list[object]:
    """A metric with all that it is made from; that others read its table too is no part of it."""
    below = [_parts(definitions, definitions.metric(name)) for name in metric.inputs]
    table = definitions.table(metric.table) if metric.table else None
    # Which other metrics read a column, and how, changes nothing of this one.
    bare = table and replace(table, uses={}, words={})
    return [metric, bare, *below]


def _values(definitions: Definitions, metrics: list[str], period: str) -> dict[str, Decimal | None]:
    if not metrics or not period:
        return {}
    answer = observe(
        in_force(),
        definitions,
        metrics=metrics,
        by=("period",),
        grain=Period.parse(period).kind,
        periods=[period],
        empty=False,
        told=False,
    )
    return {row.metric: row.value for row in answer.rows}

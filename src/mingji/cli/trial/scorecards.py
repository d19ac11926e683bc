"""From a folder of files to scorecards: load, compute, set targets, score, grade, explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from mingji.cli.trial.mapping import Cards, Folder
from mingji.connectors.files import open_file
from mingji.engine.answers import answers_for
from mingji.engine.backends.duckdb import opened
from mingji.engine.observation import Observation, Observations
from mingji.engine.observe import observe
from mingji.engine.step_checks import step_findings
from mingji.engine.warehouse import Warehouse
from mingji.rules.calendar import Period
from mingji.rules.errors import Invalid
from mingji.rules.explanation import Node
from mingji.rules.facts import ItemFacts, MemberFacts
from mingji.rules.findings import Finding, Place
from mingji.rules.form import Form, form_for
from mingji.rules.results import FormResult, ItemResult
from mingji.rules.scheme import Item, Scheme
from mingji.rules.scoring import score
from mingji.rules.text import Text

Slices = Mapping[tuple[str, str, str], Observation]
# A trial has no past: the same files give the same bytes, whenever they are loaded.
_LOADED_AT = "1970-01-01T00:00:00+00:00"


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a scorecard: what was measured, against which target, and what it brought."""

    item: Item
    actual: Decimal | None
    rows: int
    result: ItemResult

    @property
    def target(self) -> Decimal | None:
        """The target that the points were given for; None is "no target"."""
        found = next((node for node in self.result.node.walk() if node.key == "target"), None)
        return found.value if found and isinstance(found.value, Decimal) else None


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard: whose (`key` among `cards`), in which period, the result with its reasons."""

    cards: Cards
    key: str
    period: str
    result: FormResult
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything that a trial brought to light."""

    folder: Folder
    scheme: Scheme
    warehouse: Warehouse
    periods: tuple[str, ...]
    cards: tuple[Card, ...]
    findings: tuple[Finding, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of the scorecards, in the order of the form."""
        return tuple(line.item for line in self.cards[0].lines) if self.cards else ()

    def card(self, cards: str, key: str, period: str) -> Card | None:
        """The scorecard of somebody in a period."""
        asked = (cards, key, period)
        return next((c for c in self.cards if (c.cards.id, c.key, c.period) == asked), None)


def attempt(
    folder: Folder,
    scheme: Scheme,
    root: Path,
    *,
    by: tuple[str, ...] = (),
    periods: tuple[str, ...] = (),
    options: Sequence[Sequence[str]] = (),
    today: date | None = None,
) -> Trial:
    """Compute and score everybody in a folder, period by period.

    `root` is an empty folder for the warehouse, `options` the `--numbers`, `--dates`,
    `--exclude` and `--sheet` of the command line. No step of a conversion can have been
    taken after `today`. A target that the scheme takes from the period before needs that period:
    in the first one there is none, so the item is left out and flagged.
    Values of managers and offices are computed from rows, not from those of their people.

    Raises:
        Invalid: a file, column, metric or period that cannot be used.
    """
    chosen = folder.chosen(by)
    scheme, findings = _measured(scheme, folder)
    warehouse = Warehouse(root)
    findings += _load(folder, warehouse, options)
    form = form_for(scheme)
    metrics = tuple(dict.fromkeys(item.metric for _, item in form.items() if item.metric))
    answers = [
        observe(
            warehouse,
            folder.definitions,
            metrics=metrics,
            by=(kind.by, "period"),
            grain=scheme.period,
            steps=False,
        )
        for kind in chosen
    ]
    findings += _uncounted(folder, warehouse, today)
    every = sorted({row.keys["period"] for answer in answers for row in answer.rows})
    asked = _asked(periods, [period for period in every if period])
    cards: list[Card] = []
    for kind, answer in zip(chosen, answers, strict=True):
        told = [_in_the_mapping(each, folder) for each in answer.findings]
        findings += [*told, *_without_rows(kind, answer)]
        cards += _cards(kind, form, answer, asked)
    once = tuple(dict.fromkeys(findings))
    return Trial(folder, scheme, warehouse, asked, tuple(cards), once)


def _uncounted(folder: Folder, warehouse: Warehouse, today: date | None) -> list[Finding]:
    """What the steps of any conversion of the folder leave out, be it on a scorecard or not."""
    measured = folder.definitions.metrics.values()
    with opened(warehouse, folder.definitions) as session:
        return list(step_findings(session, folder.definitions, measured, today))


def _measured(scheme: Scheme, folder: Folder) -> tuple[Scheme, list[Finding]]:
    """The scheme with the folder's metric and unit at each item.

    What no metric of the folder measures has no data: its weight goes to the other items.
    """
    findings: list[Finding] = []
    dimensions = []
    for dimension in scheme.dimensions:
        items = []
        for item in dimension.items:
            wanted = folder.items.get(item.id) or item.metric
            metric = folder.definitions.metrics.get(wanted)
            if metric is None:
                findings.append(_unmeasured(item, wanted, folder))
            unit = metric.unit if metric else item.unit
            items.append(replace(item, metric=metric.id if metric else "", unit=unit))
        dimensions.append(replace(dimension, items=tuple(items)))
    if all(not item.metric for dimension in dimensions for item in dimension.items):
        message = Text(
            zh=f"方案“{scheme.id}”的考核项都没有对应的指标",
            en=f"no item of the scheme “{scheme.id}” is measured by a metric",
        )
        raise Invalid(message, code="nothing_measured", findings=tuple(findings))
    return replace(scheme, dimensions=tuple(dimensions)), findings


def _unmeasured(item: Item, wanted: str, folder: Folder) -> Finding:
    known = ", ".join(sorted(folder.definitions.metrics))
    return Finding(
        "no_metric",
        "warning",
        Text(
            zh=f"考核项“{item.name.zh}”（{item.id}）没有指标“{wanted}”，按无数据处理",
            en=f"item “{item.name.en}” ({item.id}) has no metric “{wanted}” and counts as no data",
        ),
        Text(
            zh=f"在映射的 items 里写 {item.id}: 指标；可用的有：{known}",
            en=f"write {item.id}: METRIC under items of the mapping; there are: {known}",
        ),
        Place(folder.definitions.file),
    )


def _load(
    folder: Folder,
    warehouse: Warehouse,
    options: Sequence[Sequence[str]],
) -> Iterator[Finding]:
    for table, path in folder.files.items():
        known, answers = folder.definitions.tables[table], answers_for(table, *options)
        for batch in warehouse.load_sheets(
            known, open_file(path), loaded_at=_LOADED_AT, answers=answers
        ):
            yield from batch.findings


def _in_the_mapping(finding: Finding, folder: Folder) -> Finding:
    """What is told of owners, with the remedy that a trial has: its mapping file."""
    if finding.code not in ("no_member", "alike_owners", "likely_owners"):
        return finding
    remedy = Text(
        zh=f"在映射文件 {folder.mapping} 里写 owners: {{文件中的写法: 成员}}，或在成员名单里补上",
        en=f"write owners: {{spelling: member}} in the mapping file {folder.mapping}, "
        "or add them to the list of members",
    )
    return replace(finding, remedy=remedy)


def _asked(periods: tuple[str, ...], every: Sequence[str]) -> tuple[str, ...]:
    if not every:
        message = Text("没有一行数据带有日期", "not one row has a date")
        remedy = Text("检查文件和日期列", "check the files and the date column")
        finding = Finding("no_rows", "error", message, remedy)
        raise Invalid(message, code="no_rows", findings=(finding,))
    asked = [str(Period.parse(period)) for period in periods]
    unknown = [period for period in asked if period not in every]
    if unknown:
        known = ", ".join(every)
        message = Text(zh=f"{unknown[0]} 没有数据", en=f"there are no rows for {unknown[0]}")
        remedy = Text(zh=f"有数据的期间：{known}", en=f"periods with rows: {known}")
        finding = Finding("no_period", "error", message, remedy, Place(path="--period"))
        raise Invalid(message, code="no_period", findings=(finding,))
    return tuple(asked or every)


def _without_rows(kind: Cards, answer: Observations) -> Iterator[Finding]:
    """Who is on the list of members and has no row in any period."""
    rows: dict[str, int] = {}
    for row in answer.rows:
        key = row.keys[kind.by]
        rows[key] = rows.get(key, 0) + row.row_count
    silent = sorted(key for key, count in rows.items() if key and not count)
    if silent:
        names = ", ".join(silent)
        yield Finding(
            "no_rows",
            "info",
            Text(
                zh=f"{kind.name.zh}：{len(silent)} 个在任何期间都没有数据行，记为“无数据”：{names}",
                en=f"{kind.name.en}: {len(silent)} without a row in any period, shown as "
                f"“no data”: {names}",
            ),
            Text(
                zh="如果他们应有数据，检查文件里的写法",
                en="if they should have rows, check how the files spell them",
            ),
            count=len(silent),
        )


def _cards(kind: Cards, form: Form, answer: Observations, periods: Iterable[str]) -> Iterator[Card]:
    seen = {(row.keys[kind.by], row.keys["period"], row.metric): row for row in answer.rows}
    keys = sorted({key for key, _, _ in seen if key})
    for period in periods:
        before = str(Period.parse(period).previous)
        for key in keys:
            yield _card(kind, form, key, period, before, seen)


def _card(kind: Cards, form: Form, key: str, period: str, before: str, seen: Slices) -> Card:
    facts: dict[str, ItemFacts] = {}
    past: dict[str, Node] = {}
    measured = [item for _, item in form.items() if item.metric]
    for item in measured:
        earlier = seen.get((key, before, item.metric))
        facts[item.id] = ItemFacts(
            node=seen[key, period, item.metric].node,
            baseline=earlier.value if earlier else None,
        )
        if earlier:
            past[item.id] = earlier.node
    result = score(form, MemberFacts(member=key, name=key, items=facts))
    result = replace(
        result,
        node=_opened(result.node, past),
        items=tuple(replace(each, node=_opened(each.node, past)) for each in result.items),
    )
    items = {item.id: item for _, item in form.items()}
    lines = [
        _line(items[each.item], each, seen.get((key, period, items[each.item].metric)))
        for each in result.items
    ]
    return Card(kind, key, period, result, tuple(lines))


def _line(item: Item, result: ItemResult, seen: Observation | None) -> Line:
    if seen is None:
        return Line(item, None, 0, result)
    return Line(item, seen.value, seen.row_count, result)


def _opened(node: Node, past: Mapping[str, Node], item: str = "") -> Node:
    """The tree in which the baseline of a target opens into the rows of the period before."""
    item = node.key if node.key in past else item
    if node.key == "baseline" and item:
        return replace(past[item], key="baseline", label=node.label)
    return replace(node, inputs=tuple(_opened(child, past, item) for child in node.inputs))

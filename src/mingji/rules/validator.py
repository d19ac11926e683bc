"""What a performance scheme must be refused for, or warned about, before it is in force (§9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding
from mingji.rules.form import Form, form_for
from mingji.rules.formula import parse
from mingji.rules.grades import check_grades
from mingji.rules.method_checks import (
    check_method,
    finding,
    lowest_points,
    minimum_too_low,
    outside_hundred,
)
from mingji.rules.methods.events import Bonus, Deduct, Milestone, Okr
from mingji.rules.methods.rated import (
    BehaviourAnchor,
    Described,
    GradeScale,
    MultiRater,
    RaterGroup,
)
from mingji.rules.numbers import HUNDRED, ZERO, exact, shown
from mingji.rules.outcome_checks import check_outcomes
from mingji.rules.range_checks import check_item_ranges, check_scheme_ranges
from mingji.rules.raters import LEAST_MINIMUM
from mingji.rules.scheme import Dimension, Item, Scheme
from mingji.rules.text import Text
from mingji.rules.weights import off_hundred

FEWEST_ITEMS, MOST_ITEMS = 3, 10
HEAVIEST = Decimal(50)
SLOW_MONTHS = 3
# these count events or take a person's word: there is no figure to own
_NO_FIGURE = (BehaviourAnchor, Bonus, Deduct, Described, GradeScale, Milestone, MultiRater)


@exact
def validate(scheme: Scheme) -> tuple[Finding, ...]:
    """Everything wrong or doubtful about a scheme; errors keep it from being put in force.

    Paths read like `dimensions[0].items[2].weight`.
    """
    if empty := tuple(_empty(scheme)):
        return empty  # without these there is no form to look at
    found = [
        *_ids(scheme),
        *(each for path, item in _all_items(scheme) for each in _item(scheme, item, path)),
        *_forms(scheme),
        *_raters(scheme),
        *check_grades(scheme.grades),
        *check_outcomes(scheme),
        *check_scheme_ranges(scheme),
    ]
    return tuple(dict.fromkeys(found))


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that stop the work."""
    return tuple(each for each in findings if each.severity == "error")


def _empty(scheme: Scheme) -> Iterator[Finding]:
    """The lists that a form cannot do without."""
    lists = {
        "dimensions": (scheme.dimensions, Text("评估维度", "dimension")),
        "levels": (scheme.levels, Text("层级", "level")),
        "grades": (scheme.grades, Text("绩效等级", "grade")),
    }
    for path, (members, what) in lists.items():
        if members:
            continue
        words = Text(f"一个{what.zh}也没有", f"there is not one {what.en}")
        remedy = Text(f"至少写一个{what.zh}", f"write at least one {what.en}")
        if path != "dimensions":
            remedy = Text(
                f"{remedy.zh}，或删去 {path} 用默认的",
                f"{remedy.en}, or leave {path} out to get the usual ones",
            )
        yield finding(f"no_{path}", path, words, remedy)


def _all_items(scheme: Scheme) -> Iterator[tuple[str, Item]]:
    for d, dimension in enumerate(scheme.dimensions):
        for i, item in enumerate(dimension.items):
            yield f"dimensions[{d}].items[{i}]", item
    for t, template in enumerate(scheme.templates):
        for g, group in enumerate(template.items):
            for i, item in enumerate(group.items):
                yield f"templates[{t}].items[{g}].items[{i}]", item
    for i, item in enumerate(scheme.team_items):
        yield f"team_items[{i}]", item


def _ids(scheme: Scheme) -> Iterator[Finding]:
    lists = {
        "dimensions": [each.id for each in scheme.dimensions],
        "levels": [each.id for each in scheme.levels],
        "templates": [each.family for each in scheme.templates],
        "red_lines": [each.id for each in scheme.red_lines],
    }
    for path, names in lists.items():
        yield from _repeated(names, path)
    lists["grades"] = [each.id for each in scheme.grades]
    all_ids = {"": scheme.id} | {path: item.id for path, item in _all_items(scheme)}
    all_ids |= {f"{path}[{n}]": name for path, ids in lists.items() for n, name in enumerate(ids)}
    for path, name in all_ids.items():
        if not name:
            words = Text("编号是空的", "the id is empty")
            remedy = Text("写一个编号，如 win_rate", "write one, such as win_rate")
            yield finding("no_id", f"{path}.id".lstrip("."), words, remedy)
    known = set(lists["dimensions"])
    for path, named in _dimensions_named(scheme):
        if named not in known:
            words = Text(f"没有维度 {named}", f"there is no dimension {named}")
            options = ", ".join(sorted(known))
            remedy = Text(f"改成其中之一：{options}", f"use one of: {options}")
            yield finding("unknown_dimension", path, words, remedy)


def _dimensions_named(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for n, level in enumerate(scheme.levels):
        yield from ((f"levels[{n}].weights", change.dimension) for change in level.weights)
    for n, template in enumerate(scheme.templates):
        yield from ((f"templates[{n}].weights", change.dimension) for change in template.weights)
        yield from ((f"templates[{n}].items", group.dimension) for group in template.items)


def _repeated(names: Sequence[str], path: str) -> Iterator[Finding]:
    for name, count in Counter(names).items():
        if count > 1:
            words = Text(f"{name} 出现 {count} 次", f"{name} stands {count} times")
            remedy = Text("编号各不相同", "give each its own id")
            yield finding("id_twice", path, words, remedy)


def _item(scheme: Scheme, item: Item, path: str) -> Iterator[Finding]:
    yield from check_method(item, f"{path}.scoring")
    yield from check_item_ranges(item, path)
    name = item.name
    if item.source == "rated" and not _described(item):
        yield finding(
            "levels_not_described",
            f"{path}.scoring",
            Text(f"“{name.zh}”由人评分，却没有写清各档的表现",
                 f"“{name.en}” is rated by people, but its levels are not described"),
            Text("给每一档写上看得见的行为", "describe the behaviour of each level"),
        )  # fmt: skip
    if item.source == "objectives" and not isinstance(item.scoring, Okr):
        yield finding(
            "objectives_need_okr",
            f"{path}.scoring",
            Text(f"“{name.zh}”来自目标与关键结果，要用 okr 计分",
                 f"“{name.en}” comes from objectives and is scored by okr"),
            Text("写 scoring: {method: okr}", "write scoring: {method: okr}"),
        )  # fmt: skip
    if item.source == "metric" and not item.data_owner and not isinstance(item.scoring, _NO_FIGURE):
        yield finding(
            "no_data_owner",
            f"{path}.data_owner",
            Text(f"“{name.zh}”没有数据负责人", f"“{name.en}” has no data owner"),
            Text("写明谁对这个数负责", "name who answers for this figure"),
            "warning",
        )
    yield from _targets(scheme, item, path)


def _targets(scheme: Scheme, item: Item, path: str) -> Iterator[Finding]:
    """What is wrong with aiming at this figure: too slow, easily gamed, grown from nowhere."""
    name = item.name
    if scheme.period == "month" and item.lag_months >= SLOW_MONTHS:
        lag = item.lag_months
        yield finding(
            "outcome_too_slow",
            f"{path}.lag_months",
            Text(f"“{name.zh}”要 {lag} 个月才见效，不能按月定目标",
                 f"“{name.en}” takes {lag} months to show, so a monthly target is luck"),
            Text("按季度考核，或改考核先行指标", "use a quarter, or a leading measure"),
        )  # fmt: skip
    if item.gaming_risk.en and not item.counter_metric:
        yield finding(
            "no_counter_metric",
            f"{path}.counter_metric",
            Text(f"“{name.zh}”容易被做数：{item.gaming_risk.zh}",
                 f"“{name.en}” can be gamed: {item.gaming_risk.en}"),
            Text("配一个制衡指标", "pair it with a counter-metric"),
            "warning",
        )  # fmt: skip
    if item.target_growth and item.target_from == "goal" and item.baseline is None:
        yield finding(
            "delta_without_baseline",
            f"{path}.baseline",
            Text(f"“{name.zh}”定的是增幅，却没有起始值",
                 f"“{name.en}” has a target for growth but no baseline"),
            Text("补上 baseline，或写 target_from: previous_period",
                 "add a baseline, or write target_from: previous_period"),
        )  # fmt: skip


def _described(item: Item) -> bool:
    match item.scoring:
        case BehaviourAnchor(levels=levels):
            return all(level.behaviour.en for level in levels)
        case GradeScale(levels=levels):
            return all(level.description.en for level in levels)
        case Described():
            return True
    return bool(item.description.en)


def _forms(scheme: Scheme) -> Iterator[Finding]:
    families = ["", *(template.family for template in scheme.templates)]
    levels = [level for n, level in enumerate(scheme.levels) if n == 0 or level.weights]
    for level in levels:
        for family in families:
            form = form_for(scheme, level.id, family)
            unfinished = any(each.weight and not each.items for each in form.dimensions)
            if family or not (scheme.templates and unfinished):
                yield from _form(scheme, form)
    if scheme.blend.team == "team_items" and not scheme.team_items:
        words = Text("团队得分取自团队项，却没有 team_items", "the team's score has no items")
        remedy = Text("补上 team_items，或用成员均值", "add team_items, or use mean_of_members")
        yield finding("no_team_items", "team_items", words, remedy)
    if scheme.team_items and scheme.aggregation not in ("sum", "manual"):
        weights = [item.weight for item in scheme.team_items if not outside_hundred(item)]
        wrong = off_hundred(weights, Text("团队各项", "the items of the team"), "team_items")
        if wrong:
            yield wrong


def _form(scheme: Scheme, form: Form) -> Iterator[Finding]:
    inside = [(d, i) for d, i in form.items() if not outside_hundred(i)]
    place = next(
        (f"templates[{n}]" for n, t in enumerate(scheme.templates) if t.family == form.family),
        "dimensions",
    )
    yield from _repeated([item.id for _, item in form.items()], place)
    yield from _weights(scheme, form, inside, place)
    if not FEWEST_ITEMS <= len(inside) <= MOST_ITEMS:
        words = Text(f"一个人有 {len(inside)} 项考核项", f"a person has {len(inside)} items")
        remedy = Text("保持在 3 到 10 项", "keep it between 3 and 10")
        yield finding("item_count", place, words, remedy, "warning")
    for dimension, item in inside:
        share = item.weight
        if scheme.aggregation == "weighted_by_dimension":
            share = share * dimension.weight / HUNDRED
        if share > HEAVIEST:
            words = Text(
                f"“{item.name.zh}”占 {shown(share)} %", f"“{item.name.en}” is {shown(share)} %"
            )
            remedy = Text("单项不超过 50 %", "keep one item at 50 % or less")
            yield finding("item_too_heavy", f"{place}.{item.id}", words, remedy, "warning")
    for dimension in form.dimensions:
        yield from _deductions(dimension, place)


def _weights(
    scheme: Scheme, form: Form, inside: list[tuple[Dimension, Item]], place: str
) -> Iterator[Finding]:
    who = " / ".join(filter(None, (form.level.id, form.family)))
    if scheme.aggregation == "weighted_total":
        what = Text(f"{who} 表上各项", f"the items of {who}")
        wrong = off_hundred([item.weight for _, item in inside], what, place)
        if wrong:
            yield wrong
        yield from _dimension_sums(form, place)
    if scheme.aggregation == "formula":
        yield from _total_formula(scheme)
    if scheme.aggregation != "weighted_by_dimension":
        return
    outer = off_hundred(
        [dimension.weight for dimension in form.dimensions],
        Text(f"{who} 各维度", f"the dimensions of {who}"),
        place,
    )
    if outer:
        yield outer
    for dimension in form.dimensions:
        weights = [item.weight for item in dimension.items if not outside_hundred(item)]
        if not dimension.weight:
            continue
        name = dimension.name
        what = Text(f"维度“{name.zh}”各项", f"the items in “{name.en}”")
        wrong = off_hundred(weights, what, f"{place}.{dimension.id}.items")
        if wrong:
            yield wrong


def _dimension_sums(form: Form, place: str) -> Iterator[Finding]:
    """Where items count over the whole form, a dimension weighs what its items weigh."""
    for dimension in form.dimensions:
        total = sum((i.weight for i in dimension.items if not outside_hundred(i)), ZERO)
        if dimension.weight != total:
            name, said, made = dimension.name, shown(dimension.weight), shown(total)
            words = Text(
                f"维度“{name.zh}”写的权重是 {said}，各项合计却是 {made}",
                f"“{name.en}” says weight {said}, but its items make {made}",
            )
            remedy = Text("改成一致，计分以各项为准", "make them agree; the items decide the score")
            path = f"{place}.{dimension.id}.weight"
            yield finding("dimension_weight_differs", path, words, remedy, "warning")


def _total_formula(scheme: Scheme) -> Iterator[Finding]:
    try:
        parse(scheme.formula, frozenset(each.id for each in scheme.dimensions))
    except Invalid as refusal:
        remedy = Text("用维度编号写公式", "write it over the dimension ids")
        yield finding("formula_refused", "formula", refusal.message, remedy)


def _deductions(dimension: Dimension, place: str) -> Iterator[Finding]:
    items = [item for item in dimension.items if not outside_hundred(item)]
    full = sum((item.weight for item in items), ZERO)
    lost = sum((item.weight - min(lowest_points(item), ZERO) for item in items), ZERO)
    if lost > full:
        yield finding(
            "deductions_exceed_dimension",
            f"{place}.{dimension.id}.items",
            Text(
                f"维度“{dimension.name.zh}”共 {shown(full)} 分，各项却可能扣到 {shown(lost)} 分",
                f"“{dimension.name.en}” is worth {shown(full)}, "
                f"but its items can lose {shown(lost)}",
            ),
            Text("把每项的最低分设为 0", "let no item go below 0"),
        )


def _raters(scheme: Scheme) -> Iterator[Finding]:
    if scheme.raters.minimum < LEAST_MINIMUM:
        yield minimum_too_low("raters.minimum")
    groups: list[tuple[str, tuple[RaterGroup, ...]]] = [("raters.groups", scheme.raters.groups)]
    groups += [(f"levels[{n}].raters", level.raters) for n, level in enumerate(scheme.levels)]
    for path, given in groups:
        what = Text("评价人各组", "the rater groups")
        wrong = off_hundred([group.weight for group in given], what, path) if given else None
        if wrong:
            yield wrong

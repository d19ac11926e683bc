"""The template tags of the product; `docs/reference/components.md` lists them, `/styleguide/` shows
each in use."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mingji.kit import actors, numbers, words
from mingji.kit.assets import asset_url
from mingji.kit.i18n import locale, localized
from mingji.kit.words import SEALS, STATUS
from mingji.rules.calendar import Period
from mingji.rules.findings import Place
from mingji.rules.text import Text

register = template.Library()


@register.filter
def tr(text: Text | str) -> str:
    """A bilingual `Text` in the language of the request; a plain string stays as it is."""
    return localized(text) if isinstance(text, Text) else text


@register.filter
def place(of: Place | str) -> str:
    """Where a finding points: `leads.csv 第 85 行「created_on」列`; as it stands if it is told."""
    return localized(of.in_words()) if isinstance(of, Place) else of


@register.filter
def day(on: date | None) -> str:
    """A day of this year's work: `11月22日 周日`, `22 Nov 2026`."""
    return numbers.day(on, locale()) if on else ""


@register.filter
def short_day(on: date) -> str:
    """A day beside an axis: `11月22日`, `22 Nov`."""
    return numbers.short_day(on, locale())


@register.filter
def full_day(on: date | None) -> str:
    """A day with its year in both languages."""
    return numbers.day(on, locale(), year=True) if on else ""


@register.filter
def moment(at: datetime | None) -> str:
    """Day and time in the installation's time zone."""
    return numbers.moment(at, locale()) if at else ""


@register.filter
def period(code: str) -> str:
    """A period by its code: `2026Q3` is 2026年第三季度, Q3 2026."""
    return localized(Period.parse(code).label) if code else ""


@register.filter
def instant(at: str) -> str:
    """An ISO instant or day of an explanation's source as people read it."""
    when = datetime.fromisoformat(at)
    is_day = len(at) == len("2026-11-22")
    return full_day(when.date()) if is_day else numbers.moment(when, locale())


@register.filter
def written(value: Decimal | int) -> str:
    """A plain number with the digits it needs, such as a weight or a count: `12.5`, `13,313`."""
    number = Decimal(value)
    return numbers.written(number.normalize() if number % 1 else number.to_integral_value())


@register.filter
def flag_words(code: str) -> str:
    """What a flag of a node says, such as `weight_redistributed`."""
    said = localized(words.flag_words(code))
    return said[:1].upper() + said[1:]


@register.filter
def actor(code: str) -> str:
    """The name of one who acted, by the code that a record keeps. For a list of records use
    `{% actors_of … %}`, which looks all names up at once."""
    return localized(actors.names_of([code])[code])


@register.simple_tag
def actors_of(records: list[Any], *fields: str) -> dict[str, str]:
    """The names of those who acted, by their codes: `{% actors_of events "who" as names %}`."""
    named = actors.names_of(getattr(record, field) for record in records for field in fields)
    return {code: localized(name) for code, name in named.items()}


@register.filter
def under(names: dict[str, str], code: str) -> str:
    """What stands in a mapping under a key: `{{ names|under:event.who }}`."""
    return names.get(code, code)


@register.filter
def with_code(words: str) -> SafeString:
    """A sentence in which what stands between backticks is code."""
    parts = words.split("`")
    kinds = ("{}", "<code>{}</code>")
    shown = (format_html(kinds[number % 2], part) for number, part in enumerate(parts))
    return SafeString("".join(shown))


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> str:
    """The words of the block `title`, once more: the heading says what the browser's tab says."""
    # An included template has a render context of its own on top of the page's.
    blocks: Any = next(
        layer[BLOCK_CONTEXT_KEY]
        for layer in reversed(context.render_context.dicts)
        if BLOCK_CONTEXT_KEY in layer
    )
    written: str = blocks.get_block("title").render(context)
    return written


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file of `assets/`."""
    return asset_url(name)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon of `assets/icons.txt`; the word beside it carries the meaning."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        asset_url("icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def menu_link(context: Context, href: str, symbol: str, words: str) -> SafeString:
    """A menu entry with its icon, marked when the reader is on its page or below it."""
    here = context["request"].path
    is_current = here == href or (href != "/" and here.startswith(href))
    current = SafeString(' aria-current="page"') if is_current else ""
    return format_html('<a href="{}"{}>{}{}</a>', href, current, icon(symbol), words)


@register.simple_tag
def number(
    value: Decimal | int | str | None,
    unit: str = "",
    href: str = "",
    hint: Text | str = "",
    signed: bool = False,
    page: bool = False,
) -> SafeString:
    """A computed value, mostly a number. With `href` it opens into its reasons: in the drawer, or
    with `page` (and always without JavaScript) on its own page. `hint` is the formula in words."""
    if isinstance(value, str):
        shown = numbers.Shown(value, "")
    else:
        shown = numbers.show(value, unit, locale(), signed=signed)
    body = _figure(shown, missing=value is None)
    title = " · ".join(filter(None, (shown.exact, tr(hint))))
    if not href:
        return format_html('<span class="num" title="{}">{}</span>', title, body)
    opens = SafeString("") if page else format_html(' hx-get="{}" hx-target="#drawer-body"', href)
    return format_html(
        '<a class="num opens" href="{}" title="{}"{}>{}</a>', href, title, opens, body
    )


@register.simple_tag
def shown(value: Decimal | int | None, unit: str = "") -> str:
    """A number in words and digits without any markup: for charts, titles and sentences."""
    return str(numbers.show(value, unit, locale()))


@register.simple_tag
def mark(value: Decimal, unit: str = "") -> str:
    """A round number beside an axis, without zeros behind the point."""
    return numbers.mark(value, unit, locale())


def _figure(shown: numbers.Shown, *, missing: bool) -> SafeString:
    if missing:
        return format_html('<span class="none">{}</span>', shown.text)
    if not shown.unit:
        return format_html("{}", shown.text)
    return format_html('{}<span class="unit">{}</span>', shown.text, str(shown)[len(shown.text) :])


@register.simple_tag
def status(code: str) -> SafeString:
    """How a goal stands: `on_track`, `at_risk`, `off_track` or `no_data`: icon, word and colour."""
    look, symbol, words = STATUS[code]
    return format_html('<span class="status {}">{}{}</span>', look, icon(symbol), localized(words))


@register.simple_tag
def seal(
    by: Text | str, at: datetime | date | str = "", act: str = "signed", proof: str = ""
) -> SafeString:
    """What was `signed`, `agreed`, `released` or `frozen`, by whom and when; `proof` on hover."""
    return format_html(
        '<span class="seal" title="{}"><svg viewBox="0 0 24 24" aria-hidden="true">'
        '<rect x="1" y="1" width="22" height="22" rx="4"/><text x="12" y="17.5">印</text></svg>'
        '<span>{} <b>{}</b> <span class="when">{}</span></span></span>',
        proof,
        localized(SEALS[act]),
        tr(by),
        _when(at),
    )


def _when(at: datetime | date | str) -> str:
    if isinstance(at, datetime):
        return numbers.moment(at, locale())
    return numbers.day(at, locale(), year=True) if isinstance(at, date) else at


@register.simple_tag
def person(name: Text | str, note: str = "", href: str = "") -> SafeString:
    """A person: first letter of the name, the name, and a small note (post, team)."""
    name = tr(name)
    inside = format_html(
        '<span class="face" aria-hidden="true">{}</span><span class="who">{}{}</span>',
        name[:1],
        name,
        format_html("<small>{}</small>", note) if note else "",
    )
    if href:
        return format_html('<a class="person" href="{}">{}</a>', href, inside)
    return format_html('<span class="person">{}</span>', inside)


@register.inclusion_tag("components/stat.html")
def stat(
    label: str, value: Decimal | int | None, unit: str = "", href: str = "", note: str = ""
) -> dict[str, Any]:
    """One figure of a page's head: label above, number that opens, one line of context below."""
    return {"label": label, "value": value, "unit": unit, "href": href, "note": note}


@register.inclusion_tag("components/field.html")
def field(bound: Any, advice: str = "") -> dict[str, Any]:
    """A form field: label, help, control, errors, tied together for screen readers."""
    return {"field": bound, "advice": advice or bound.help_text}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """What to mend in a refused form, each a link to its field; takes the focus."""
    return {"form": form}


@register.inclusion_tag("components/levels.html")
def levels(
    name: str, legend: str, options: list[Any], chosen: str = "", advice: str = ""
) -> dict[str, Any]:
    """Described levels as cards to choose from. `options`: objects with `id`, `name`, `description`
    (`Text` or str) and, if it shows, `points`."""
    return {"name": name, "legend": legend, "options": options, "chosen": chosen, "advice": advice}


@register.inclusion_tag("components/bullet.html")
def bullet(chart: Any) -> dict[str, Any]:
    """A `charts.Bullet`: actual against threshold, target, stretch and expected by now."""
    return {"chart": chart}


@register.inclusion_tag("components/waterfall.html")
def waterfall(chart: Any) -> dict[str, Any]:
    """A `charts.Waterfall`: how a total came about, step by step; it is its own table."""
    return {"chart": chart}


@register.inclusion_tag("components/trend.html")
def trend(chart: Any) -> dict[str, Any]:
    """A `charts_series.Trend`: values by period with their targets, and the same as a table."""
    return {"chart": chart}


@register.inclusion_tag("components/path.html")
def path(chart: Any) -> dict[str, Any]:
    """A `charts_path.PathChart`: reached by day against what was expected, and as a table."""
    return {"chart": chart}


@register.inclusion_tag("components/spread.html")
def spread(chart: Any) -> dict[str, Any]:
    """A `charts_series.Spread`: a dot for each person or team, stacked where they meet."""
    return {"chart": chart}

"""How a number stands in a cell: signs, currency, units, and which mark is the decimal one.

A body such as `1.052` can be read two ways; a body such as `1,052.75` only one. Each cell gets a
shape: `plain` (only digits), `point` or `comma` (certain), `grouped_comma` (1,052),
`grouped_point` (1.052), `loose_comma` (1052,75: a decimal comma, or a separator out of place) or
`none`. What to do about them is decided for the whole column, see `evidence`.

The queries hold only constants and what checked definitions say.
"""
# ruff: noqa: S608

from __future__ import annotations

from mingji.engine.model import Column
from mingji.engine.sql import literal, render
from mingji.engine.unit_words import CURRENCIES, MULTIPLIERS

#: Total digits of a decimal column; the column's `scale` says how many stand after the point.
DIGITS = 28
#: Digits that a processor reads and adds in one step. Nearly all amounts fit, unless so many places
#: are kept of them that too few digits are left before the point.
FEW_DIGITS, PLACES_OF_FEW = 18, 10
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WIDE_LETTERS = "".join(chr(ord(letter) + 0xFEE0) for letter in _LETTERS)
_SPACE = r"[\s\x{00A0}\x{2000}-\x{200A}\x{202F}\x{3000}]"
#: Marks that nobody sees; copied dates and names are full of them.
_UNSEEN = r"[\x{00AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{2066}-\x{2069}\x{FEFF}]"
#: What stands around a cell without being part of it.
BLANKS = (
    " \t\r\n\u00a0\u3000\ufeff\u00ad\u200b\u200c\u200d\u200e\u200f\u2060"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def _alternatives(words: object) -> str:
    listed = sorted({str(word) for word in words}, key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(word.replace("$", r"\$") for word in listed)


_CURRENCY = _alternatives(word for words in CURRENCIES.values() for word in words)
#: How 万 is typed by people who write Chinese; elsewhere it may be anything.
_W = "w"
#: Accounts write △5 for a minus, dashboards ▲5 and ▼5 for what rose and fell.
_TRIANGLES = "△▲▽▼↑↓"
_MULTIPLIER = _alternatives((*MULTIPLIERS, _W))
#: Letters that stand for a unit, which are told where they were taken for it.
_UNIT_LETTERS = (_W, "k", "m", "b")
_NUMBER = (
    rf"(?i)^(\(?)([-+]?) ?({_CURRENCY})? ?([-+]?)([.,]?\d(?:[\d.,’ ]*[\d.,])?) ?"
    rf"({_MULTIPLIER})? ?({_CURRENCY})? ?(%?)(-?)(\)?)$"
)
_POINT = r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?|\d*\.\d+|\d+\.?|[1-9]\d{0,2}([ ’]\d{3})+(\.\d*)?"
_COMMA = r"[1-9]\d{0,2}(\.\d{3})+(,\d*)?|\d*,\d+|\d+,?|[1-9]\d{0,2}([ ’]\d{3})+(,\d*)?"
#: 1,23,456.78: lakhs and crores; not read, as the same marks may stand there by mistake.
_INDIAN = r"[1-9]\d?(,\d{2})+,\d{3}(\.\d*)?"

MACROS = (
    f"""CREATE OR REPLACE TEMP MACRO trimmed(x) AS nullif(trim(x, '{BLANKS}'), '')""",
    # Most cells are plain letters and digits, and one look is enough for those.
    rf"""CREATE OR REPLACE TEMP MACRO tidied(x) AS CASE
    WHEN regexp_full_match(x, '[!-&(-~]+') THEN x ELSE trimmed(regexp_replace(translate(
    regexp_replace(x, '{_UNSEEN}', '', 'g'),
    '０１２３４５６７８９．，－＋％（）￥／：−＄''{_WIDE_LETTERS}',
    '0123456789.,-+%()¥/:-$’{_LETTERS}'), '{_SPACE}+', ' ', 'g')) END""",
    rf"""CREATE OR REPLACE TEMP MACRO number_parts(t) AS regexp_extract(t, '{_NUMBER}',
    ['opened', 'sign', 'before', 'inner', 'body', 'multiplier', 'after', 'percent', 'trailing',
    'closed'])""",
    f"""CREATE OR REPLACE TEMP MACRO is_point(body) AS regexp_full_match(body, '{_POINT}')""",
    f"""CREATE OR REPLACE TEMP MACRO is_comma(body) AS regexp_full_match(body, '{_COMMA}')""",
    r"""CREATE OR REPLACE TEMP MACRO shape_of(body) AS CASE
    WHEN body = '' THEN 'none'
    WHEN regexp_full_match(body, '[\d ’]+') THEN CASE WHEN is_point(body) THEN 'plain'
        ELSE 'none' END
    WHEN is_point(body) AND is_comma(body)
        THEN CASE WHEN contains(body, ',') THEN 'grouped_comma' ELSE 'grouped_point' END
    WHEN is_point(body) THEN 'point'
    WHEN is_comma(body) THEN CASE WHEN regexp_full_match(body, '[1-9]\d*,\d*')
        THEN 'loose_comma' ELSE 'comma' END
    ELSE 'none' END""",
    """CREATE OR REPLACE TEMP MACRO with_point(body) AS
    CASE WHEN is_point(body) THEN translate(body, ', ’', '') END""",
    """CREATE OR REPLACE TEMP MACRO with_comma(body) AS
    CASE WHEN is_comma(body) THEN replace(translate(body, '. ’', ''), ',', '.') END""",
    # The digits moved by powers of ten, as text: exact, whatever their number.
    """CREATE OR REPLACE TEMP MACRO moved(digits, shift) AS CASE
    WHEN digits IS NULL THEN NULL
    WHEN shift = 0 THEN digits
    WHEN shift > 0 THEN split_part(digits, '.', 1)
        || rpad(left(split_part(digits, '.', 2), shift), CAST(shift AS INTEGER), '0')
        || '.' || substr(split_part(digits, '.', 2), CAST(shift AS INTEGER) + 1)
    ELSE left(lpad(split_part(digits, '.', 1), CAST(greatest(length(split_part(digits, '.', 1)),
            1 - shift) AS INTEGER), '0'), shift)
        || '.' || right(lpad(split_part(digits, '.', 1),
            CAST(greatest(length(split_part(digits, '.', 1)), 1 - shift) AS INTEGER), '0'), -shift)
        || split_part(digits, '.', 2) END""",
)


def numbers_query(column: Column, shift: int, *, chinese: bool = False) -> str:
    """SQL that reads the cells `v` (with their counts `n`) of the table `cells` as numbers.

    It answers, cell by cell in order: `shape`, the exact text under each reading (`point`, `comma`;
    `loose` is a loose comma taken as a separator), and `fault`, why there can be no number
    whatever the reading.

    Args:
        column: What the definitions say about the column.
        shift: The power of ten of the column's unit; a unit in the cell itself goes before it.
        chinese: Whether the file is in Chinese, so that 1.2w is 1.2万.
    """
    letters = ", ".join(render(literal(letter)) for letter in _UNIT_LETTERS)
    own = f"CASE lower(p.multiplier) {_powers()} ELSE {shift} END"
    moves = f"CASE WHEN p.percent <> '' THEN -2 ELSE {own} END"
    sign = "CASE WHEN p.sign = '-' OR p.inner = '-' OR p.trailing = '-' OR p.opened <> '' "
    sign += "THEN '-' ELSE '' END"
    signs = "(p.sign <> '')::INT + (p.inner <> '')::INT + (p.trailing <> '')::INT"
    fault = (
        f"CASE WHEN {_foreign(column)} THEN 'other_currency' "
        f"WHEN p.percent <> '' AND {_is_money(column)} THEN 'percent_of_money' "
        f"WHEN lower(p.multiplier) = '{_W}' AND NOT {chinese} THEN 'unclear_w' "
        "WHEN regexp_matches(t, '\\d[eE][-+]?\\d+$') THEN 'scientific' "
        f"WHEN regexp_full_match(t, '[{_TRIANGLES}] ?\\d.*') THEN 'unclear_sign' "
        f"WHEN regexp_full_match(p.body, '{_INDIAN}') THEN 'indian_grouping' "
        "WHEN shape = 'none' OR (p.opened = '') <> (p.closed = '') "
        f"OR {signs} + (p.opened <> '')::INT > 1 "
        "OR (p.percent <> '' AND p.multiplier <> '') THEN 'not_a_number' END"
    )
    return (
        "WITH tidy AS (SELECT v, n, tidied(v) AS t FROM cells), "
        "parts AS (SELECT v, n, t, number_parts(t) AS p FROM tidy), "
        "shaped AS (SELECT *, shape_of(p.body) AS shape FROM parts), "
        f"signed AS (SELECT v, n, t, p, shape, {sign} AS sign, {moves} AS shift, "
        f"{fault} AS fault FROM shaped) "
        "SELECT v, n, t, shape, fault, "
        "sign || moved(with_point(p.body), shift) AS point, "
        "sign || moved(with_comma(p.body), shift) AS comma, "
        "CASE WHEN shape = 'loose_comma' "
        "THEN sign || moved(replace(p.body, ',', ''), shift) END AS loose, "
        f"(p.multiplier <> '' AND {shift} <> 0) AS own_unit, "
        f"lower(p.multiplier) IN ({letters}) AS letter FROM signed"
    )


def _powers() -> str:
    return " ".join(
        f"WHEN {render(literal(word))} THEN {power}"
        for word, power in {**MULTIPLIERS, _W: 4}.items()
    )


def _is_money(column: Column) -> str:
    return "true" if column.unit in CURRENCIES else "false"


def _foreign(column: Column) -> str:
    """The condition under which an amount names another currency than its column's."""
    own = CURRENCIES.get(column.unit)
    if own is None:
        return "false"
    listed = ", ".join(render(literal(mark)) for mark in ("", *own))
    return f"(lower(p.before) NOT IN ({listed}) OR lower(p.after) NOT IN ({listed}))"

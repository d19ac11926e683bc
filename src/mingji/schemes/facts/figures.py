"""Figures as people type them → exact decimals; what could be read in two ways is refused."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from mingji.rules.text import Text

_PLAIN = re.compile(r"[-+]?\d+(\.\d+)?|[-+]?\.\d+")
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?|月)?( \d{1,2}:\d{2}(:\d{2})?)?")
_EXPONENT = re.compile(r"[-+]?\d+(\.\d+)?[eE][-+]?\d+")
_NOTHING = frozenset({"-", "--", "–", "—", "/", "n/a", "na", "null", "none", "无", "无数据"})
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_MULTIPLES = frozenset("百千万亿")
# Words that only say what was counted; they are read over where the item names no unit itself.
_COUNTERS = frozenset("次个条人家场篇件项名分份")
_MAX_DIGITS = 30
_SURELY_EXACT = 24


@dataclass(frozen=True, slots=True)
class Figure:
    """A number read from a cell; `percent` when it was written with a percent sign."""

    value: Decimal
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a cell is no number, and how to write it."""

    message: Text
    remedy: Text


def is_nothing(cell: str) -> bool:
    """Whether a cell says that there is no value: empty, a dash, `n/a`, 无."""
    if _PLAIN.fullmatch(cell):
        return False
    return not cell.strip() or unicodedata.normalize("NFKC", cell).strip().lower() in _NOTHING


def figure(cell: str, *, percent_points: bool = False, unit: str = "") -> Figure | Unreadable:
    """Read a cell as a number.

    Thousands separators, full-width digits, ¥, 元, 万 and 亿 are understood, and so is the item's
    own unit behind the figure. `92%` is 0.92, or 92 where values are counted in percent
    (`percent_points`).

    >>> figure("１，２３４．５"), figure("92%"), figure("12.5万")
    (Figure(value=Decimal('1234.5'), percent=False), Figure(value=Decimal('0.92'), percent=True), \
Figure(value=Decimal('125000.0'), percent=False))
    """
    if len(cell) <= _SURELY_EXACT and _PLAIN.fullmatch(cell):
        return Figure(Decimal(cell))
    text = unicodedata.normalize("NFKC", cell).strip().replace("−", "-").replace("、", ",")
    text = text.removeprefix("¥").strip()
    text, unit = _without_unit(text, unit)
    percent = text.endswith("%")
    text = text.removesuffix("%").strip()
    scale = Decimal(1)
    if text[-1:] in _SCALES:
        if unit[:1] in _MULTIPLES:
            return _twice_scaled(cell, unit)
        scale = _SCALES[text[-1]]
        text = text[:-1].strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if len(text) > _MAX_DIGITS or not _PLAIN.fullmatch(text):
        return _why_not(cell, text)
    value = Decimal(text) * scale
    if percent and not percent_points:
        value = value.scaleb(-2)
    return Figure(value, percent)


def _without_unit(text: str, unit: str) -> tuple[str, str]:
    """A figure without the unit written behind it, and the unit that it may still be scaled by."""
    own = unicodedata.normalize("NFKC", unit).strip()
    if own and own != "%" and text.endswith(own):
        return text.removesuffix(own).strip(), ""
    in_multiples = own[:1] in _MULTIPLES and own.endswith("元")  # 5元 is no figure in 万元
    if (text.endswith("元") and not in_multiples) or (not own and text[-1:] in _COUNTERS):
        text = text[:-1].strip()
    return text, unit


def _why_not(cell: str, text: str) -> Unreadable:
    if _DECIMAL_COMMA.fullmatch(text):
        point, joined = text.replace(",", "."), text.replace(",", "")
        return Unreadable(
            Text(
                zh=f"“{cell}”有两种读法：{point} 或 {joined}",
                en=f"“{cell}” can be read as {point} or as {joined}",
            ),
            Text(zh=f"写成 {point} 或 {joined}", en=f"write {point} or {joined}"),
        )
    if _DATE.fullmatch(text):
        return Unreadable(
            Text(zh=f"“{cell}”是日期，不是数字", en=f"“{cell}” is a date, not a number"),
            Text(
                zh="在表格里把这一格设为数值格式，再填数字；没有数据就留空",
                en="format the cell as a number and type the figure; leave it empty for no data",
            ),
        )
    if text.startswith("#"):
        return _formula_error(cell)
    if _EXPONENT.fullmatch(text):
        return Unreadable(
            Text(
                zh=f"“{cell}”是科学计数法，后面的位数可能已经丢失",
                en=f"“{cell}” is in scientific notation and may have lost digits",
            ),
            Text(
                zh="在表格里把这一列设为数值格式后重新导出",
                en="format the column as a number in the spreadsheet and export again",
            ),
        )
    return Unreadable(
        Text(zh=f"“{cell}”不是数字", en=f"“{cell}” is not a number"),
        Text(
            zh="写成 1234.5 这样的数字；没有数据就留空",
            en="write a number such as 1234.5; leave it empty for no data",
        ),
    )


def _formula_error(cell: str) -> Unreadable:
    return Unreadable(
        Text(
            zh=f"“{cell}”是电子表格的公式错误", en=f"“{cell}” is an error of the spreadsheet"
        ),
        Text(zh="改正公式后重新导出；没有数据就留空",
             en="mend the formula and export again; leave it empty for no data"),
    )  # fmt: skip


def _twice_scaled(cell: str, unit: str) -> Unreadable:
    return Unreadable(
        Text(
            zh=f"“{cell}”带了“{unit[0]}”，而这一项的单位已经是“{unit}”",
            en=f"“{cell}” says “{unit[0]}”, but the unit of the item is “{unit}” already",
        ),
        Text(zh=f"只写数字，单位按{unit}", en=f"write the bare number, counted in {unit}"),
    )

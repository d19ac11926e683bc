"""What is said about a value of a document that cannot be used: what, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Complaint:
    """A message with its remedy; `code` is stable."""

    code: str
    message: Text
    remedy: Text


def unknown_key(key: str, known: Iterable[str], of: Text) -> Complaint:
    """A key that nobody reads, with the nearest one that somebody does."""
    names = sorted(known)
    close = nearest(key, names)
    listed = ", ".join(names)
    zh = f"是不是“{close}”？" if close else ""
    en = f"did you mean “{close}”? " if close else ""
    comma = Text("", "")
    if " " in key or "，" in key:
        comma = Text(
            zh="；文字里有逗号时要加引号", en="; put quotes round a text with a comma in it"
        )
    return Complaint(
        "unknown_key",
        Text(zh=f"{of.zh}没有“{key}”这一项", en=f"{of.en} has no “{key}”"),
        Text(zh=f"{zh}可以写的有：{listed}{comma.zh}", en=f"{en}It knows: {listed}{comma.en}"),
    )


def missing_key(key: str, of: Text) -> Complaint:
    """A key that must be there and is not."""
    return Complaint(
        "missing_key",
        Text(zh=f"{of.zh}缺少“{key}”", en=f"{of.en} lacks “{key}”"),
        Text(zh=f"补上 {key}: …", en=f"add {key}: …"),
    )


def duplicate_key(key: str, first_line: int) -> Complaint:
    """The same key twice in one mapping: one of them would be lost."""
    return Complaint(
        "duplicate_key",
        Text(
            zh=f"“{key}”写了两次，第一次在第 {first_line} 行",
            en=f"“{key}” stands here twice, first in line {first_line}",
        ),
        Text(zh="删掉其中一个", en="remove one of them"),
    )


def not_a_number(text: str) -> Complaint:
    """A text where a number is needed; the usual reasons are named."""
    remedy = Text(zh="写成 12.5 这样的数字", en="write a number such as 12.5")
    if text.endswith(("%", "％")):
        bare = text[:-1].strip()
        remedy = Text(
            zh=f"方案里的权重和百分数不带 %：写 {bare}", en=f"leave the % out: write {bare}"
        )
    elif "," in text or "，" in text:
        remedy = Text(zh="不要写千位分隔符", en="leave the thousands separators out")
    return Complaint(
        "not_a_number", Text(zh=f"“{text}”不是数字", en=f"“{text}” is not a number"), remedy
    )


def number_out_of_range(text: str) -> Complaint:
    """A number with so many digits that it must be a slip."""
    return Complaint(
        "number_out_of_range",
        Text(zh=f"数字“{text[:40]}”位数太多", en=f"the number “{text[:40]}” has too many digits"),
        Text(
            zh="最多 15 位整数、15 位小数，不用指数写法",
            en="use at most 15 digits before and after the point, and no exponent",
        ),
    )


def not_whole(text: str) -> Complaint:
    """A text or fraction where a whole number is needed."""
    return Complaint(
        "not_whole",
        Text(zh=f"“{text}”不是整数", en=f"“{text}” is not a whole number"),
        Text(zh="写成 3 这样的整数", en="write a whole number such as 3"),
    )


def not_a_truth(text: str) -> Complaint:
    """A text where true or false is needed."""
    return Complaint(
        "not_a_truth",
        Text(zh=f"“{text}”既不是 true 也不是 false", en=f"“{text}” is neither true nor false"),
        Text(zh="写 true 或 false", en="write true or false"),
    )


def not_a_choice(text: str, choices: Iterable[str]) -> Complaint:
    """A word that is none of those that the scheme knows here."""
    names = list(choices)
    close = nearest(text, names)
    listed = ", ".join(names)
    zh = f"是不是“{close}”？" if close else ""
    en = f"did you mean “{close}”? " if close else ""
    return Complaint(
        "not_a_choice",
        Text(zh=f"这里不能写“{text}”", en=f"“{text}” is not possible here"),
        Text(zh=f"{zh}可选：{listed}", en=f"{en}Choose one of: {listed}"),
    )


def unknown_method(text: str, choices: Iterable[str]) -> Complaint:
    """A scoring method that does not exist (here)."""
    told = not_a_choice(text, choices)
    return Complaint(
        "unknown_method",
        Text(zh=f"没有叫“{text}”的计分方法", en=f"there is no scoring method “{text}” here"),
        told.remedy,
    )


def wrong_kind(wanted: Text, found: Text) -> Complaint:
    """A list where a mapping is needed, a text where a list is needed, and so on."""
    return Complaint(
        "wrong_kind",
        Text(
            zh=f"这里应该是{wanted.zh}，写的却是{found.zh}",
            en=f"this should be {wanted.en}, but it is {found.en}",
        ),
        Text(zh="检查缩进和横线", en="check the indentation and the dashes"),
    )


def empty() -> Complaint:
    """A key with nothing behind it, where something is needed."""
    return Complaint(
        "empty_value",
        Text(zh="这里没有写值", en="there is no value here"),
        Text(zh="补上值，或删掉这一行", en="add the value, or remove the line"),
    )


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` most likely stands for, or nothing."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.7)), "")

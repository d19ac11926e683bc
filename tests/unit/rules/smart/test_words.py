"""Words, amounts and dates are found as they are written in Chinese and in English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mingji.rules.smart.check import check
from mingji.rules.smart.dates import dates
from mingji.rules.smart.draft import Draft
from mingji.rules.smart.quantities import quantities
from mingji.rules.smart.words import fold, shipped

WORDS = shipped()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("增加强曝光资源位", ["增加"]),
        ("新增互相关注达人", ["新增"]),
        ("做好友裂变", []),
        ("主推进口奶粉", []),
        ("支持续费提醒", ["支持"]),
        ("收支持续平衡", []),
        ("客户参与度", []),
        ("helpful help desk", []),
        ("improving, improved, improves", ["improving", "improved", "improves"]),
        ("better than letters", ["better"]),
        ("ＩＭＰＲＯＶＥ brand", ["improve"]),
    ],
)
def test_a_word_is_found_where_it_is_meant(text, found):
    assert [word.word for word in WORDS.find(fold(text))] == found


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("1,250,000 元", [("1250000", "plain")]),
        ("１.５万", [("15000.0", "plain")]),
        ("三成五", [("0.3", "percent")]),
        ("百分之二十", [("0.2", "percent")]),
        ("5个百分点", [("0.05", "points")]),
        ("一百二十家", [("120", "plain")]),
        ("一千二条", [("1200", "plain")]),
        ("1.2亿", [("120000000.0", "plain")]),
        ("3千万", [("30000000", "plain")]),
        ("3 千万", [("30000000", "plain")]),
        ("百分之百", [("1", "percent")]),
        ("三倍", [("3", "times")]),
        ("3k leads", [("3000", "plain")]),
        ("$2.5M", [("2500000.0", "plain")]),
        ("5 percentage points", [("0.05", "points")]),
        ("翻番", [("1", "percent")]),
        ("打造一个标杆", []),
        ("每月复盘一次", [("1", "plain")]),
        ("第3名", []),
        ("Top10", []),
        ("618大促", []),
        ("B2B、GA4、H5、5G、V2.0", []),
        ("24h", [("24", "plain")]),
        ("9" * 400, []),
    ],
)
def test_amounts_are_read_as_people_write_them(text, amounts):
    found = quantities(fold(text), WORDS)

    assert [(format(q.value.normalize(), "f"), q.kind) for q in found] == [
        (format(Decimal(value).normalize(), "f"), kind) for value, kind in amounts
    ]


@pytest.mark.parametrize(
    ("text", "first", "last", "compared"),
    [
        ("2026-12-31前", "2026-12-31", "2026-12-31", False),
        ("9月底", "2026-09-01", "2026-09-30", False),
        ("2月", "2026-02-01", "2026-02-28", False),
        ("12月", "2026-12-01", "2026-12-31", False),
        ("第三季度", "2026-07-01", "2026-09-30", False),
        ("2025年四季度", "2025-10-01", "2025-12-31", False),
        ("下半年", "2026-07-01", "2026-12-31", False),
        ("年底", "2026-12-01", "2026-12-31", False),
        ("较2025年", "2025-01-01", "2025-12-31", True),
        ("by september 30", "2026-09-30", "2026-09-30", False),
        ("30 sep 2027", "2027-09-30", "2027-09-30", False),
        ("vs q3 2025", "2025-07-01", "2025-09-30", True),
        ("than 2025", "2025-01-01", "2025-12-31", True),
        ("h2", "2026-07-01", "2026-12-31", False),
        ("end of the year", "2026-12-01", "2026-12-31", False),
    ],
)
def test_dates_are_read_in_both_languages(text, first, last, compared):
    (found,) = dates(text, 2026)

    assert (str(found.first), str(found.last), found.compared) == (first, last, compared)


@pytest.mark.parametrize("text", ["13月", "3个月", "may improve", "q5", "1234-56-78"])
def test_what_is_no_date_is_not_taken_for_one(text):
    assert dates(text, 2026) == ()


def test_the_word_is_quoted_as_it_was_written_with_its_place():
    draft = Draft(title="在四季度ＩＭＰＲＯＶＥ品牌")

    (found,) = [
        f for f in check(draft, today=date(2026, 9, 1))[0].findings if f.code == "vague_word"
    ]

    assert "ＩＭＰＲＯＶＥ" in found.message.zh
    assert (found.place.path, found.place.column) == ("title", 5)


def test_a_company_adds_words_of_its_own():
    words = WORDS.plus(vague=["对标一流"], weak=["kick off"])
    draft = Draft(title="发布对标一流的品牌手册")

    shipped_says, own_says = (
        check(draft, today=date(2026, 9, 1), words=each)[0].verdict for each in (WORDS, words)
    )

    assert (shipped_says, own_says) == ("good", "mend")
    assert [word.word for word in words.find("kicking off a plan")] == ["kicking off"]

"""How a day stands in a cell: year first is certain, the order of day and month often is not.

`03/04/2026` is a day under two orders, `26/7/1` under two or three. What to do about them is
decided for the whole column, see `evidence`. Years of two digits are 1969 to 2068.

The queries hold only constants and what checked definitions say.
"""
# ruff: noqa: S608

from __future__ import annotations

#: The orders in which three bare numbers may stand.
ORDERS = ("dmy", "mdy", "ymd")
_CLOCK = (
    r"(?:[ T日号]|\b)(上午|下午)? ?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))? ?([AaPp]\.?[Mm]\.?)? ?"
    r"(?:Z|[-+]\d{2}:?\d{2}|\+\d{2}"
    r"|\(?(?:(?:UTC|GMT)(?: ?[-+]\d{1,2}(?::?\d{2})?)?|北京时间)\)?)?$"
)
_WEEKDAY = (
    r"[ (]*(?:星期|周|礼拜)[一二三四五六日天][)]?| ?\([一二三四五六日天]\)"
    r"|^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?[,.]? "
)
#: Digits as words, and with what two of them are put together.
_WORDS, _DIGITS = "〇零○一二三四五六七八九", "000123456789"
_SMALL = "一二三四五六七八九十廿卅"
#: A month or a quarter, which is no day.
_PERIOD = (
    r"\d{4} ?[-/.年]? ?(?:Q[1-4]|H[12]|第?[一二三四1-4]季度?)|Q[1-4][-/ ]?\d{4}"
    r"|\d{4}(?:[-/.]|年 ?)\d{1,2}月?|\d{4}年?|\d{2} ?Q[1-4]|\d{4}[- ]?W\d{1,2}"
    r"|(?:\d{4}年)?(?:\d{1,2}月)?(?:第\d{1,2}周|[上中下]旬)"
)
_THREE = r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{1,2})"

MACROS = (
    # 14时5分, 9点30分20秒, 15点: a clock in words, with colons.
    r"""CREATE OR REPLACE TEMP MACRO with_colons(t) AS CASE WHEN regexp_matches(t, '\d[时点]') THEN
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(t,
        '([时点分])(\d)([分秒])', '\10\2\3', 'g'),
        '(\d)[时点](\d{2})分(\d{2})秒', '\1:\2:\3'),
        '(\d)[时点](\d{2})分?', '\1:\2'),
        '(\d)[时点]整?( |$)', '\1:00\2') ELSE t END""",
    rf"""CREATE OR REPLACE TEMP MACRO without_clock(t) AS
    trim(regexp_replace(regexp_replace(t, '{_WEEKDAY}', ' '), '{_CLOCK}', ''))""",
    r"""CREATE OR REPLACE TEMP MACRO built(y, m, d) AS
    TRY_CAST(y || '-' || m || '-' || d AS DATE)""",
    """CREATE OR REPLACE TEMP MACRO full_year(y) AS CASE WHEN length(y) = 4 THEN y
    WHEN y < '69' THEN '20' || y ELSE '19' || y END""",
    r"""CREATE OR REPLACE TEMP MACRO year_first(t) AS coalesce(
    TRY_CAST(regexp_replace(nullif(regexp_extract(t,
        '^\d{4}(?:-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.|年 ?\d{1,2}月 ?)\d{1,2}[日号]?$'), ''),
        '^(\d{4})\D+(\d{1,2})\D+(\d{1,2})[日号]?$', '\1-\2-\3') AS DATE),
    CASE WHEN regexp_full_match(t, '(19|20)\d{6}')
        THEN CAST(try_strptime(t, '%Y%m%d') AS DATE) END)""",
    """CREATE OR REPLACE TEMP MACRO spaced(t) AS
    regexp_replace(replace(t, ',', ' '), ' +', ' ', 'g')""",
    # 三十一, 十二, 廿一: numbers below a hundred in words, as digits.
    f"""CREATE OR REPLACE TEMP MACRO in_digits(w) AS
    coalesce(nullif(translate(split_part(w, '十', 1), '{_WORDS}', '{_DIGITS}'), ''), '1')
    || coalesce(nullif(translate(split_part(w, '十', 2), '{_WORDS}', '{_DIGITS}'), ''), '0')""",
    f"""CREATE OR REPLACE TEMP MACRO below_hundred(w) AS CASE WHEN contains(w, '十')
    THEN in_digits(w) ELSE translate(w, '{_WORDS}', '{_DIGITS}') END""",
    f"""CREATE OR REPLACE TEMP MACRO in_words(t) AS CASE
    WHEN regexp_full_match(t, '[{_WORDS}]{{4}}年[{_SMALL}]+月[{_SMALL}]+[日号]?') THEN built(
        translate(left(t, 4), '{_WORDS}', '{_DIGITS}'),
        below_hundred(replace(regexp_extract(t, '年(.+)月', 1), '廿', '二十')),
        below_hundred(replace(replace(regexp_extract(t, '月(.+?)[日号]?$', 1), '廿', '二十'),
            '卅', '三十'))) END""",
    r"""CREATE OR REPLACE TEMP MACRO with_month_name(t) AS CAST(
    CASE WHEN regexp_matches(t, '^\d{4}\D')
    THEN try_strptime(spaced(t), ['%Y-%b-%d', '%Y %b %d', '%Y/%b/%d', '%Y.%b.%d', '%Y %B %d'])
    WHEN regexp_matches(t, '\D\d{2}$')
    THEN try_strptime(spaced(t), ['%d-%b-%y', '%d %b %y', '%d/%b/%y', '%b %d %y'])
    ELSE try_strptime(spaced(t), ['%d-%b-%Y', '%d %b %Y', '%d %B %Y', '%b %d %Y', '%B %d %Y',
        '%d-%B-%Y', '%d/%b/%Y']) END AS DATE)""",
    r"""CREATE OR REPLACE TEMP MACRO serial_day(t) AS CASE
    WHEN regexp_full_match(t, '[2-7]\d{4}(\.\d+)?')
    THEN DATE '1899-12-30' + CAST(left(t, 5) AS INTEGER) END""",
    # How far a zone behind a time, such as +08:00 or Z, is ahead of universal time.
    r"""CREATE OR REPLACE TEMP MACRO ahead(z) AS to_minutes(CASE
    WHEN regexp_matches(z, '^[-+]') THEN CAST(left(z, 1) || '1' AS INTEGER)
        * (CAST(substr(z, 2, 2) AS INTEGER) * 60 + CAST(right(z, 2) AS INTEGER))
    ELSE 0 END)""",
    rf"""CREATE OR REPLACE TEMP MACRO time_of(t) AS CASE
    WHEN regexp_full_match(t, '[2-7]\d{{4}}\.\d+') THEN TIME '00:00:00'
        + to_microseconds(CAST(round(CAST(substr(t, 6) AS DOUBLE) * 86400) AS BIGINT) * 1000000)
    WHEN regexp_extract(t, '{_CLOCK}', 2) = '' THEN TIME '00:00:00'
    ELSE TRY_CAST(CASE
        WHEN regexp_extract(t, '{_CLOCK}', 1) || regexp_extract(t, '{_CLOCK}', 5) = ''
            THEN regexp_extract(t, '{_CLOCK}', 2)
        WHEN TRY_CAST(regexp_extract(t, '{_CLOCK}', 2) AS INTEGER) > 12 THEN '99'
        ELSE CAST(CAST(regexp_extract(t, '{_CLOCK}', 2) AS INTEGER) % 12
            + CASE WHEN regexp_extract(t, '{_CLOCK}', 1) = '下午'
                OR regexp_extract(t, '{_CLOCK}', 5) ILIKE 'p%' THEN 12 ELSE 0 END AS VARCHAR)
        END || ':' || regexp_extract(t, '{_CLOCK}', 3) || ':'
        || coalesce(nullif(regexp_extract(t, '{_CLOCK}', 4), ''), '00') AS TIME) END""",
)

#: SQL that reads the cells `v` (with their counts `n`) of the table `cells` as days. It answers,
#: cell by cell in order: the `day` if it is certain, otherwise the day under each order; `clock`,
#: and the `zone` behind it (`Z`, `+08:00`), which the clock is not converted from;
#: `short` (a year of two digits), `serial` (a day count); `no_year`, month and day without a year;
#: and `fault`, what it is if it is no day at all.
DAYS_QUERY = rf"""
WITH tidy AS (SELECT v, n, with_colons(tidied(v)) AS t FROM cells),
bare AS (SELECT *, without_clock(t) AS b FROM tidy),
parted AS (SELECT *,
    regexp_extract(b, '^{_THREE}$', ['one', 'mark', 'two', 'three']) AS p,
    regexp_extract(b, '^(\d{{1,2}})月 ?(\d{{1,2}})[日号]?$', ['m', 'd']) AS md FROM bare)
SELECT v, n, t,
    coalesce(year_first(b), serial_day(t), in_words(b),
        CASE WHEN p.one = '' THEN with_month_name(b) END) AS day,
    CASE WHEN length(p.three) > 1 THEN built(full_year(p.three), p.two, p.one) END AS dmy,
    CASE WHEN length(p.three) > 1 THEN built(full_year(p.three), p.one, p.two) END AS mdy,
    CASE WHEN length(p.three) <= 2 AND length(p.one) = 2
        THEN built(full_year(p.one), p.two, p.three) END AS ymd,
    time_of(t) AS clock,
    nullif(regexp_extract(t, '\d:\d{{2}}.*?(Z|UTC|GMT|[-+]\d{{2}}:?\d{{2}})$', 1), '') AS zone,
    (p.one <> '' AND length(p.three) < 4)
        OR regexp_matches(b, '^\d{{1,2}}[- /.,]*[A-Za-z]+[- /.,]+\d{{2}}$')
        OR regexp_matches(b, '^[A-Za-z]+ ?\d{{1,2}}[ ,]+\d{{2}}$') AS short,
    serial_day(t) IS NOT NULL AS serial,
    CASE WHEN md.m <> '' THEN lpad(md.m, 2, '0') || '-' || lpad(md.d, 2, '0') END AS no_year,
    CASE WHEN regexp_full_match(t, '(?i){_PERIOD}') THEN 'whole_period'
        WHEN time_of(t) IS NULL THEN 'not_a_date'
        WHEN p.one <> '' OR regexp_full_match(b, '(19|20)\d{{6}}')
        OR regexp_full_match(b, '\d{{4}}[-/.年] ?\d{{1,2}}[-/.月] ?\d{{1,2}}[日号]?')
        THEN 'impossible_date'
        ELSE 'not_a_date' END AS fault
FROM parted"""

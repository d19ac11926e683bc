"""Why a cell or a line is set aside, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping

from mingji.rules.text import Text

#: Lines that are no rows of the table: they are left out, and counted apart from what is refused.
NO_ROWS = ("totals_row", "summary_row", "repeated_header", "note_row", "title_row")

REASONS: Mapping[str, Text] = {
    "not_a_number": Text("不是数字", "not a number"),
    "ambiguous_number": Text(
        "小数点还是千分位不明", "decimal comma or thousands? not as in the rest of the column"
    ),
    "unclear_w": Text("单位 w 是不是“万”不明", "a unit “w” that may or may not be 万 (10,000)"),
    "unclear_sign": Text(
        "里的三角或箭头可能是负号，也可能是涨跌",
        "a triangle or an arrow may be a minus, or say what rose and fell",
    ),
    "indian_grouping": Text(
        "逗号按两位分组（印度写法）", "commas group by two digits, as in India"
    ),
    "scientific": Text("科学计数法，末位数字已丢失", "scientific notation, digits were lost"),
    "too_large": Text("数字太大", "too large a number"),
    "not_a_whole_number": Text("不是整数", "not a whole number"),
    "not_a_date": Text("不是日期", "not a date"),
    "impossible_date": Text("历法里没有这一天", "there is no such day"),
    "year_out_of_range": Text(
        "是日期，但年份不在 1900–2199 之间", "a date, but its year is not within 1900–2199"
    ),
    "whole_period": Text("是一段时间，不是某一天", "a month, quarter or year, but no day"),
    "no_year": Text("没有年份", "a day without a year"),
    "ambiguous_date": Text("日月顺序不明", "day and month? not certain"),
    "other_currency": Text("不是这一列的币种", "not in the currency of the column"),
    "percent_of_money": Text("是百分比，这一列是金额", "a percentage in a column of money"),
    "totals_row": Text("是合计行", "a line of totals"),
    "repeated_header": Text("是重复的列名", "the column names again"),
    "summary_row": Text("是平均、占比之类的汇总行", "a line of averages, shares or targets"),
    "note_row": Text("是表格的说明", "a note about the table"),
    "title_row": Text("是小标题", "the title of a part of the table"),
    "broken_text": Text("有读不出的字（字节残缺）", "characters that are cut or damaged"),
    "failed_formula": Text("公式出错，没有结果", "a formula that failed"),
    "uncomputed_formula": Text("公式没有存下结果", "a formula whose result was never stored"),
    "not_a_boolean": Text("不是“是/否”", "neither yes nor no"),
    "missing": Text("必填却为空", "blank, but required"),
    "cut_key": Text(
        "末几位被电子表格丢掉了，和别的行或先前文件里的行分不清",
        "a spreadsheet has lost its last digits; other rows, here or loaded before, may have "
        "the same key",
    ),
    "misshapen": Text("格数和表头不一致", "the row has not as many cells as the header"),
    "unbalanced_quote": Text("引号没有成对", "a quote is opened and never closed"),
}
REMEDIES: Mapping[str, Text] = {
    "not_a_number": Text("写成 1234.5 或 1,234.5", "write 1234.5 or 1,234.5"),
    "ambiguous_number": Text("写成 1052.75", "write 1052.75"),
    "unclear_w": Text("写成 12000 或 1.2万", "write 12000 or 1.2万"),
    "unclear_sign": Text("写成 -5 或 5", "write -5 or 5"),
    "indian_grouping": Text("写成 123456.78", "write 123456.78"),
    "scientific": Text("以完整数字重新导出", "export it again with all digits"),
    "too_large": Text("检查这个数字", "check this number"),
    "not_a_whole_number": Text(
        "改成整数，或把列类型改为 decimal", "write a whole number, or make it decimal"
    ),
    "not_a_date": Text("写成 2026-07-01", "write 2026-07-01"),
    "impossible_date": Text("改成真实的日期", "write a day that exists"),
    "year_out_of_range": Text(
        "核对年份；没有日期就把这一格留空",
        "check the year; leave the cell empty if there is no day",
    ),
    "whole_period": Text("写明是哪一天", "write the day"),
    "no_year": Text(
        "写成 2026-07-01，或在表格上方的标题里写明年份",
        "write 2026-07-01, or name the one year in a title above the table",
    ),
    "ambiguous_date": Text(
        "写成 2026-07-01，或在“字段对应”、定义里说明这一列是 dmy（日/月/年）、mdy 还是 ymd",
        "write 2026-07-01, or say in the mapping or the definitions whether it is dmy, mdy or ymd",
    ),
    "other_currency": Text(
        "换算成这一列的币种", "convert the amount into the currency of the column"
    ),
    "percent_of_money": Text("写成金额", "write an amount"),
    "broken_text": Text("补全这一格的文字", "write the text of this cell anew"),
    "failed_formula": Text("在表格里改好公式", "mend the formula in the spreadsheet"),
    "uncomputed_formula": Text(
        "用 Excel 打开文件，保存后再给", "open the file in Excel, save it and give it again"
    ),
    "not_a_boolean": Text("写 true 或 false，是 或 否", "write true or false, yes or no"),
    "missing": Text("补上这个值", "fill it in"),
    "cut_key": Text(
        "写全编号；导出前把这一列设成文本格式",
        "write all its digits; make the column text before it is exported again",
    ),
    "misshapen": Text("检查这一行的分隔符和引号", "check separators and quotes of this row"),
    "unbalanced_quote": Text("补上或删掉这一行的引号", "close the quote of this row or remove it"),
}

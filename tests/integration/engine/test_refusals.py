"""Refusals name things as people do: columns by their names, files within their folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from integration.engine.conftest import Judge
from mingji.engine.definitions import load_definitions
from mingji.rules.errors import Invalid

HEAD = "商机编号,负责人,关闭日期,金额\n"
ROWS = "".join(f"A{n},王芳在北京,2026-01-01,1\n" for n in range(30))


@pytest.mark.parametrize(
    "text",
    [
        f'{HEAD}A1,甲,2026-01-01,"1052,75"\n',
        "商机编号,负责人,关闭日期\nA1,甲,2026-01-01\n",
        f"{HEAD.strip()},金额\nA1,甲,2026-01-01,1,2\n",
    ],
)
def test_a_refusal_names_the_column_as_people_do(judge: Judge, text: str) -> None:
    told = judge(text, "--lang", "zh")

    assert told.values == {}
    assert "「金额」列" in told.words
    assert "columns.amount" not in told.words
    assert "(deals.amount)" not in told.words


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (HEAD.encode() + ROWS.encode("gbk"), "第 1 行是 UTF-8，第 2 行是 GBK"),
        (HEAD.encode("gbk") + ROWS.encode(), "第 2 行是 UTF-8，第 1 行是 GBK"),
        ((HEAD + ROWS).encode("gbk") + ROWS.encode(), "第 32 行是 UTF-8，第 1 行是 GBK"),
        (
            (HEAD + "A1,甲,2026-01-01,1\n").encode()
            + "A2,李雷,2026-01-01,1\nA3,北京科技,2026-01-01,1\n".encode("gbk"),
            "第 1 行是 UTF-8，第 3 行是 GBK",
        ),
    ],
)
def test_a_file_in_two_encodings_is_refused_with_the_lines(
    judge: Judge, data: bytes, where: str
) -> None:
    told = judge(data, "--lang", "zh")

    assert told.values == {}
    assert f"文件混用了两种编码：{where}" in told.words
    assert "列名有" not in told.words


def test_a_chinese_file_in_one_encoding_is_none_in_two(judge: Judge) -> None:
    names = [
        "联通",
        "中国移动通信",
        "镕基",
        "王小明",
        "囍",
        "深圳市腾讯计算机系统有限公司",
        "伟大",
        "绿色通道",
    ]
    rows = "".join(f"A{n},{name},2026-01-01,1\n" for n, name in enumerate(names))

    assert judge((HEAD + rows).encode("gb18030")).values["deals"] == "8"


def test_a_few_broken_lines_are_set_aside_as_before(judge: Judge) -> None:
    told = judge((HEAD + ROWS).encode() + "B1,李雷,2026-01-02,1\n".encode("gbk"))

    assert told.values["deals"] == "30"
    assert told.findings == [("broken_text", 1)]


def test_a_broken_draft_over_a_library_names_no_path_of_the_machine(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "10-deals.yaml").write_text("tables: {deals: {columns: {id: text}}}", "utf-8")

    with pytest.raises(Invalid) as mistyped:
        load_definitions(library, own="metrics: {m: {table: none, agg: sum}}", own_file="own")
    (library / "10-deals.yaml").write_text("tables: {deals: {spalten: {id: text}}}", "utf-8")
    with pytest.raises(Invalid) as broken:
        load_definitions(library)

    assert str(mistyped.value).startswith("own: ")
    assert str(broken.value).startswith("library/10-deals.yaml: ")
    told = [str(each.place) for error in (mistyped, broken) for each in error.value.findings]
    assert not [each for each in told if str(tmp_path) in each]

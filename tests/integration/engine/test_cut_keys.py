"""Keys of more digits than a spreadsheet keeps: no row takes the place of another unseen."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from integration.engine.conftest import JUDGED, Judge
from mingji.connectors.files import open_file
from mingji.engine.definitions import load_definitions
from mingji.engine.rejected import replay
from mingji.engine.warehouse import Batch, Warehouse
from old_workbook import write_xls

HEAD = ("商机编号", "负责人", "关闭日期", "金额")
#: Two orders that differ in their last digit, another in the middle.
KEYS = (110101199001011234, 110101199001011235, 110101199101011234)


def rows(keys: tuple[object, ...]) -> list[tuple[object, ...]]:
    return [(key, "甲", f"2026-01-0{at}", 10**at) for at, key in enumerate(keys, start=1)]


def text(keys: tuple[object, ...]) -> str:
    lines = (HEAD, *rows(keys))
    return "".join(",".join(map(str, line)) + "\n" for line in lines)


def workbook(path: Path, keys: tuple[object, ...]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("明细")
        for number, row in enumerate((HEAD, *rows(keys))):
            sheet.write_row(number, 0, row)
    return path


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_rows_whose_keys_a_workbook_has_rounded_into_one_are_all_set_aside(
    tmp_path: Path, judge: Judge, suffix: str
) -> None:
    path = tmp_path / f"deals.{suffix}"
    if suffix == "xlsx":
        workbook(path, KEYS)
    else:
        write_xls(path, {"明细": [HEAD, *rows(KEYS)]})  # type: ignore[list-item]

    told = judge(path)

    assert told.values == {"revenue": "1000.00", "deals": "1"}
    assert told.findings[:2] == [("cut_key", 1), ("cut_key", 1)]
    assert "110101199001011000" in told.words


def test_keys_that_a_workbook_holds_as_text_are_exact(tmp_path: Path, judge: Judge) -> None:
    told = judge(workbook(tmp_path / "deals.xlsx", tuple(map(str, KEYS))))

    assert (told.values, told.findings) == ({"revenue": "1110.00", "deals": "3"}, [])


def test_powers_of_ten_in_text_are_cut_even_beside_exact_keys(judge: Judge) -> None:
    keys = (KEYS[0], "1.10101E+17", "1.10101E+17", 110101199001011000)

    told = judge(text(keys))

    assert told.values == {"revenue": "10010.00", "deals": "2"}
    assert told.findings[:2] == [("cut_key", 1), ("cut_key", 1)]


def test_long_keys_of_text_files_are_exact(judge: Judge) -> None:
    exact = (*KEYS, 110101199101011000)

    assert judge(text(exact)).values == {"revenue": "11110.00", "deals": "4"}


@pytest.mark.parametrize("cut", ["1.10101E+17", "110101199001011000"])
def test_keys_that_a_spreadsheet_wrote_cut_into_a_text_file_collide_as_well(
    judge: Judge, cut: str
) -> None:
    told = judge(text((cut, cut, cut.replace("101E", "202E").replace("9001", "9101"), "7")))

    assert told.values == {"revenue": "11000.00", "deals": "2"}
    assert [code for code, _ in told.findings][:2] == ["cut_key", "cut_key"]


def test_the_same_exact_key_again_gives_way_as_ever(judge: Judge) -> None:
    told = judge(text(("110101199001011000", "110101199001011000", "110101199001011235")))

    assert told.values == {"revenue": "1100.00", "deals": "2"}
    assert told.findings == [("repeated_key", 1)]


def loaded(folder: Path, warehouse: Warehouse, *files: Path | str) -> list[Batch]:
    table = load_definitions(JUDGED).tables["deals"]
    batches = []
    for number, file in enumerate(files):
        path = file if isinstance(file, Path) else folder / f"{number}.csv"
        if isinstance(file, str):
            path.write_text(file, encoding="utf-8")
        batches.append(warehouse.load(table, open_file(path), loaded_at="2026-11-22T00:00:00Z"))
    return batches


def told_of(batch: Batch) -> list[tuple[str, int | None]]:
    return [(each.code, each.count) for each in batch.findings]


@pytest.mark.parametrize("before", ["110101199001011234", "110101199001011000", "1.10101E+17"])
def test_a_cut_key_of_a_later_file_never_takes_the_place_of_an_earlier_row(
    tmp_path: Path, before: str
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    later = workbook(tmp_path / "later.xlsx", (KEYS[0], "7"))

    first, second = loaded(tmp_path, warehouse, text((before,)), later)

    assert (first.loaded, second.loaded, second.superseded) == (1, 1, 0)
    assert ("cut_key", 1) in told_of(second)
    (row,) = warehouse.rejected(second)
    assert (row["_row"], row["value"], row["reason"]) == (2, "110101199001011000", "cut_key")


def test_a_power_of_ten_in_a_later_text_is_set_aside_where_it_may_be_a_key_of_before(
    tmp_path: Path,
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    texts = (text((KEYS[0], 5)), text(("1.10101E+17", "9.87654E+17", "7")))

    _, second = loaded(tmp_path, warehouse, *texts)

    assert (second.read, second.loaded, second.superseded) == (3, 2, 0)
    assert {("cut_key", 1), ("cut_keys", 1)} <= set(told_of(second))


def test_exact_keys_of_a_later_text_replace_those_of_before(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    texts = (text((1234567890123450, KEYS[0])), text((1234567890123450, "7")))

    _, second = loaded(tmp_path, warehouse, *texts)

    assert (second.loaded, second.superseded) == (2, 1)


def test_a_cut_key_that_somebody_mended_counts(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    table = load_definitions(JUDGED).tables["deals"]
    later = workbook(tmp_path / "later.xlsx", (KEYS[0], KEYS[2]))
    _, second = loaded(tmp_path, warehouse, text((KEYS[0],)), later)
    mend = tmp_path / "mend.csv"
    line = f"{second.id},2,{KEYS[0]},甲,2026-03-01,70\n"
    mend.write_text(f"_batch,_row,{','.join(HEAD)}\n{line}", encoding="utf-8")

    (mended,) = replay(warehouse, table, open_file(mend), loaded_at="2026-11-22T00:00:00Z")

    assert (mended.loaded, mended.superseded) == (1, 1)

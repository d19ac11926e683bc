"""Rows taken away, rows mended and replayed, columns left out, sources that change."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from integration.engine.conftest import DEALS, DEFINITIONS, Load, loader
from integration.engine.test_killed import content
from mingji.connectors.files import ROW, Reading, open_file
from mingji.engine.answers import Answers
from mingji.engine.batches import Batch
from mingji.engine.definitions import load_definitions
from mingji.engine.model import Definitions
from mingji.engine.rejected import exported, rejected_rows, replay
from mingji.engine.warehouse import Warehouse
from mingji.rules.errors import Invalid

AT = "2026-11-22T00:00:00Z"
HEADER = DEALS.splitlines()[0]
COLUMNS = tuple(HEADER.split(","))


def amounts(warehouse: Warehouse, definitions: Definitions) -> dict[str, str]:
    with warehouse.connect(definitions) as connection:
        rows = connection.sql("SELECT id, amount FROM deals ORDER BY id").fetchall()
    return {id_: f"{amount.normalize():f}" for id_, amount in rows}


def delivered(rows: Sequence[tuple[str, str | None, bool]], name: str = "page") -> Reading:
    """A delivery of an interface: id and amount of each row, and whether it is gone."""
    cells = [
        (id_, "Anna", "Won", "MG", "2026-01-01", "2026-01-11", amount) for id_, amount, _ in rows
    ]
    columns = [pa.array(column, pa.string()) for column in zip(*cells, strict=True)]
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    gone = pa.array([dead for _, _, dead in rows])
    names = [*map(str, range(len(COLUMNS))), ROW, "_deleted"]
    batch = pa.RecordBatch.from_arrays([*columns, numbers, gone], names)
    digest = hashlib.sha256(f"{name}{rows}".encode()).hexdigest()
    return Reading(name, digest, COLUMNS, lambda: iter([batch]))


def test_a_deleted_row_takes_the_earlier_rows_of_its_key_away(
    warehouse: Warehouse, definitions: Definitions
) -> None:
    deals = definitions.tables["deals"]
    first = delivered([("1", "10", False), ("2", "20", False), ("3", "30", False)], "first")
    second = delivered(
        [("1", None, True), ("2", "5", False), ("2", None, True), ("4", "40", False)]
    )
    third = delivered([("3", None, True), ("3", "33", False)], "third")
    for reading in (first, second, third):
        batch = warehouse.load(deals, reading, loaded_at=AT, source="crm")

    assert amounts(warehouse, definitions) == {"3": "33", "4": "40"}
    assert (batch.deleted, batch.loaded, batch.source) == (1, 1, "crm")
    before = content(warehouse.root)
    warehouse.load(deals, second, loaded_at=AT, source="crm")
    assert content(warehouse.root) == before


def test_machines_write_points_and_are_asked_nothing(
    warehouse: Warehouse, definitions: Definitions
) -> None:
    warehouse.load(definitions.tables["deals"], delivered([("1", "1.234", False)]), loaded_at=AT)

    assert amounts(warehouse, definitions) == {"1": "1.234"}


BROKEN = (
    f"{HEADER}\n1,Anna,Won,MG,2026-01-01,2026-01-11,10.5\n2,Anna,Won,MG,2026-01-01,2026-02-30,20\n"
    "3,Bob,Won,MG,2026-01-01,2026-01-11,thirty\n4,Bob\n"
)


def mended(
    tmp_path: Path, warehouse: Warehouse, definitions: Definitions, fixes: dict[str, str]
) -> Path:
    """The export of rejected rows, with texts replaced, as a file."""
    deals = definitions.tables["deals"]
    columns, rows = exported(rejected_rows(warehouse, "deals"), deals, "en")
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    told = text.getvalue()
    for wrong, right in fixes.items():
        assert wrong in told
        told = told.replace(wrong, right)
    path = tmp_path / "mended.csv"
    path.write_text(told, encoding="utf-8")
    return path


def test_rejected_rows_are_kept_whole_mended_and_replayed(
    tmp_path: Path, load: Load, warehouse: Warehouse, definitions: Definitions
) -> None:
    old = load("deals", BROKEN, "old.csv")
    load("deals", f"{HEADER}\n3,Bob,Won,MG,2026-01-01,2026-01-11,33\n", "new.csv")
    waiting = list(rejected_rows(warehouse, "deals"))
    assert [(row.row, row.text) for row in waiting] == [(3, ""), (4, ""), (5, "4,Bob")]
    assert "amount “thirty”: not a number" in waiting[1].why.en
    assert waiting[0].cells["amount"] == "20"

    path = mended(
        tmp_path, warehouse, definitions, {",2026-02-30,": ",2026-02-28,", ",thirty": ",30"}
    )
    (batch,) = replay(warehouse, definitions.tables["deals"], open_file(path), loaded_at=AT)

    assert batch.mends == old.id
    # The mended row 3 counts as if it had been right in the old file: the newer one goes before it.
    assert amounts(warehouse, definitions) == {"1": "10.5", "2": "20", "3": "33"}
    assert [(row.batch.id, row.row) for row in rejected_rows(warehouse, "deals")] == [(batch.id, 4)]
    before = content(warehouse.root)
    replay(warehouse, definitions.tables["deals"], open_file(path), loaded_at=AT)
    assert content(warehouse.root) == before
    path.write_text(path.read_text("utf-8").replace(",30", ",31"), encoding="utf-8")
    with pytest.raises(Invalid, match="does not wait to be mended"):
        replay(warehouse, definitions.tables["deals"], open_file(path), loaded_at=AT)


def test_mended_rows_keep_the_notation_and_the_unit_of_their_file(
    tmp_path: Path, warehouse: Warehouse, definitions: Definitions, load: Load
) -> None:
    text = "单位：万元\n" + BROKEN.replace(",", ";").replace("10.5", "1.010,5").replace(
        "20\n", "2,5\n"
    )
    load("deals", text)

    path = mended(tmp_path, warehouse, definitions, {",2026-02-30,": ",2026-02-28,"})
    replay(warehouse, definitions.tables["deals"], open_file(path), loaded_at=AT)

    assert amounts(warehouse, definitions) == {"1": "10105000", "2": "25000"}


def test_an_excluded_column_and_columns_nobody_reads_are_stored_nowhere(
    tmp_path: Path, warehouse: Warehouse, definitions: Definitions
) -> None:
    secret, mail = "+86 138 0013 8000", "anna@example.com"
    rows = DEALS.replace("Won", mail).splitlines()
    lines = [f"{rows[0]},phone", *(f"{row},{secret}" for row in rows[1:]), f"9,{mail},{secret}"]
    path = tmp_path / "deals.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    deals = definitions.tables["deals"]

    told = warehouse.load(deals, open_file(path), loaded_at=AT)
    kept = warehouse.load(
        deals, open_file(path), loaded_at=AT, answers=Answers(exclude=frozenset({"stage"}))
    )

    assert "personal_data" in {each.code for each in told.findings}
    assert "excluded" in {each.code for each in kept.findings}
    stored = b"".join(content(warehouse.root).values())
    assert secret.encode() not in stored
    assert mail.encode() not in stored
    with warehouse.connect(definitions) as connection:
        assert connection.sql("SELECT DISTINCT stage FROM deals").fetchall() == [(None,)]


def test_what_changed_in_a_source_is_told(load: Load) -> None:
    load("deals", f"{HEADER},old\n1,Anna,Won,MG,2026-01-01,2026-01-11,10.5,x\n", "jan.csv")

    batch = load(
        "deals", f"{HEADER}（万元）,new\nA,Anna,Won,MG,2026-01-01,2026-01-11,10.5,x\n", "feb.csv"
    )

    told = {each.code: each.message.en for each in batch.findings}
    assert told["columns_renamed"].endswith("read as the same: amount → amount（万元）")
    assert told["columns_new"].endswith(": new")
    assert told["columns_gone"].endswith(": old")
    changed = [each.message.en for each in batch.findings if each.code == "column_changed"]
    assert any("digits alone in the batch before (jan.csv), words" in each for each in changed)
    chinese = [each.message.zh for each in batch.findings if each.code == "column_changed"]
    assert any("上一批（jan.csv）是“全是数字”，这一批是“文字”" in each for each in chinese)
    assert any("10^4" in each for each in changed)


def test_a_column_that_the_table_reads_and_a_file_no_longer_has_is_a_warning(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    text = DEFINITIONS.replace("stage: text", "stage: {type: text, optional: true, header: 阶段}")
    load = loader(tmp_path, warehouse, load_definitions(text))
    load("deals", f"{HEADER.replace('stage', '阶段')}\n1,Anna,Won,MG,2026-01-01,2026-01-11,1\n")

    batch = load("deals", "id,rep,product,opened_on,closed_on,amount\n2,Anna,MG,2026-01-01,,1\n")

    told = [(each.code, each.severity, each.message.zh[-4:]) for each in batch.findings]
    assert told == [("columns_lost", "warning", "空白：阶段"[-4:])]


def test_other_answers_load_the_same_content_anew_in_its_place(
    tmp_path: Path, warehouse: Warehouse, definitions: Definitions
) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(f'{HEADER}\n1,Anna,Won,MG,2026-01-01,2026-01-11,"1052,75"\n', encoding="utf-8")
    deals = definitions.tables["deals"]
    with pytest.raises(Invalid, match="more than one way"):
        warehouse.load(deals, open_file(path), loaded_at=AT)
    assert [each for each in content(warehouse.root).values() if each != b"folder"] == []
    batches: list[Batch] = []
    for way in ("comma", "comma"):
        answers = Answers(numbers={"amount": way})
        batches.append(warehouse.load(deals, open_file(path), loaded_at=AT, answers=answers))
    assert amounts(warehouse, definitions) == {"1": "1052.75"}
    assert batches[0] == batches[1] == warehouse.load(deals, open_file(path), loaded_at=AT)

    one_way = replace(deals.columns["amount"], numbers="comma")
    settled = load_definitions(DEFINITIONS.replace("unit: CNY}", "unit: CNY, numbers: comma}", 1))
    assert settled.tables["deals"].columns["amount"] == one_way
    warehouse.load(settled.tables["deals"], open_file(path), loaded_at=AT)
    assert len(warehouse.batches("deals")) == 1

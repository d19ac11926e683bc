"""Tryton, as it is: 300 opportunities, then exactly those that changed, then none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from contract.conftest import KEY
from integration.connectors.conftest import Mirror
from mingji.connectors.settings import decoded
from mingji.connectors.shaping import shaped
from mingji.connectors.tryton import Tryton, TrytonSettings
from mingji.engine.warehouse import Warehouse
from mingji.metrics.definitions import library

pytestmark = pytest.mark.tryton


@pytest.fixture
def source(tryton: str, monkeypatch: pytest.MonkeyPatch) -> Tryton:
    monkeypatch.setenv("MINGJI_SOURCE_TRYTON", KEY)
    given = {"address": tryton, "database": "tryton", "key": "env:MINGJI_SOURCE_TRYTON"}
    # Two minutes ahead, so that what is read ends now.
    return Tryton(
        decoded(TrytonSettings, given),
        lambda: dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2),
        rows=130,
    )


def put(tryton: str, id_: int, values: dict[str, object]) -> None:
    answer = httpx.put(
        f"{tryton}/tryton/rest/model/sale.opportunity/{id_}",
        headers={"Authorization": f"Bearer {KEY}"},
        json=values,
        timeout=60,
        trust_env=False,
    )
    assert answer.status_code < 300, answer.text


def test_three_hundred_then_exactly_the_changed_then_none(
    tryton: str, source: Tryton, tmp_path: Path
) -> None:
    assert source.test().ok
    mirror, warehouse = Mirror(source, "opportunities"), Warehouse(tmp_path)
    [entity] = source.entities()
    table = library().definitions.tables["opportunities"]
    sizes = []
    for delivery in source.read("opportunities"):
        mirror.take([delivery])
        reading = shaped(delivery.reading, entity.columns)
        sizes.append(warehouse.load(table, reading, loaded_at="").loaded)

    assert sizes == [130, 130, 40]
    assert len(mirror.rows) == 300
    stated = sum(Decimal(number) + Decimal("0.29") for number in range(1, 301))
    stored = warehouse.connect(library().definitions).sql(
        "SELECT count(*), sum(amount), any_value(owner), min(stage) FROM opportunities"
    )
    assert stored.fetchall() == [(300, stated, "林安娜", "open")]
    assert mirror.take() == []

    changed = sorted(int(id_) for (id_,) in mirror.rows)[:240:2]
    for id_ in changed:
        put(tryton, id_, {"description": "changed"})

    came = mirror.take()

    assert sorted(int(row["id"]) for row in came) == sorted(set(changed))
    assert {row["description"] for row in came} == {"changed"}
    assert mirror.take() == []


def test_a_key_that_is_not_good_is_said_so(tryton: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGJI_SOURCE_TRYTON", "another")
    given = {"address": tryton, "database": "tryton", "key": "env:MINGJI_SOURCE_TRYTON"}

    tested = Tryton(decoded(TrytonSettings, given), lambda: dt.datetime.now(dt.UTC)).test()

    assert not tested.ok
    assert "检查令牌" in tested.message.zh

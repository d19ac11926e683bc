"""Owners who match nobody are told with the members who are spelt almost so."""

from __future__ import annotations

import pytest

from integration.engine.conftest import DEALS, Load
from mingji.engine.identity import Identity, OwnerLink
from mingji.engine.model import Definitions
from mingji.engine.observe import observe
from mingji.engine.warehouse import Warehouse

HEADER = DEALS.splitlines()[0]
IDENTITY = Identity(
    (OwnerLink("张伟", "M1"), OwnerLink("Zhang Wei", "M1"), OwnerLink("李 娜", "M2"))
)


@pytest.mark.parametrize(
    ("owner", "likely"),
    [
        ("张 伟", "张 伟 ≈ M1"),
        ("张　伟", "张　伟 ≈ M1"),
        ("zhangwei@x.com", "zhangwei@x.com ≈ M1"),
        ("Wei Zhang", "Wei Zhang ≈ M1"),
        ("ZHANG.WEI", "ZHANG.WEI ≈ M1"),
        ("李娜", "李娜 ≈ M2"),
        ("王芳", ""),
        ("Z W", ""),
    ],
)
def test_a_name_that_differs_only_in_how_it_is_typed_is_suggested(
    load: Load, warehouse: Warehouse, definitions: Definitions, owner: str, likely: str
) -> None:
    load("deals", f"{HEADER}\n1,{owner},Won,,2026-01-01,2026-01-02,1\n")

    answer = observe(warehouse, definitions, metrics=["won"], identity=IDENTITY)

    told = [each.message.zh for each in answer.findings if each.code == "likely_owners"]
    assert told == ([f"deals 的负责人可能是这些成员：{likely}"] if likely else [])

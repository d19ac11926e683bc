"""How findings and unmatched rows lie in the database, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from mingji.engine.observation import Unmatched
from mingji.rules.explanation import plain
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as JSON-ready data; `finding_of` reads it back."""
    return asdict(finding)


def finding_of(data: Mapping[str, Any]) -> Finding:
    """The finding that `finding_data` wrote."""
    texts = {name: Text(**data[name]) for name in ("message", "remedy")}
    return Finding(**{**data, **texts, "place": Place(**data["place"])})


def unmatched_data(found: Unmatched) -> dict[str, Any]:
    """Rows that belong to nobody, as JSON-ready data with decimals as text."""
    values = {name: None if v is None else plain(v) for name, v in found.values.items()}
    return {
        "table": found.table,
        "source": found.source,
        "owner": found.owner,
        "rows": found.rows,
        "reason": found.reason,
        "values": values,
    }

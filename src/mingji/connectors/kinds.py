"""The kinds of sources there are: their names, what they ask for, how one is opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mingji.connectors.settings import Setting, decoded, settings_of
from mingji.connectors.source import Connector
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

#: Says what time it is, with a zone.
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source.

    `settings` are what a form asks for. `open(given, clock)` checks a mapping of them and gives the
    connector; it raises `Invalid` naming each setting that is wrong and does not connect yet.
    """

    name: str
    label: Text
    settings: tuple[Setting, ...]
    open: Callable[[Mapping[str, Any], Clock], Connector]


def kinds() -> tuple[Kind, ...]:
    """All kinds of sources, in the order in which a page offers them."""
    from mingji.connectors.database import Database, DatabaseSettings
    from mingji.connectors.folder import Folder, FolderSettings
    from mingji.connectors.hubspot import HubSpot, HubSpotSettings
    from mingji.connectors.salesforce import Salesforce, SalesforceSettings
    from mingji.connectors.tryton import Tryton, TrytonSettings

    return (
        Kind(
            "hubspot",
            Text.same("HubSpot"),
            settings_of(HubSpotSettings),
            lambda given, clock: HubSpot(decoded(HubSpotSettings, given), clock),
        ),
        Kind(
            "salesforce",
            Text.same("Salesforce"),
            settings_of(SalesforceSettings),
            lambda given, clock: Salesforce(decoded(SalesforceSettings, given), clock),
        ),
        Kind(
            "tryton",
            Text.same("Tryton"),
            settings_of(TrytonSettings),
            lambda given, clock: Tryton(decoded(TrytonSettings, given), clock),
        ),
        Kind(
            "database",
            Text("SQL 数据库", "SQL database"),
            settings_of(DatabaseSettings),
            lambda given, _: Database(decoded(DatabaseSettings, given)),
        ),
        Kind(
            "folder",
            Text("导出文件夹（广告、营销自动化）", "Folder of exports (ads, marketing automation)"),
            settings_of(FolderSettings),
            lambda given, _: Folder(decoded(FolderSettings, given)),
        ),
    )


def kind_named(name: str) -> Kind:
    """One kind by its name.

    Raises:
        Invalid: If there is no such kind.
    """
    for kind in kinds():
        if kind.name == name:
            return kind
    listed = ", ".join(kind.name for kind in kinds())
    raise Invalid(
        Text(f"没有“{name}”这种数据源，有：{listed}", f"no kind of source “{name}”; {listed}"),
        code="kind",
    )

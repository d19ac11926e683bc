"""A folder into which exports of ads and marketing automation are put, one file after the other.

Each file is read once, in the order of the names. What cannot be read is named at the end, when the
rest was delivered.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mingji.connectors.exports import arranged, columns_of
from mingji.connectors.files import open_file
from mingji.connectors.layouts import Recognised, recognised
from mingji.connectors.records import previewed
from mingji.connectors.settings import setting, zone_setting
from mingji.connectors.source import Cursor, Delivery, Entity, Preview, Tested
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding
from mingji.rules.text import Text

_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".parquet")


def _suggested(table: str, **others: str) -> dict[str, str]:
    """What exports for a table give under its own names, and what they give under others."""
    return {**{name: name for name in columns_of(table)}, **others}


ENTITIES: tuple[Entity, ...] = (
    Entity(
        "spend",
        Text("广告花费", "Spend on ads"),
        ("spend_id",),
        "spend",
        {
            "spend_id": "spend_id",
            "spent_on": "spent_on",
            "channel": "channel",
            "campaign": "campaign",
            "amount": "amount_with_currency",
            "budget": "",
            "impressions": "impressions",
            "clicks": "clicks",
            "conversions": "conversions",
            "owner": "account",
        },
    ),
    Entity(
        "leads",
        Text("线索", "Leads"),
        ("lead_id",),
        "leads",
        _suggested("leads", mql_on="", sql_on="", rejected_on="", reject_reason=""),
    ),
    Entity(
        "opportunities",
        Text("商机", "Opportunities"),
        ("opportunity_id",),
        "opportunities",
        _suggested("opportunities", lead_id="", product="", channel="", region="", owner=""),
    ),
    Entity("activities", Text("邮件与访问记录", "E-mails and visits"), ("activity_id",)),
)


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """Which folder, and how its files are meant."""

    folder: str = setting(
        Text("文件夹", "Folder"),
        help=Text("MINGJI_SOURCES 下的文件夹名", "the name of a folder below MINGJI_SOURCES"),
    )
    currency: str = setting(
        Text("币种", "Currency"),
        default="",
        help=Text("文件没写币种时按它算，例如 CNY", "where a file does not say it, such as CNY"),
    )
    zone: str = zone_setting()


class Folder:
    """A connector to one folder of exports (`connectors.source.Connector`)."""

    def __init__(self, settings: FolderSettings) -> None:
        root = os.environ.get("MINGJI_SOURCES", "")
        self._folder = Path(root, settings.folder).resolve()
        if not root or not self._folder.is_relative_to(Path(root).resolve()):
            place = root or "MINGJI_SOURCES"
            raise Invalid(
                Text(f"文件夹要在 {place} 指定的文件夹里", f"folders are only read below {place}"),
                code="settings",
            )
        self._currency, self._zone = settings.currency.upper(), ZoneInfo(settings.zone)

    def entities(self) -> tuple[Entity, ...]:
        """Spend, leads, opportunities and activities, whichever the files hold."""
        return ENTITIES

    def test(self) -> Tested:
        """Looks at the columns of every file."""
        try:
            files, bad = self._files()
        except Invalid as error:
            return Tested(False, error.message)
        names = sorted({found.layout.table for found in files})
        if bad:
            first = bad[0].message
            more = Text(f"（{len(bad)} 个文件读不了）", f" ({len(bad)} files cannot be read)")
            message = Text(first.zh + more.zh, first.en + more.en)
            return Tested(False, message, self._folder.name, tuple(names))
        count = len(files)
        message = Text(f"{count} 个文件，格式都认识", f"{count} files, all of known layouts")
        return Tested(True, message, self._folder.name, tuple(names))

    def preview(self, entity: str, limit: int = 20) -> Preview:
        """The first rows of the first file of a kind."""
        for found in self._files()[0]:
            if found.layout.table == entity:
                reading = arranged(found, zone=self._zone, currency=self._currency)
                names = reading.columns
                rows: list[Mapping[str, Any]] = []
                for batch in reading.batches():
                    for row in batch.slice(0, limit - len(rows)).to_pylist():
                        rows.append({name: row[str(at)] for at, name in enumerate(names)})
                return previewed(names, rows)
        return Preview(columns_of(entity), ())

    def read(self, entity: str, since: Cursor | None = None) -> Iterator[Delivery]:
        """The files that were not read yet, one delivery each.

        Raises:
            Invalid: In the end, naming the files that could not be read.
        """
        read, levels = set((since or {}).get("files", ())), dict((since or {}).get("levels", {}))
        files, bad = self._files()
        for found in files:
            platform, digest = found.layout.name, found.reading.digest
            if found.layout.table != entity or digest in read:
                continue
            if entity == "spend" and levels.setdefault(platform, found.level) != found.level:
                bad.append(other_level(found, levels[platform]))
                continue
            read.add(digest)
            reading = arranged(found, zone=self._zone, currency=self._currency)
            yield Delivery(reading, {"files": sorted(read), "levels": dict(levels)})
        if bad:
            raise Invalid(bad[0].message, code="files", findings=tuple(bad))

    def _files(self) -> tuple[list[Recognised], list[Finding]]:
        """The files with their layouts, and what is wrong with those that have none."""
        if not self._folder.is_dir():
            name = self._folder.name
            raise Invalid(
                Text(f"没有文件夹“{name}”", f"there is no folder “{name}”"), code="folder"
            )
        found, bad = list[Recognised](), list[Finding]()
        for path in sorted(self._folder.iterdir()):
            inside = path.resolve().is_relative_to(self._folder)
            if path.suffix.lower() not in _SUFFIXES or path.name.startswith((".", "~")):
                continue
            try:
                if inside and path.is_file():
                    found.append(recognised(open_file(path)))
            except Invalid as error:
                bad.extend(error.findings)
        return found, bad


def other_level(found: Recognised, level: str) -> Finding:
    """What is wrong with a report of spend by another level than those read before."""
    file, label = found.reading.file, found.layout.label
    names = {
        "campaign": Text("营销活动", "campaign"),
        "ad": Text("广告", "ad"),
        "account": Text("账户", "account"),
    }
    here, before = names[found.level], names[level]
    return Finding(
        "level",
        "error",
        Text(
            f"{file} 是{label.zh}按{here.zh}的报表，之前读的是按{before.zh}的，会重复计入，没有读",
            f"{file} reports {label.en} by {here.en}, those before by {before.en}: "
            "it would count twice and was left out",
        ),
        Text("同一平台只导出一种报表", "export one kind of report of a platform"),
    )

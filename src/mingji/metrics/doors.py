"""The kinds of sources of this installation, and how a source of each is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings

from mingji.connectors.files import Reading
from mingji.connectors.inbox import Inbox, as_entity
from mingji.connectors.kinds import Clock, Kind, kinds
from mingji.connectors.settings import Secret, decoded, setting, settings_of
from mingji.connectors.shaping import shaped
from mingji.connectors.source import Connector, Entity, Tested
from mingji.engine.model import Table
from mingji.engine.sheets import ALL, sheets_of
from mingji.kit import clock
from mingji.metrics.definitions import library
from mingji.metrics.mapping import as_mapped, fitted, in_units, mapping_of
from mingji.metrics.models import Source
from mingji.rules.errors import Invalid, NotAllowedNow
from mingji.rules.text import Text

UPLOAD, INBOX, PUSH = "upload", "inbox", "push"
#: Kinds whose rows come in files: a file that is no longer there takes none of them away.
FILES = (UPLOAD, INBOX, PUSH, "folder")
#: The setting that says which sheets of a workbook are read: one, or `all` with the same columns.
SHEETS = "sheets"
#: Every file that was uploaded: each lies in a folder of its own.
_ALL = "*/*"


@dataclass(frozen=True, slots=True)
class _InboxSettings:
    pattern: str = setting(
        Text("文件", "Files"),
        help=Text(
            "收件文件夹里的路径，* 代表任意文字，如 crm/leads*.csv",
            "A path inside the inbox folder; * stands for any text, such as crm/leads*.csv",
        ),
    )
    sheets: str = setting(
        Text("工作簿里的工作表", "Sheets of a workbook"),
        "choice",
        default="one",
        choices={
            "one": Text("只读一张", "read one"),
            ALL: Text("列名相同的一起读", "read those with the same columns together"),
        },
    )


@dataclass(frozen=True, slots=True)
class _PushSettings:
    secret: Secret = setting(
        Text("签名密钥在哪里", "Where the signing secret stands"),
        "secret",
        help=Text(
            "不写密钥本身：env:MINGJI_SOURCE_名字，或 file:文件名（在密钥文件夹里）",
            "Not the secret itself: env:MINGJI_SOURCE_NAME, or file:NAME in the folder of secrets",
        ),
    )


class _Pushed:
    """A source that is sent to us: nothing can be fetched, only its secret can be tested."""

    def __init__(self, secret: Secret) -> None:
        self.secret = secret

    def entities(self) -> tuple[Entity, ...]:
        """One: the rows that are sent."""
        return (Entity("rows", Text("推送的行", "pushed rows"), ()),)

    def test(self) -> Tested:
        """Whether the secret is there."""
        try:
            self.secret.resolve()
        except Invalid as error:
            return Tested(False, error.message)
        return Tested(True, Text("密钥已就绪，等待推送", "The secret is there; rows may be sent"))

    def preview(self, entity: str, limit: int = 20) -> Any:
        """Nothing has been sent yet that could be shown."""
        raise _nothing_to_fetch()

    def read(self, entity: str, since: Any = None) -> Any:
        """Rows arrive by themselves."""
        raise _nothing_to_fetch()


def _nothing_to_fetch() -> NotAllowedNow:
    return NotAllowedNow(
        Text(
            zh="推送来源不用抓取：对方把行发到它的地址。",
            en="Nothing is fetched from a push source: its rows are sent to its address.",
        ),
        code="push",
    )


def _open_inbox(given: Mapping[str, Any], clock: Clock) -> Connector:
    return Inbox(settings.MINGJI_INBOX, decoded(_InboxSettings, given).pattern, _zone())


def _open_push(given: Mapping[str, Any], clock: Clock) -> Connector:
    return _Pushed(decoded(_PushSettings, given).secret)


def _open_upload(given: Mapping[str, Any], clock: Clock) -> Connector:
    return Inbox(settings.MINGJI_UPLOADS / str(given["code"]), _ALL, _zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def as_read(source: Source, reading: Reading) -> Reading:
    """A file of an upload source as its runs will read it.

    Raises:
        Invalid: the source reads exports of a platform, and it is none.
    """
    return as_entity(reading, source.entity, _zone())


_OWN = (
    Kind(UPLOAD, Text("上传文件", "Uploaded files"), (), _open_upload),
    Kind(INBOX, Text("收件文件夹", "Inbox folder"), settings_of(_InboxSettings), _open_inbox),
    Kind(PUSH, Text("推送", "Push"), settings_of(_PushSettings), _open_push),
)


def source_kinds() -> tuple[Kind, ...]:
    """What a new source may be, in the order in which the page offers them."""
    return (*_OWN, *kinds())


def kind_of(name: str) -> Kind:
    """A kind by its name.

    Raises:
        Invalid: there is no such kind.
    """
    found = {kind.name: kind for kind in source_kinds()}.get(name)
    if found is None:
        message = Text(f"没有“{name}”这种数据来源", f"there is no kind of source “{name}”")
        raise Invalid(message, code="kind")
    return found


def connector_of(source: Source) -> Connector:
    """The source, opened with its settings; nothing is asked of it yet.

    Raises:
        Invalid: the settings do not fit the kind.
    """
    return opened(source.kind, source.code, source.settings)


def opened(kind: str, code: str, given: Mapping[str, Any]) -> Connector:
    """A connector for settings that are not saved yet.

    Raises:
        Invalid: naming each setting that is wrong.
    """
    told = {"code": code} if kind == UPLOAD else given
    return kind_of(kind).open(told, clock.now)


def secret_of(source: Source) -> str:
    """The signing secret of a push source.

    Raises:
        Invalid: it is not there.
    """
    return decoded(_PushSettings, source.settings).secret.resolve()


def uploads_of(code: str) -> Path:
    """Where the files that were uploaded to a source are kept."""
    folder: Path = settings.MINGJI_UPLOADS / code
    return folder


def reads(source: Source) -> str:
    """`all` if a source reads the sheets of a workbook together that hold the same columns."""
    return ALL if source.kind in (UPLOAD, INBOX) and source.settings.get(SHEETS) == ALL else ""


def sheets_for(source: Source, reading: Reading) -> list[Reading]:
    """The sheets of a file that a source reads: one, or all that hold the same columns."""
    table = as_mapped(library().definitions.tables[source.table], mapping_of(source.mapping))
    return cast(list[Reading], sheets_of(table, reading, reads(source)))


def fitted_for(source: Source, reading: Reading) -> tuple[Table, Reading]:
    """The table of a source, and a reading of it brought into the columns of the table.

    Raises:
        Invalid: a mapped column is gone.
    """
    table, mapping = library().definitions.tables[source.table], mapping_of(source.mapping)
    if source.kind in (UPLOAD, INBOX, PUSH):
        lenient = source.kind == PUSH
        return table, fitted(table, mapping, reading, source.excluded, lenient=lenient)
    known = {entity.name: entity for entity in connector_of(source).entities()}
    values = known[source.entity].values if source.entity in known else {}
    columns = {name: mapping[name].header if name in mapping else "" for name in table.columns}
    return table, in_units(mapping, shaped(reading, columns, values))

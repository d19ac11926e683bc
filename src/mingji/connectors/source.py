"""What a source of rows is: what it holds, whether it answers, and how it hands rows over.

A connector reads one system (a CRM, a database, a folder of exports). It knows nothing of the
warehouse: it yields deliveries, and whoever loads one stores its cursor *afterwards*. If anything
breaks between the two, the same rows are delivered once more and the warehouse replaces them by
key, so that each row counts exactly once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias, runtime_checkable

from mingji.connectors.reading import Reading
from mingji.rules.text import Text

#: The column of a batch that marks a row as deleted (or merged away): only its key is filled.
DELETED = "_deleted"

#: How far a source was read. A JSON object: store it as it is, look into it only in its connector.
Cursor: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of row that a source can hand over, with a suggestion where it belongs.

    `key` names the columns of the source that tell its rows apart. `table` is the table of the
    canonical model that it suggests (empty: none). `columns` says from which column of the source
    each column of that table comes; an empty name means that the source does not know it. `values`
    says, by column of the table, which spelling of the source means which of the model.
    `incremental` is false where everything is read every time.
    """

    name: str
    label: Text
    key: tuple[str, ...]
    table: str = ""
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    incremental: bool = True


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of a connection test.

    `account` is who the source says we are, `readable` the entities that may be read. `message` is
    a sentence for the person at the screen, with the remedy if `ok` is false.
    """

    ok: bool
    message: Text
    account: str = ""
    readable: tuple[str, ...] = ()

    @classmethod
    def signed_in(cls, account: str, readable: tuple[str, ...], nothing: Text) -> Tested:
        """Signed in: fine if anything may be read, else `nothing` says how to mend that."""
        if not readable:
            return cls(False, nothing, account)
        listed = ", ".join(readable)
        message = Text(f"已连上 {account}，可读：{listed}", f"{account} answers: {listed}")
        return cls(True, message, account, readable)


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of an entity as text, for the mapping screen."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Rows to be loaded as one batch, and the cursor to be stored once they are.

    The batches of `reading` may carry a boolean column `_deleted` beside `_row`.
    """

    reading: Reading
    cursor: Cursor


class Connector(Protocol):
    """A source, opened with its settings.

    Every method but `test` and `entities` raises `rules.errors.Invalid` with a sentence in both
    languages when the source does not answer, refuses, or answers what cannot be understood. What
    was delivered before that stays valid.
    """

    def entities(self) -> tuple[Entity, ...]:
        """What can be read, without asking the source where that is avoidable."""
        ...

    def test(self) -> Tested:
        """Asks the source who we are and what we may read; never raises for what it answers."""
        ...

    def preview(self, entity: str, limit: int = 20) -> Preview:
        """The first rows of an entity, by one small request."""
        ...

    def read(self, entity: str, since: Cursor | None = None) -> Iterator[Delivery]:
        """Everything, or what changed since a cursor. No change, no delivery."""
        ...


@runtime_checkable
class Mirrored(Protocol):
    """A connector that gives everything there is when it is read without a cursor.

    What did not come then is probably gone, and the connector can say for sure.
    """

    def entities(self) -> tuple[Entity, ...]:
        """See `Connector`."""
        ...

    def absent(self, entity: str, keys: Sequence[Mapping[str, str]]) -> Iterable[Mapping[str, str]]:
        """Those of some keys, by column of the source, whose rows are certainly not there."""
        ...

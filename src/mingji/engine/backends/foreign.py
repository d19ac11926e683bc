"""What every engine of a company has in common: tables found by place, queries told its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mingji.engine.backends.dialects import spoken
from mingji.engine.backends.fitting import empty, fitted
from mingji.engine.loading import ROW
from mingji.engine.model import Column, Definitions
from mingji.engine.sql import Tree, exp
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

#: The schema in which tables are looked for that have no place of their own, and copied to.
HOME = "mingji"


class Foreign:
    """Prepares queries for an engine; each engine says what its tables and types are."""

    dialect: str

    def __init__(self, definitions: Definitions, places: Mapping[str, str]) -> None:
        self.definitions, self.places = definitions, places
        self._present: dict[str, Mapping[str, str]] = {}

    def place(self, table: str) -> str:
        """Where a table of the definitions is."""
        return self.places.get(table, f"{HOME}.{table}")

    def origin(self, table: str) -> tuple[str, ...]:
        """A table is its own origin: what filled it is that engine's affair."""
        return (self.place(table),)

    def statement(self, query: Tree) -> str:
        """A compiled query over the tables where they are, in the words of this engine."""
        numbered = any(each.name == ROW for each in query.find_all(exp.Column))

        def seen(node: Any) -> Any:
            if not (isinstance(node, exp.Table) and node.this.args.get("quoted")):
                return node
            if node.name not in self.definitions.tables or node.db:
                return node
            return self._relation(node.name, numbered=numbered).subquery(
                exp.to_identifier(node.alias or node.name, quoted=True)
            )

        placed = self.adapted(query).transform(seen)
        for alias in placed.find_all(exp.TableAlias):  # engines fold bare names in different ways
            alias.this.set("quoted", True)
        return spoken(placed, self.dialect)

    def adapted(self, query: Tree) -> Tree:
        """The query before its tables are put in place; an engine may need more said."""
        return query

    def _relation(self, name: str, *, numbered: bool) -> Any:
        table, place = self.definitions.tables[name], self.place(name)
        if place not in self._present:
            self._present[place] = self.present(place)
        present = self._present[place]
        if not present and self.places and name not in self.places:
            return empty(table, self.type_of)  # as a table of which no file was given
        if not present:
            raise _absent(name, place)
        return fitted(table, place, present, self.type_of, numbered=numbered)

    def present(self, place: str) -> Mapping[str, str]:
        """The columns of a table with the engine's names of their types; none if it is absent."""
        raise NotImplementedError

    def type_of(self, column: Column, there: str) -> Any:
        """The exact type of the engine for a column that has the type `there`."""
        raise NotImplementedError


def _absent(table: str, place: str) -> Invalid:
    message = Text(f"引擎里没有表 {place}", f"the engine has no table {place}")
    remedy = Text(
        f"说明表在哪里，例如 {table}=schema.table，或先把数据复制过去",
        f"say where it is, as in {table}=schema.table, or copy the data there first",
    )
    finding = Finding("absent_table", "error", message, remedy, Place(path=table))
    return Invalid(message, code="absent_table", findings=(finding,))


def missing_driver(package: str, extra: str) -> Invalid:
    """A driver is not installed."""
    message = Text(f"没有安装 {package}", f"{package} is not installed")
    remedy = Text(f"安装 mingji[{extra}]", f"install mingji[{extra}]")
    finding = Finding("missing_driver", "error", message, remedy, Place())
    return Invalid(message, code="missing_driver", findings=(finding,))


def unreachable(name: str, reason: object) -> Invalid:
    """An engine that does not answer, in its own words."""
    told = str(reason).strip().splitlines()[0] if str(reason).strip() else type(reason).__name__
    message = Text(f"连不上 {name}：{told}", f"cannot reach {name}: {told}")
    remedy = Text("检查地址、账号和网络", "check the address, the account and the network")
    finding = Finding("unreachable_engine", "error", message, remedy, Place())
    return Invalid(message, code="unreachable_engine", findings=(finding,))


def refused(name: str, reason: object) -> Invalid:
    """An engine that does not compute a question, in its own words."""
    told = str(reason).strip().splitlines()[0] if str(reason).strip() else type(reason).__name__
    message = Text(f"{name} 不能计算：{told}", f"{name} cannot compute this: {told}")
    return Invalid(message, code="engine_refused")


def too_large(reason: object) -> Invalid:
    """A number beyond what can be held exactly."""
    message = Text(
        f"数字大到无法精确计算：{reason}", f"a number is too large to be computed: {reason}"
    )
    return Invalid(message, code="too_large")

"""What people call the tables, columns and metrics that reasons and findings name by their ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mingji.engine.expressions import reachable
from mingji.engine.model import Definitions, Table
from mingji.rules.explanation import Node
from mingji.rules.findings import Place
from mingji.rules.text import Text

_WORD = re.compile(r"'(?:[^']|'')*'|[A-Za-z_][\w.]*|[<>=!]+")
_SIGNS = {
    "and": Text("且", "and"),
    "or": Text("或", "or"),
    "not": Text("非", "not"),
    "in": Text("属于", "in"),
    "is": Text("是", "is"),
    "null": Text("空", "blank"),
    "<=": Text.same("≤"),
    ">=": Text.same("≥"),
    "<>": Text.same("≠"),
    "true": Text("是", "yes"),
    "false": Text("否", "no"),
}


class Names:
    """The names of everything that a definitions file defines."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self._columns: dict[str, Mapping[str, Text]] = {}

    def parameter(self, node: Node, name: str, given: str) -> Text | None:
        """What a parameter of a value says, with names in the place of ids; None if it is none
        of these."""
        table = str(node.parameters.get("table", ""))
        match name:
            case "table":
                return self.table(given)
            case "time" | "over":
                return self.column(given, table)
            case "expression" | "filter":
                return self.expression(given, table)
            case "formula":
                return self.formula(given)
        return None

    def expression(self, given: str, table: str) -> Text:
        """An expression over a table with the names of its columns."""
        return self._told(given, lambda word: self.column(word, table))

    def formula(self, given: str) -> Text:
        """A formula over metrics with their names."""
        return self._told(given, self.metric)

    def table(self, name: str) -> Text:
        """What a table is called; its id, if it is not defined here."""
        found = self._table(name)
        return found.label if found else Text.same(name)

    def metric(self, name: str) -> Text:
        """What a metric is called."""
        found = self.definitions.metrics.get(name) or self.definitions.parts.get(name)
        return found.name if found else Text.same(name)

    def column(self, name: str, table: str) -> Text:
        """What a column of a table is called, or of one that it is joined to."""
        if table not in self._columns:
            found = self._table(table)
            known = reachable(self.definitions, found) if found else {}
            self._columns[table] = {key: column.label for key, (_, column) in known.items()}
        return self._columns[table].get(name, Text.same(name))

    def place(self, place: Place, table: str = "") -> Text:
        """Where a finding points; of a file that was loaded into a table, if that is known."""
        if place.path in self.definitions.tables:
            return self.table(place.path)
        of, _, name = place.path.partition(".")
        if name and of in self.definitions.tables:
            whole, column = self.table(of), self.column(name, of)
            return Text(f"{whole.zh}「{column.zh}」列", f"{whole.en}, column “{column.en}”")
        if place.path in self.definitions.metrics:
            return self.metric(place.path)
        return place.in_words(lambda column: self.column(column, table))

    def _table(self, name: str) -> Table | None:
        return self.definitions.tables.get(name) or self.definitions.views.get(name)

    def _told(self, words: str, named: Callable[[str], Text]) -> Text:
        def of(word: str) -> Text:
            if word.startswith("'"):
                return Text.same(word[1:-1].replace("''", "'"))
            return _SIGNS.get(word.lower()) or named(word)

        return Text(
            _WORD.sub(lambda found: of(found[0]).zh, words),
            _WORD.sub(lambda found: of(found[0]).en, words),
        )

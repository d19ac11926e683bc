"""Where a finding points, with the names that people give to the columns of its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from mingji.rules.findings import Place
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.engine.model import Definitions

#: Between the name of a workbook and that of its sheet.
_SHEET = " › "


def named_by(definitions: Definitions, tables: Mapping[str, str]) -> Callable[[Place], Text]:
    """What says where a finding points.

    Args:
        definitions: What names the columns.
        tables: The table of each file, by the file's name.
    """
    from mingji.engine.naming import Names

    names = Names(definitions)

    def named(place: Place) -> Text:
        table = tables.get(place.file.partition(_SHEET)[0], "")
        return place.in_words(lambda column: names.column(column, table))

    return named

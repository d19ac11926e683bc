"""The mapping file: which file of a folder is which table, and for whom scorecards are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from mingji import demo
from mingji.engine.definitions import load_definitions
from mingji.engine.document import Notes, Section, compose
from mingji.engine.model import Definitions
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

IN_FOLDER = "mingji.yaml"
#: Mappings that ship with the product: the word that `--mapping` takes, and where the file lies.
SHIPPED: Mapping[str, Path] = MappingProxyType(
    {"crm_sales": Path(demo.__file__).parent / "crm_sales" / "mapping.yaml"}
)


@dataclass(frozen=True, slots=True)
class Cards:
    """One kind of scorecard: its id (`agent`), its name, and the dimension that it goes by."""

    id: str
    name: Text
    by: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of CRM files, understood: what is measured, in which files, for whom.

    `items` names the metric behind an item of the scheme where it is not the item's own. The
    `mapping` file may say `owners`: spellings in the rows, each with the member that is meant.
    """

    name: Text
    definitions: Definitions
    files: Mapping[str, Path]
    cards: tuple[Cards, ...]
    items: Mapping[str, str]
    mapping: str = ""

    def chosen(self, ids: tuple[str, ...]) -> tuple[Cards, ...]:
        """The kinds of scorecards asked for; all of them if none is named.

        Raises:
            Invalid: the mapping has no scorecards of that name.
        """
        known = {cards.id: cards for cards in self.cards}
        unknown = [each for each in ids if each not in known]
        if unknown:
            raise _invalid(
                "no_scorecards",
                Text(f"没有按“{unknown[0]}”的计分卡", f"there are no scorecards by “{unknown[0]}”"),
                Text(f"可用的有：{'、'.join(known)}", f"choose from: {', '.join(known)}"),
                Place(path="--by"),
            )
        return tuple(known[each] for each in ids) if ids else self.cards


def understand(folder: Path, mapping: str = "") -> Folder:
    """Find the mapping of a folder and check it against its definitions and files.

    `mapping` is the path of a mapping file or the name of a shipped one. Without it the folder's
    own `mingji.yaml` counts, then the shipped mapping whose files are all there.

    Raises:
        Invalid: no folder, no mapping, a broken one, or files that are missing; with the remedy.
    """
    if not folder.is_dir():
        raise _invalid(
            "no_folder",
            Text(f"没有文件夹 {folder}", f"there is no folder {folder}"),
            Text("检查路径", "check the path"),
            Place(str(folder)),
        )
    path = _mapping_path(folder, mapping)
    notes = Notes(str(path))
    section = Section(compose(_text_of(path), notes), notes)
    definitions = load_definitions(path.parent / section.text("definitions", "definitions.yaml"))
    definitions = _spelt(definitions, section.pairs("owners"))
    understood = Folder(
        name=section.both("name", folder.name),
        definitions=definitions,
        files=MappingProxyType(_files(folder, section, definitions)),
        cards=_cards(section, definitions),
        items=MappingProxyType(section.pairs("items")),
        mapping=path.name,
    )
    section.close()
    notes.stop()
    _refuse_missing_files(understood.files)
    return understood


def _spelt(definitions: Definitions, owners: Mapping[str, str]) -> Definitions:
    """The definitions in which the owners of rows are spelt as the mapping says."""
    tables = dict(definitions.tables)
    for table in definitions.tables.values() if owners else ():
        if table.owner:
            column = table.columns[table.owner]
            column = replace(column, values=MappingProxyType({**column.values, **owners}))
            columns = MappingProxyType({**table.columns, column.name: column})
            tables[table.name] = replace(table, columns=columns)
    return replace(definitions, tables=MappingProxyType(tables))


def _mapping_path(folder: Path, mapping: str) -> Path:
    if mapping:
        return SHIPPED.get(mapping) or Path(mapping)
    own = folder / IN_FOLDER
    if own.exists():
        return own
    for path in SHIPPED.values():
        notes = Notes(str(path))
        section = Section(compose(_text_of(path), notes), notes)
        if all((folder / file).is_file() for file in section.pairs("files").values()):
            return path
    raise _invalid(
        "no_mapping",
        Text(
            f"{folder} 里没有 {IN_FOLDER}，也对不上随产品提供的映射（{'、'.join(SHIPPED)}）",
            f"{folder} holds no {IN_FOLDER} and fits no mapping that ships with the product "
            f"({', '.join(SHIPPED)})",
        ),
        Text(
            f"按 docs/how-to/try-your-crm.zh.md 写一个 {IN_FOLDER}，或用 --mapping 指定",
            f"write a {IN_FOLDER} as docs/how-to/try-your-crm.md shows, or name one with --mapping",
        ),
        Place(str(folder)),
    )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _invalid(
            "mapping_unreadable",
            Text(f"读不了映射文件 {path}", f"cannot read the mapping {path}"),
            Text(
                f"检查路径和 UTF-8 编码；随产品提供的有：{'、'.join(SHIPPED)}",
                f"check the path and the UTF-8 encoding; shipped ones: {', '.join(SHIPPED)}",
            ),
            Place(str(path)),
        ) from error


def _files(folder: Path, section: Section, definitions: Definitions) -> dict[str, Path]:
    files = {}
    for table, file in section.pairs("files").items():
        if table in definitions.tables:
            files[table] = folder / file
            continue
        section.complain(
            section.get("files"),
            Text(f"没有数据表“{table}”", f"there is no table “{table}”"),
            Text(
                f"{definitions.file} 里的表：{'、'.join(definitions.tables)}",
                f"tables of {definitions.file}: {', '.join(definitions.tables)}",
            ),
        )
    if not files:
        section.complain(
            section.get("files"),
            Text("没有列出任何文件", "no file is listed"),
            Text("写 files: {表名: 文件名}", "write files: {table: file name}"),
        )
    return files


def _cards(section: Section, definitions: Definitions) -> tuple[Cards, ...]:
    roster = definitions.roster
    known = ("member", *(roster.attributes if roster else ()))
    found = []
    for id_, below in section.sections("scorecards", short="by"):
        by = below.choice("by", known, "member")
        found.append(Cards(id_, below.both("name", id_), by))
        below.close()
    return tuple(found) or (Cards("member", Text("成员", "Member"), "member"),)


def _refuse_missing_files(files: Mapping[str, Path]) -> None:
    findings = tuple(
        Finding(
            "no_file",
            "error",
            Text(
                f"缺少文件 {path.name}（数据表 {table}）", f"{path.name} is missing (table {table})"
            ),
            Text(
                "把文件放进文件夹，或改映射里的文件名",
                "put the file into the folder, or mend its name in the mapping",
            ),
            Place(str(path)),
        )
        for table, path in files.items()
        if not path.is_file()
    )
    if findings:
        raise Invalid(findings[0].message, code="no_file", findings=findings)


def _invalid(code: str, message: Text, remedy: Text, place: Place) -> Invalid:
    finding = Finding(code, "error", message, remedy, place)
    return Invalid(message, code=code, findings=(finding,))

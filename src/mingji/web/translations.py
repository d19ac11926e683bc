"""Compile the translation catalogues, and check that none is incomplete (`make check`)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogues() -> list[Path]:
    """Every `.po` file of the product, in a fixed order."""
    return sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_all() -> None:
    """Write a `.mo` beside every `.po`."""
    for path in catalogues():
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def complaints(path: Path) -> Iterator[str]:
    """What is missing or wrong in one catalogue, a line each."""
    for entry in polib.pofile(str(path)):
        where = f"{path.relative_to(PACKAGE)}: {entry.msgid!r}"
        wordings = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if "fuzzy" in entry.flags or not all(wordings):
            yield f"{where} is not translated"
        wanted = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        if any(set(_PLACEHOLDER.findall(words)) != wanted for words in wordings if words):
            yield f"{where} has other placeholders than its translation"


def main(arguments: list[str]) -> int:
    """`python -m mingji.web.translations compile|check`."""
    if arguments == ["compile"]:
        compile_all()
        return 0
    found = [complaint for path in catalogues() for complaint in complaints(path)]
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

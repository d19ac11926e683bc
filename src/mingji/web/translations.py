"""Compile the translation catalogues, and check that none is incomplete (`make check`)."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_MARKERS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
# What Django's `templatize` makes of a template: calls of gettext between filler characters.
_CALL = re.compile(
    r"(?:\b_|\b(?P<context>p)?n?gettext)\(u?(?P<first>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"(?:, u?(?P<second>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))?"
)


def catalogues() -> list[Path]:
    """Every `.po` file of the product, in a fixed order."""
    return sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/django.po"))


def compile_all() -> None:
    """Write a `.mo` beside every `.po`."""
    for path in catalogues():
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def complaints() -> Iterator[str]:
    """Everything that is missing or wrong, a line each."""
    wordings: dict[str, dict[str, str]] = defaultdict(dict)
    for path in catalogues():
        name = str(path.relative_to(PACKAGE))
        for entry in polib.pofile(str(path)):
            yield from _flaws(name, entry)
            wordings[entry.msgid][name] = entry.msgstr
    for msgid, found in wordings.items():
        if len(set(found.values())) > 1:
            yield f"{', '.join(found)}: {msgid!r} is translated in different ways"
    for path, msgid in used():
        if msgid not in wordings:
            yield f"{path.relative_to(PACKAGE)}: {msgid!r} is in no catalogue"


def used() -> Iterator[tuple[Path, str]]:
    """Every message of the templates and of the Python code that a reader may see."""
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        for msgid in in_template(path.read_text(encoding="utf-8")):
            yield path, msgid
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            for msgid in in_python(path.read_text(encoding="utf-8")):
                yield path, msgid


def in_template(text: str) -> Iterator[str]:
    """The messages of `{% translate %}`, `{% blocktranslate %}` and `_("…")` in a template."""
    from django.utils.translation.template import templatize

    for call in _CALL.finditer(templatize(text)):
        yield ast.literal_eval(call["second"] if call["context"] else call["first"])


def in_python(text: str) -> Iterator[str]:
    """The messages that a module marks with `_` or one of its longer names."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        message = node.args[1 if name == "pgettext" else 0] if node.args else None
        if (
            name in _MARKERS
            and isinstance(message, ast.Constant)
            and isinstance(message.value, str)
        ):
            yield message.value


def _flaws(name: str, entry: polib.POEntry) -> Iterator[str]:
    wordings = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if "fuzzy" in entry.flags or not all(wordings):
        yield f"{name}: {entry.msgid!r} is not translated"
    wanted = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    if any(set(_PLACEHOLDER.findall(words)) != wanted for words in wordings if words):
        yield f"{name}: {entry.msgid!r} has other placeholders than its translation"


def main(arguments: list[str]) -> int:
    """`python -m mingji.web.translations compile|check`."""
    if arguments == ["compile"]:
        compile_all()
        return 0
    from django.conf import settings

    settings.configure(USE_I18N=True)
    found = list(dict.fromkeys(complaints()))
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The habits of the house that a machine can check; the storeys are in `.importlinter`."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/mingji"
APPS = sorted(
    path.relative_to(PACKAGE).parts[0]
    for pattern in ("*/models.py", "*/models/__init__.py")
    for path in PACKAGE.glob(pattern)
)
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
ONE_MEBIBYTE = 1_048_576


@cache
def tracked() -> tuple[Path, ...]:
    """The files under version control that are there (a fresh export has no history: then all)."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else ()
    files = [ROOT / name for name in names if name]
    return tuple(path for path in files or _all_sources() if path.is_file())


def _all_sources() -> Iterator[Path]:
    for folder in ("src", "tests", "docs", "assets"):
        yield from (path for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts)


def python_files(*folders: str) -> list[Path]:
    roots = [ROOT / folder for folder in folders]
    return [
        path
        for path in tracked()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and any(path.is_relative_to(root) for root in roots)
    ]


def templates() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".html" and "templates" in path.parts]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def imports(path: Path) -> tuple[tuple[str, int], ...]:
    """What a file imports at run time, `a.b.c` for `from a.b import c`, with the line.

    What stands under `if TYPE_CHECKING:` is for the type checker alone and does not count.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
    return tuple(found)


def app_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def test_no_source_file_outgrows_a_sitting():
    long = {
        named(path): lines
        for path in tracked()
        if path.suffix in (".py", ".html", ".js", ".mjs", ".css")
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }

    assert long == {}


def test_no_function_outgrows_a_screen():
    long = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in python_files("src")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and _lines_of_code(node) > LONGEST_FUNCTION
    ]

    assert long == []


def _lines_of_code(function: ast.FunctionDef) -> int:
    """Without the signature and the docstring: they say what, and may take the room they need."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_nothing_is_called_utils_helpers_or_common():
    nameless = {"util", "utils", "helper", "helpers", "common", "misc"}

    assert [named(path) for path in tracked() if nameless & {path.stem, *path.parts}] == []


def test_the_tables_of_an_app_are_imported_only_inside_it():
    foreign = [
        f"{named(path)}:{line} {module}"
        for path in python_files("src")
        for module, line in imports(path)
        if (match := re.match(r"mingji\.(\w+)\.models\b", module)) and match[1] != app_of(path)
    ]

    assert foreign == []


def test_views_and_addresses_know_no_tables():
    direct = [
        f"{named(path)}:{line} {module}"
        for path in python_files("src")
        if {"views", "urls", "api"} & {path.stem, path.parent.name}
        for module, line in imports(path)
        if re.match(r"mingji\.\w+\.models\b", module)
    ]

    assert direct == []


def test_the_rules_stand_on_the_standard_library_alone():
    allowed = {*sys.stdlib_module_names, "mingji"}
    foreign = [
        f"{named(path)}:{line} {module}"
        for path in python_files("src/mingji/rules")
        for module, line in imports(path)
        if module.split(".")[0] not in allowed
        or (module.startswith("mingji.") and not module.startswith("mingji.rules"))
    ]

    assert foreign == []


@pytest.mark.parametrize("layer", ["rules", "analysis", "engine", "connectors"])
def test_pure_layers_never_read_the_clock_or_throw_dice(layer):
    impure = re.compile(r"\b(datetime\.now|date\.today|time\.time|utcnow|random\.random)\(")
    found = [
        named(path)
        for path in python_files(f"src/mingji/{layer}")
        if impure.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_foreign_keys_across_apps_are_written_as_text():
    """So that no app has to import the tables of another: a class there would be such an import."""
    models = [
        (app, path)
        for app in APPS
        for pattern in ("models.py", "models/*.py")
        for path in (PACKAGE / app).glob(pattern)
    ]

    assert [
        f"{named(path)}: {module}"
        for app, path in models
        for module, _ in imports(path)
        if re.match(rf"mingji\.(?!rules|kit|{app}\.models)", module)
    ] == []


def test_templates_have_no_inline_style_script_or_handler():
    inline = re.compile(r"<style\b|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|javascript:")
    found = [
        f"{named(path)}:{number}"
        for path in templates()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if inline.search(line)
    ]

    assert found == []


def test_templates_never_switch_escaping_off():
    unsafe = re.compile(r"\|\s*(safe|safeseq)\b|autoescape\s+off")

    assert [named(p) for p in templates() if unsafe.search(p.read_text(encoding="utf-8"))] == []


def test_templates_load_nothing_from_other_sites():
    foreign = re.compile(r"(?:src|href|action)=\"(?:https?:)?//")

    assert [named(p) for p in templates() if foreign.search(p.read_text(encoding="utf-8"))] == []


def test_every_form_that_writes_carries_its_token():
    forms = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.DOTALL)
    bare = [
        named(path)
        for path in templates()
        for form in forms.findall(path.read_text(encoding="utf-8"))
        if "{% csrf_token %}" not in form
    ]

    assert bare == []


def test_no_file_under_version_control_is_larger_than_one_mebibyte():
    assert [named(path) for path in tracked() if path.stat().st_size > ONE_MEBIBYTE] == []


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine():
    registry = r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)"
    told = re.compile(rf"{registry}|(?<![\w.])/(?:root|home|Users|work)/")
    found = [named(path) for path in tracked() if told.search(_text(path))]

    assert found == []


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")

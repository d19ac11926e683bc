"""Every command is documented, and every command in the pages is one that exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mingji.cli import main

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md"]
CLI_PAGES = ["cli.md", "cli.zh.md"]
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
MINGJI = re.compile(r"(?:[A-Z_]+=\S+ +)*(?:\S*/)?mingji (.+)")


def commands(group: click.Group, *above: str) -> Iterator[tuple[str, click.Command]]:
    """Every command for people by its full name, without the groups that only hold others."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        elif not command.hidden:
            yield " ".join((*above, name)), command


ALL = dict(commands(main))


def options(command: click.Command) -> set[str]:
    """The long names of a command's options."""
    return {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
        if name.startswith("--")
    }


def told_in(page: Path) -> list[list[str]]:
    """The words of each `mingji …` in a page, in blocks and within sentences."""
    text = page.read_text("utf-8")
    blocks = "\n".join(block for _, kind, block in BLOCK.findall(text) if kind == "console")
    lines = blocks.replace("\\\n", " ").splitlines()
    spoken = INLINE.findall(BLOCK.sub("", text))
    wanted = [line.strip().removeprefix("$ ") for line in lines] + spoken
    matches = [match for line in wanted if (match := MINGJI.fullmatch(line))]
    return [shlex.split(match[1], comments=True) for match in matches]


def fault_in(words: list[str]) -> str:
    """What is wrong with a command line, or nothing."""
    names = [name for name in ALL if words[: len(name.split())] == name.split()]
    flags = {word.partition("=")[0] for word in words if word.startswith("-")}
    if not names:
        group = main.get_command(click.Context(main), words[0])
        known = isinstance(group, click.Group) and len(words) == 1
        general = flags <= {"--help", "--version"} and words[0] in {"--help", "--version"}
        spoken = words[:2] == ["COMMAND", "--help"]
        return "" if known or general or spoken else "no such command"
    unknown = flags - options(ALL[max(names, key=len)]) - {"--help"}
    return f"no such option: {', '.join(sorted(unknown))}" if unknown else ""


@pytest.mark.parametrize("page", CLI_PAGES)
def test_the_page_of_commands_names_each_with_its_options_and_an_example(page):
    text = (ROOT / "docs/reference" / page).read_text("utf-8")
    parts = re.split(r"^### `mingji (.+)`$", text, flags=re.MULTILINE)[1:]
    sections = dict(zip(parts[::2], parts[1::2], strict=True))

    assert sections.keys() == ALL.keys()
    for name, section in sections.items():
        section = section.split("\n## ")[0]
        assert f"$ mingji {name}" in section
        described = set(re.findall(r"`(--[a-z-]+)`", section))
        assert described == options(ALL[name]), name


@pytest.mark.parametrize("name", ["", *ALL])
def test_every_command_says_what_it_does(name):
    told = CliRunner().invoke(main, [*name.split(), "--help"])

    assert told.exit_code == 0
    assert len(told.stdout.splitlines()[2].strip()) > 20


@pytest.mark.parametrize("page", [*READMES, *PAGES], ids=lambda page: page.name)
def test_every_command_line_in_a_page_exists(page):
    faults = {" ".join(words): fault_in(words) for words in told_in(page)}

    assert {line: fault for line, fault in faults.items() if fault} == {}


def test_the_command_lines_of_the_readme_are_found():
    assert len(told_in(ROOT / "README.md")) >= 5


def test_a_command_that_is_none_would_be_noticed():
    assert fault_in(["scores", "--facts", "x.csv"])
    assert fault_in(["score", "--fact", "x.csv"])


def test_both_readmes_have_the_same_commands():
    english, chinese = (
        (ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md")
    )

    assert BLOCK.findall(english) == BLOCK.findall(chinese)
    assert told_in(ROOT / "README.md") == told_in(ROOT / "README.zh-CN.md")
    assert len(english.splitlines()) <= 120


def test_the_make_commands_of_the_pages_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([\w./-]+):", makefile, re.MULTILINE))

    told = {
        target
        for page in (*READMES, *PAGES)
        for target in re.findall(r"(?:`|\$ )make ([\w./-]+)", page.read_text("utf-8"))
    }

    assert {"demo", "test", "help"} <= told
    assert told <= targets

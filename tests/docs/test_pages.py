"""The pages hang together: links lead somewhere, and each page stands in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
BLOCK = re.compile(r"^ *```console\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
# Both languages on one page, made from the product, or for developers.
IN_ONE_LANGUAGE = {
    "README.md",
    "glossary.md",
    "reference/policy-matrix.md",
    "reference/components.md",
}


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in its address."""
    headings = re.findall(r"^#+ +(.+)$", page.read_text("utf-8"), re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {word.strip().replace(" ", "-") for word in words}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page):
    broken = []
    for link in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


def test_every_page_has_its_twin_in_the_other_language():
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    wanted = {name for name in pages if not name.startswith("decisions/")} - IN_ONE_LANGUAGE
    english = {name for name in wanted if not name.endswith(".zh.md")}

    assert wanted - english == {name.removesuffix(".md") + ".zh.md" for name in english}
    assert pages >= IN_ONE_LANGUAGE


@pytest.mark.parametrize(
    "page", sorted(DOCS.rglob("*.zh.md")), ids=lambda page: page.relative_to(DOCS).as_posix()
)
def test_both_languages_show_the_same_commands(page):
    english = page.with_name(page.name.replace(".zh.md", ".md"))

    def lines(each: Path) -> list[str]:
        blocks = "".join(BLOCK.findall(each.read_text("utf-8")))
        return [re.sub(r"\s+#.*", "", line).strip() for line in blocks.splitlines()]

    assert lines(page) == lines(english)


def test_the_index_names_every_page():
    index = DOCS / "README.md"
    linked = {(DOCS / link).resolve() for link in LINK.findall(index.read_text("utf-8"))}

    assert set(DOCS.rglob("*.md")) - linked == {index}

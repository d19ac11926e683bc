"""Every page in both languages, on a phone and a desk, light and dark: pictures and proofs.

The pictures lie in `var/gallery/index.html`. Look at all of them before calling a page done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
import pytest
from playwright.sync_api import Page

from e2e.looking import Eyes, Look

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "var" / "gallery"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = [
    Look(language, width, theme)
    for language in ("zh", "en")
    for width in (1440, 390)
    for theme in ("light", "dark")
]
ENGLISH_RUN = re.compile(r"\b[A-Za-z]?[a-z]{2,}(?: [a-z]{2,}){2,}\b")


@dataclass(frozen=True)
class Sight:
    """A page of the gallery: who looks, where they start, and which links they follow."""

    name: str
    persona: str
    start: str
    follow: tuple[str, ...] = ()


SIGHTS = [
    Sight("sign-in", "", "/people/sign-in/"),
    Sight("styleguide", "", "/styleguide/"),
    Sight("why", "", "/styleguide/why/?path=actual"),
    Sight("not-found", "director", "/metrics/no-such-metric/"),
    Sight("home-marketer", "marketer", "/"),
    Sight("home-lead", "lead", "/"),
    Sight("home-director", "director", "/"),
    Sight("home-hr", "hr_partner", "/"),
    Sight("home-analyst", "analyst", "/"),
    Sight("goals", "marketer", "/goals/"),
    Sight("goal", "marketer", "/goals/", (".goals a[href^='/goals/']",)),
    Sight("team", "lead", "/team/"),
    Sight("appraisals", "marketer", "/appraisals/"),
    Sight("scorecard", "marketer", "/appraisals/", ("tbody a[href^='/appraisals/']",)),
    Sight("cycles", "hr_partner", "/appraisals/cycles/"),
    Sight("cycle", "hr_partner", "/appraisals/cycles/", ("tbody a[href^='/appraisals/']",)),
    Sight("metrics", "director", "/metrics/"),
    Sight("metric", "director", "/metrics/won_revenue/"),
    Sight("data", "analyst", "/metrics/data/"),
    Sight("schemes", "hr_partner", "/schemes/"),
    Sight("scheme", "marketer", "/schemes/", ("main a[href^='/schemes/']",)),
    Sight("people", "director", "/people/"),
    Sight("member", "director", "/people/", ("tbody a[href^='/people/members/']",)),
    Sight("audit", "hr_partner", "/audit/"),
]


@pytest.fixture(scope="module")
def addresses(eyes: Eyes) -> dict[str, str]:
    """Where each sight lies, found by following its links as a person would."""
    found = {}
    for sight in SIGHTS:
        page = eyes.open(sight.start, sight.persona)
        for link in sight.follow:
            page.locator(link).first.click()
            page.wait_for_load_state()
        found[sight.name] = page.url
        page.close()
    return found


@pytest.fixture(scope="module", autouse=True)
def gallery() -> Iterator[None]:
    """An index of all pictures, a row a page."""
    GALLERY.mkdir(parents=True, exist_ok=True)
    yield
    rows = [
        f"<h2>{sight.name}</h2><p>"
        + "".join(f'<a href="{name}"><img src="{name}" height="420"></a> ' for name in names)
        for sight in SIGHTS
        if (names := [f"{sight.name}-{look}.png" for look in LOOKS])
    ]
    index = "<!doctype html><meta charset=utf-8><title>Gallery</title>" + "".join(rows)
    (GALLERY / "index.html").write_text(index, encoding="utf-8")


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_can_be_read_by_everybody(
    sight: Sight, look: Look, eyes: Eyes, addresses: dict[str, str]
) -> None:
    page = eyes.open(addresses[sight.name], sight.persona, look)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=GALLERY / f"{sight.name}-{look}.png", full_page=True)

    found = [*_unheard(eyes, sight), *_barriers(page), *_overflow(page), *_headings(page)]
    found += _english_words(page) if look.language == "zh" else []
    page.close()

    assert found == []


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_needs_no_script(sight: Sight, eyes: Eyes, addresses: dict[str, str]) -> None:
    page = eyes.open(addresses[sight.name], sight.persona, Look("zh", 390, scripts=False))

    heading = page.locator("h1").inner_text()
    dead = page.locator("main a:not([href]), main button[type=button]").count()
    page.close()

    assert heading
    assert dead == 0


def _unheard(eyes: Eyes, sight: Sight) -> list[str]:
    """What the browser complained of; a page of an error has its own status in the console."""
    return [said for said in eyes.complaints if not (sight.name == "not-found" and "404" in said)]


def _barriers(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run()")["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in violations]


def _overflow(page: Page) -> list[str]:
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{wide} px wide in a window of {seen}"] if wide > seen else []


def _headings(page: Page) -> list[str]:
    count = page.locator("h1").count()
    return [] if count == 1 else [f"{count} first headings"]


def _english_words(page: Page) -> list[str]:
    """Texts that a catalogue could have translated, and runs of small English words."""
    texts = page.evaluate(
        """() => {
          const skip = "code, pre, [lang=en], script, style, svg";
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const found = new Set();
          while (walker.nextNode()) {
            const node = walker.currentNode;
            if (!node.parentElement.closest(skip)) found.add(node.textContent.trim());
          }
          return [...found].filter(Boolean);
        }"""
    )
    known = _translatable()
    return sorted({text for text in texts if text in known or ENGLISH_RUN.search(text)})


def _translatable() -> set[str]:
    return {
        entry.msgid
        for path in Path(ROOT / "src").glob("mingji/*/locale/zh_Hans/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(path))
        if entry.msgstr and entry.msgstr != entry.msgid
    }

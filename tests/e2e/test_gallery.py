"""Every page in both languages, on a phone and a desk, light and dark: pictures and proofs.

The pictures lie in `var/gallery/index.html`. Look at all of them before calling a page done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Literal

import polib
import pytest
from playwright.sync_api import Page

from e2e.looking import Eyes, Reader

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "var" / "gallery"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LANGUAGES = ("zh", "en")
WINDOWS = {1440: 900, 390: 780}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Each language is tested for barriers in two of the four looks, so that all four are covered; the
# second look of a language differs in colours only.
ALL_RULES, CONTRAST = "axe.run()", "axe.run({runOnly: ['color-contrast']})"
PROOFS = {
    ("zh", 1440, "light"): ALL_RULES,
    ("zh", 390, "dark"): CONTRAST,
    ("en", 390, "light"): ALL_RULES,
    ("en", 1440, "dark"): CONTRAST,
}
ENGLISH_RUN = re.compile(r"\b[A-Za-z]?[a-z]{2,}(?: [a-z]{2,}){2,}\b")


@dataclass(frozen=True)
class Sight:
    """A page of the gallery: who looks, where they start, and which links they follow."""

    name: str
    persona: str
    start: str
    follow: tuple[str, ...] = ()


# A result that has been released, and the page of its own that an open drawer leads to.
RELEASED = ("tbody tr:has(.grade) a",)
SHARED = "#drawer .drawer-bar a"
ERRORS = {"not-found": "404", "not-allowed": "403"}

# What the lead's team is to reach next quarter.
TEAM_GOALS = "/goals/team/ads/?period=2027Q1"
GO_ON = "main form button[type=submit]"
FOLDED = ".map details:has(a[href*='open=']) > summary"
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
    Sight("agreement", "lead", "/", (".needs a[href^='/goals/agreements/']",)),
    Sight("change-request", "director", "/", (".needs a[href^='/goals/changes/']",)),
    Sight("counter", "lead", "/", (".needs a[href^='/goals/agreements/']", "a[href$='/counter/']")),
    Sight("plan", "lead", "/goals/plan/"),
    Sight("templates", "lead", "/goals/templates/"),
    Sight("upload", "lead", "/goals/upload/"),
    Sight(
        "split", "lead", TEAM_GOALS, (".goals a", "a[href$='/alignment/']", "a[href$='/split/']")
    ),
    Sight("weights", "lead", "/goals/weights/?item=mql_count&how=less&points=10&period=2027Q1"),
    Sight("copy", "lead", "/goals/of/CC022/copy/?period=2027Q1&percent=5"),
    Sight("copy-many", "lead", "/goals/copy/?period=2027Q1"),
    Sight("objective-form", "lead", "/goals/of/CC020/new/?kind=objective&period=2027Q1"),
    Sight("kpi-form", "lead", "/goals/of/CC020/new/?item=mql_count&period=2027Q1"),
    Sight("objective", "lead", "/goals/of/CC022/?period=2026Q4", (".goals li:last-child a",)),
    Sight("strategy", "director", "/goals/strategy/"),
    Sight("strategy-table", "director", "/goals/strategy/?as=table"),
    Sight("strategy-opened", "director", "/goals/strategy/", (FOLDED, "a[href*='open=']:visible")),
    Sight("coverage", "hr_partner", "/goals/strategy/coverage/?what=people"),
    Sight("goals-grid", "lead", "/team/", ("a[href$='/grid/?period=2026Q4']",)),
    Sight("alignment-matrix", "lead", "/goals/", ("a[href*='/goals/team/'][href*='/alignment/']",)),
    Sight("link-work", "marketer", "/goals/", (".goal-name a", "a[href$='/links/']")),
    Sight(
        "alignment-funnel",
        "lead",
        TEAM_GOALS,
        (".goals li:last-child a", "a[href$='/alignment/']", "tbody th a"),
    ),
    Sight("goal-path", "marketer", "/goals/", (".goal-name a", "a[href$='/path/']")),
    Sight("strategy-lead", "lead", "/goals/strategy/"),
    Sight("member-goals", "lead", "/team/", (".team-grid tr:has(.cells > li) a.person",)),
    Sight("team", "lead", "/team/"),
    Sight("appraisals", "marketer", "/appraisals/"),
    Sight("scorecard-unreleased", "marketer", "/appraisals/", ("tbody tr:not(:has(.grade)) a",)),
    Sight("scorecard", "marketer", "/appraisals/", RELEASED),
    Sight("scorecard-why", "marketer", "/appraisals/", (*RELEASED, ".verdict a.opens", SHARED)),
    Sight("self-review", "late_marketer", "/", (".needs a",)),
    Sight("review", "lead", "/", (".needs a",)),
    Sight("cycles", "hr_partner", "/appraisals/cycles/"),
    Sight("cycle", "hr_partner", "/appraisals/cycles/", ("tbody a[href^='/appraisals/']",)),
    Sight("open-cycle", "hr_partner", "/appraisals/cycles/open/"),
    Sight("metrics", "director", "/metrics/"),
    Sight("metric", "director", "/metrics/won_revenue/"),
    Sight("metric-why", "director", "/metrics/won_revenue/", (".stat a.opens", SHARED)),
    Sight("explore", "director", "/metrics/won_revenue/explore/?by=channel&compare=before"),
    Sight("explore-year", "director", "/metrics/won_revenue/explore/?grain=month&compare=year"),
    Sight(
        "explore-why",
        "director",
        "/metrics/won_revenue/explore/why/?by=channel&key=event&period=2026Q3",
    ),
    Sight(
        "explore-rows",
        "analyst",
        "/metrics/won_revenue/explore/rows/?by=channel&key=event&period=2026Q3",
    ),
    Sight("definitions", "marketer", "/metrics/definitions/"),
    Sight("definitions-edit", "analyst", "/metrics/definitions/edit/"),
    Sight("define", "analyst", "/metrics/definitions/define/?metric=won_revenue"),
    Sight("define-kinds", "analyst", "/metrics/definitions/define/"),
    Sight("define-conversion", "analyst", "/metrics/definitions/define/?type=conversion"),
    Sight("rows", "analyst", "/metrics/won_revenue/2026Q3/rows/"),
    Sight("data", "analyst", "/metrics/data/"),
    Sight("matches", "analyst", "/metrics/data/matches/"),
    Sight("source-new", "analyst", "/metrics/data/sources/new/"),
    Sight("source", "analyst", "/metrics/data/sources/crm-leads/"),
    Sight("source-settings", "analyst", "/metrics/data/sources/crm-leads/settings/"),
    Sight("source-test", "analyst", "/metrics/data/sources/crm-leads/test/"),
    Sight("source-preview", "analyst", "/metrics/data/sources/crm-leads/preview/"),
    Sight("source-mapping", "analyst", "/metrics/data/sources/finance/mapping/"),
    Sight("source-schedule", "analyst", "/metrics/data/sources/finance/schedule/"),
    Sight("source-run", "analyst", "/metrics/data/sources/crm-leads/", ("#runs tbody a",)),
    Sight("source-failed", "analyst", "/metrics/data/sources/finance/", ("#runs tr:has(.bad) a",)),
    Sight("source-waiting", "analyst", "/metrics/data/sources/crm-leads/waiting/"),
    Sight("typed", "analyst", "/metrics/brand_index/typed/"),
    Sight("type-in", "analyst", "/metrics/brand_index/typed/new/"),
    Sight("data-owner", "analyst", "/metrics/brand_index/owner/"),
    Sight("typed-owner", "lead", "/metrics/brand_index/typed/"),
    Sight("typed-value", "hr_partner", "/metrics/data/corrections/4/"),
    Sight("inbox-owner", "lead", "/metrics/data/corrections/"),
    Sight("dispute-owner", "lead", "/metrics/data/corrections/", ("#disputes tbody a",)),
    Sight("quality", "analyst", "/metrics/data/quality/"),
    Sight("inbox", "analyst", "/metrics/data/corrections/"),
    Sight("correct-row", "analyst", "/metrics/data/corrections/new/?kind=add"),
    Sight("correct", "analyst", "/metrics/won_revenue/2026Q3/rows/", ("td a[href*='key=']", GO_ON)),
    Sight("correction", "hr_partner", "/metrics/data/corrections/", ("#decided tbody a",)),
    Sight("dispute-new", "marketer", "/metrics/mql_count/2026Q3/dispute/?member=CC024"),
    Sight("disputes", "director", "/metrics/disputes/"),
    Sight("dispute-open", "analyst", "/metrics/data/corrections/", ("#disputes tbody a",)),
    Sight("dispute-answered", "marketer", "/metrics/disputes/", ("tbody a",)),
    Sight("restated", "marketer", "/metrics/mql_count/?period=2026Q3"),
    Sight("scorecard-restated", "marketer", "/appraisals/", ("tbody tr a",)),
    Sight("schemes", "hr_partner", "/schemes/"),
    Sight("scheme", "marketer", "/schemes/", ("main a[href^='/schemes/']",)),
    Sight("publish", "hr_partner", "/schemes/publish/"),
    Sight("not-allowed", "marketer", "/schemes/publish/"),
    Sight("people", "director", "/people/"),
    Sight("member", "director", "/people/", ("tbody a[href^='/people/members/']",)),
    Sight("audit", "hr_partner", "/audit/"),
    Sight("api-tokens", "marketer", "/people/tokens/"),
    Sight("api", "marketer", "/api/v1/"),
]


@pytest.fixture(scope="module")
def addresses(eyes: Eyes) -> dict[str, str]:
    """Where each sight lies, found by following its links as a person would."""
    found = {}
    for sight in SIGHTS:
        page = eyes.open(sight.start, Reader(sight.persona))
        for link in sight.follow:
            page.locator(link).first.click()
            if link != SHARED:
                page.wait_for_load_state()
        found[sight.name] = page.url
        page.close()
    return found


@pytest.fixture(scope="module", autouse=True)
def gallery() -> Iterator[None]:
    """An index of all pictures, a row a page."""
    GALLERY.mkdir(parents=True, exist_ok=True)
    yield
    rows = []
    for sight in SIGHTS:
        names = [picture(sight, *look) for look in product(LANGUAGES, WINDOWS, THEMES)]
        images = "".join(f'<a href="{n}"><img src="{n}" height="420"></a> ' for n in names)
        rows.append(f"<h2>{sight.name}</h2><p>{images}")
    index = "<!doctype html><meta charset=utf-8><title>Gallery</title>" + "".join(rows)
    (GALLERY / "index.html").write_text(index, encoding="utf-8")


def picture(sight: Sight, language: str, width: int, theme: str) -> str:
    return f"{sight.name}-{language}-{width}-{theme}.jpg"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_can_be_read_by_everybody(
    sight: Sight, language: str, eyes: Eyes, addresses: dict[str, str]
) -> None:
    page = eyes.open(addresses[sight.name], Reader(sight.persona, language))
    page.evaluate(AXE.read_text(encoding="utf-8"))

    found = [*_headings(page), *(_english_words(page) if language == "zh" else [])]
    for width, theme in product(WINDOWS, THEMES):
        page.set_viewport_size({"width": width, "height": WINDOWS[width]})
        page.emulate_media(color_scheme=theme)
        page.evaluate("scrollTo(0, 0)")
        shot = GALLERY / picture(sight, language, width, theme)
        page.screenshot(path=shot, full_page=True, type="jpeg", quality=85)
        found += _overflow(page)
        if proof := PROOFS.get((language, width, theme)):
            found += [f"{width} {theme}: {barrier}" for barrier in _barriers(page, proof)]
    found += _unheard(eyes, sight)
    page.close()

    assert found == []


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_needs_no_script(sight: Sight, eyes: Eyes, addresses: dict[str, str]) -> None:
    page = eyes.open(addresses[sight.name], Reader(sight.persona, "zh", scripts=False))

    heading = page.locator("h1").inner_text()
    dead = page.locator("main a:not([href]), main button[type=button]").count()
    page.close()

    assert heading
    assert dead == 0


def _unheard(eyes: Eyes, sight: Sight) -> list[str]:
    """What the browser complained of; a page of an error has its own status in the console."""
    own = ERRORS.get(sight.name, "no error")
    return [said for said in eyes.complaints if own not in said]


def _barriers(page: Page, proof: str) -> list[str]:
    violations = page.evaluate(proof)["violations"]
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


@cache
def _translatable() -> set[str]:
    return {
        entry.msgid
        for path in Path(ROOT / "src").glob("mingji/*/locale/zh_Hans/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(path))
        if entry.msgstr and entry.msgstr != entry.msgid
    }

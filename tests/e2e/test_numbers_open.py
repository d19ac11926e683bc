"""Every number opens: in the drawer with a script, as a page without one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.looking import Reader

pytestmark = pytest.mark.e2e
NO_SCRIPTS = Reader(scripts=False)


def test_a_number_slides_its_reasons_in_and_gives_the_focus_back(
    visit: Callable[..., Page],
) -> None:
    page = visit("/styleguide/")
    number = page.locator(".stat a.opens").first

    number.click()
    expect(page.locator("#drawer h2")).to_be_focused()
    expect(page.locator("#drawer .formula")).to_contain_text("18.35")
    page.keyboard.press("Escape")

    expect(page.locator("#drawer")).not_to_be_visible()
    expect(number).to_be_focused()


def test_each_input_opens_in_turn_down_to_its_source(visit: Callable[..., Page]) -> None:
    page = visit("/styleguide/")

    page.locator(".stat a.opens").first.click()
    page.locator("#drawer .inputs a").first.click()

    expect(page.locator("#drawer .source")).to_contain_text("stage = 'won'")
    expect(page.locator("#drawer .crumbs a")).to_have_text("Won revenue · points")


def test_an_explanation_has_an_address_to_share(visit: Callable[..., Page]) -> None:
    page = visit("/styleguide/")
    page.locator(".stat a.opens").first.click()
    page.locator("#drawer .inputs a").first.click()
    expect(page.locator("#drawer .source")).to_be_visible()

    page.locator("#drawer .drawer-bar a").click()

    page.wait_for_url("**/styleguide/why/?path=actual")
    expect(page.locator("main h1")).to_have_text("Why this number")


def test_without_a_script_a_number_leads_to_its_page(visit: Callable[..., Page]) -> None:
    page = visit("/styleguide/", NO_SCRIPTS)

    page.locator(".stat a.opens").first.click()
    page.locator(".inputs a").first.click()

    assert page.url.endswith("/styleguide/why/?path=actual")
    assert "37" in page.locator(".source").inner_text()


def test_without_a_script_language_and_theme_can_be_changed(visit: Callable[..., Page]) -> None:
    page = visit("/people/sign-in/", NO_SCRIPTS)
    page.locator(".person-menu summary").click()
    page.get_by_role("button", name="简体中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"

    page.locator(".person-menu summary").click()
    page.get_by_role("button", name="深色").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.context.clear_cookies()


def test_a_refused_form_moves_the_focus_to_what_must_be_mended(
    visit: Callable[..., Page],
) -> None:
    page = visit("/styleguide/")

    expect(page.locator(".error-summary")).to_be_focused()


def test_levels_are_chosen_with_the_number_keys(visit: Callable[..., Page]) -> None:
    page = visit("/styleguide/")
    levels = page.locator("fieldset.levels input")
    levels.nth(3).focus()

    page.keyboard.press("2")

    expect(levels.nth(1)).to_be_checked()


def test_a_released_score_opens_with_the_keyboard_down_to_its_rows(
    visit: Callable[..., Page],
) -> None:
    page = visit("/appraisals/", Reader("marketer"))
    page.locator("tbody tr:has(.grade) a").first.click()
    points = page.locator(".item-points a.opens").first

    points.press("Enter")
    for opened in ("score", "actual"):
        expect(page.locator("#drawer h2")).to_be_focused()
        page.locator(f"#drawer .inputs a[href$='{opened}']").press("Enter")
    expect(page.locator("#drawer .source")).to_be_visible()
    page.keyboard.press("Escape")
    expect(points).to_be_focused()

    points.press("Enter")
    for opened in ("score", "actual"):
        # As fast as the content comes: what is in the drawer opens in the drawer.
        page.locator(f"#drawer .inputs a[href$='{opened}']").press("Enter")
    page.locator("#drawer .source a").press("Enter")
    expect(page.locator(".source-rows tbody tr").first).to_contain_text(".csv")


def test_a_scorecard_prints_on_one_sheet(visit: Callable[..., Page]) -> None:
    page = visit("/appraisals/", Reader("marketer", "zh"))
    page.locator("tbody tr:has(.grade) a").first.click()

    printed = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1

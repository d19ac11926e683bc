"""A lead sets the goals of twelve people from a template, negotiates one, and locks them all.

All of it by the clicks of both sides in a browser, in either language.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e import twelve
from e2e.conftest import ROOT, answers, free_port

pytestmark = pytest.mark.e2e
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}


@pytest.fixture(params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[str]:
    """The address of an installation of its own, served as people serve it."""
    port = free_port()
    home = {"MINGJI_HOME": str(tmp_path / "home"), "MINGJI_NOW": twelve.NOW.isoformat()}
    given = os.environ | home | {"PYTHONPATH": str(ROOT / "tests")}
    subprocess.run([sys.executable, "-m", "e2e.twelve"], env=given, cwd=ROOT, check=True)
    served = subprocess.Popen(
        [sys.executable, "-m", "mingji", "serve", "--port", str(port), "--workers", "1"],
        env=given,
        cwd=ROOT,
    )
    site = f"http://127.0.0.1:{port}"
    try:
        while not answers(f"{site}/people/sign-in/"):
            assert served.poll() is None, "the server ended before it answered"
        yield site
    finally:
        served.terminate()
        served.wait(timeout=20)


@pytest.fixture
def sign_in(browser: Browser, company: str, words: str) -> Iterator[Callable[[str], Page]]:
    """`sign_in(code)`: a page of a browser in which this member has just signed in."""
    opened: list[BrowserContext] = []

    def signed_in(code: str) -> Page:
        context = browser.new_context(
            locale=LANGUAGES[words], viewport={"width": 1440, "height": 900}
        )
        opened.append(context)
        page = context.new_page()
        page.goto(f"{company}/people/sign-in/")
        page.fill("input[name=email]", twelve.address(code))
        page.fill("input[name=password]", twelve.PASSWORD)
        page.click("form:has(input[name=password]) button[type=submit]")
        page.wait_for_url(f"{company}/")
        return page

    yield signed_in
    for context in opened:
        context.close()


def said(words: str, zh: str, en: str) -> str:
    return zh if words == "zh" else en


def press(page: Page, words: str, zh: str, en: str) -> None:
    page.locator("main").get_by_role("button", name=said(words, zh, en), exact=True).click()


def follow(page: Page, words: str, zh: str, en: str) -> None:
    page.locator("main").get_by_role("link", name=said(words, zh, en), exact=True).first.click()


def to_agreement(page: Page, company: str, words: str) -> None:
    page.goto(f"{company}/goals/?period={twelve.NEXT}")
    follow(page, words, "目标确认书", "Goal agreement")


def test_twelve_people_agree_on_goals_from_a_template_and_one_negotiates(
    company: str, words: str, sign_in: Callable[[str], Page]
) -> None:
    lead = sign_in("lead")

    # A template of what one of them had agreed to.
    lead.goto(f"{company}/goals/of/{twelve.PEOPLE[0]}/?period={twelve.RUNNING}")
    follow(lead, words, "目标确认书", "Goal agreement")
    lead.locator("form[action$='/template/'] input[name=name]").fill("2027")
    lead.locator("form[action$='/template/'] button[type=submit]").click()
    expect(lead.locator("main")).to_contain_text("2027")

    # Goals of all twelve from it, with targets proposed from the quarter before.
    lead.goto(f"{company}/goals/plan/?period={twelve.NEXT}")
    lead.locator("select[name=template]").first.select_option(label="2027")
    press(lead, words, "重新推算", "Propose again")
    expect(lead.locator("table.plan tbody tr")).to_have_count(12)
    assert all(box.is_checked() for box in lead.locator("input[name=who]").all())
    first = lead.locator("table.plan tbody tr").nth(11).locator("td input").first
    first.fill("150")
    press(lead, words, "向勾选的成员提出", "Propose to all who are ticked")
    lead.wait_for_url(re.compile("/team/"))

    # Eleven agree; the first has another number.
    for code in twelve.PEOPLE[1:]:
        member = sign_in(code)
        to_agreement(member, company, words)
        press(member, words, "同意目标", "Agree to these goals")
        expect(member.locator("main .seal").first).to_be_visible()
    other = sign_in(twelve.PEOPLE[0])
    to_agreement(other, company, words)
    other.locator("main a[href$='/counter/']").first.click()
    other.locator("input[name$='mql_count-target']").fill("88")
    other.locator("textarea[name=note]").fill(said(words, "一季度有春节", "Spring festival"))
    press(other, words, "发出修改意见", "Send the counter-proposal")

    # The lead sees both, agrees, and all twelve are locked.
    lead.goto(f"{company}/")
    lead.goto(f"{company}/goals/of/{twelve.PEOPLE[0]}/?period={twelve.NEXT}")
    follow(lead, words, "目标确认书", "Goal agreement")
    changes = lead.locator("main table").first
    expect(changes).to_contain_text("88")
    press(lead, words, "同意目标", "Agree to these goals")
    expect(lead.locator("main .seal").first).to_be_visible()
    lead.goto(f"{company}/goals/plan/?period={twelve.NEXT}")
    expect(lead.locator("table.plan")).to_have_count(0)
    settled = lead.locator("ul.plain-list li").filter(has_text=said(words, "已同意", "agreed"))
    expect(settled).to_have_count(12)

    # What is locked has no form any more.
    lead.goto(f"{company}/goals/of/{twelve.PEOPLE[0]}/?period={twelve.NEXT}")
    lead.locator("main ul.goals a").first.click()
    expect(lead.locator("main a[href$='/edit/']")).to_have_count(0)

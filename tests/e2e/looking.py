"""Eyes on the site: a page as a persona sees it, and what the browser complains of."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

# What each persona's card of the English sign-in page says; the late one owes a self-review.
PERSONAS = {
    "director": "Is the department on course",
    "lead": "The goals and reviews of one team",
    "marketer": "Own goals, own numbers",
    "late_marketer": "Performance marketer",
    "hr_partner": "Runs the appraisal cycle",
    "analyst": "Sources, metrics",
}
SESSION = "sessionid"


@dataclass(frozen=True)
class Reader:
    """Who looks at a page: the persona (nobody: not signed in), the language, scripts or none."""

    persona: str = ""
    language: str = "en"
    scripts: bool = True


@dataclass
class Eyes:
    """Opens pages as a persona and keeps what the browser complains about."""

    site: str
    browser: Browser
    sessions: dict[str, str] = field(default_factory=dict)
    contexts: dict[Reader, BrowserContext] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str, reader: Reader) -> Page:
        """A page at a path, or at a full address; close it when done."""
        page = self._context(reader).new_page()
        self.complaints.clear()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(path if path.startswith("http") else self.site + path)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        """Errors of scripts, refused loads and violations of the content policy."""
        if message.type == "error":
            self.complaints.append(message.text)

    def _context(self, reader: Reader) -> BrowserContext:
        known = self.contexts.get(reader)
        if known:
            return known
        session = self._session(reader.persona) if reader.persona else ""
        context = self.browser.new_context(
            viewport={"width": 1440, "height": 900},
            color_scheme="light",
            locale="zh-CN" if reader.language == "zh" else "en-US",
            java_script_enabled=reader.scripts,
        )
        context.set_default_timeout(10_000)
        if session:
            context.add_cookies([{"name": SESSION, "value": session, "url": self.site}])
        self.contexts[reader] = context
        return context

    def _session(self, persona: str) -> str:
        """Sign in with one click, once a persona."""
        if persona not in self.sessions:
            page = self.open("/people/sign-in/", Reader())
            page.get_by_role("button").filter(has_text=PERSONAS[persona]).first.click()
            page.wait_for_url(lambda address: "sign-in" not in address)
            cookies = {each.get("name"): each.get("value") for each in page.context.cookies()}
            self.sessions[persona] = str(cookies[SESSION])
            page.context.clear_cookies()
            page.close()
        return self.sessions[persona]

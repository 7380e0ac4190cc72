"""A browser that looks at every page it is shown: accessibility, console, content policy, width."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

REPORT_VIOLATIONS = """document.addEventListener('securitypolicyviolation',
    (event) => console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`));"""
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "iframes": False,
}
TOTP_SECONDS = 30


class Visitor:
    """One person's browser window. `complaints` collects what the browser itself found wrong."""

    def __init__(self, page: Page, base: str, prefix: str) -> None:
        self.page = page
        self.base = base
        self.prefix = prefix
        self.complaints: list[str] = []
        self.seen: list[str] = []
        self.languages: set[str] = set()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 500:
            self.complaints.append(f"{status}: {url}")

    def go(self, path: str) -> "Visitor":
        """Open a page in this visitor's language, and look at it."""
        self.page.goto(self.base + self.prefix + path)
        return self.look()

    def look(self) -> "Visitor":
        """Examine the page shown now: violations of WCAG A/AA, sideways scroll. What is wrong is a complaint."""
        self.page.wait_for_load_state()
        self.seen.append(self.page.url.removeprefix(self.base))
        self.languages.add(self.page.locator("html").get_attribute("lang") or "")
        for violation in Axe().run(self.page, options=AXE_OPTIONS).response["violations"]:
            self.complaints += [
                f"{self.page.url} {violation['id']}: {node['target']} {node['html'][:200]}"
                for node in violation["nodes"]
            ]
        wide, window = self.page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
        if wide > window:
            self.complaints.append(
                f"{self.page.url} is {wide} px wide in a window of {window}: {self._too_wide()}"
            )
        return self

    def _too_wide(self) -> Any:
        return self.page.evaluate(
            "[...document.querySelectorAll('main *, header *, footer *')].filter(e => e.getBoundingClientRect().right"
            " > window.innerWidth + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 120))"
        )

    def fill(self, **values: str) -> "Visitor":
        """Type into the fields of these names (`__` stands for a hyphen)."""
        for name, value in values.items():
            self.page.locator(f"main [name='{name.replace('__', '-')}']").first.fill(value)
        return self

    def press(self, selector: str) -> "Visitor":
        """Press a button or link, wait for the page it leads to, and look at that."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        return self.look()

    def save(self) -> "Visitor":
        """The main button of the page's form."""
        return self.press("main form[method=post] button.main")

    def until(self, there: Callable[[Page], bool], what: str, seconds: float = 60) -> "Visitor":
        """Load this page again until something is there: work done behind the page takes its time."""
        deadline = time.monotonic() + seconds
        while not there(self.page):
            assert time.monotonic() < deadline, f"{what} did not come within {seconds} s: {self.page.url}"
            self.page.wait_for_timeout(250)
            self.page.reload()
        return self


@contextmanager
def visitor(
    browser: Browser, stack: Any, language: str = "zh", *, width: int = 1280, script: bool = True
) -> Iterator[Visitor]:
    """A fresh browser profile; `width` in CSS pixels, without JavaScript if so asked."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=script,
        accept_downloads=True,
        locale="en-GB" if language == "en" else "zh-CN",
    )
    context.set_default_timeout(20_000)
    context.add_init_script(REPORT_VIOLATIONS)
    try:
        yield Visitor(context.new_page(), stack.url, "/en" if language == "en" else "")
    finally:
        context.close()


class Windows:
    """Every window a test opens, closed at its end."""

    def __init__(self, browser: Browser, stack: Any) -> None:
        self.browser, self.stack = browser, stack
        self.opened = ExitStack()
        self.visitors: list[Visitor] = []

    def __call__(self, language: str = "zh", **options: Any) -> Visitor:
        self.visitors.append(
            self.opened.enter_context(visitor(self.browser, self.stack, language, **options))
        )
        return self.visitors[-1]

    def complaints(self) -> list[str]:
        """What was wrong on any page in any window, each once."""
        return list(dict.fromkeys(line for who in self.visitors for line in who.complaints))

    def pages(self) -> int:
        return sum(len(who.seen) for who in self.visitors)


class DemoPeople:
    """The accounts of the demo world, as `demo_accounts` and `demo_login` give them."""

    def __init__(self, stack: Any) -> None:
        self.stack = stack
        self.accounts = {row["user"]: row for row in json.loads(stack.manage("demo_accounts", "--json"))}
        self.steps: dict[str, int] = {}

    def link(self, user: str) -> str:
        found = re.search(r"http\S+", self.stack.manage("demo_login", user))
        assert found
        return found[0]

    def enter(self, who: Visitor, user: str) -> Visitor:
        """Sign in by a one-time link; the desk is opened in the visitor's language."""
        who.page.goto(self.link(user))
        return who.go("/desk/")

    def sign_in(self, who: Visitor, user: str) -> Visitor:
        """Sign in as people do: name and password, then the code of the second factor."""
        account = self.accounts[user]
        who.go("/accounts/login/").fill(login=user, password=account["password"])
        press_enter(who, "password")
        if account["totp_secret"]:
            who.fill(code=totp(account["totp_secret"], self._unused_step(user)))
            press_enter(who, "code")
        return who

    def _unused_step(self, user: str) -> int:
        """A code counts once; whoever signs in again within its half minute takes the next one, still in drift."""
        self.steps[user] = max(int(time.time()) // TOTP_SECONDS, self.steps.get(user, 0) + 1)
        return self.steps[user]


def press_enter(who: Visitor, name: str) -> None:
    """Send a form from its field by Enter alone."""
    with who.page.expect_navigation():
        who.page.locator(f"main [name={name}]").press("Enter")
    who.look()


def totp(secret: str, step: int) -> str:
    """The six digits an authenticator shows during a step of thirty seconds (RFC 6238)."""
    return str(format_hotp_value(hotp_value(secret, step)))

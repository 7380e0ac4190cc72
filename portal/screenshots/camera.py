"""A browser that takes the pictures and complains of what it meets: wrong answers, console, content policy, width."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from portal.screenshots.pages import Shot

WIDTHS = {1280: 1600, 390: 1700}
"""Widths in CSS pixels, and how much of a page's height is shown at most."""
LANGUAGES = {"zh": ("", "zh-CN"), "en": ("/en", "en-GB")}
REPORT_VIOLATIONS = """document.addEventListener('securitypolicyviolation',
    (event) => console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`));"""


@dataclass(frozen=True)
class Task:
    """A shot with what was found out before the browser started."""

    shot: Shot
    path: str
    file: Path | None = None


@dataclass
class Camera:
    """Takes every task in one language at one width. `complaints` is what must not be."""

    base: str
    keep: Callable[[bytes, str, int, str], None]
    doors: dict[str, str]
    complaints: list[str] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    at: str = ""

    def take_all(self, tasks: Sequence[Task]) -> int:
        """Every picture; returns how many."""
        with browser() as chromium:
            for who, door in self.doors.items():
                self._enter(chromium, who, door)
            for language in LANGUAGES:
                for width in WIDTHS:
                    self._take(chromium, tasks, language, width)
        return len(tasks) * len(LANGUAGES) * len(WIDTHS)

    def _enter(self, chromium: Browser, who: str, door: str) -> None:
        """Sign in once; the windows of this person share the session."""
        context = chromium.new_context()
        context.new_page().goto(door)
        self.states[who] = context.storage_state()  # type: ignore[assignment]
        context.close()

    def _take(self, chromium: Browser, tasks: Sequence[Task], language: str, width: int) -> None:
        contexts: dict[str, Page] = {}
        for task in tasks:
            who = task.shot.who
            if who not in contexts:
                contexts[who] = self._window(chromium, who, language, width)
            self.at = f"{language} {width} {task.shot.name}"
            self._picture(contexts[who], task, language, width)
        for page in contexts.values():
            page.context.close()

    def _window(self, chromium: Browser, who: str, language: str, width: int) -> Page:
        context: BrowserContext = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale=LANGUAGES[language][1],
            reduced_motion="reduce",
            storage_state=self.states.get(who),  # type: ignore[arg-type]
        )
        context.set_default_timeout(20_000)
        context.add_init_script(REPORT_VIOLATIONS)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._wrong(f"script: {error}"))
        page.on("response", self._answered)
        return page

    def _picture(self, page: Page, task: Task, language: str, width: int) -> None:
        answer = page.goto(self.base + LANGUAGES[language][0] + task.path)
        if answer is None or answer.status != task.shot.status:
            self._wrong(f"answers {answer.status if answer else 'nothing'}: {page.url}")
        if task.file:
            page.locator("main input[type=file]").set_input_files(task.file)
        for selector in task.shot.press:
            with page.expect_navigation():
                page.locator(selector).first.click()
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        if wide > width:
            self._wrong(f"is {wide} px wide")
        high = min(page.evaluate("document.scrollingElement.scrollHeight"), WIDTHS[width])
        shown = {"x": 0, "y": 0, "width": width, "height": high}
        drawn = page.screenshot(full_page=True, clip=shown, animations="disabled")  # type: ignore[arg-type]
        self.keep(drawn, language, width, task.shot.name)

    def _heard(self, message: ConsoleMessage) -> None:
        expected = "Failed to load resource" in message.text  # counted by its status below
        if message.type in ("error", "warning") and not expected:
            self._wrong(f"console: {message.text}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400 and answer.request.resource_type != "document":
            self._wrong(f"{answer.status}: {answer.url}")

    def _wrong(self, what: str) -> None:
        self.complaints.append(f"{self.at}: {what}")


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium (or `CHROMIUM`); root cannot use its sandbox."""
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        chromium = playwright.chromium.launch(
            executable_path=program, args=[*sandbox, "--font-render-hinting=none"]
        )
        try:
            yield chromium
        finally:
            chromium.close()

"""A browser that takes the pictures and complains of what it meets: wrong answers, console, content policy, width."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from portal.screenshots.pages import Shot

WIDTHS = {1280: 1600, 390: 1700}
"""Widths in CSS pixels, and how much of a page's height is shown at most."""
Keep = Callable[[bytes, str, int, str], None]
LANGUAGES = {"zh": ("", "zh-CN"), "en": ("/en", "en-GB")}
HEIGHT = 900
"""Of the window in which a page is opened."""
IMAGES_ARE_THERE = """() => Promise.all([...document.images].filter((image) => {
    const box = image.getBoundingClientRect();
    return !image.complete && box.top < innerHeight && box.bottom > 0;
}).map((image) => new Promise((done) => { image.onload = image.onerror = done; })))"""
REPORT_VIOLATIONS = """document.addEventListener('securitypolicyviolation',
    (event) => console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`));"""


@dataclass(frozen=True)
class Task:
    """A shot with what was found out before the browser started."""

    shot: Shot
    path: str
    file: Path | None = None


def take_all(base: str, tasks: Sequence[Task], keep: Keep, doors: dict[str, str]) -> list[str]:
    """Every picture, both languages at once; returns the complaints."""
    with browser() as chromium:
        sessions = {who: _enter(chromium, door) for who, door in doors.items()}
    cameras = [Camera(base, keep, sessions, language) for language in LANGUAGES]
    with ThreadPoolExecutor(len(cameras)) as pool:
        list(pool.map(lambda camera: camera.take(tasks), cameras))
    return [complaint for camera in cameras for complaint in camera.complaints]


def _enter(chromium: Browser, door: str) -> Any:
    """Sign in once; the windows of this person share the session."""
    context = chromium.new_context()
    context.new_page().goto(door)
    state = context.storage_state()
    context.close()
    return state


@dataclass
class Camera:
    """Takes every task in one language at each width. `complaints` is what must not be."""

    base: str
    keep: Keep
    sessions: dict[str, Any]
    language: str
    complaints: list[str] = field(default_factory=list)
    at: str = ""

    def take(self, tasks: Sequence[Task]) -> None:
        """All of them, in a browser of its own."""
        with browser() as chromium:
            for width in WIDTHS:
                self._take(chromium, tasks, width)

    def _take(self, chromium: Browser, tasks: Sequence[Task], width: int) -> None:
        contexts: dict[str, Page] = {}
        for task in tasks:
            who = task.shot.who
            if who not in contexts:
                contexts[who] = self._window(chromium, who, width)
            self.at = f"{self.language} {width} {task.shot.name}"
            self._picture(contexts[who], task, width)
        for page in contexts.values():
            page.context.close()

    def _window(self, chromium: Browser, who: str, width: int) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHT},
            locale=LANGUAGES[self.language][1],
            reduced_motion="reduce",
            storage_state=self.sessions.get(who),
        )
        context.set_default_timeout(20_000)
        context.add_init_script(REPORT_VIOLATIONS)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._wrong(f"script: {error}"))
        page.on("response", self._answered)
        return page

    def _picture(self, page: Page, task: Task, width: int) -> None:
        answer = page.goto(self.base + LANGUAGES[self.language][0] + task.path)
        if answer is None or answer.status != task.shot.status:
            self._wrong(f"answers {answer.status if answer else 'nothing'}: {page.url}")
        if task.file:
            page.locator("main input[type=file]").set_input_files(task.file)
        for selector in task.shot.press:
            with page.expect_navigation():
                page.locator(selector).first.click()
        wide, high = page.evaluate(
            "[document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight]"
        )
        if wide > width:
            self._wrong(f"is {wide} px wide")
        # As tall as the picture, so that what sticks to the window's edge sticks to the picture's.
        page.set_viewport_size({"width": width, "height": min(high, WIDTHS[width])})
        page.evaluate("scrollTo(0, 0)")
        page.evaluate(IMAGES_ARE_THERE)
        drawn = page.screenshot(animations="disabled")
        page.set_viewport_size({"width": width, "height": HEIGHT})
        self.keep(drawn, self.language, width, task.shot.name)

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

"""Somebody who finds the way alone, and what it costs the hands: clicks, fields typed, pages seen."""

import time
from dataclasses import dataclass
from typing import Self

from playwright.sync_api import Locator

from tests.support.browsing import Visitor
from tests.support.wizard import file


@dataclass
class Effort:
    """A click is a press on a link, button, box or circle; choosing from a list is two, and so is choosing a file.

    Moving from field to field is done by the tab key and costs nothing; a field counts once when it is typed in.
    """

    clicks: int = 0
    typed: int = 0
    pages: int = 0


class Applicant:
    """One person at one window who only presses what the pages show; no address is ever typed but the first.

    Every page is examined (see `Visitor.look`), except in a window without script, where nothing can examine it.
    """

    def __init__(self, who: Visitor, *, script: bool = True) -> None:
        self.who, self.script = who, script
        self.effort = Effort()
        self.began = time.monotonic()

    @property
    def text(self) -> str:
        """What the page says."""
        return self.who.page.locator("main").inner_text()

    def open(self, path: str) -> Self:
        """The address one starts from, or a page loaded again."""
        self.who.page.goto(self.who.base + self.who.prefix + path)
        return self._arrived()

    def press(self, selector: str, words: str = "") -> Self:
        """Press a link or button that leads to a page, the one with these words if they are given."""
        with self.who.page.expect_navigation():
            self._one(selector, words).click()
        self.effort.clicks += 1
        return self._arrived()

    def tick(self, selector: str) -> Self:
        """A box or circle on the page."""
        self._one(selector).check()
        self.effort.clicks += 1
        return self

    def choose(self, name: str, value: str) -> Self:
        """An entry of a list, once it is there."""
        field = self.who.page.locator(f"main [name={name}]")
        field.locator(f"option[value='{value}']").wait_for(state="attached")
        field.select_option(value)
        self.effort.clicks += 2
        return self

    def type(self, **values: str) -> Self:
        """Type into the fields of these names (`__` stands for a hyphen)."""
        self.who.fill(**values)
        self.effort.typed += len(values)
        return self

    def send(self, name: str) -> Self:
        """Send the form from this field by Enter."""
        with self.who.page.expect_navigation():
            self.who.page.locator(f"main [name={name}]").press("Enter")
        return self._arrived()

    def attach(self, name: str, content: bytes) -> Self:
        """Choose a file; with script it travels at once and comes back as a picture."""
        self.who.page.locator("main [name=file]").set_input_files(file(name, content))  # type: ignore[arg-type]
        self.effort.clicks += 2
        if self.script:
            self.who.page.locator("main [data-uploaded]").wait_for()
            self.who.look()
        return self

    def spent(self) -> str:
        """The whole way in one line."""
        effort, seconds = self.effort, time.monotonic() - self.began
        return (
            f"{effort.clicks} clicks, {effort.typed} fields typed, {effort.pages} pages, "
            f"{seconds:.0f} s by machine"
        )

    def _one(self, selector: str, words: str = "") -> Locator:
        found = self.who.page.locator(selector)
        return (found.filter(has_text=words) if words else found).first

    def _arrived(self) -> Self:
        self.effort.pages += 1
        if self.script:
            self.who.look()
        return self

"""Somebody of the team, at the console: presses what is seen, and every press is counted. Typing is no tap."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.window import Window


@dataclass
class Colleague:
    """`taps` counts the presses of links, buttons, boxes and choices since the console was opened."""

    window: Window
    taps: int = 0

    @property
    def page(self) -> Page:
        return self.window.page

    def begin(self) -> None:
        """Opens the console's first page."""
        self.window.go("/console")
        self.taps = 0

    def go_to(self, place: str) -> None:
        """A place beside the page, or on a phone below it, or in the menu, which is one tap more."""
        beside, below = (self.page.locator(f"nav.{bar}").get_by_role("link", name=place, exact=True)
                         for bar in ("side", "tabs"))  # fmt: skip
        if beside.is_visible():
            self._press(beside)
        elif below.is_visible():
            self._press(below)
        else:
            self._press(self.page.locator("nav.tabs a[href$='/menu']"))
            self._press(self._main.get_by_role("link", name=place, exact=True))

    def follow(self, text: str) -> None:
        """The first link of the page that says this."""
        self._press(self._main.get_by_role("link", name=text).first)

    def open_row(self, text: str) -> None:
        """Follows the link of the first row of the table that says this."""
        self._press(self._main.locator("tbody tr").filter(has_text=text).first.get_by_role("link").first)

    def press(self, button: str) -> None:
        """A button that leads on."""
        self._press(self.page.get_by_role("button", name=button, exact=True).first)

    def unfold(self, text: str) -> None:
        """Something that is folded away."""
        self._press(self._main.locator("summary").filter(has_text=text).first, leads_on=False)

    def tick(self, label: str) -> None:
        """A box, or one of several choices."""
        box = self._labelled(label, "input[type=checkbox], input[type=radio]")
        self.taps += 1
        box.check()

    def choose(self, label: str, name: str) -> None:
        """One out of a list, by its name."""
        self.taps += 1
        self._labelled(label, "select").select_option(label=name)

    def write(self, label: str, text: str) -> None:
        """Types into the first field that is seen whose label begins so."""
        self._labelled(label, "input, textarea").fill(text)

    def reads(self, text: str, within: str = "main") -> None:
        """This is seen, without anything more being pressed."""
        expect(self.page.locator(within).filter(has_text=text, visible=True).first).to_be_visible()

    @property
    def _main(self) -> Locator:
        return self.page.locator("main")

    def _labelled(self, label: str, kind: str) -> Locator:
        found = self.page.get_by_label(re.compile(f"^{re.escape(label)}")).and_(self.page.locator(kind))
        return found.filter(visible=True).first

    def _press(self, target: Locator, *, leads_on: bool = True) -> None:
        self.taps += 1
        with self.page.expect_navigation() if leads_on else nullcontext():
            target.click()

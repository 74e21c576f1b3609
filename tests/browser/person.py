"""Somebody at a window of the pages, who reads them in their language, presses and types."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

from chalicelib.kernel.language import Language
from chalicelib.pages.shell import words
from tests.browser.album import Album
from tests.browser.window import Window
from tests.conftest import Served
from tests.local.conftest import until

if TYPE_CHECKING:
    from pathlib import Path

CODE = r"\b\d{6}\b"


@dataclass
class Person:
    """A person, by their window and the product that they look at; what they see goes into the `album`."""

    window: Window
    served: Served
    language: Language
    album: Album = field(default_factory=Album)

    @property
    def page(self) -> Page:
        return self.window.page

    @property
    def main(self) -> Locator:
        """What the page is about, without the ways to other places."""
        return self.page.locator("main")

    def reads(self, message: str, **values: object) -> str:
        """A message of the pages as it is said in their language."""
        return self._said(lambda: words.said(message), values)

    def counts(self, one: str, several: str, n: int, **values: object) -> str:
        """The same of a message that counts."""
        return self._said(lambda: words.counted(one, several, n), values)

    def _said(self, say: Callable[[], str], values: dict[str, object]) -> str:
        token = words.reading.set(self.language)
        try:
            return say() % values if values else say()
        finally:
            words.reading.reset(token)

    def press(self, message: str, **values: object) -> None:
        self.page.get_by_role("button", name=self.reads(message, **values), exact=True).first.click()

    def follow(self, message: str) -> None:
        self.page.get_by_role("link", name=self.reads(message), exact=True).first.click()

    def open(self, text: str) -> None:
        """Follows what leads on to something by its own name, such as a card of a list."""
        self.main.get_by_role("link").filter(has_text=text).first.click()

    def write(self, label: str, text: str) -> None:
        """Fills in the first field of that label, whether it must be or may be filled in."""
        optional = re.escape(self.reads("optional"))
        labelled = re.compile(rf"^{re.escape(self.reads(label))}(\s*{optional})?$")
        self.page.get_by_label(labelled).first.fill(text)

    def fill_in(self, name: str, text: str) -> None:
        """Fills in a field that stands there several times, by its name in the form."""
        self.page.locator(f'[name="{name}"]:not([type=hidden])').fill(text)

    def choose(self, name: str, value: str) -> None:
        """One of several, as the field is named."""
        self.page.locator(f'input[name="{name}"][value="{value}"]').check()

    def add_photo(self, photo: Path) -> None:
        """To a form, and waits until it is sent."""
        self.page.locator(".photos input[type=file]").set_input_files(photo)
        expect(self.page.locator(".photos .thumbs p").last).to_have_text(self.reads("Sent"))

    def expect_heading(self, message: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.reads(message))

    def expect_row(self, message: str, value: str) -> None:
        """A row of a list of facts, by what it is about."""
        about = re.compile(rf"^\W*{re.escape(self.reads(message))}$")
        row = self.main.locator(".rows > div").filter(has=self.page.locator("dt", has_text=about))
        expect(row.first.locator("dd")).to_have_text(value)

    def expect_tile(self, message: str, value: str) -> None:
        """A figure among those at the top of a page."""
        tile = self.main.locator(".tile, .tiles > li").filter(has_text=self.reads(message))
        expect(tile.first.locator("> strong")).to_have_text(value)

    def expect_said(self, message: str) -> None:
        """What the page says first of what was just done."""
        expect(self.main.locator(".flash")).to_have_text(self.reads(message))

    def expect_drawn(self, picture: Locator) -> None:
        """A picture is there, and was loaded."""
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("each => each.naturalWidth") > 0

    def looks(self, name: str) -> None:
        """Looks at the whole page, which never scrolls sideways; the picture is kept where pictures are wanted."""
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
        self.album.keep(self.page, name)

    def code(self, address: str, ask: Callable[[], None]) -> str:
        """The code that comes to an address when it is asked for."""
        before = len(self._found(address, CODE))
        ask()
        until(lambda: len(self._found(address, CODE)) > before)
        return self._found(address, CODE)[0]

    def letter(self, address: str, wanted: str) -> str:
        """What is found in the newest message to an address that has it, once one has."""
        until(lambda: bool(self._found(address, wanted)))
        return self._found(address, wanted)[0]

    def _found(self, address: str, wanted: str) -> list[str]:
        answer = self.served.get(f"/local/mailbox?to={address}", headers={"Accept": "application/json"})
        texts = [f"{each['subject']}\n{each['text']}" for each in answer.json["items"]]
        return [found for text in texts for found in re.findall(wanted, text)]

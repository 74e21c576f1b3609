"""What a neighbour does, on the phone and by the pages, in the language of the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from chalicelib.kernel.language import Language
from chalicelib.pages.shell import words
from tests.browser.window import Window
from tests.conftest import Served
from tests.local.conftest import until

_KEPT = """async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)"""
CODE = r"\b\d{6}\b"


@dataclass
class Neighbour:
    """A person, by her window and the product that she looks at."""

    window: Window
    served: Served
    language: Language

    @property
    def page(self) -> Page:
        return self.window.page

    def reads(self, message: str) -> str:
        """A message of the pages as it is said in her language."""
        token = words.reading.set(self.language)
        try:
            return words.said(message)
        finally:
            words.reading.reset(token)

    def press(self, message: str) -> None:
        self.page.get_by_role("button", name=self.reads(message), exact=True).first.click()

    def follow(self, message: str) -> None:
        self.page.get_by_role("link", name=self.reads(message), exact=True).first.click()

    def write(self, label: str, text: str) -> None:
        """Fills in a field that she must, or may."""
        self.page.get_by_label(self.reads(label)).first.fill(text)

    def choose(self, name: str, value: str) -> None:
        """One of several, as the field is named."""
        self.page.locator(f'input[name="{name}"][value="{value}"]').check()

    def expect_heading(self, message: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.reads(message))

    def expect_drawn(self, picture: Locator) -> None:
        """A picture is there, and was loaded."""
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("each => each.naturalWidth") > 0

    def expect_code(self, code: str) -> None:
        """Her pickup code is shown, to be read out and to be scanned."""
        expect(self.page.locator("#code .code")).to_have_text(re.compile(r"\s*".join(code)))
        self.expect_drawn(self.page.locator("#code img"))

    def expect_kept(self, paths: list[str]) -> None:
        """What her phone keeps of orders, sooner or later."""
        until(lambda: sorted(self.page.evaluate(_KEPT, f"orders /s/{self.window.slug}")) == sorted(paths))

    def sign_in(self, address: str) -> None:
        """From the page that asks for an address, by the code that she is sent."""
        self.expect_heading("Sign in")
        self.write("Phone number or e-mail address", address)
        self.press("Send me a code")
        self.expect_heading("Type the code")
        self.write("Code", self.letter(address, CODE))
        self.press("Sign in")

    def letter(self, address: str, wanted: str) -> str:
        """What is found in the newest message to an address that has it, once one has."""
        until(lambda: bool(self._found(address, wanted)))
        return self._found(address, wanted)[0]

    def _found(self, address: str, wanted: str) -> list[str]:
        answer = self.served.get(f"/local/mailbox?to={address}", headers={"Accept": "application/json"})
        texts = [f"{each['subject']}\n{each['text']}" for each in answer.json["items"]]
        return [found for text in texts for found in re.findall(wanted, text)]

    def pay(self) -> None:
        """On the page of the test provider, and back."""
        self.press("Go to payment")
        self.page.locator("button.pay").click()
        self.page.locator("a.back").click()

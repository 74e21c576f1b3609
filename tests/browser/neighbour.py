"""What a neighbour does, on the phone and by the pages, in the language of the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.person import Person
from tests.local.conftest import until

_KEPT = """async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)"""


@dataclass
class Neighbour(Person):
    """A member, or who may become one."""

    def expect_code(self, code: str) -> None:
        """Her pickup code is shown, to be read out and to be scanned."""
        expect(self.page.locator("#code .code")).to_have_text(re.compile(r"\s*".join(code)))
        self.expect_drawn(self.page.locator("#code img"))

    def expect_kept(self, paths: list[str]) -> None:
        """What her phone keeps of orders, sooner or later."""
        until(lambda: sorted(self.page.evaluate(_KEPT, f"orders /s/{self.window.slug}")) == sorted(paths))

    def sign_in(self, address: str, name: str = "") -> None:
        """From the page that asks for an address, by the code that she is sent; who is new says her name."""
        self.expect_heading("Sign in")
        self.write("Phone number or e-mail address", address)
        code = self.code(address, lambda: self.press("Send me a code"))
        self.expect_heading("Type the code")
        self.write("Code", code)
        if name:
            self.page.locator("summary").get_by_text(self.reads("New here?")).click()
            self.write("Your name", name)
        self.press("Sign in")

    def pay(self) -> None:
        """On the page of the test provider, and back."""
        self.press("Go to payment")
        self.page.locator("button.pay").click()
        self.page.locator("a.back").click()

"""A window of a real browser at a shop: a phone or a desktop, in a language, with whoever is signed in.

def test_something(open_window, served_shop):
    window = open_window(served_shop, member=served_shop.shopper)
    window.go("/orders")
    expect(window.page.get_by_role("heading", level=1)).to_have_text("My orders")
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, ViewportSize
from playwright.sync_api import TimeoutError as TookTooLong

from chalicelib.kernel import clock
from chalicelib.pages.shell import sessions
from chalicelib.web.tokens import verify

if TYPE_CHECKING:
    from playwright._impl._api_structures import SetCookieParam

    from tests.builders import Member

PHONE, LOW, DESKTOP = (
    ViewportSize(width=360, height=740),
    ViewportSize(width=360, height=400),
    ViewportSize(width=1280, height=800),
)
"""`LOW` is a phone whose keyboard is open."""
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
SECONDS = 15
"""So long something that is waited for may take, on a machine that has other things to do as well."""


@dataclass
class Window:
    """`page` is Playwright's; what the browser complained of is in `complaints`."""

    page: Page
    origin: str
    slug: str
    complaints: list[str] = field(default_factory=list)
    _refused: set[str] = field(default_factory=set)
    _said: list[tuple[str, str]] = field(default_factory=list)
    _awaited: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(SECONDS * 1000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._noted)
        self.page.on("request", self._asked)
        self.page.on("requestfinished", self._came)
        self.page.on("requestfailed", self._came)

    def go(self, path: str) -> int:
        """Opens a path of the shop, or one that begins with `/s/` or `/console`; the status."""
        return self.look(path).status

    def look(self, path: str) -> Response:
        """The same; what was answered."""
        answer = self.page.goto(self.at(path))
        assert answer is not None
        return answer

    def at(self, path: str) -> str:
        """The whole address of a path of the shop."""
        return self.origin + (path if path.startswith(("/s/", "/console")) else f"/s/{self.slug}{path}")

    def lose_connection(self) -> None:
        """From now on nothing reaches the product, and the page is loaded anew, as somebody does who waits for it.

        What it shows is to be expected after that: it is not waited for until everything in it has come. Very rarely,
        on a busy machine, Chromium leaves the first attempt hanging; whoever sees that opens the address again, since a
        second reload would be taken for the first one, and said to be aborted with it.
        """
        self.page.context.set_offline(True)
        try:
            self.page.reload(wait_until="commit")
        except TookTooLong:
            warnings.warn(f"The browser hung, waiting for {[each.url for each in self._awaited]}", stacklevel=2)
            self.page.goto(self.page.url, wait_until="commit")

    def find_connection(self) -> None:
        """What is asked for reaches the product again."""
        self.page.context.set_offline(False)

    def signed_in(self, member: Member) -> None:
        """From now on whoever looks is this member."""
        self._keep(member.token, f"/s/{self.slug}")

    def at_the_console(self, token: str) -> None:
        """From now on whoever looks at the console is the one of the team who has this token of the API."""
        self._keep(token, "/console")

    def _keep(self, token: str, path: str) -> None:
        cookie = sessions.signed_in(verify(token), clock.now())
        domain = str(urlsplit(self.origin).hostname)
        session: SetCookieParam = {"name": cookie.name, "value": cookie.value, "domain": domain, "path": path}
        self.page.context.add_cookies([{**session, "secure": True, "httpOnly": True, "sameSite": "Lax"}])

    def unexpected(self) -> list[str]:
        """What the browser complained of: scripts, the policy, what could not be loaded. That a page itself was refused
        is no complaint.
        """
        return self.complaints + [
            text for text, url in self._said if url not in self._refused or "status of" not in text
        ]

    def forget(self) -> None:
        """What the browser complained of is known, and not said again."""
        self.complaints.clear()
        self._said.clear()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._said.append((f"{self.page.url}: {message.text} ({message.location['url']})", message.location["url"]))

    def _asked(self, asked: Request) -> None:
        self._awaited.append(asked)

    def _came(self, asked: Request) -> None:
        if asked in self._awaited:
            self._awaited.remove(asked)

    def _noted(self, answer: Response) -> None:
        if answer.request.is_navigation_request() and 400 <= answer.status < 500:
            self._refused.add(answer.url)


@dataclass
class Windows:
    """Opens windows, and closes them all at the end."""

    browser: Browser
    opened: list[Window] = field(default_factory=list)

    def open(
        self,
        origin: str,
        slug: str,
        *,
        member: Member | None = None,
        language: str = "en",
        size: ViewportSize = PHONE,
        javascript: bool = True,
    ) -> Window:
        """A window of its own, with no cookie but the member's."""
        touch = size["width"] < 600
        context = self.browser.new_context(
            viewport=size, locale=LOCALES[language], has_touch=touch, is_mobile=touch, java_script_enabled=javascript
        )
        window = Window(context.new_page(), origin, slug)
        self.opened.append(window)
        if member:
            window.signed_in(member)
        return window

    def close(self) -> Iterator[str]:
        """What the browser complained of in any of them."""
        for window in self.opened:
            yield from window.unexpected()
            window.page.context.close()

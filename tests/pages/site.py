"""A shopper with a browser, in this process: keeps cookies, follows redirects, fills in the forms that a page has.

def test_something(visitor):
    page = visitor.get("/sign-in")
    page = visitor.send(page, "Send me a code", address="ada@example.com")
    assert page.heading == "Type the code"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any, Protocol
from urllib.parse import urlencode

from bs4 import BeautifulSoup, Tag

from chalicelib.kernel import clock
from chalicelib.pages.shell import sessions
from chalicelib.web.tokens import verify
from infra.local.gateway import Reply, Request
from tests.builders import Member
from tests.calls import Headers

ORIGIN = "http://127.0.0.1:8000"


class Answering(Protocol):
    """What a browser asks: a gateway."""

    def answer(self, request: Request) -> Reply:
        """What a request is answered."""


@dataclass(frozen=True)
class Seen:
    """A page as it was answered."""

    path: str
    status: int
    headers: Mapping[str, str]
    text: str
    set_cookies: tuple[str, ...] = ()

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page to look things up in: `page.soup.select_one(".price")`."""
        return BeautifulSoup(self.text, "html.parser")

    @property
    def heading(self) -> str:
        """Its first heading."""
        return self.words("h1")

    def words(self, selector: str = "main") -> str:
        """What can be read in the first element that fits, with single spaces."""
        found = self.soup.select_one(selector)
        assert found is not None, f"nothing is {selector} in {self.path}: {self.text}"
        return " ".join(found.get_text(" ").split())

    def form(self, button: str) -> Tag:
        """The form with this button, which may stand elsewhere and name its form."""
        for each in self.soup.select("form"):
            if any(" ".join(one.get_text(" ").split()) == button for one in self.buttons(each)):
                return each
        raise AssertionError(f"no form with the button {button!r} in {self.path}: {self.words('body')}")

    def buttons(self, form: Tag) -> list[Tag]:
        """The buttons of a form: in it, unless they name another, or naming it."""
        within = [each for each in form.select("button") if each.get("form", form.get("id")) == form.get("id")]
        elsewhere = self.soup.select(f'button[form="{form["id"]}"]') if form.has_attr("id") else []
        return [*within, *(each for each in elsewhere if each not in within)]

    def link(self, text: str) -> str:
        """Where the link with this text leads."""
        for each in self.soup.select("a"):
            if text in " ".join(each.get_text(" ").split()):
                return str(each["href"])
        raise AssertionError(f"no link {text!r} in {self.path}: {self.words('body')}")


def fields(form: Tag) -> dict[str, str]:
    """What a browser would send of a form as it stands."""
    found: dict[str, str] = {}
    for each in form.select("input, select, textarea"):
        name = each.get("name")
        if not name or each.has_attr("disabled"):
            continue
        if each.name == "select":
            chosen = each.select_one("option[selected]") or each.select_one("option")
            found[str(name)] = str(chosen.get("value", "")) if chosen else ""
        elif each.name == "textarea":
            found[str(name)] = each.get_text().removeprefix("\n")
        elif each.get("type") in ("checkbox", "radio"):
            if each.has_attr("checked"):
                found[str(name)] = str(each.get("value", "on"))
        else:
            found[str(name)] = str(each.get("value", ""))
    return found


@dataclass
class Visitor:
    """A browser at a shop. `cookies` is what it keeps; `language` what it likes to read; `agent` what it says it is.

    `root` is what stands before the paths of the product where it is reached.
    """

    gateway: Answering
    slug: str
    language: str = "en"
    agent: str = "Mozilla/5.0"
    cookies: dict[str, str] = field(default_factory=dict)
    origin: str = ORIGIN
    root: str = ""

    def at(self, path: str) -> str:
        """A path of the shop."""
        return f"{self.root}/s/{self.slug}{path}"

    def get(self, path: str, *, follow: bool = True, **headers: str) -> Seen:
        """Opens a page of the shop, or any path that begins with `/s/` or `/static/`."""
        seen = self._call("GET", self._whole(path), b"", headers)
        return self._followed(seen) if follow else seen

    def send(self, page: Seen, button: str, *, follow: bool = True, **typed: Any) -> Seen:
        """Presses a button of a page after typing into its form; dots in names are written `__`."""
        form = page.form(button)
        pressed = next(each for each in page.buttons(form) if " ".join(each.get_text(" ").split()) == button)
        own = {str(pressed["name"]): str(pressed.get("value", ""))} if pressed.has_attr("name") else {}
        written = {name.replace("__", "."): str(value) for name, value in typed.items()}
        action = str(pressed.get("formaction") or form.get("action") or page.path)
        return self.post(action, fields(form) | own | written, follow=follow)

    def post(self, path: str, sent: Mapping[str, str], *, follow: bool = True, **headers: str) -> Seen:
        """Sends a form as a page of ours would, but for what the headers say (`sec_fetch_site="cross-site"`)."""
        given = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.origin,
            "Sec-Fetch-Site": "same-origin",
        } | {name.replace("_", "-").title(): value for name, value in headers.items()}
        seen = self._call("POST", self._whole(path), urlencode(sent).encode(), given)
        return self._followed(seen) if follow else seen

    def signed_in(self, member: Member) -> Visitor:
        """This browser, signed in as a member."""
        return self.with_token(member.token)

    def with_token(self, token: str) -> Visitor:
        """This browser, signed in as whoever has this token of the API."""
        cookie = sessions.signed_in(verify(token), clock.now())
        self.cookies[cookie.name] = cookie.value
        return self

    def _whole(self, path: str) -> str:
        places = (f"{self.root}/{place}" for place in ("s/", "static/", "console/", "console?"))
        return path if path.startswith(tuple(places)) or path == f"{self.root}/console" else self.at(path)

    def _followed(self, seen: Seen) -> Seen:
        for _ in range(5):
            if seen.status != 303:
                return seen
            seen = self._call("GET", seen.headers["location"].partition("#")[0], b"", {})
        raise AssertionError(f"{seen.path} leads in circles")

    def _call(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Seen:
        host = self.origin.partition("//")[2]
        given = {"Host": host, "Accept-Language": self.language, "User-Agent": self.agent, **headers}
        given = {name.replace("_", "-"): value for name, value in given.items()}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.gateway.answer(Request(method, path, tuple(given.items()), body))
        set_cookies = tuple(value for name, value in answer.headers if name.lower() == "set-cookie")
        for each in set_cookies:
            self._keep(each)
        return Seen(path, answer.status, Headers(answer.headers), answer.body.decode(), set_cookies)

    def _keep(self, header: str) -> None:
        jar: SimpleCookie = SimpleCookie()
        jar.load(header)
        for name, morsel in jar.items():
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value


@dataclass
class Desk(Visitor):
    """A browser at the console, for one of the brand's team: `Desk(gateway, shop.slug).with_token(token)`."""

    def at(self, path: str) -> str:
        """A path of the console."""
        return f"{self.root}/console{path}"

"""What the pages of signing in take."""

import json
from typing import Annotated, Any
from urllib.parse import unquote

from pydantic import StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.members.sign_in.forms import CodeRequest, TokenRequest
from chalicelib.web import Body, Query

Path = Annotated[str, StringConstraints(max_length=1000)]
Kept = Annotated[str, StringConstraints(max_length=80_000)]


class Next(Query):
    """Where a visitor was going."""

    next: Path = ""


class Onward(Body):
    """Where a visitor was going, and what they had written there."""

    next: Path = ""
    kept: Kept = ""


class AddressForm(Onward):
    """How a code reaches the visitor: an e-mail address or a phone number, whichever they typed."""

    address: Annotated[str, StringConstraints(max_length=254)] = ""

    def named(self, slug: str) -> dict[str, str]:
        """As the API asks it. Raises Invalid where nothing was typed."""
        if not self.address:
            raise Invalid.at("/address", "Type your phone number or your e-mail address.", "请填写手机号或邮箱。")
        kind = "email" if "@" in self.address else "phone"
        return {"audience": "member", "tenant": slug, kind: self.address}


class CodeForm(AddressForm):
    """The code, as it was typed, and the handle that it was asked for under."""

    code: Annotated[str, StringConstraints(max_length=40)] = ""
    handle: Annotated[str, StringConstraints(max_length=100)] = ""


ASKED, TRIED = CodeRequest, TokenRequest


def within(path: str, slug: str) -> str:
    """The path of the shop where a visitor goes on, without what stands before it; its home for any other address."""
    home = f"/s/{slug}"
    inside = path.startswith((f"{home}/", f"{home}?")) and path.isprintable() and not _climbs(path.partition("?")[0])
    return path.removeprefix(home) if inside else ""


def _climbs(path: str) -> bool:
    """Whether a browser could take it for a path that leads elsewhere: upwards, or to another host."""
    return "\\" in path or "//" in path or not {".", ".."}.isdisjoint(unquote(path).split("/"))


def written(kept: str, slug: str) -> tuple[str, dict[str, str]] | None:
    """The form that was kept over signing in: its path within the shop, and its fields."""
    try:
        found: Any = json.loads(kept) if kept else None
        to = within(str(found["to"]), slug)
        sent = {str(name): str(value) for name, value in found["fields"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return (to, sent) if to else None

"""A way into the demo's storefront without a code: a link that works once, and a button. Only on the embedded stack."""

from __future__ import annotations

import secrets
from dataclasses import replace
from urllib.parse import parse_qs

from chalicelib.kernel import clock
from chalicelib.kernel.principal import Principal
from chalicelib.members.sessions.service import sign_outs
from chalicelib.pages.shell import sessions
from chalicelib.web.tokens import verify
from infra.local.gateway import Reply, Request

PATH = "/local/sign-in"


class SignIns:
    """Nobody comes in until the demo's neighbour is named."""

    def __init__(self) -> None:
        self._who: Principal | None = None
        self._codes: set[str] = set()

    def name(self, token: str) -> None:
        """From now on this is the member, by a token of theirs, as whom one comes in. Raises Unauthenticated."""
        self._who = verify(token)

    @property
    def shop(self) -> str:
        """Where their shop is; empty before they are named."""
        return f"/s/{self._who.slug}" if self._who else ""

    def link(self) -> str:
        """A path that signs in whoever opens it first."""
        code = secrets.token_urlsafe(16)
        self._codes.add(code)
        return f"{PATH}?code={code}"

    def follow(self, request: Request) -> Reply:
        """Signs in by a link; one that has been used leads to the first page, where the button is."""
        code = parse_qs(request.target.partition("?")[2]).get("code", [""])[-1]
        if code not in self._codes:
            return _to("/")
        self._codes.remove(code)
        return self.press(request)

    def press(self, request: Request) -> Reply:
        """Signs in by the button, as a page of this machine has it."""
        if self._who is None:
            return _to("/")
        # They may have signed out everywhere since.
        outs = sign_outs(self._who.tenant_id, self._who.id) or 0
        cookie = sessions.signed_in(replace(self._who, sign_outs=outs), clock.now())
        return _to(self.shop, sessions.written(cookie, self.shop))


def _to(path: str, cookie: str = "") -> Reply:
    headers = [("Location", path), ("Cache-Control", "no-store")]
    return Reply(303, (*headers, ("Set-Cookie", cookie)) if cookie else tuple(headers))

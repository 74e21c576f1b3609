"""Ways into the demo's places without a code: links that work once, and buttons. Only on the embedded stack."""

from __future__ import annotations

import secrets
from dataclasses import replace
from urllib.parse import parse_qs

from chalicelib.kernel import clock
from chalicelib.kernel.principal import Principal
from chalicelib.members.sessions.service import sign_outs
from chalicelib.pages.shell import sessions
from chalicelib.tenants.service.directory import staff
from chalicelib.web.tokens import verify
from infra.local.gateway import Reply, Request

PATH = "/local/sign-in"
SHOP, LEADER, CONSOLE = "shop", "leader", "console"
"""The places that one comes into: the storefront, a leader's page, the team's console."""


class SignIns:
    """Nobody comes in until somebody is named for a place."""

    def __init__(self) -> None:
        self._who: dict[str, Principal] = {}
        self._codes: dict[str, str] = {}

    def name(self, token: str, place: str = SHOP) -> None:
        """From now on one comes into a place as whoever has this token. Raises Unauthenticated."""
        self._who[place] = verify(token)

    def at(self, place: str) -> str:
        """Where a place is; empty before somebody is named."""
        who = self._who.get(place)
        return {SHOP: f"/s/{who.slug}", LEADER: f"/s/{who.slug}/leader", CONSOLE: "/console"}[place] if who else ""

    def link(self, place: str = SHOP) -> str:
        """A path that signs in whoever opens it first."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = place
        return f"{PATH}?code={code}"

    def follow(self, request: Request) -> Reply:
        """Signs in by a link; one that has been used leads to the first page, where the buttons are."""
        code = parse_qs(request.target.partition("?")[2]).get("code", [""])[-1]
        place = self._codes.pop(code, None)
        return _to("/") if place is None else self._come_into(place)

    def press(self, request: Request) -> Reply:
        """Signs in by a button, as a page of this machine has it."""
        place = parse_qs((request.body or b"").decode()).get("place", [SHOP])[-1]
        return self._come_into(place)

    def _come_into(self, place: str) -> Reply:
        who = self._who.get(place)
        if who is None:
            return _to("/")
        # The press stands for a code, also long after the first; and they may have signed out everywhere since.
        who = replace(who, proved_at=0, sign_outs=_sign_outs(who))
        cookie = sessions.signed_in(who, clock.now())
        within = "/console" if place == CONSOLE else f"/s/{who.slug}"
        return _to(self.at(place), sessions.written(cookie, within))


def _sign_outs(who: Principal) -> int:
    if who.kind == "member":
        return sign_outs(who.tenant_id, who.id) or 0
    person = staff(who.tenant_id, who.id)
    return person.sign_outs if person else 0


def _to(path: str, cookie: str = "") -> Reply:
    headers = [("Location", path), ("Cache-Control", "no-store")]
    return Reply(303, (*headers, ("Set-Cookie", cookie)) if cookie else tuple(headers))

"""The shops at which every screen is looked at: with nothing in it, with something of everything, and with the longest
texts that a brand and its members may write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.pages.shell.declared import PageRoute
from tests.builders import Shop, made
from tests.isolation.world import Brand, furnish
from tests.pages import examples

UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
TITLE = f'<b>"{UNBROKEN}&{UNBROKEN}'[:120]
SHORT = (f"{UNBROKEN}邻里团购鲜果每日直送" * 9)[:300]
LONG = ("<script>alert(1)</script> " + SHORT * 20)[:5000]
YELLOW = "#ffe600"
"""No white text can be read on it, and it cannot be read on white."""


class Wordy(Shop):
    """A shop whose every text is as long as it may be."""

    def __post_init__(self) -> None:
        super().__post_init__()
        face = {"colours": {"primary": YELLOW}, "slogan": SHORT, "story": LONG, "values": [TITLE] * 12}
        made(self.brand.patch("/v1/tenant", {"name": TITLE, "brand": face}), 200)

    def product(self, *, price: int = 999_999_99, **fields: Any) -> Any:
        words = {
            "title": TITLE,
            "description": LONG,
            "category": TITLE[:60],
            "origin": TITLE[:60],
            "tags": [TITLE[:40]],
        }
        return super().product(**{**words, "price": price, **fields})

    def pickup_point(self, **fields: Any) -> Any:
        return super().pickup_point(**{"name": TITLE, "address": SHORT, "opening_hours": SHORT, **fields})

    def campaign(self, **fields: Any) -> Any:
        return super().campaign(**{"title": TITLE, **fields})

    def offer(self, *, price: int = 888_888_88, **fields: Any) -> dict[str, Any]:
        return super().offer(price=price, **fields)


def made_up(kind: str, caller: Any, drain: Any, sweep: Any, move_clock: Callable[..., None]) -> Brand:
    """A shop that is ``empty``, ``full`` or ``longest``; its shopper is a member."""
    if kind == "empty":
        brand = Brand(Shop(caller))
        brand.shop.pickup_point(leader_id=brand.member.id)  # pages of leaders are for leaders alone
        return brand
    brand = furnish(Wordy(caller) if kind == "longest" else Shop(caller), drain, sweep, move_clock)
    brand.shop.campaign(opens_in=timedelta(days=1), closes_in=timedelta(days=3))
    return brand


_owners: dict[str, str] = {}


def owner_of(brand: Brand) -> str:
    """The token of an owner: of the one who has been told things, where there is one."""
    if brand.ids:
        return brand.owner_token
    if brand.shop.tenant_id not in _owners:
        _owners[brand.shop.tenant_id] = brand.shop.team_token("owner")
    return _owners[brand.shop.tenant_id]


@dataclass(frozen=True)
class Screen:
    """Something that can be looked at, as a page declares it."""

    route: PageRoute

    def __str__(self) -> str:
        return self.route.path.removeprefix("/s/{slug}") or "/"

    @property
    def signed_out(self) -> bool:
        """Whether who is signed in is led on from there."""
        return self.route.path.endswith(("/sign-in", "/sign-up"))

    def prefers(self, brand: Brand) -> str:
        """The token of whoever looks: the shopper, or at the console an owner; empty for nobody."""
        if self.signed_out:
            return ""
        return owner_of(brand) if self.route.place == "console" else brand.member.token

    def path(self, brand: Brand) -> str | None:
        """Where it is at a shop; None at one that has nothing of the kind."""
        of_something = examples.words(self.route) or self.route.path in _OF_SOMETHING
        return None if of_something and not brand.ids else examples.path(self.route, brand)


_OF_SOMETHING = {"/s/{slug}/me/referral/link.svg"}
"""Without an id in their address, and yet of something that an empty shop has not."""


def screens() -> Iterator[Screen]:
    """Every page of the map that can be looked at in a shop, in the order of their addresses."""
    yield from (Screen(route) for route in examples.pages() if route.method == "GET")

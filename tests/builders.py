"""Builds shops for tests through the public interface, in process or over HTTP, with sensible defaults.

def test_something(shop):
    order = shop.order(quantity=2)
    assert order.status == 201
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol, TypeVar

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.web.tokens import issue
from tests.calls import Caller, Reply, Verbs
from tests.memory import plainly

__all__ = ["Brand", "Caller", "Member", "Reply", "Shop", "Verbs", "in_time", "made"]

_numbers = itertools.count(1)
TOKEN_SECONDS = 400 * 24 * 3600
_ONCE = {"sku_id", "pickup_point_id", "open_campaign", "shopper"}
T = TypeVar("T")


class Remembering(Protocol):
    """Does a step, or recalls it: `tests.memory.Memory`, or `plainly`."""

    def __call__(self, step: str, make: Callable[[], T]) -> T:
        """What `make` answers."""


def made(reply: Reply, status: int = 201) -> Any:
    """The answer's JSON; fails the test with the whole answer when its status is another."""
    assert reply.status == status, f"{reply.status} {reply.text}"
    return reply.json if reply.text else None


def in_time(moment: datetime) -> str:
    """An instant as the interface takes it."""
    return clock.instant(moment)


@dataclass(frozen=True)
class Member:
    """A shopper who may order: enrolled, and signed in with a token."""

    id: str
    token: str
    email: str


@dataclass
class Shop:
    """A brand that has just signed up. `brand` acts with its API key."""

    caller: Caller
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    locale: str = "en"
    slug: str = ""
    remembered: Remembering = plainly
    tenant_id: str = field(init=False)
    api_key: str = field(init=False)

    def __post_init__(self) -> None:
        step = f"sign-up {self.slug} {self.timezone} {self.currency} {self.locale}"
        self.slug, self.tenant_id, self.api_key = self.remembered(step, self._signed_up)

    def _signed_up(self) -> tuple[str, str, str]:
        slug = self.slug or f"shop-{next(_numbers)}"
        signed_up = made(
            self.caller.call(
                "POST",
                "/v1/tenants",
                json={
                    "name": f"The {slug}",
                    "slug": slug,
                    "owner_email": f"owner@{slug}.example",
                    "timezone": self.timezone,
                    "currency": self.currency,
                    "locale": self.locale,
                },
            )
        )
        return slug, signed_up["tenant"]["id"], signed_up["api_key"]["secret"]

    def once(self, step: str, make: Callable[[], T]) -> T:
        """As `make` answers, with whatever it made of what most tests need once; see `tests/memory.py`."""

        def all_made() -> tuple[T, dict[str, Any]]:
            answer = make()
            return answer, {name: value for name, value in vars(self).items() if name in _ONCE}

        answer, once = self.remembered(f"{self.slug} {step}", all_made)
        vars(self).update(once)
        return answer

    def filled(self, world: object, fill: Callable[[], None], *given: object) -> None:
        """Has `fill` set attributes of `world`, or sets them as it did; `given` is what else these depend on."""
        before = set(vars(world))

        def attributes() -> dict[str, Any]:
            fill()
            return {name: value for name, value in vars(world).items() if name not in before}

        step = " ".join([fill.__module__, fill.__qualname__, *map(repr, given)])
        vars(world).update(self.once(step, attributes))

    @cached_property
    def brand(self) -> Brand:
        """The brand's own view, with its API key."""
        return Brand(self.caller, self.api_key)

    def team_token(self, *roles: str) -> str:
        """What somebody new on the team has after signing in, with these roles."""
        return self.once(f"team {roles}", lambda: self._hired(roles))

    def _hired(self, roles: tuple[str, ...]) -> str:
        someone = {"email": f"team-{next(_numbers)}@{self.slug}.example", "name": "Kim", "roles": list(roles)}
        hired = made(self.brand.post("/v1/staff", someone))
        return issue("staff", self.tenant_id, self.slug, hired["id"], frozenset(roles), clock.now(), 3600)

    @property
    def path(self) -> str:
        """Where the storefront's routes begin."""
        return f"/v1/stores/{self.slug}"

    # What most tests need once: made when first asked for.

    @cached_property
    def sku_id(self) -> str:
        """A SKU at 10.00."""
        return self.once("SKU", lambda: str(self.product()["skus"][0]["id"]))

    @cached_property
    def pickup_point_id(self) -> str:
        """A pickup point without a leader."""
        return self.once("pickup point", lambda: str(self.pickup_point()["id"]))

    @cached_property
    def open_campaign(self) -> Any:
        """An open campaign of a week: 50 units of the SKU at 9.00 each, no target."""
        return self.once("open campaign", self.campaign)

    @property
    def campaign_id(self) -> str:
        """The open campaign."""
        return str(self.open_campaign["id"])

    @property
    def offer_id(self) -> str:
        """The open campaign's first offer."""
        return str(self.open_campaign["offers"][0]["offer_id"])

    @cached_property
    def shopper(self) -> Member:
        """A member."""
        return self.once("shopper", self.member)

    # And more of them.

    def money(self, amount_minor: int) -> dict[str, Any]:
        """An amount in the shop's currency."""
        return {"amount_minor": amount_minor, "currency": self.currency}

    def product(self, *, price: int = 1000, **fields: Any) -> Any:
        """A product with one SKU at that price in minor units, unless `skus` says otherwise."""
        code = f"SKU-{next(_numbers)}"
        skus = [{"code": code, "title": "One", "price": self.money(price)}]
        return made(self.brand.post("/v1/products", {"title": f"Product {code}", "skus": skus, **fields}))

    def pickup_point(self, **fields: Any) -> Any:
        """A pickup point."""
        wanted = {"name": f"Gate {next(_numbers)}", "address": "1 Garden Road", **fields}
        return made(self.brand.post("/v1/pickup-points", wanted))

    def offer(self, *, price: int = 900, quantity: int = 50, sku_id: str = "", **fields: Any) -> dict[str, Any]:
        """An offer's fields, for `campaign(offers=[…])`."""
        return {"sku_id": sku_id or self.sku_id, "price": self.money(price), "quantity": quantity, **fields}

    def campaign(self, *, publish: bool = True, opens_in: timedelta | None = None, **fields: Any) -> Any:
        """A campaign; open at once, or scheduled with `opens_in`, or a draft without `publish`.

        `closes_in` (timedelta, default a week) is counted from now; every other field goes to the interface as it is.
        """
        offers = {} if "offers" in fields else {"offers": [self.offer()]}
        given = {"pickup_point_ids": [self.pickup_point_id], **offers, **fields}
        step = f"campaign {publish} {opens_in} {given}"
        return self.once(step, lambda: self._drafted(given, opens_in, publish=publish))

    def _drafted(self, fields: dict[str, Any], opens_in: timedelta | None, *, publish: bool) -> Any:
        now, fields = clock.now(), dict(fields)
        closes_in = fields.pop("closes_in", timedelta(days=7))
        wanted = {
            "title": f"Campaign {next(_numbers)}",
            "kind": "group_order",
            "closes_at": in_time(now + closes_in),
        } | fields
        if opens_in is not None:
            wanted["opens_at"] = in_time(now + opens_in)
        drafted = made(self.brand.post("/v1/campaigns", wanted))
        if not publish:
            return drafted
        made(self.brand.post(f"/v1/campaigns/{drafted['id']}/publish"), 200)
        return made(self.brand.get(f"/v1/campaigns/{drafted['id']}"), 200)

    def arrived(self, campaign_id: str = "") -> Any:
        """All that was bought for a locked campaign came, and waits at the pickup points."""
        path = f"/v1/campaigns/{campaign_id or self.campaign_id}/advance"
        return made(self.brand.post(path, {"to": "at_pickup", "everything_arrived": True}), 200)

    def member(self, email: str = "") -> Member:
        """Someone who has joined and is signed in; without going through a sign-in code."""
        return self.once(f"member {email}", lambda: self._joined(email))

    def _joined(self, email: str) -> Member:
        from chalicelib.kernel.clock import zone
        from chalicelib.kernel.local_day import local_date
        from chalicelib.members.enrolment.service import Newcomer, enrol
        from chalicelib.members.model.identities import Identity, member_id

        now = clock.now()
        who = Identity("email", email or f"member{next(_numbers)}@people.example")
        newcomer = Newcomer(who, local_date(now, zone(self.timezone)), "sign_in")
        with tenant_scope(self.tenant_id):
            joined = member_id(self.tenant_id, enrol(self.tenant_id, [newcomer], now)[who])
        return self.signed_in(joined, who.value)

    def signed_in(self, member_id: str, address: str) -> Member:
        """A member with a token that outlasts every test."""
        token = issue("member", self.tenant_id, self.slug, member_id, frozenset(), clock.now(), TOKEN_SECONDS)
        return Member(member_id, token, address)

    def order(
        self,
        member: Member | None = None,
        *,
        quantity: int = 1,
        key: str = "",
        campaign: Any = None,
        **fields: Any,
    ) -> Reply:
        """Places an order, by default of the open campaign's first offer, paid at pickup, under a new key."""
        ordered = campaign or self.open_campaign
        wanted = {
            "campaign_id": ordered["id"],
            "pickup_point_id": ordered["pickup_points"][0]["id"],
            "lines": [{"offer_id": ordered["offers"][0]["offer_id"], "quantity": quantity}],
            "payment_method": "pickup",
        } | fields
        return self.caller.call(
            "POST",
            f"{self.path}/orders",
            json=wanted,
            token=(member or self.shopper).token,
            headers={"Idempotency-Key": key or f"key-{next(_numbers)}"},
        )


class Brand(Verbs):
    """Calls with one credential."""

    def __init__(self, caller: Caller, token: str) -> None:
        self._caller = caller
        self._token = token

    def call(self, method: str, path: str, **options: Any) -> Reply:
        """As the caller's, with this credential unless another is given."""
        return self._caller.call(method, path, **{"token": self._token, **options})

"""Orders with a payment that has a deadline: each of the four that take something away from who has not paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from chalicelib.db import tenant_scope
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.teams.records import TeamRecord
from chalicelib.payments.errors import ProviderUnavailable
from chalicelib.payments.providers.test import TestProvider
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.checkout import Checkout

LATE = timedelta(minutes=2)
"""So long before its deadline a payment is started, so that no regular look at it comes before."""


@dataclass
class Till:
    """A shop with its clock, and how what is due in it is worked off."""

    shop: Shop
    clock: Clock
    drain: Drain
    sweep: Sweep

    def at(self, moment: datetime) -> None:
        """It is that instant, and everything that is due by then has been worked off."""
        self.clock.set(moment)
        self.sweep(times=2)

    def paid(self, checkout: Checkout) -> None:
        """What the order wants now is paid, and the message has come."""
        payment_id = made(checkout.start())["id"]
        checkout.pay(payment_id)
        assert checkout.notify(payment_id).status == 204
        self.drain()


@dataclass
class Awaited:
    """An order that waits for a payment until ``until``; ``kept`` says whether it has got what the payment is for."""

    till: Till
    checkout: Checkout
    until: datetime
    kept: Callable[[OrderRecord], bool]
    lost: Callable[[OrderRecord], bool]
    paid_minor: int

    def start(self) -> str:
        """Starts the payment a moment before the deadline; its id."""
        self.till.clock.set(self.until - LATE)
        return str(made(self.checkout.start())["id"])

    def at_the_deadline(self, **after: float) -> None:
        """The deadline has come, or passed by so much; what is due is worked off."""
        self.till.at(self.until + timedelta(seconds=1) + timedelta(**after))

    @property
    def order(self) -> OrderRecord:
        return self.checkout.order_record()

    @property
    def shown(self) -> Any:
        """The order as its member sees it."""
        path = f"{self.till.shop.path}/orders/{self.checkout.order['id']}"
        return made(self.till.shop.caller.get(path, token=self.till.shop.shopper.token), 200)


def held(till: Till, campaign: Any = None) -> Awaited:
    """A hold of a quarter of an hour."""
    checkout = Checkout(till.shop, campaign)
    until = checkout.order_record().hold_expires_at
    assert until is not None
    return Awaited(
        till, checkout, until, lambda order: order.status == "placed", lambda order: order.status == "expired", 1_800
    )


def held_until_the_close(till: Till) -> Awaited:
    """A hold that ends ten minutes after its campaign has closed."""
    campaign = till.shop.campaign(payment_methods=["pickup", "test"], closes_in=timedelta(minutes=65))
    till.clock.advance(hours=1)
    checkout = Checkout(till.shop, campaign)
    until = checkout.order_record().hold_expires_at
    assert until is not None
    return Awaited(
        till, checkout, until, lambda order: order.status == "placed", lambda order: order.status == "expired", 1_800
    )


def owing_a_balance(till: Till) -> Awaited:
    """A pre-order: 3.00 of 9.00 each are paid, and forfeited where the rest does not come an hour after the close."""
    shop = till.shop
    campaign = shop.campaign(
        kind="pre_order", payment_methods=["test"], closes_in=timedelta(hours=2),
        balance={"hours_after_close": 1, "on_default": "forfeit"},
        offers=[shop.offer(deposit=shop.money(300))],
    )  # fmt: skip
    checkout = Checkout(shop, campaign)
    till.paid(checkout)
    until = checkout.order_record().balance_due_at
    assert until is not None
    till.at(until - timedelta(minutes=30))
    return Awaited(
        till, checkout, until,
        lambda order: order.status == "placed" and not order.totals.due,
        lambda order: order.forfeited_at is not None,
        1_800,
    )  # fmt: skip


def last_of_a_team(till: Till, **terms: Any) -> Awaited:
    """The last place of a team of two, whose hour ends."""
    shop = till.shop
    team_buy = {"kind": "team_buy", "team": {"size": 2, "hours": 1}, "payment_methods": ["pickup", "test"]}
    campaign = shop.campaign(**team_buy | terms)
    first = made(shop.order(shop.member(), campaign=campaign))
    with tenant_scope(shop.tenant_id):
        team = TeamRecord.fetch(*TeamRecord.address(shop.tenant_id, first["team_id"]), consistent=True)
    assert team is not None
    till.clock.set(team.ends_at - timedelta(minutes=5))
    checkout = Checkout(shop, campaign, team_id=team.id)

    def status() -> str:
        with tenant_scope(shop.tenant_id):
            now = TeamRecord.fetch(*TeamRecord.address(shop.tenant_id, team.id), consistent=True)
        return str(now.status) if now else ""

    return Awaited(
        till, checkout, team.ends_at,
        lambda order: order.status == "placed" and status() == "filled",
        lambda order: order.status in ("expired", "cancelled") and status() == "failed",
        1_800,
    )  # fmt: skip


def edited(till: Till) -> Awaited:
    """A paid order of two units, of which its member wants five; the difference is awaited for a quarter of an hour."""
    checkout = Checkout(till.shop)
    till.paid(checkout)
    checkout.edit(5)
    waits = checkout.order_record().waiting_edit
    assert waits is not None
    return Awaited(
        till, checkout, waits.until,
        lambda order: order.quantity == 5 and order.pending is None,
        lambda order: order.quantity == 2 and order.pending is None,
        4_500,
    )  # fmt: skip


EVERY = (held, owing_a_balance, last_of_a_team, edited)


@contextmanager
def unreachable() -> Iterator[None]:
    """The provider does not answer, whatever it is asked."""

    def silent(*_: Any) -> Any:
        raise ProviderUnavailable("no answer")

    with mock.patch.multiple(TestProvider, query=silent, close=silent):
        yield

"""Started again and again while people order and pay: what was acknowledged is worked off, books and stock agree."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.engine import free_port
from infra.local.host import snapshots
from tests.builders import Member, Shop, made
from tests.end_to_end.steps import key
from tests.local.conftest import Process, until

pytestmark = pytest.mark.verify
"""How this machine's own stack keeps data: slow, and of no part that is deployed."""

Start = Callable[..., Process]

PRICE = 900
BUYERS = 2
SALES = 12
"""How many there are in each run, at least, before it ends."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Sale:
    """An order of one unit, and the machine's time (epoch seconds) at which it and its payment were acknowledged."""

    order_id: str
    placed_at: float
    paid_at: float | None = None


@dataclass
class Load:
    """Buyers that order and pay one thing after the other, whatever becomes of the process that they ask."""

    shop: Shop
    campaign: Any
    members: list[Member]
    sales: list[Sale] = field(default_factory=list)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The buyers order until the end of the block; a request that nobody answers is not asked again."""
        ended = threading.Event()
        buyers = [threading.Thread(target=self._buy, args=(member, ended)) for member in self.members]
        for buyer in buyers:
            buyer.start()
        yield
        ended.set()
        for buyer in buyers:
            buyer.join()

    def _buy(self, member: Member, ended: threading.Event) -> None:
        while not ended.is_set():
            try:
                self._one(member)
            except (OSError, http.client.HTTPException, AssertionError):
                ended.wait(0.05)

    def _one(self, member: Member) -> None:
        placed = made(self.shop.order(member, campaign=self.campaign, payment_method="test", key=os.urandom(8).hex()))
        sale = Sale(placed["id"], time.time())
        self.sales.append(sale)
        path = f"{self.shop.path}/orders/{sale.order_id}/payments"
        asked = made(self.shop.caller.call("POST", path, json={}, token=member.token, headers=key("pay")))
        page = urlsplit(asked["client"]["page_url"]).path
        assert self.shop.caller.call("POST", page, body=b"press=pay", headers=_FORM).status == 200
        sale.paid_at = time.time()

    def forget_after(self, moment: float) -> None:
        """After a power cut only what was acknowledged before the last snapshot need be there."""
        self.sales = [sale for sale in self.sales if sale.placed_at < moment]
        for sale in self.sales:
            if sale.paid_at and sale.paid_at >= moment:
                sale.paid_at = None


def sign_up(process: Process) -> Load:
    shop = Shop(process)
    campaign = shop.campaign(offers=[shop.offer(quantity=100_000)], payment_methods=["test"])
    return Load(shop, campaign, [signed_in(process, shop, number) for number in range(BUYERS)])


def signed_in(process: Process, shop: Shop, number: int) -> Member:
    who = {"audience": "member", "tenant": shop.slug, "email": f"buyer{number}@people.example"}
    assert process.post("/v1/auth/code", who).status == 202
    signed = made(process.post("/v1/auth/token", who | {"code": process.code_sent_to(who["email"])}), 200)
    return Member(signed["principal"]["id"], signed["access_token"], who["email"])


def service_stop(process: Process, load: Load) -> None:
    """As a service manager stops it: everything is saved."""
    engine = process.engine_pid()
    assert process.interrupt(signal.SIGTERM) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(engine, 0)


def kill(process: Process, load: Load) -> None:
    """Killed, but for the engine, which saves as it ends."""
    process.kill()


def power_cut(process: Process, load: Load) -> None:
    """Everything ends at once, a snapshot that is just being written too."""
    engine = process.engine_pid()
    process.child.send_signal(signal.SIGSTOP)
    os.killpg(engine, signal.SIGKILL)
    process.kill()
    found = snapshots.newest(process.folder / "engine")
    assert found
    load.forget_after(float(found[1]["moment"]))


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param([kill, service_stop], id="2"),
        pytest.param([service_stop, kill, power_cut, power_cut, service_stop] * 2, id="10", marks=pytest.mark.verify),
    ],
)
def test_restarted_under_load_it_works_everything_off(start: Start, ends: list[Callable[..., None]]) -> None:
    port = free_port()  # the buyers ask at the same address each time
    process = start(port).ready()
    load = sign_up(process)
    made(process.post("/local/clock", {"advance_seconds": 60}), 200)
    secret = process.folder / "secret.json"
    kept = secret.read_text()
    until(lambda: saved(process))
    for end in ends:
        before = len(load.sales)
        with load.at_work():
            until(lambda before=before: len(load.sales) >= before + SALES)  # type: ignore[misc]
            end(process, load)
        process = start(port).ready()

    assert process.get("/local/clock").json["offset_seconds"] == 60
    assert (secret.read_text(), secret.stat().st_mode & 0o777) == (kept, 0o600)
    quiet(process)
    assert {sale.order_id for sale in load.sales} <= ids(load, "")
    assert {sale.order_id for sale in load.sales if sale.paid_at} <= ids(load, "&payment=paid")
    # What nobody paid for is given back when its time is over.
    made(process.post("/local/clock", {"advance_seconds": 3600}), 200)
    quiet(process)
    books_and_stock_agree(load)


def books_and_stock_agree(load: Load) -> None:
    paid = [order for order in orders(load, "") if order["payment"] == "paid"]
    money = made(load.shop.brand.get("/v1/ledger/summary"), 200)
    assert money["holds"] is True
    assert money["captured"]["amount_minor"] == PRICE * len(paid)
    progress = made(load.shop.brand.get(f"/v1/campaigns/{load.campaign['id']}/progress"), 200)
    assert (progress["sold"], progress["left"]) == (len(paid), 100_000 - len(paid))


def orders(load: Load, query: str) -> list[Any]:
    items, cursor = [], ""
    while True:
        path = f"/v1/orders?campaign_id={load.campaign['id']}&limit=100{query}{cursor}"
        page = made(load.shop.brand.get(path), 200)
        items += page["items"]
        if not page["next_cursor"]:
            return items
        cursor = f"&cursor={page['next_cursor']}"


def ids(load: Load, query: str) -> set[str]:
    return {order["id"] for order in orders(load, query)}


def saved(process: Process) -> bool:
    """Whether there is a snapshot with all that has been done."""
    health = process.get("/local/health").json
    return health["pending"] == {} and bool(list((process.folder / "engine").glob("*.snapshot")))


def quiet(process: Process) -> None:
    until(lambda: process.get("/local/health").json["pending"] == {}, 60)
    assert process.get("/local/health").json["dead_letters"] == {}

"""A period that is frozen again keeps what was paid on it; and each line of a statement is called what it was."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.kernel import clock as product_clock
from chalicelib.settlement.books.model.movements import TITLES, Movement, movement
from chalicelib.settlement.books.model.parties import Line, Standing
from tests.builders import Member, Shop, made
from tests.conftest import Clock, Drain, Sweep

NOW = product_clock.now()


class Account:
    """A leader at 7.5 % who hands over two orders of two units at 9.00, the second in two parts, both paid in cash."""

    def __init__(self, shop: Shop, clock: Clock, drain: Drain, sweep: Sweep) -> None:
        self.shop, self.clock, self.drain, self.sweep = shop, clock, drain, sweep
        self.leader = shop.member()
        self.point = shop.pickup_point(leader_id=self.leader.id, commission_bps=750)
        campaign = shop.campaign(pickup_point_ids=[self.point["id"]], closes_in=timedelta(hours=1))
        self.orders = [made(shop.order(campaign=campaign, quantity=2)) for _ in range(2)]
        clock.advance(hours=2)
        sweep()
        shop.arrived(campaign["id"])
        self.hand_over(self.orders[0])
        self.hand_over(self.orders[1], 1)
        self.hand_over(self.orders[1])

    def hand_over(self, order: Any, units: int | None = None) -> None:
        body = {"code": order["pickup_code"], "pickup_point_id": self.point["id"]}
        part = {"lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": units}]} if units else {}
        made(self.shop.brand.post(f"/v1/orders/{order['id']}/pickup", body | part), 200)
        self.drain()

    def post(self, path: str, body: Any, key: str, status: int = 201) -> Any:
        return made(self.shop.brand.post(path, body, headers={"Idempotency-Key": key}), status)

    def period(self) -> dict[str, str]:
        """The last days of the shop, today left out."""
        today = product_clock.now().astimezone(ZoneInfo(self.shop.timezone)).date()
        span = {"from_on": today - timedelta(days=60), "to_on": today - timedelta(days=1)}
        return {"party": "leader", "party_id": self.leader.id} | {name: on.isoformat() for name, on in span.items()}

    def become_payable(self, cash_minor: int = 3_600) -> None:
        """The cash is handed in, the windows end: 2.70 of commission are payable."""
        money = self.shop.money(cash_minor)
        cash = {"leader_id": self.leader.id, "pickup_point_id": self.point["id"], "amount": money}
        self.post("/v1/ledger/cash", cash, "cash")
        self.clock.advance(days=16)
        self.sweep()
        self.clock.advance(days=2)


@pytest.fixture
def account(shop: Shop, clock: Clock, drain: Drain, sweep: Sweep) -> Account:
    return Account(shop, clock, drain, sweep)


def minor(*amounts: Any) -> list[int]:
    return [each["amount_minor"] for each in amounts]


def test_a_paid_period_that_is_frozen_again_is_still_paid(account: Account) -> None:
    # Given a period of which 2.00 of 2.70 were paid
    account.become_payable()
    period, money = account.period(), account.shop.money
    first = account.post("/v1/statements", period, "first")
    account.post(f"/v1/statements/{first['id']}/pay", {"amount": money(200)}, "pay-1", 200)

    # When it is frozen again, twice with one key
    second = account.post("/v1/statements", period, "second")
    assert minor(second["paid"], second["unpaid"]) == [200, 70]
    assert [each["amount"]["amount_minor"] for each in second["payments"]] == [200]
    assert (second["version"], second["lines"], second["closing"]) == (2, first["lines"], first["closing"])

    # Then payments go on there, and only there; what was sent before is answered as before
    refused = account.post(f"/v1/statements/{first['id']}/pay", {"amount": money(70)}, "pay-2", 409)
    assert (refused["code"], refused["replaced_by"]) == ("statement_replaced", second["id"])
    paid = account.post(f"/v1/statements/{second['id']}/pay", {"amount": money(70)}, "pay-3", 200)
    assert minor(paid["paid"], paid["unpaid"]) == [270, 0]
    assert account.post("/v1/statements", period, "second") == second
    assert account.post("/v1/statements", period, "first") == first
    again = account.post(f"/v1/statements/{first['id']}/pay", {"amount": money(200)}, "pay-1", 200)
    assert minor(again["paid"], again["unpaid"]) == [200, 70]

    # Who only looks at the same days sees what was paid on them as well
    query = "&".join(f"{name}={value}" for name, value in period.items())
    looked = made(account.shop.brand.get(f"/v1/statements?{query}"), 200)
    assert (looked["id"], minor(looked["paid"], looked["unpaid"])) == (None, [270, 0])

    # And a third version is paid from its first moment on
    third = account.post("/v1/statements", period, "third")
    assert minor(third["paid"], third["unpaid"]) == [270, 0]
    own = made(account.shop.caller.call(
        "GET", f"{account.shop.path}/leader/statements", token=account.leader.token), 200)["items"]  # fmt: skip
    assert [(each["version"], each["replaced_by"]) for each in own] == [
        (3, None), (2, third["id"]), (1, second["id"]),
    ]  # fmt: skip


def test_every_line_of_a_leaders_statement_is_called_what_it_was(account: Account) -> None:
    # Given orders handed over at once and in two parts, cash handed in, a refund paid out in cash, commission released
    _returned(account)
    account.become_payable(2_700)
    frozen = account.post("/v1/statements", account.period(), "freeze")
    account.post(f"/v1/statements/{frozen['id']}/pay", {"amount": account.shop.money(1)}, "pay", 200)
    account.clock.advance(days=1)

    # When the leader reads the statement of all of it, in either language
    query = "&".join(f"{name}={value}" for name, value in account.period().items())
    looked = {
        language: made(account.shop.brand.get(f"/v1/statements?{query}", headers={"Accept-Language": language}), 200)
        for language in ("en", "zh")
    }

    # Then each line has the name of what happened
    kinds = [line["kind"] for line in looked["en"]["lines"]]
    assert kinds[:3] == ["handed_over", "cash_taken", "commission_earned"]
    assert sorted(kinds[3:]) == sorted([
        "commission_reversed", "refund_paid", "cash_handed_in", "commission_released", "commission_released", "paid",
    ])  # fmt: skip
    for line in looked["en"]["lines"]:
        assert "correction" not in line["cause"]
    assert [line["title"] for line in looked["zh"]["lines"]][:3] == [
        "订单已交付：收取现金并产生佣金", "收取现金", "产生佣金",
    ]  # fmt: skip
    assert looked["en"]["lines"][1]["cause"].startswith("cash_taken:")
    table = account.shop.brand.get(f"/v1/statements?{query}&format=csv", headers={"Accept-Language": "en"}).text
    titles = [row["title"] for row in csv.DictReader(io.StringIO(table))]
    assert titles[:4] == [
        "Opening balance", "Order handed over: cash taken, commission earned", "Cash taken", "Commission earned",
    ]  # fmt: skip


def _returned(account: Account) -> None:
    """One unit of the first order comes back, and is paid for in cash."""
    order, brand = account.orders[0], account.shop.brand
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}]
    asked = {"kind": "return", "lines": lines, "reason": "Bruised"}
    path = f"{account.shop.path}/orders/{order['id']}/after-sales"
    keyed = {"Idempotency-Key": "return"}
    case = made(account.shop.caller.call("POST", path, json=asked, token=account.shop.shopper.token, headers=keyed))
    made(brand.post(f"/v1/after-sales/{case['id']}/decision", {"outcome": "approve"}, headers=keyed), 200)
    arrived = {"lines": [lines[0] | {"disposition": "write_off"}]}
    made(brand.post(f"/v1/after-sales/{case['id']}/receive", arrived), 200)
    made(brand.post(f"/v1/after-sales/{case['id']}/complete", {}), 200)
    account.drain()
    (refund,) = made(brand.get(f"/v1/orders/{order['id']}/refunds"), 200)["items"]
    made(brand.post(f"/v1/orders/{order['id']}/refunds/{refund['id']}/confirm"), 200)
    account.drain()


@pytest.mark.parametrize(
    ("cause", "moved", "kind"),
    [
        ("handover:o", Standing(0, 900, 68), Movement.HANDED_OVER),
        ("handover:o", Standing(0, 0, 68), Movement.COMMISSION_EARNED),
        ("handover:o", Standing(0, 900, 0), Movement.CASH_TAKEN),
        ("cash_taken:o:1", Standing(0, 900, 0), Movement.CASH_TAKEN),
        ("refund:r", Standing(0, 0, -30), Movement.COMMISSION_REVERSED),
        ("refund:r", Standing(-30, 0, 0), Movement.COMMISSION_REVERSED),
        ("refund_paid:r", Standing(0, -900, 0), Movement.REFUND_PAID),
        ("release:o", Standing(68, 0, -68), Movement.COMMISSION_RELEASED),
        ("payout:p", Standing(-68, 0, 0), Movement.PAID),
        ("cash_handed_in:c", Standing(0, -900, 0), Movement.CASH_HANDED_IN),
        ("receipt:r", Standing(4_000, 0, 0), Movement.GOODS_RECEIVED),
        ("forfeit:o", Standing(0, 0, 30), Movement.COMMISSION_EARNED),
        ("correction:o:3", Standing(0, 900, 0), Movement.CASH_TAKEN),
    ],
)
def test_a_line_is_called_by_its_cause_or_by_what_it_moved(cause: str, moved: Standing, kind: Movement) -> None:
    """The last one was booked before such lines had names of their own."""
    assert movement(Line(NOW, "j", cause, "o", moved)) is kind


def test_every_kind_has_a_name_in_both_languages() -> None:
    assert set(TITLES) == set(Movement)
    assert len({name for names in TITLES.values() for name in names}) == 2 * len(Movement)


def test_a_leader_reads_no_journal_of_another(account: Account, shop: Shop) -> None:
    stranger: Member = shop.member()
    account.become_payable()
    frozen = account.post("/v1/statements", account.period(), "freeze")
    mine = f"{shop.path}/leader/statements/{frozen['id']}"
    assert shop.caller.call("GET", mine, token=stranger.token).status == 404

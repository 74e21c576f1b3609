"""What a leader sees at the counter: all of their own pickup point, and nothing of any other."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.members.records import MemberRecord
from chalicelib.orders.adjustments.service import substitute
from tests.builders import Member, Reply, Shop, made
from tests.conftest import Clock, Sweep


class Street:
    """Two pickup points with a leader each, one locked campaign at both, an order at each, and a shopper."""

    def __init__(self, shop: Shop, clock: Clock, sweep: Sweep) -> None:
        self.shop, self._clock, self._sweep = shop, clock, sweep
        shop.filled(self, self._fill)

    def _fill(self) -> None:
        shop = self.shop
        self.ann, self.bob, self.shopper = shop.member(), shop.member(), shop.member()
        self._name(self.shopper, "王小明", "+8613800138000")
        self.east = shop.pickup_point(leader_id=self.ann.id, commission_bps=750)["id"]
        self.west = shop.pickup_point(leader_id=self.bob.id, commission_bps=1234)["id"]
        self.campaign = shop.campaign(pickup_point_ids=[self.east, self.west], closes_in=timedelta(hours=1))
        self.order, self.other = (self._order(point, n) for n, point in ((3, self.east), (1, self.west)))
        self._clock.advance(hours=2)
        self._sweep(2)

    def _name(self, member: Member, name: str, phone: str) -> None:
        with tenant_scope(self.shop.tenant_id):
            record = MemberRecord.at(self.shop.tenant_id, member.id)
            assert record is not None
            record.name, record.phone = name, phone
            tx = Transaction()
            tx.replace("member", record)
            tx.commit()

    def _order(self, point: str, quantity: int) -> Any:
        return made(self.shop.order(self.shopper, campaign=self.campaign, pickup_point_id=point, quantity=quantity))

    def ask(self, who: Member, what: str) -> Reply:
        return self.shop.caller.call("GET", f"{self.shop.path}/leader/{what}", token=who.token)

    def hand_over(self, who: Member, order: Any) -> Reply:
        self.shop.arrived(order["campaign_id"])
        body = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
        return self.shop.caller.call("POST", f"/v1/orders/{order['id']}/pickup", json=body, token=who.token)


@pytest.fixture
def street(shop: Shop, clock: Clock, sweep: Sweep) -> Street:
    return Street(shop, clock, sweep)


def test_a_leader_sees_their_point_and_collects_what_is_due(street: Street) -> None:
    (point,) = made(street.ask(street.ann, "pickup-points"), 200)["items"]
    assert (point["id"], point["commission_bps"]) == (street.east, 750)
    here = f"pickup_point_id={street.east}"
    (campaign,) = made(street.ask(street.ann, f"campaigns?{here}"), 200)["items"]
    assert (campaign["id"], campaign["status"], campaign["commission_bps"]) == (street.campaign["id"], "locked", 750)

    (order,) = made(street.ask(street.ann, f"orders?{here}&campaign_id={campaign['id']}"), 200)["items"]
    assert (order["id"], order["name"], order["phone"]) == (street.order["id"], "王小明", "****8000")
    assert [(line["quantity"], line["picked"]) for line in order["lines"]] == [(3, 0)]
    assert order["due"] == street.shop.money(2700)
    assert street.order["pickup_code"] not in str(order)

    assert made(street.hand_over(street.ann, street.order), 200)["status"] == "picked_up"
    (order,) = made(street.ask(street.ann, f"orders?{here}&status=picked_up"), 200)["items"]
    assert [(line["quantity"], line["picked"]) for line in order["lines"]] == [(3, 3)]
    assert order["due"] == street.shop.money(0)


def test_a_leaders_sheet_is_their_points_only(street: Street) -> None:
    wanted = f"sorting-sheet?pickup_point_id={street.east}&campaign_id={street.campaign['id']}"
    sheet = made(street.ask(street.ann, wanted), 200)
    assert sheet["pickup_point_id"] == street.east
    assert [item["quantity"] for item in sheet["items"]] == [3]
    assert (sheet["campaign_status"], sheet["is_there"]) == ("locked", False)
    table = street.ask(street.ann, f"{wanted}&format=csv").text
    assert street.order["id"] in table
    assert street.other["id"] not in table
    paper = street.ask(street.ann, f"{wanted}&format=html")
    assert paper.headers["content-type"].startswith("text/html")
    assert "Not to be handed over yet" in paper.text
    assert "王小明" in paper.text
    assert street.order["id"][-6:] in paper.text
    assert street.other["id"][-6:] not in paper.text


def test_the_sheet_says_when_the_goods_are_there(street: Street) -> None:
    street.shop.arrived(street.campaign["id"])
    wanted = f"sorting-sheet?pickup_point_id={street.east}&campaign_id={street.campaign['id']}"
    assert made(street.ask(street.ann, wanted), 200)["is_there"] is True
    assert "Not to be handed over yet" not in street.ask(street.ann, f"{wanted}&format=html").text


@pytest.mark.parametrize("who", ["bob", "shopper"])
def test_to_anyone_else_the_point_does_not_exist(street: Street, who: str) -> None:
    other: Member = getattr(street, who)
    here = f"pickup_point_id={street.east}"
    for what in ("campaigns", "orders", "sorting-sheet"):
        reply = street.ask(other, f"{what}?{here}" + f"&campaign_id={street.campaign['id']}" * (what != "campaigns"))
        assert (reply.status, reply.json["code"]) == (404, "not_found")
    assert (street.hand_over(other, street.order).status, street.hand_over(street.ann, street.other).status) == (
        403,
        403,
    )
    led = [point["id"] for point in made(street.ask(other, "pickup-points"), 200)["items"]]
    assert led == ([street.west] if who == "bob" else [])


def test_who_leads_one_point_need_not_name_it(street: Street) -> None:
    (order,) = made(street.ask(street.ann, "orders"), 200)["items"]
    assert order["id"] == street.order["id"]
    assert made(street.ask(street.ann, "sorting-sheet"), 200)["pickup_point_id"] == street.east
    street.shop.pickup_point(leader_id=street.ann.id)
    of_two = street.ask(street.ann, "orders")
    assert (of_two.status, of_two.json["code"]) == (422, "which_pickup_point")
    of_none = street.ask(street.shopper, "orders")
    assert (of_none.status, of_none.json["detail"]) == (
        404,
        "You lead no pickup point; the brand names the leader of each.",
    )


def test_without_a_campaign_the_sheet_is_of_the_newest_whose_orders_wait(
    street: Street, clock: Clock, sweep: Sweep
) -> None:
    # Given a second campaign with an order here, and a newer one with orders elsewhere only
    shop, here = street.shop, {"pickup_point_ids": [street.east, street.west], "closes_in": timedelta(hours=1)}
    second, newest = shop.campaign(**here), shop.campaign(**here)
    own = made(shop.order(street.shopper, campaign=second, pickup_point_id=street.east))
    made(shop.order(street.shopper, campaign=newest, pickup_point_id=street.west))
    clock.advance(hours=2)
    sweep(2)

    # Then the second is sorted, the first is named beside it
    sheet = made(street.ask(street.ann, "sorting-sheet"), 200)
    assert (sheet["campaign_id"], sheet["campaign_title"]) == (second["id"], second["title"])
    assert sheet["also_waiting"] == [street.campaign["id"]]
    assert [item["quantity"] for item in sheet["items"]] == [1]

    # And what was handed over waits no more
    made(street.hand_over(street.ann, own), 200)
    sheet = made(street.ask(street.ann, "sorting-sheet"), 200)
    assert (sheet["campaign_id"], sheet["also_waiting"]) == (street.campaign["id"], [])
    made(street.hand_over(street.ann, street.order), 200)
    assert made(street.ask(street.ann, "sorting-sheet"), 200)["campaign_id"] == newest["id"]


def test_what_is_given_instead_is_named_at_the_counter(street: Street) -> None:
    shop, instead = street.shop, street.shop.product(title="Duck eggs")["skus"][0]["id"]
    offer, units = street.campaign["offers"][0], street.order["lines"][0]["quantity"]
    with tenant_scope(shop.tenant_id):
        substitute(
            shop.tenant_id, street.order["id"], offer["offer_id"], offer["sku_id"], {instead: units},
            cause="receipt", reason="None came", by="system", now=product_clock.now(),
        )  # fmt: skip
    (order,) = made(street.ask(street.ann, "orders"), 200)["items"]
    assert [(line["title"], line["substitute_for"]) for line in order["lines"]] == [("Duck eggs · One", offer["title"])]


def test_nobody_learns_another_leaders_commission(street: Street) -> None:
    shown = [
        street.ask(street.ann, "pickup-points").text,
        street.ask(street.ann, f"campaigns?pickup_point_id={street.east}").text,
        street.shop.caller.call("GET", f"{street.shop.path}/campaigns/{street.campaign['id']}").text,
    ]
    assert all("1234" not in text for text in shown)
    assert "commission" not in shown[2]


def test_a_leader_who_was_replaced_sees_nothing_any_more(street: Street) -> None:
    made(street.shop.brand.patch(f"/v1/pickup-points/{street.east}", {"leader_id": street.bob.id}), 200)
    assert street.ask(street.ann, f"orders?pickup_point_id={street.east}").status == 404
    assert street.ask(street.bob, f"orders?pickup_point_id={street.east}").status == 200

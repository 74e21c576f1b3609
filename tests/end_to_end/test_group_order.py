"""A group order over HTTP, with all that goes wrong with goods: a short delivery, a parcel in two parts, a return.

Hand-computed, a unit at ¥10.00, its leader earning 7.5 %, its supplier ¥5.00:

| | ordered | short | collected | returned | pays | commission |
|---|---|---|---|---|---|---|
| Ann, online | 3 | | 2, then 1 | 1 | ¥20.00 | ¥1.50 |
| Bob, in cash | 2 | | 2 | | ¥20.00 | ¥1.50 |
| Cy, online, the last to order | 2 | 1 | 1 | | ¥10.00 | ¥0.75 |

Seven are sold, eight are bought in two packs of four, seven come and one of them is rotten: Cy, who came last,
gets ¥10.00 back by itself. The leader has earned ¥3.75 and holds Bob's ¥20.00, and so owes ¥16.25. The supplier is owed
¥30.00.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.builders import Member, Shop, made
from tests.conftest import Served
from tests.end_to_end.steps import advance, hand_over, key, led_point, mine, owed_to, pay, sign_in, statement


@dataclass
class Sale:
    """A campaign of one SKU that a supplier delivers in packs, and who ordered how many of it."""

    shop: Shop
    server: Served
    ann: Member
    bob: Member
    cy: Member
    leader: Member
    supplier: str
    campaign: Any

    @property
    def path(self) -> str:
        return f"/v1/campaigns/{self.campaign['id']}"

    def order(self, member: Member, quantity: int, method: str) -> Any:
        placed = made(self.shop.order(member, campaign=self.campaign, quantity=quantity, payment_method=method))
        if method != "pickup":
            pay(self.shop, self.server, member, placed)
        return placed

    def totals(self, member: Member, order: Any) -> tuple[int, ...]:
        """Total, paid, refunded and due, in minor units."""
        totals = mine(self.shop, self.server, member, order)["totals"]
        return tuple(totals[name]["amount_minor"] for name in ("total", "paid", "refunded", "due"))


def opened(shop: Shop, server: Served) -> Sale:
    """A supplier with its terms, a leader with a point, a campaign that must sell five; Ann signs in by code."""
    leader, point = led_point(shop)
    supplier = made(shop.brand.post("/v1/suppliers", {"name": "Orchard"}))["id"]
    terms = {"cost": shop.money(500), "pack_size": 4}
    made(shop.brand.put(f"/v1/suppliers/{supplier}/skus/{shop.sku_id}", terms), 200)
    campaign = shop.campaign(
        payment_methods=["pickup", "test"], pickup_point_ids=[point], closes_in=timedelta(hours=1),
        offers=[shop.offer(price=1_000)], target={"measure": "quantity", "value": 5, "on_miss": "cancel"},
    )  # fmt: skip
    signed_in = sign_in(server, "member", shop.slug, "ann@people.example")
    ann = Member(signed_in["principal"]["id"], signed_in["access_token"], "ann@people.example")
    return Sale(shop, server, ann, shop.member(), shop.member(), leader, supplier, campaign)


def deliver_short(sale: Sale) -> None:
    """Two packs are bought; of the eight units seven come, one of them rotten."""
    bought = made(sale.shop.brand.get(f"{sale.path}/purchase-list"), 200)
    (line,) = bought["lines"]
    assert (line["quantity"], line["packs"]) == (7, 2)
    advance(sale.shop, sale.server, sale.campaign, "purchasing")
    came = {"sku_id": sale.shop.sku_id, "received": 7, "damaged": 1, "short": 1}
    sent = {"supplier_id": sale.supplier, "lines": [came]}
    receipt = made(sale.shop.brand.post(f"{sale.path}/receipts", sent, headers=key("lorry")))
    assert receipt["due"] == sale.shop.money(3_000)
    sale.server.quiet()
    assert made(sale.shop.brand.get(f"{sale.path}/supply"), 200)["stage"] == "idle"
    advance(sale.shop, sale.server, sale.campaign, "received", "sorted", "at_pickup")


def collect_in_two_parts(sale: Sale, order: Any) -> None:
    """Ann takes two of three home; the third stays ready under the same code, which then is used up."""
    offer = order["lines"][0]["offer_id"]
    assert made(hand_over(sale.server, sale.leader, order, {offer: 2}), 200)["status"] == "ready"
    assert hand_over(sale.server, sale.leader, order, {offer: 2}).status == 409
    assert made(hand_over(sale.server, sale.leader, order), 200)["status"] == "picked_up"
    assert hand_over(sale.server, sale.leader, order).json["code"] == "already_picked_up"


def return_one(sale: Sale, member: Member, order: Any) -> None:
    """One unit comes back, and its price is paid back by the provider."""
    wanted = {
        "kind": "return", "reason": "Too sour", "lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}],
    }  # fmt: skip
    path = f"{sale.shop.path}/orders/{order['id']}/after-sales"
    case = made(sale.server.post(path, wanted, token=member.token, headers=key("return")))
    asked = f"/v1/after-sales/{case['id']}"
    made(sale.shop.brand.post(f"{asked}/decision", {"outcome": "approve"}, headers=key("decide")), 200)
    back = wanted["lines"][0] | {"disposition": "write_off"}  # type: ignore[operator]
    made(sale.shop.brand.post(f"{asked}/receive", {"lines": [back]}), 200)
    made(sale.shop.brand.post(f"{asked}/complete", {}), 200)
    sale.server.quiet()
    assert made(sale.server.get(f"{sale.shop.path}/after-sales/{case['id']}", token=member.token), 200)["status"] == (
        "completed"
    )


def test_from_sign_up_over_a_short_delivery_to_the_leaders_and_the_suppliers_statement(
    server: Served, served_shop: Shop
) -> None:
    sale = opened(served_shop, server)
    first = sale.order(sale.ann, 3, "test")
    second = sale.order(sale.bob, 2, "pickup")
    last = sale.order(sale.cy, 2, "test")
    server.advance(3600 + 60)

    deliver_short(sale)
    assert sale.totals(sale.cy, last) == (1_000, 2_000, 1_000, 0)
    collect_in_two_parts(sale, first)
    for order in (second, last):
        made(hand_over(server, sale.leader, order), 200)
    return_one(sale, sale.ann, first)
    assert sale.totals(sale.ann, first) == (3_000, 3_000, 1_000, 0)
    advance(served_shop, server, sale.campaign, "completed")

    assert owed_to(served_shop, server, sale.leader) == served_shop.money(375 - 2_000)
    assert statement(served_shop, "supplier", sale.supplier)["closing"]["due"] == served_shop.money(3_000)
    earned = made(server.get(f"{served_shop.path}/leader/commissions", token=sale.leader.token), 200)["items"]
    assert sorted(each["commission"]["amount_minor"] for each in earned) == [75, 150, 150]

"""What goes back of lowered orders over HTTP, as members and the team see it, where other systems went wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock as product_clock
from tests.builders import in_time, made
from tests.coupons import shops as coupons
from tests.customer_care import CustomerCare
from tests.reversals.shop import Lowered


@pytest.fixture
def lowered(care: CustomerCare) -> Lowered:
    return Lowered(care)


class TestReturns:
    def test_each_line_comes_back_with_its_own_part_of_a_discount(self, lowered: Lowered) -> None:
        """150.00 and 60.00 less 42.00."""
        lowered.reduce(4_200, 20_000)
        order = lowered.handed_over(lowered.publish(3_000, 3_000), 5, 2)
        lowered.returned(order, 5, 0)
        lowered.returned(order, 0, 2)
        assert sorted(lowered.refunds(order)) == [4_800, 12_000]

    def test_no_threshold_is_tested_again(self, lowered: Lowered) -> None:
        """Six at 50.00 with a tenth off from 300.00."""
        lowered.reduce(3_000, 30_000)
        order = lowered.handed_over(lowered.publish(5_000), 6)
        assert lowered.quoted(order, 5) == (22_500, 0, 0)
        lowered.returned(order, 5)
        assert lowered.refunds(order) == [22_500]

    def test_a_line_that_points_paid_brings_them_back(self, lowered: Lowered) -> None:
        lowered.points_pay(100, 150)
        order = lowered.handed_over(lowered.publish(5_000), 2, points=100)
        assert (order["totals"]["total"]["amount_minor"], lowered.points) == (0, 50)
        assert lowered.quoted(order, 1) == (0, 0, 50)
        decided = lowered.returned(order, 1)
        lowered.care.drain()
        assert (decided["decision"]["refund"], decided["decision"]["points"]) == (None, 50)
        assert (lowered.refunds(order), lowered.points) == ([], 100)


class TestGifts:
    """Two at 50.00, and a cup of 30.00 with them."""

    @pytest.fixture
    def order(self, lowered: Lowered) -> Any:
        return lowered.with_a_gift()

    def test_a_gift_that_stays_is_kept_back_for_and_that_is_said_before(self, lowered: Lowered, order: Any) -> None:
        assert lowered.quoted(order, 2, 1) == (10_000, 0, 0)
        assert lowered.quoted(order, 2) == (7_000, 3_000, 0)
        case = made(lowered.ask(order, lines=lowered.lines(2)))
        options = made(lowered.brand.get(f"/v1/after-sales/{case['id']}/decision"), 200)
        assert [options[name]["amount_minor"] for name in ("refund", "gifts_kept", "most")] == [7_000, 3_000, 10_000]
        decided = made(lowered.decide(case), 200)["decision"]
        assert [decided[name]["amount_minor"] for name in ("refund", "gifts_kept")] == [7_000, 3_000]

        assert lowered.quoted(order, 0, 1) == (3_000, 0, 0)
        lowered.returned(order, 0, 1)
        assert sorted(lowered.refunds(order)) == [3_000, 7_000]

    def test_the_quote_names_the_gift_and_changes_nothing(self, lowered: Lowered, order: Any) -> None:
        before = lowered.order(order)
        path, body = f"/orders/{order['id']}/after-sales/quote", {"lines": lowered.lines(1)}
        quoted = made(lowered.care.store("POST", path, lowered.shop.shopper, json=body), 200)
        assert quoted["gifts"] == [{"offer_id": lowered.offers[1], "sku_id": None, "quantity": 1}]
        assert [line["worth"]["amount_minor"] for line in quoted["lines"]] == [5_000]
        assert quoted["refund"]["amount_minor"] == 3_500
        assert lowered.order(order) == before

    def test_a_quote_is_refused_as_the_request_would_be(self, lowered: Lowered, order: Any) -> None:
        path = f"/orders/{order['id']}/after-sales/quote"
        for lines, status, code in (
            (lowered.lines(3), 409, "more_than_received"),
            (lowered.lines(1) * 2, 422, "repeated_offer"),
            ([{"offer_id": order["id"], "quantity": 1}], 422, "unknown_offer"),
        ):
            reply = lowered.care.store("POST", path, lowered.shop.shopper, json={"lines": lines})
            assert (reply.status, reply.json["code"]) == (status, code)
        other = lowered.care.store("POST", path, lowered.shop.member(), json={"lines": lowered.lines(1)})
        assert other.status == 404


class TestCoupons:
    @pytest.mark.parametrize("end", ["its member", "staff", "a missed target", "a hold that expires"])
    def test_a_coupon_comes_back_once(self, lowered: Lowered, end: str) -> None:
        campaign = lowered.publish(
            5_000, payment_methods=["pickup", "test"],
            target={"measure": "quantity", "value": 9, "on_miss": "cancel"} if end == "a missed target" else None,
        )  # fmt: skip
        mine, order = self._used(lowered, campaign, "test" if end == "a hold that expires" else "pickup")
        self._end(lowered, order, end)
        assert coupons.own(lowered.shop)[0]["status"] == "returned"
        effect = coupons.shown(lowered.shop, mine)
        assert (effect["used"], effect["discount"]["amount_minor"]) == (0, 0)

    def test_one_past_its_end_stays_expired(self, lowered: Lowered) -> None:
        until = in_time(product_clock.now() + timedelta(hours=1))
        campaign = lowered.publish(5_000)
        _, order = self._used(lowered, campaign, "pickup", valid={"until_at": until})
        lowered.care.clock.advance(hours=2)
        self._end(lowered, order, "its member")
        assert [each["status"] for each in coupons.own(lowered.shop, show="expired")] == ["expired"]

    def _used(self, lowered: Lowered, campaign: Any, method: str, **terms: Any) -> tuple[Any, Any]:
        batch = coupons.batch(lowered.shop, codes=coupons.shared("MOON"), **terms)
        mine = coupons.entered(lowered.shop, "MOON")
        order = lowered.placed(campaign, 2, coupon_id=mine["id"], payment_method=method)
        assert order["totals"]["total"]["amount_minor"] == 9_500
        return batch, order

    def _end(self, lowered: Lowered, order: Any, how: str) -> None:
        match how:
            case "its member":
                for _ in range(2):
                    made(lowered.care.store("POST", f"/orders/{order['id']}/cancel", lowered.shop.shopper), 200)
            case "staff":
                for _ in range(2):
                    made(lowered.brand.post(f"/v1/orders/{order['id']}/cancel"), 200)
            case "a hold that expires":
                lowered.care.clock.advance(minutes=16)
                lowered.care.sweep(2)
            case _:
                lowered.care.clock.advance(days=8)
                lowered.care.sweep(2)
        lowered.care.drain()

"""Costs that the brand books, over the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import Reply, Shop, made

NOBODYS = "01J9ZQ0W7N8RXC5B2M4T6V8Y0P"


class Booking:
    """A brand that books costs."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def send(self, key: str = "first", **fields: Any) -> Reply:
        cost = {"kind": "labour", "title": "Wages", "amount": self.shop.money(31_00), "from_on": "2017-03-01"}
        body = {name: value for name, value in (cost | fields).items() if value is not ...}
        return self.shop.brand.post("/v1/costs", body, headers={"Idempotency-Key": key})

    def book(self, key: str = "first", **fields: Any) -> Any:
        return made(self.send(key, **fields))

    def listed(self, query: str = "") -> list[str]:
        return [each["title"] for each in made(self.shop.brand.get(f"/v1/costs{query}"), 200)["items"]]


@pytest.fixture
def booking(shop: Shop) -> Booking:
    return Booking(shop)


def refused(reply: Reply, pointer: str) -> str:
    assert reply.status == 422, reply.text
    assert [each["pointer"] for each in reply.json["errors"]] == [pointer]
    return str(reply.json["errors"][0]["message"])


class TestBooking:
    def test_a_cost_is_booked_read_changed_and_removed_and_the_audit_says_so(self, booking: Booking) -> None:
        brand = booking.shop.brand
        cost = booking.book(campaign_id=booking.shop.campaign_id, to_on="2017-03-31")
        path = f"/v1/costs/{cost['id']}"

        assert (cost["kind"], cost["amount"]["amount_minor"], cost["from_on"], cost["to_on"]) == (
            "labour", 3_100, "2017-03-01", "2017-03-31",
        )  # fmt: skip
        assert made(brand.get(path), 200) == cost
        changed = made(brand.patch(path, {"amount": booking.shop.money(4_000), "campaign_id": None}), 200)
        assert (changed["amount"]["amount_minor"], changed["campaign_id"]) == (4_000, None)
        assert brand.call("DELETE", path).status == 204
        assert brand.get(path).status == 404
        audited = made(brand.get(f"/v1/audit?target=cost:{cost['id']}"), 200)["items"]
        assert [each["action"] for each in audited] == ["cost.removed", "cost.changed", "cost.booked"]
        assert audited[1]["changes"] == {"amount_minor": 4_000, "campaign_id": None}

    def test_a_cost_without_a_last_day_is_of_one_day_and_stays_so_when_it_moves(self, booking: Booking) -> None:
        cost = booking.book()

        assert cost["to_on"] == "2017-03-01"
        moved = made(booking.shop.brand.patch(f"/v1/costs/{cost['id']}", {"from_on": "2017-04-02"}), 200)
        assert (moved["from_on"], moved["to_on"]) == ("2017-04-02", "2017-04-02")

    def test_the_same_key_books_once_and_refuses_another_cost(self, booking: Booking) -> None:
        first = booking.book()

        assert booking.book() == first
        assert booking.listed() == ["Wages"]
        other = booking.send(title="Rent")
        assert (other.status, other.json["code"]) == (422, "idempotency_mismatch")

    def test_a_change_of_an_older_state_is_refused(self, booking: Booking) -> None:
        cost = booking.book()
        path = f"/v1/costs/{cost['id']}"
        made(booking.shop.brand.patch(path, {"title": "Rent"}), 200)

        stale = booking.shop.brand.patch(path, {"title": "Power"}, headers={"If-Match": '"1"'})
        assert stale.status == 412
        assert booking.shop.brand.call("DELETE", path, headers={"If-Match": '"1"'}).status == 412


class TestRefusals:
    def test_days_that_run_backwards_or_never_end(self, booking: Booking) -> None:
        assert "before the first" in refused(booking.send(to_on="2017-02-28"), "/to_on")
        assert "366" in refused(booking.send(to_on="2018-03-02"), "/to_on")
        assert booking.send(from_on="2017-02-29").status == 422

    def test_amounts_that_are_none_and_other_currencies(self, booking: Booking) -> None:
        assert "above zero" in refused(booking.send(amount=booking.shop.money(-1)), "/amount")
        other = booking.send(amount={"amount_minor": 100, "currency": "USD"})
        assert "CNY" in refused(other, "/amount/currency")

    @pytest.mark.parametrize("name", ["campaign_id", "product_id", "pickup_point_id", "channel_id"])
    def test_what_the_brand_does_not_have(self, booking: Booking, name: str) -> None:
        assert "no such" in refused(booking.send(**{name: NOBODYS}), f"/{name}")
        cost = booking.book()
        path = f"/v1/costs/{cost['id']}"
        assert "no such" in refused(booking.shop.brand.patch(path, {name: NOBODYS}), f"/{name}")

    @pytest.mark.parametrize("name", ["amount", "from_on", "to_on"])
    def test_what_every_cost_has_is_not_taken_away(self, booking: Booking, name: str) -> None:
        path = f"/v1/costs/{booking.book()['id']}"
        assert "cannot be taken away" in refused(booking.shop.brand.patch(path, {name: None}), f"/{name}")

    def test_planners_neither_book_nor_read(self, booking: Booking) -> None:
        planner = booking.shop.team_token("planner")
        assert booking.shop.caller.call("GET", "/v1/costs", token=planner).status == 403


class TestListing:
    def test_costs_are_found_by_the_days_that_they_touch_their_kind_and_campaign(self, booking: Booking) -> None:
        booking.book("1", title="March", to_on="2017-03-31")
        booking.book("2", title="Day", kind="marketing", from_on="2017-04-01", campaign_id=booking.shop.campaign_id)
        booking.book("3", title="Year", kind="other", from_on="2016-06-01", to_on="2017-05-31")

        assert booking.listed() == ["Day", "March", "Year"]
        assert booking.listed("?from_on=2017-03-31&to_on=2017-03-31") == ["March", "Year"]
        assert booking.listed("?from_on=2017-06-01") == []
        assert booking.listed("?kind=marketing") == ["Day"]
        assert booking.listed(f"?campaign_id={booking.shop.campaign_id}") == ["Day"]
        assert "before" in refused(booking.shop.brand.get("/v1/costs?from_on=2017-03-02&to_on=2017-03-01"), "?to_on")

    def test_pages_go_on_where_the_last_one_ended(self, booking: Booking) -> None:
        for n in range(3):
            booking.book(str(n), title=f"Cost {n}", from_on=f"2017-03-0{n + 1}")

        first = made(booking.shop.brand.get("/v1/costs?limit=2"), 200)
        second = made(booking.shop.brand.get(f"/v1/costs?limit=2&cursor={first['next_cursor']}"), 200)
        assert [each["title"] for each in first["items"] + second["items"]] == ["Cost 2", "Cost 1", "Cost 0"]
        assert second["next_cursor"] is None

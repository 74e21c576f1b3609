"""The closing report of a campaign, over the API: the same numbers as everywhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.insight.reports.closing import CampaignReportView, facts
from chalicelib.kernel import clock as product_clock
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.insight.intake.conftest import Stream
from tests.insight.test_profit import Earning, minor

NOBODYS = "01J9ZQ0W7N8RXC5B2M4T6V8Y0P"


class Campaign(Earning):
    """A campaign with a goal of 100.00 and a budget of 10.00."""

    campaign: Any

    def _fill(self) -> None:
        super()._fill()
        shop = self.shop
        self.campaign = shop.campaign(goal=shop.money(10_000), budget=shop.money(1_000))

    def closing(self) -> Any:
        self.drain()
        return made(self.shop.brand.get(f"/v1/reports/campaign?id={self.campaign['id']}"), 200)

    def asked(self, what: str) -> Any:
        self.drain()
        return made(self.shop.brand.get(f"/v1/campaigns/{self.campaign['id']}/{what}"), 200)

    def hand_over(self, order: Any) -> None:
        code = made(self.shop.caller.call("GET", f"{self.shop.path}/orders/{order['id']}",
                                          token=order["token"]), 200)["pickup_code"]  # fmt: skip
        path = f"/v1/orders/{order['id']}/pickup"
        body = {"code": code, "pickup_point_id": order["pickup_point_id"]}
        made(self.shop.brand.post(path, body, headers={"Idempotency-Key": f"over-{order['id']}"}), 200)

    def order(self, member: Any, **fields: Any) -> Any:
        return made(self.shop.order(member, campaign=self.campaign, **fields)) | {"token": member.token}


@pytest.fixture
def campaign(noon: None, shop: Shop, drain: Drain) -> Campaign:
    return Campaign(shop, drain)


class TestRunning:
    def test_it_says_how_far_it_has_come_and_that_it_is_not_complete(self, campaign: Campaign) -> None:
        shop = campaign.shop
        one, two = shop.member("one@people.example"), shop.member("two@people.example")
        campaign.order(one, quantity=3)
        campaign.order(two, quantity=1)
        campaign.cost("marketing", 250, campaign_id=campaign.campaign["id"])

        report = campaign.closing()

        sales = report["sales"]
        assert (report["complete"], report["status"]) == (False, "open")
        assert (sales["orders"], sales["members"], sales["new_members"], sales["sold"]) == (2, 2, 2, 4)
        assert minor(sales, "revenue", "average", "refunded") == [3_600, 1_800, 0]
        assert (sales["goal"]["bps"], sales["budget"]["bps"]) == (3_600, 2_500)
        assert minor(report["statement"], "goods", "labour", "marketing", "profit") == [
            2_000, 360, 250, 3_600 - 2_000 - 360 - 250,
        ]  # fmt: skip
        assert (report["offers"][0]["sold"], report["offers"][0]["left"]) == (4, 46)
        said = {each.name.en: each.said("en") for each in facts(CampaignReportView.model_validate(report))}
        assert said["Of the goal"] == "36.0%: CN¥36.00 of CN¥100.00"
        assert said["Members who ordered"] == "2, of whom 2 new"
        assert (said["Profit"], said["Break-even"]) == ("CN¥9.90", "1 order, CN¥7.26 of revenue")

    def test_it_says_whom_it_reached_and_how_many_of_them_ordered(self, campaign: Campaign) -> None:
        stream, own = Stream(campaign.shop), {"campaign_id": campaign.campaign["id"]}
        one, two = (campaign.shop.member(f"{each}@people.example") for each in ("one", "two"))
        stream.send(
            stream.event("a-visit", "visit", ago=90, **own), stream.event("a-view", ago=60, **own), token=one.token
        )
        stream.send(stream.event("b-view", ago=50, **own), stream.event("c-view", ago=40), visitor="visitor-0002")
        campaign.order(one)
        campaign.order(two)

        reach = campaign.closing()["reach"]

        assert (reach["reached"], reach["ordered"], reach["conversion"]) == (2, 1, "0.5000")
        assert reach["events"] == {"visit": 1, "view": 2, "cart": 0}
        assert reach["people"] == {"visit": 1, "view": 2, "cart": 0}

    def test_who_has_ordered_before_is_no_new_member(self, campaign: Campaign, clock: Clock) -> None:
        campaign.order(campaign.shop.member("one@people.example"))
        first = campaign.campaign
        clock.set(product_clock.now() + timedelta(days=1))
        campaign.campaign = campaign.shop.campaign()
        campaign.order(campaign.shop.member("one@people.example"))
        campaign.order(campaign.shop.member("two@people.example"))

        sales = campaign.closing()["sales"]

        assert (sales["members"], sales["new_members"]) == (2, 1)
        campaign.campaign = first
        assert campaign.closing()["sales"]["new_members"] == 1

    def test_the_campaigns_own_address_leads_to_it(self, campaign: Campaign) -> None:
        reply = campaign.shop.brand.get(f"/v1/campaigns/{campaign.campaign['id']}/report")

        assert reply.status == 303
        assert reply.headers["location"].endswith(f"/v1/reports/campaign?id={campaign.campaign['id']}")
        assert campaign.shop.brand.get(f"/v1/campaigns/{NOBODYS}/report").status == 404
        assert campaign.shop.brand.get(f"/v1/reports/campaign?id={NOBODYS}").status == 404
        assert campaign.shop.brand.get("/v1/reports/campaign").json["errors"][0]["pointer"] == "?id"


class TestEnded:
    def test_a_price_step_that_was_reached_lowers_what_was_earned(
        self, campaign: Campaign, clock: Clock, sweep: Sweep
    ) -> None:
        shop = campaign.shop
        steps = [{"from_quantity": 1, "price": shop.money(900)}, {"from_quantity": 5, "price": shop.money(700)}]
        offer = {"sku_id": shop.sku_id, "ladder": steps, "quantity": 50}
        campaign.campaign = shop.campaign(kind="ladder", offers=[offer])
        campaign.order(shop.member("one@people.example"), quantity=2)
        campaign.order(shop.member("two@people.example"), quantity=3)

        running = campaign.closing()
        assert minor(running["sales"], "revenue") == [3_500]
        assert minor(running["statement"], "revenue") == [4_500]
        assert minor(running["offers"][0], "first_price", "price", "to_give_back") == [900, 700, 1_000]
        clock.set(product_clock.now() + timedelta(days=8))
        sweep()
        closed = campaign.closing()

        assert minor(closed["sales"], "revenue", "refunded") == [3_500, 0]
        assert minor(closed["statement"], "revenue", "goods", "labour", "profit") == [3_500, 2_500, 350, 650]

    def test_its_numbers_are_those_of_progress_settlement_and_summary(
        self, campaign: Campaign, clock: Clock, sweep: Sweep
    ) -> None:
        shop = campaign.shop
        orders = [campaign.order(shop.member(f"{n}@people.example"), quantity=n + 1) for n in range(3)]
        day = campaign.today
        clock.set(product_clock.now() + timedelta(days=8))
        sweep()
        shop.arrived(campaign.campaign["id"])
        for order in orders:
            campaign.hand_over(order)
        goodwill = {"amount": shop.money(100), "reason": "Bruised"}
        path = f"/v1/orders/{orders[0]['id']}/refunds"
        made(shop.brand.post(path, goodwill, headers={"Idempotency-Key": "kind"}), 201)
        sweep()

        report, progress, books = campaign.closing(), campaign.asked("progress"), campaign.asked("settlement")

        sales, said = report["sales"], report["statement"]
        assert (sales["orders"], sales["members"], sales["sold"], sales["revenue"]) == (
            progress["orders"], progress["participants"], progress["sold"], progress["revenue"],
        )  # fmt: skip
        assert said["revenue"]["amount_minor"] == minor(books, "sales")[0] + minor(books, "delivery")[0] - 100
        assert minor(books, "sales", "returns", "commission") == [
            5_400,
            100,
            said["lines"]["commission"]["amount_minor"],
        ]
        assert minor(said["lines"], "granted", "goods") == [100, 3_000]
        assert minor(sales, "refunded") == [100]
        assert report["handover"]["ended_orders"] == report["handover"]["sold_orders"] == 3
        summary = made(shop.brand.get(f"/v1/reports/summary?from_on={day}&to_on={day}"), 200)["totals"]
        assert (summary["orders"], summary["gmv"]) == (sales["orders"], sales["revenue"])
        by_campaign = f"/v1/reports/summary?from_on={day}&to_on={day}&by=campaign"
        [row] = made(shop.brand.get(by_campaign), 200)["rows"]
        assert (row["orders"], row["gmv"], row["quantity"], row["active_members"]) == (
            sales["orders"], sales["revenue"], sales["sold"], sales["members"],
        )  # fmt: skip
        made_of = campaign.report(by="campaign", from_on=day, to_on=day)["rows"][0]
        assert {name: made_of[name] for name in said} == said

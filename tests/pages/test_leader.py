"""The leader's pages: what waits, who gets what, handing over, what it earns, passing on; and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.members.records import MemberRecord
from chalicelib.pages.leader.handover.model import is_link, named_order
from tests.builders import Member, Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.pages.site import Seen, Visitor

HOME = {"name": "Ada", "phone": "+8613800138000", "address": "2 Garden Road"}
ORDER = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"


@dataclass
class Street:
    """A pickup point with a leader, a campaign there, and neighbours who order."""

    shop: Shop
    clock: Clock
    sweep: Sweep
    drain: Drain

    def __post_init__(self) -> None:
        self.ann = self.shop.member()
        self.ada = self.shop.member()
        self.name(self.ada, "王小明")
        self.point = self.shop.pickup_point(name="East gate", leader_id=self.ann.id, commission_bps=1000)["id"]

    def name(self, member: Member, name: str) -> None:
        """Gives a member a name."""
        with tenant_scope(self.shop.tenant_id):
            record = MemberRecord.at(self.shop.tenant_id, member.id)
            assert record is not None
            record.name = name
            tx = Transaction()
            tx.replace("member", record)
            tx.commit()

    def campaign(self, **fields: Any) -> Any:
        """A campaign of an hour at the point."""
        return self.shop.campaign(**{"pickup_point_ids": [self.point], "closes_in": timedelta(hours=1), **fields})

    def order(self, campaign: Any, member: Member | None = None, **fields: Any) -> Any:
        """An order at the point; Ada's unless it is said whose."""
        return made(self.shop.order(member or self.ada, campaign=campaign, **fields))

    def locked(self) -> None:
        """Campaigns that were open have closed."""
        self.clock.advance(hours=2)
        self.sweep(2)

    def ready(self, *campaigns: Any) -> None:
        """What was ordered of them waits at the point."""
        self.locked()
        for each in campaigns:
            self.shop.arrived(each["id"])
        self.drain()

    def status(self, order: Any) -> str:
        """How an order stands, by the API."""
        return str(made(self.shop.brand.get(f"/v1/orders/{order['id']}"), 200)["status"])


@pytest.fixture
def street(shop: Shop, clock: Clock, sweep: Sweep, drain: Drain) -> Street:
    return Street(shop, clock, sweep, drain)


@pytest.fixture
def ann(street: Street, new_visitor: Callable[..., Visitor]) -> Visitor:
    """The leader's phone."""
    return new_visitor(street.shop).signed_in(street.ann)


def looked_up(phone: Visitor, code: str, path: str = "/leader/handover") -> Seen:
    """What the counter says of a code."""
    return phone.send(phone.get(path), "Look it up", code=code)


def test_the_first_page_says_what_waits_and_what_is_due(street: Street, ann: Visitor) -> None:
    campaign = street.campaign(title="Pears of the week")
    street.order(campaign, quantity=3)
    street.ready(campaign)

    page = ann.get("/leader")

    assert page.heading == "East gate"
    assert [each.get_text(" ").split()[0] for each in page.soup.select(".tiles li")] == [
        "1",
        "CN¥27.00",
        "0",
        "CN¥0.00",
    ]
    assert "王小明" in page.words("ul.card")
    sheet = ann.get(page.link("Pears of the week"))
    assert sheet.words("h2") == "Pears of the week"


def test_where_nothing_is_to_do_it_says_so(street: Street, ann: Visitor) -> None:
    assert "There is nothing to do here yet." in ann.get("/leader").words(".empty")
    assert "There is nothing to sort yet." in ann.get("/leader/sheet").words(".empty")
    assert "running" in ann.get("/leader/sharing").words(".empty")
    assert "earned nothing" in ann.get("/leader/earnings").words(".empty")


@pytest.mark.parametrize("path", ["", "/sheet", "/handover", "/earnings", "/statements", "/sharing"])
def test_who_leads_nothing_is_led_back_to_the_shop(shop: Shop, shopper: Visitor, path: str) -> None:
    page = shopper.get(f"/leader{path}")
    assert (page.status, page.heading) == (404, "This page is for leaders")
    assert page.link("To the shop") == shopper.at("")
    assert "as its leader" not in shopper.get("/me").text


def test_a_leader_finds_the_way_on_the_page_of_their_own(street: Street, ann: Visitor) -> None:
    assert ann.get("/me").link("as its leader") == ann.at("/leader")


@pytest.mark.parametrize("path", ["", "/sheet", "/handover", "/sharing"])
def test_who_leads_several_points_says_which(street: Street, ann: Visitor, path: str) -> None:
    street.shop.pickup_point(name="West gate", leader_id=street.ann.id)
    page = ann.get(f"/leader{path}")
    assert page.heading == "Which pickup point?"
    west = ann.get(page.link("West gate"))
    assert west.status == 200
    assert "West gate" in west.text
    assert f"pickup_point_id={street.point}" not in west.text


def test_a_point_of_somebody_else_is_not_there(street: Street, ann: Visitor, shop: Shop) -> None:
    other = shop.pickup_point(leader_id=shop.member().id)["id"]
    for path in ("", "/sheet", "/handover", "/sharing"):
        assert ann.get(f"/leader{path}?pickup_point_id={other}").status == 404


def test_the_sorting_list_is_by_parcel_and_by_product(street: Street, ann: Visitor) -> None:
    campaign = street.campaign()
    order = street.order(campaign, quantity=3)
    street.order(campaign, street.shop.member(), quantity=2)
    street.locked()

    page = ann.get("/leader/sheet")
    assert "Do not hand anything over yet" in page.words(".note")
    assert [each.get_text(" ", strip=True) for each in page.soup.select(".parcel h3")] == ["王小明", "No name given"]
    assert order["id"][-6:] in page.words(".parcel")
    assert page.soup.select_one(".parcel [data-tick]")["data-tick"].startswith(f"{order['id']}:")

    products = ann.get(page.link("By product"))
    assert products.words(".parcel h3").endswith("× 5")
    assert [each.get_text(" ", strip=True)[-1] for each in products.soup.select(".parcel li")] == ["3", "2"]

    street.shop.arrived(campaign["id"])
    assert "Do not hand anything over yet" not in ann.get("/leader/sheet").text


def test_a_code_shows_what_is_theirs_and_one_tap_hands_it_over(street: Street, ann: Visitor) -> None:
    campaign = street.campaign(title="Pears")
    order = street.order(campaign, quantity=3)
    street.ready(campaign)

    page = looked_up(ann, order["pickup_code"].lower())
    assert "王小明" in page.words(".verdict h2")
    assert page.words(".take") == "Take CN¥27.00 in cash"
    assert "× 3" in page.words(".verdict")
    assert street.status(order) == "ready"

    done = ann.send(page, "Hand it over")
    assert done.words(".verdict.good h2") == "Handed over"
    assert "already" not in done.words(".verdict.good")
    assert street.status(order) == "picked_up"

    again = looked_up(ann, f"{order['id']}:{order['pickup_code']}")
    assert again.status == 409
    assert again.words(".verdict.bad h2") == "The order was picked up already"
    assert "Nothing was handed over." in again.words(".verdict.bad")


def test_the_same_form_sent_twice_hands_over_once(street: Street, ann: Visitor) -> None:
    campaign = street.campaign()
    order = street.order(campaign)
    street.ready(campaign)
    page = looked_up(ann, order["pickup_code"])
    for _ in range(2):
        assert ann.send(page, "Hand it over").words(".verdict h2") == "Handed over"


def test_all_parcels_of_a_member_are_shown_and_go_together_or_one_alone(street: Street, ann: Visitor) -> None:
    campaigns = [street.campaign(title=title) for title in ("Pears", "Plums")]
    first, second = (street.order(each) for each in campaigns)
    street.ready(*campaigns)

    page = looked_up(ann, second["pickup_code"])
    assert page.words(".take") == "Take CN¥18.00 in cash"
    assert {each.get_text(strip=True) for each in page.soup.select(".verdict h3 bdi")} == {"Pears", "Plums"}
    ann.send(page, "Only Plums")
    assert [street.status(each) for each in (first, second)] == ["ready", "picked_up"]

    page = looked_up(ann, first["pickup_code"])
    ann.send(page, "Hand it over")
    assert street.status(first) == "picked_up"


def test_both_go_with_one_tap(street: Street, ann: Visitor) -> None:
    campaigns = [street.campaign() for _ in range(2)]
    orders = [street.order(each) for each in campaigns]
    street.ready(*campaigns)
    ann.send(looked_up(ann, orders[0]["pickup_code"]), "Hand over all 2 parcels")
    assert [street.status(each) for each in orders] == ["picked_up"] * 2


def test_what_is_no_code_of_the_shop_is_said_and_counts_as_no_try(
    street: Street, ann: Visitor, new_shop: Callable[..., Shop]
) -> None:
    campaign = street.campaign()
    order = street.order(campaign)
    street.ready(campaign)
    elsewhere = made(new_shop().order())
    wrong = {
        f"http://127.0.0.1:8000/s/{street.shop.slug}/go/{ORDER}": "This is a link, not a pickup code",
        f"{elsewhere['id']}:{elsewhere['pickup_code']}": "This code is not from this shop",
        "123": "This cannot be a pickup code",
    }
    for code, said in wrong.items():
        for _ in range(4):
            page = looked_up(ann, code)
            assert page.words(".verdict.bad h2") == said
            assert page.soup.select_one("#code")["value"] == code
    assert "王小明" in looked_up(ann, order["pickup_code"]).words(".verdict.found")


def test_a_code_of_another_point_says_so(street: Street, ann: Visitor) -> None:
    west = street.shop.pickup_point()["id"]
    campaign = street.campaign(pickup_point_ids=[street.point, west])
    order = street.order(campaign, pickup_point_id=west)
    street.ready(campaign)
    page = looked_up(ann, order["pickup_code"])
    assert page.words(".verdict.bad h2") == "The order waits at another pickup point"


def test_a_script_is_given_the_result_alone(street: Street, ann: Visitor) -> None:
    campaign = street.campaign()
    order = street.order(campaign)
    street.ready(campaign)
    page = ann.get("/leader/handover")
    sent = {
        "_csrf": str(page.soup.select_one("[name=_csrf]")["value"]),
        "code": order["pickup_code"],
        "pickup_point_id": street.point,
    }
    part = ann.post("/leader/handover/look-up", sent, hx_request="true")
    assert "<html" not in part.text
    assert part.soup.select_one("[data-signal=found] #hand-over")
    refused = ann.post("/leader/handover/look-up", sent | {"code": "0000000000"}, hx_request="true")
    assert "<html" not in refused.text
    assert refused.soup.select_one("[data-signal=refused]")


def test_only_the_counter_may_ask_for_the_camera(street: Street, ann: Visitor) -> None:
    allowed = {path: ann.get(path).headers["permissions-policy"] for path in ("/leader/handover", "/leader", "")}
    assert "camera=(self)" in allowed["/leader/handover"]
    assert "camera=()" in allowed["/leader"]
    assert "camera=()" in allowed[""]
    page = ann.get("/leader/handover")
    assert "zxing" not in "".join(str(each) for each in page.soup.select("script"))


def test_what_was_brought_to_the_door_is_noted(street: Street, ann: Visitor) -> None:
    campaign = street.campaign(delivery={"fee": street.shop.money(600)})
    order = street.order(campaign, delivery=HOME)
    collected = street.order(campaign, street.shop.member())
    street.ready(campaign)

    page = ann.get("/leader/sheet")
    assert "2 Garden Road" in page.words(".parcel")
    page = ann.send(page, "Yes, it is delivered")
    assert page.words(".flash") == "It is noted as delivered."
    assert (street.status(order), street.status(collected)) == ("picked_up", "ready")

    token = ann.get("/leader/handover").soup.select_one("[name=_csrf]")["value"]
    sent = {"_csrf": str(token), "pickup_point_id": street.point}
    refused = ann.post(f"/leader/orders/{collected['id']}/delivered", sent | {"campaign_id": campaign["id"]})
    assert refused.status == 422
    assert street.status(collected) == "ready"


def _owed_in_cash(street: Street) -> Any:
    """Ada has one of three, paid for all, and one is taken out of her order."""
    campaign = street.campaign()
    order = street.order(campaign, quantity=3)
    street.ready(campaign)
    line = {"offer_id": order["lines"][0]["offer_id"]}
    handed = {"code": order["pickup_code"], "pickup_point_id": street.point, "lines": [{**line, "quantity": 1}]}
    base = f"/v1/orders/{order['id']}"
    made(street.shop.caller.call("POST", f"{base}/pickup", json=handed, token=street.ann.token), 200)
    lowered = {"lines": [{**line, "quantity": 2}], "reason": "Bruised"}
    made(street.shop.brand.post(f"{base}/adjustments", lowered, headers={"Idempotency-Key": "bruised"}), 200)
    street.drain()
    return order


def test_a_refund_is_paid_out_in_cash(street: Street, ann: Visitor) -> None:
    order = _owed_in_cash(street)
    page = ann.get("/leader")
    assert "Bruised" in page.words()
    page = ann.send(page, "Yes, CN¥9.00 are paid out")
    assert page.words(".flash") == "It is noted as paid out."
    assert "Bruised" not in page.words()
    (refund,) = made(street.shop.brand.get(f"/v1/orders/{order['id']}/refunds"), 200)["items"]
    assert refund["status"] == "succeeded"


def _handed_over(street: Street, phone: Visitor) -> Any:
    campaign = street.campaign()
    order = street.order(campaign, quantity=3)
    street.ready(campaign)
    phone.send(looked_up(phone, order["pickup_code"]), "Hand it over")
    street.drain()
    return order


def test_earnings_stand_order_by_order_and_statements_open_down_to_them(street: Street, ann: Visitor) -> None:
    order = _handed_over(street, ann)
    page = ann.get("/leader/earnings")
    assert "CN¥27.00 are to be handed in to the shop." in page.words(".owed")
    assert order["id"][-6:] in page.words()
    assert "10.00 % of CN¥27.00" in page.words()

    street.clock.advance(days=2)
    day = {"from_on": order["placed_at"][:10], "to_on": _local_day(street)}
    wanted = {"party": "leader", "party_id": street.ann.id, **day}
    made(street.shop.brand.post("/v1/statements", wanted, headers={"Idempotency-Key": "statement"}))
    listed = ann.get(ann.get("/leader/earnings").link("My statements"))
    statement = ann.get(str(listed.soup.select_one("main a.way")["href"]))
    entry = next(each for each in statement.soup.select("details") if order["id"][-6:] in each.get_text())
    assert "cash CN¥27.00" in entry.get_text()
    assert "Order handed over" in entry.get_text()


def _local_day(street: Street) -> str:
    """Yesterday by the shop's clocks."""
    return (product_clock.now().astimezone(product_clock.zone("Asia/Shanghai")) - timedelta(days=1)).date().isoformat()


def test_who_was_removed_with_cash_in_hand_sees_what_they_owe(street: Street, ann: Visitor) -> None:
    _handed_over(street, ann)
    made(street.shop.brand.patch(f"/v1/pickup-points/{street.point}", {"leader_id": street.ada.id}), 200)

    page = ann.get("/leader")
    assert (page.status, page.heading) == (200, "You lead no pickup point at the moment")
    assert "CN¥27.00 are to be handed in" in page.words()
    assert ann.get(page.link("See how it came about")).status == 200
    assert ann.get("/leader/handover").status == 404


def test_a_leader_gets_a_link_and_passes_on_what_is_running(street: Street, ann: Visitor) -> None:
    street.campaign(title="Pears")
    page = ann.get("/leader/sharing")
    page = ann.send(page, "Get my own link")
    assert "/go/" in page.words("[data-text]")
    assert "10.00 %" in page.words()
    chat = ann.get(page.link("Text for the chat group"))
    assert page.words("[data-text]") in chat.text


@pytest.mark.parametrize("path", ["", "/sheet", "/handover", "/earnings", "/sharing"])
def test_every_page_is_in_both_languages(street: Street, new_visitor: Callable[..., Visitor], path: str) -> None:
    street.campaign(title="Pears")
    english, chinese = (new_visitor(street.shop, language=each).signed_in(street.ann) for each in ("en", "zh"))
    assert "Hand over" in english.get(f"/leader{path}").words("nav.tabs")
    assert "核销" in chinese.get(f"/leader{path}").words("nav.tabs")


@pytest.mark.parametrize("text", ["https://shop.example/s/x", "HTTP://shop.example", " www.shop.example", "weixin://a"])
def test_links_are_known(text: str) -> None:
    assert is_link(text)


@pytest.mark.parametrize("text", ["BG6ZXVSZ2B", f"{ORDER}:BG6ZXVSZ2B", "www", "http"])
def test_codes_are_no_links(text: str) -> None:
    assert not is_link(text)


@pytest.mark.parametrize(
    ("text", "order"),
    [(f"{ORDER}:BG6ZXVSZ2B", ORDER), (f" {ORDER.lower()}:x", ORDER), ("BG6ZXVSZ2B", None), ("x:BG6ZXVSZ2B", None)],
)
def test_a_scanned_code_names_its_order(text: str, order: str | None) -> None:
    assert named_order(text) == order

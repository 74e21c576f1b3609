"""After the close at the console: the purchase list, what came in, the sorting sheets, and moving on."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.model.campaign import Status
from chalicelib.fulfilment.receiving.forms import NewReceipt
from chalicelib.fulfilment.sorting.model import MemberShare, Parcel, Sheet, parts
from chalicelib.kernel.errors import Invalid
from chalicelib.pages.console.supply.forms import filled_lines, of_the_form
from chalicelib.pages.console.supply.model import ALL_CAME, STEPS, WAITS, ahead, documents, effect, passed_to, waits_for
from infra.bench.pages import weigh
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.pages.site import Desk, Seen
from tests.wanting.shops import wait

Closed = dict[str, Any]
New = Callable[..., Desk]


@pytest.fixture
def orchard(shop: Shop) -> str:
    """The supplier of the shop's SKU, at 4.00, in packs of five."""
    supplier = str(made(shop.brand.post("/v1/suppliers", {"name": "Orchard", "minimum": shop.money(10_000)}))["id"])
    terms = {"cost": shop.money(400), "pack_size": 5, "main": True}
    made(shop.brand.put(f"/v1/suppliers/{supplier}/skus/{shop.sku_id}", terms), 200)
    return supplier


@pytest.fixture
def closed(shop: Shop, orchard: str, clock: Clock, sweep: Sweep) -> Closed:
    """A group buy that has closed, with orders of three and of four units; ten are bought."""
    campaign = shop.campaign(closes_in=timedelta(hours=1))
    first = made(shop.order(campaign=campaign, quantity=3))
    last = made(shop.order(shop.member(), campaign=campaign, quantity=4))
    clock.advance(hours=2)
    sweep()
    return {"id": campaign["id"], "title": campaign["title"], "supplier": orchard, "first": first, "last": last}


def supply_of(shop: Shop, closed: Closed) -> Any:
    """The only line of the supply."""
    return made(shop.brand.get(f"/v1/campaigns/{closed['id']}/supply"), 200)["lines"][0]


def status_of(shop: Shop, closed: Closed) -> str:
    return str(made(shop.brand.get(f"/v1/campaigns/{closed['id']}"), 200)["status"])


def receiving(desk: Desk, closed: Closed) -> Seen:
    return desk.get(f"/supply/{closed['id']}/receive?supplier_id={closed['supplier']}")


def test_what_has_closed_stands_by_what_it_waits_for(closed: Closed, shop: Shop, desk: Desk) -> None:
    open_still = shop.open_campaign
    page = desk.get("/supply")
    assert "Look through the purchase list" in page.words()
    assert page.link(closed["title"]) == f"/console/supply/{closed['id']}"
    assert open_still["title"] not in page.words()


def test_where_nothing_has_closed_it_is_said_what_comes_here(desk: Desk) -> None:
    assert "Nothing is on its way" in desk.get("/supply").words()


def test_before_the_close_it_is_said_when_there_is_something_to_buy(shop: Shop, desk: Desk) -> None:
    for path in ("", "/purchase-list", "/receive", "/receipts", "/sorting-sheets", "/sorting-sheets/print", "/top-up"):
        page = desk.get(f"/supply/{shop.campaign_id}{path}")
        assert page.status == 200
        assert "Nothing is to be bought yet" in page.words()


def test_the_purchase_list_says_packs_minimum_and_a_text_to_send(closed: Closed, desk: Desk) -> None:
    page = desk.get(f"/supply/{closed['id']}/purchase-list")
    assert page.words("section.supplier h2") == "Orchard"
    assert "2 packs of 5" in page.words("td[data-label='To buy']")
    assert "¥60.00 are missing to the supplier's minimum." in page.words(".supplier .note")
    text = page.soup.select_one("textarea")
    assert text is not None
    assert "2 × 5 = 10" in text.get_text()


def test_the_list_is_handed_out_as_a_table_and_as_a_workbook(closed: Closed, desk: Desk) -> None:
    path = f"/supply/{closed['id']}/purchase-list?version=1"
    table = desk.get(f"{path}&format=csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "attachment" in table.headers["content-disposition"]
    assert "Orchard" in table.text
    workbook = desk.get(f"{path}&format=xlsx", follow=False)
    assert workbook.status == 303
    assert "/downloads/" in workbook.headers["location"]


def test_what_more_neighbours_wait_for_stands_at_the_line_and_where_more_is_bought(
    shop: Shop, orchard: str, noon: None, clock: Clock, sweep: Sweep, desk: Desk
) -> None:
    campaign = shop.campaign(closes_in=timedelta(hours=1), offers=[shop.offer(quantity=3)])
    made(shop.order(campaign=campaign, quantity=3))
    made(wait(shop, campaign, shop.member(), 2), 200)
    clock.advance(hours=2)
    sweep()
    page = desk.get(f"/supply/{campaign['id']}/purchase-list")
    assert "2 more wanted" in page.words("section.supplier table")
    assert "2 more wanted" in desk.get(f"/supply/{campaign['id']}/top-up?supplier_id={orchard}").words("form")
    list_ = made(shop.brand.get(f"/v1/campaigns/{campaign['id']}/purchase-list"), 200)
    assert list_["wanted_more"] == [{"sku_id": shop.sku_id, "units": 2}]


def test_more_than_was_ordered_is_bought_in_a_new_version(closed: Closed, desk: Desk) -> None:
    page = desk.get(f"/supply/{closed['id']}/top-up?supplier_id={closed['supplier']}")
    refused = desk.send(page, "Buy these too", lines__0__units="-1")
    assert refused.status == 422
    assert refused.soup.select_one("#f-lines-0-units-fault")
    assert refused.soup.select_one("#f-lines-0-units")["value"] == "-1"  # type: ignore[index]
    done = desk.send(page, "Buy these too", lines__0__units="8")
    assert done.words(".flash") == "The purchase list has the new units."
    assert "sold 7 → 7, bought 10 → 15" in done.words()
    assert "Version 2" in done.words(".heads")


def test_the_list_is_drawn_up_again_where_orders_were_changed(closed: Closed, shop: Shop, desk: Desk) -> None:
    page = desk.get(f"/supply/{closed['id']}/purchase-list")
    assert desk.send(page, "Draw it up again").words(".flash") == "Nothing has changed: the list stands."
    line = {"offer_id": closed["last"]["lines"][0]["offer_id"], "quantity": 1}
    lowered = {"lines": [line], "reason": "Asked for fewer"}
    path = f"/v1/orders/{closed['last']['id']}/adjustments"
    made(shop.brand.post(path, lowered, headers={"Idempotency-Key": "fewer"}), 200)
    assert desk.send(page, "Draw it up again").words(".flash") == "The list is drawn up again."


def test_all_that_came_is_recorded_at_once(closed: Closed, shop: Shop, desk: Desk) -> None:
    page = receiving(desk, closed)
    assert page.soup.select_one("#f-lines-0-received")["value"] == "10"  # type: ignore[index]
    done = desk.send(page, "Record it")
    assert done.words(".flash") == "It is recorded."
    assert supply_of(shop, closed)["expected"] == 0
    assert "Everything of this supplier" not in receiving(desk, closed).words()  # three units nobody ordered are left
    assert "3 units are left over" in receiving(desk, closed).words()


def test_what_is_short_is_said_before_it_costs_orders_anything(
    closed: Closed, shop: Shop, desk: Desk, drain: Drain
) -> None:
    typed = {"lines__0__received": "6", "lines__0__damaged": "1", "lines__0__short": "4"}
    page = desk.send(receiving(desk, closed), "Record it", **typed)
    assert page.heading == "What this means for orders"
    # Five are lost, three of which nobody had ordered.
    assert "2 units are taken out of orders and paid back. 3 units were in no order." in page.words()
    assert supply_of(shop, closed)["expected"] == 10

    back = desk.send(page, "Go back and change it")
    assert back.soup.select_one("#f-lines-0-short")["value"] == "4"  # type: ignore[index]

    done = desk.send(page, "Yes, record it")
    assert done.words(".flash") == "It is recorded. Orders are being adjusted to it."
    assert "Orders are being adjusted to what came." in done.words()
    drain()
    assert "Orders are being adjusted to what came." not in desk.get(f"/supply/{closed['id']}").words()
    last = made(shop.brand.get(f"/v1/orders/{closed['last']['id']}"), 200)
    assert last["lines"][0]["quantity"] == 2
    assert "4 not coming" in desk.get(f"/supply/{closed['id']}/receipts").words()


def test_something_else_that_came_instead_is_looked_for_and_chosen(closed: Closed, shop: Shop, desk: Desk) -> None:
    plums = shop.product(title="Plums of the hill")
    page = desk.send(receiving(desk, closed), "Look for it", _seek="plums", lines__0__received="8")
    assert page.soup.select_one("#f-lines-0-received")["value"] == "8"  # type: ignore[index]
    sku = plums["skus"][0]["id"]
    assert page.soup.select_one(f"details[open] option[value='{sku}']"), "where something lacks it is chosen at once"
    chosen = {"lines__0__substitute__sku_id": sku, "lines__0__substitute__quantity": "2"}
    page = desk.send(page, "Record it", **chosen)
    assert page.heading == "What this means for orders"
    desk.send(page, "Yes, record it")
    assert supply_of(shop, closed)["substituted"] == 2
    recorded = desk.get(f"/supply/{closed['id']}/receipts").words()
    assert "8 came · 2 of Plums of the hill · One instead" in recorded
    assert (
        desk.send(receiving(desk, closed), "Look for it", _seek="no such fruit").words().count("No product is called")
    )


def test_what_has_all_come_in_waits_for_nothing_more_to_be_recorded() -> None:
    assert waits_for(Status.PURCHASING, 3) == WAITS[Status.PURCHASING]
    assert waits_for(Status.PURCHASING, 0) == ALL_CAME
    assert waits_for(Status.LOCKED, 0) == WAITS[Status.LOCKED]


def test_what_was_ordered_is_not_offered_as_something_else_that_came(closed: Closed, shop: Shop, desk: Desk) -> None:
    other = shop.product()["skus"][0]["id"]
    page = desk.send(receiving(desk, closed), "Look for it", _seek="sku-", lines__0__received="8")
    offered = [each["value"] for each in page.soup.select("details[open] option")]
    assert offered == ["", other]


def test_what_the_receipt_refuses_stands_at_its_line_with_what_was_typed(closed: Closed, desk: Desk) -> None:
    page = desk.send(receiving(desk, closed), "Record it", lines__0__received="")
    assert (page.status, page.words("main > .fault")) == (422, "Say of at least one line what came.")
    page = desk.send(receiving(desk, closed), "Record it", lines__0__received="many", note="By van")
    assert page.soup.select_one("#f-lines-0-received")["value"] == "many"  # type: ignore[index]
    assert page.soup.select_one("#f-lines-0-received-fault")
    assert "By van" in page.words("#f-note")
    page = desk.send(receiving(desk, closed), "Record it", lines__0__received="11")
    assert page.status == 409
    assert "The receipt is above the order" in page.words(".refusal")


def test_moving_on_says_what_follows_and_names_what_is_unaccounted(
    closed: Closed, shop: Shop, desk: Desk, drain: Drain
) -> None:
    page = desk.get(f"/supply/{closed['id']}/advance")
    assert "Nobody is written to." in page.words()
    desk.send(page, "Yes: The goods are ordered from the suppliers")
    assert status_of(shop, closed) == "purchasing"

    page = desk.get(f"/supply/{closed['id']}/advance?to=at_pickup")
    assert "Everybody who ordered is told that they can collect." in page.words()
    refused = desk.send(page, "Yes: The parcels are at the pickup points")
    assert (refused.status, refused.heading) == (409, "The parcels are at the pickup points")
    assert "Some goods are unaccounted for" in refused.words(".refusal")

    done = desk.send(refused, "Yes: The parcels are at the pickup points", everything_arrived="true")
    assert "Everybody who ordered is told now." in done.words(".flash")
    assert status_of(shop, closed) == "at_pickup"
    drain()
    assert "Neighbours collect" in desk.get(f"/supply/{closed['id']}").words()


def test_who_was_slower_sees_that_it_has_changed_and_sends_it_again(closed: Closed, shop: Shop, desk: Desk) -> None:
    page = desk.get(f"/supply/{closed['id']}/advance?to=received")
    made(shop.brand.post(f"/v1/campaigns/{closed['id']}/advance", {"to": "purchasing"}), 200)
    stale = desk.send(page, "Yes: The goods are here", everything_arrived="true")
    assert "It is now: Being bought since" in stale.words()
    assert stale.status == 412
    assert "A colleague has changed it meanwhile" in stale.words(".refusal")
    assert stale.soup.select_one("#f-everything_arrived[checked]")
    desk.send(stale, "Yes: The goods are here")
    assert status_of(shop, closed) == "received"


def test_the_sheets_of_all_points_are_printed_each_on_its_own_page(closed: Closed, desk: Desk) -> None:
    page = desk.get(f"/supply/{closed['id']}/sorting-sheets")
    assert "2 parcels · 1 pickup point" in page.words()
    paper = desk.get(page.link("Print all"))
    assert paper.text.count('class="sheet"') == 1
    assert "script" not in paper.headers["content-security-policy"]
    point = page.soup.select_one("td a")
    assert point is not None
    assert desk.get(str(point["href"])).text.count('class="sheet"') == 1
    assert desk.get(f"/supply/{closed['id']}/sorting-sheets?format=csv").headers["content-type"].startswith("text/csv")


def test_each_role_sees_what_it_may_do(closed: Closed, shop: Shop, new_desk: New) -> None:
    path = f"/supply/{closed['id']}"
    analyst, service = new_desk(shop, "analyst"), new_desk(shop, "service")
    assert "Purchase list" not in analyst.get(path).words()
    assert "Orchard" in analyst.get(path).words()
    assert analyst.get(f"{path}/purchase-list").status == 403
    assert "Record what came" not in service.get(path).words()
    assert "Sorting sheets" in service.get(path).words()
    assert "Draw it up again" not in service.get(f"{path}/purchase-list").words()
    assert service.get(f"{path}/advance").status == 403
    assert new_desk(shop, "editor").get("/supply").status == 403


def test_the_pages_speak_chinese_and_are_light(closed: Closed, desk: Desk) -> None:
    desk.language = "zh"
    for path in ("", "/purchase-list", f"/receive?supplier_id={closed['supplier']}", "/sorting-sheets", "/advance"):
        page = desk.get(f"/supply/{closed['id']}{path}")
        assert page.status == 200
        assert weigh(page.text, lambda asset: desk.get(asset).text).over() == {}
    assert desk.get("/supply").heading == "采购与分拣"


# --- Rules


def test_the_way_ends_at_the_pickup_points() -> None:
    assert [step.to for step in ahead(Status.SORTED)] == [Status.AT_PICKUP]
    assert ahead(Status.AT_PICKUP) == ahead(Status.SETTLED) == ahead(Status.OPEN) == []
    assert [step.to for step in passed_to(Status.LOCKED, Status.RECEIVED)] == [Status.PURCHASING, Status.RECEIVED]
    assert set(STEPS) == {Status.PURCHASING, Status.RECEIVED, Status.SORTED, Status.AT_PICKUP}


@pytest.mark.parametrize(
    ("lost", "substituted", "surplus", "expected"),
    [(5, 0, 3, (2, 0, 3)), (2, 0, 3, (0, 0, 2)), (4, 3, 0, (1, 3, 0)), (4, 3, 2, (0, 2, 2))],
)
def test_what_a_loss_means_for_orders(
    lost: int, substituted: int, surplus: int, expected: tuple[int, int, int]
) -> None:
    found = effect("Pears", lost, substituted, surplus)
    assert (found.cut, found.instead, found.spare) == expected


def test_sheets_are_counted_in_documents_as_they_are_parted() -> None:
    chance = random.Random(7)
    for _ in range(200):
        points = [[chance.randint(1, 4) for _ in range(chance.randint(1, 9))] for _ in range(chance.randint(0, 7))]
        sheets = [
            Sheet(f"{n}", {}, tuple(MemberShare(f"{m}", tuple(_parcel() for _ in range(count)))
                                    for m, count in enumerate(members)))
            for n, members in enumerate(points)
        ]  # fmt: skip
        assert documents(points, 8) == len(parts(sheets, 8))


def _parcel() -> Parcel:
    return Parcel("order", "member", "point", "placed", {}, {}, {})


def test_a_refusal_is_said_of_the_line_of_the_form() -> None:
    ids = ["01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "01J9ZQ0W7N8RXC5B2M4T6V8Y0B"]
    sent = NewReceipt.model_validate({"lines": [{"sku_id": ids[0]}, {"sku_id": ids[1], "received": 2}]})
    receipt, kept = filled_lines(sent)
    assert ([line.sku_id for line in receipt.lines], kept) == ([ids[1]], [1])
    refusal = Invalid.at("/lines/0/damaged", "Too many.")
    assert [each.pointer for each in of_the_form(refusal.errors, kept)] == ["/lines/1/damaged"]

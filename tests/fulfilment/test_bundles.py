"""Bundles behind the counter: bought by SKU, short by part, replaced by part, sorted and handed over by part."""

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.fulfilment.leader.views import CounterLineView
from chalicelib.fulfilment.purchasing import service
from chalicelib.fulfilment.purchasing.views.lists import rows
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.fulfilment.sorting.service import sorting
from chalicelib.fulfilment.sorting.views.sheets import SORTING_HEADER, SortingSheetsView, sorting_rows
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust_after_lock
from chalicelib.orders.bundles.model import part_named
from chalicelib.orders.errors import MoreThanOrdered
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.surroundings import surroundings
from chalicelib.orders.views.lines import as_handed_over, titled
from chalicelib.orders.views.orders import OrderView
from chalicelib.wanting.service import waiting
from tests.fulfilment.buying import agree, allocate, frozen, receive, supplier
from tests.orders.store import Store
from tests.orders.test_bundles import EGGS, OIL, PAIR, PEARS, a_bundle, alone, skus

__all__ = ["skus"]


def ordered(store: Store, *orders: tuple[int, ...]) -> tuple[str, CampaignRecord, list[OrderRecord]]:
    """The supplier of everything, and a frozen campaign of pears alone and of pears with eggs, with such orders."""
    orchard = supplier(store)
    for sku in (PEARS, EGGS, OIL):
        agree(store, orchard, sku)
    campaign = store.publish(offers=[alone(store, PEARS, 20), a_bundle(store, *PAIR)])
    placed = [store.place(campaign, *units, member=n, key=f"k{n}") for n, units in enumerate(orders)]
    store.lock(campaign)
    frozen(store, campaign.id)
    return orchard, store.again(campaign), placed


def units(order: OrderRecord) -> dict[str, int]:
    return {line.offer_id.rpartition("-")[2] if "-" in line.offer_id else "": line.quantity for line in order.lines}


def test_what_is_bought_is_by_sku_whoever_sold_it(store: Store, skus: list[str]) -> None:
    _, campaign, _ = ordered(store, (2, 3), (0, 1))
    lines = frozen(store, campaign.id)
    assert {sku: line.quantity for sku, line in lines.items()} == {PEARS: 6, EGGS: 4}
    pears, pair = (offer.offer_id for offer in campaign.offers)
    assert dict(lines[PEARS].offers) == {pears: 2, f"{pair}-0": 4}


def test_what_is_waited_for_is_by_sku_whoever_sold_it_and_stays_after_the_close(store: Store, skus: list[str]) -> None:
    sets = a_bundle(store, (PEARS, 2), (EGGS, 1), quantity=1)
    campaign = store.publish(offers=[alone(store, PEARS, 4), sets, alone(store, OIL)])
    store.place(campaign, 2, 1, 1)
    pears, pair, _ = (offer.offer_id for offer in campaign.offers)
    for member, offer, quantity in ((1, pears, 3), (2, pair, 1), (3, pair, 1)):
        waiting.wait(store.tenant_id, store.member(member), campaign.id, offer, quantity, clock.now())
    expected = {skus[PEARS]: 7, skus[EGGS]: 2}
    assert service.wanted_more(campaign) == expected

    store.lock(campaign)

    found = service.read_version(store.tenant_id, campaign.id, None, clock.now())
    more = service.wanted_more(store.again(campaign))
    assert more == expected
    table = [(row[1], row[-1]) for row in rows(found.record, None, "CNY", more)]
    assert table == [(skus[PEARS], 7), (skus[EGGS], 2), (skus[OIL], 0)]


def test_of_a_bundle_one_part_of_which_is_short_that_parts_share_goes_back(store: Store, skus: list[str]) -> None:
    orchard, campaign, (first, last) = ordered(store, (1, 1), (0, 2))
    receive(store, campaign.id, orchard, Arrival(skus[PEARS], 4), Arrival(skus[EGGS], 2, short=1))
    allocate(store, campaign.id)
    first, last = store.order(first), store.order(last)
    assert units(first) == {"": 1, "0": 1, "1": 1}
    assert units(last) == {"0": 2, "1": 1}
    assert last.total_minor == 18_000 - 3_600  # 54 and 36 of 90: an egg less is 36 less
    (line,) = OrderView.of(last).lines
    assert (line.quantity, line.total.amount_minor) == (2, 14_400)
    store.check_stock(campaign)
    assert last.totals.due == 14_400


def test_a_part_that_none_came_of_leaves_the_rest_of_the_bundle(store: Store, skus: list[str]) -> None:
    orchard, campaign, (only,) = ordered(store, (0, 2))
    receive(store, campaign.id, orchard, Arrival(skus[PEARS], 2), Arrival(skus[EGGS], 0, short=2))
    allocate(store, campaign.id)
    only = store.order(only)
    assert (units(only), only.total_minor) == ({"0": 2}, 10_800)
    around = surroundings(store.tenant_id, [only])
    assert [(line.title, line.quantity, len(line.parts)) for line in titled(only, around)] == [("Set", 2, 1)]
    store.check_stock(campaign)


def test_a_part_is_replaced_by_another_sku_and_the_price_stays(store: Store, skus: list[str]) -> None:
    orchard, campaign, (first, last) = ordered(store, (0, 1), (0, 2))
    came = Arrival(skus[EGGS], 1, substitute=skus[OIL], substituted=2)
    receive(store, campaign.id, orchard, Arrival(skus[PEARS], 3), came)
    allocate(store, campaign.id)
    last = store.order(last)
    assert last.total_minor == 18_000
    eggs = last.lines[1]
    assert (eggs.sku_id, eggs.given) == (skus[EGGS], {skus[OIL]: 2})
    around = surroundings(store.tenant_id, [last])
    (shown,) = titled(last, around)
    assert [(each.title, each.quantity) for part in shown.parts for each in part.substitutes] == [
        ("Larder · Goods 2", 2)
    ]
    handed = [CounterLineView(**each) for each in as_handed_over(last, around)]
    assert [(each.title, each.bundle, each.sku_id) for each in handed] == [
        ("Larder · Goods 0", "Set", skus[PEARS]), ("Larder · Goods 1", "Set", skus[EGGS]),
    ]  # fmt: skip
    assert units(store.order(first)) == {"0": 1, "1": 1}
    store.check_stock(campaign)


def test_sorting_sheets_show_the_parts_of_a_bundle(store: Store, skus: list[str]) -> None:
    _, campaign, _ = ordered(store, (1, 2))
    sheets = sorting(store.tenant_id, campaign.id, None)
    (sheet,) = SortingSheetsView.of(sheets).sheets
    assert [(item.title, item.quantity, item.bundle) for item in sheet.items] == [
        ("Larder · Goods 0", 1, None), ("Larder · Goods 0", 2, "Set"), ("Larder · Goods 1", 2, "Set"),
    ]  # fmt: skip
    assert {item.offer_id for item in sheet.items} == {offer.offer_id for offer in campaign.offers}
    rows = list(sorting_rows(sheets))
    assert [row[-1] for row in rows] == ["", "Set", "Set"]
    assert all(len(row) == len(SORTING_HEADER) for row in rows)


def test_a_bundle_is_handed_over_by_part(store: Store, skus: list[str]) -> None:
    _, campaign, (order,) = ordered(store, (1, 2))
    pears, pair = (offer.offer_id for offer in campaign.offers)
    part = store.hand_over(order, key="h1", lines={pears: 1, part_named(pair, skus[EGGS]): 2})
    assert part.status != Status.PICKED_UP
    shown = {(each.offer_id, each.sku_id): each.quantity for each in OrderView.of(part).picked}
    assert shown == {(pears, None): 1, (pair, skus[EGGS]): 2}
    with pytest.raises(MoreThanOrdered):
        store.hand_over(order, key="h2", lines={part_named(pair, skus[PEARS]): 3})
    assert store.hand_over(order, key="h3", lines={part_named(pair, skus[PEARS]): 2}).status == Status.PICKED_UP


def test_whole_bundles_are_handed_over_at_once(store: Store, skus: list[str]) -> None:
    _, campaign, (order,) = ordered(store, (0, 2))
    pair = campaign.offers[1].offer_id
    one = store.hand_over(order, key="h1", lines={pair: 1})
    assert one.picked == {f"{pair}-0": 1, f"{pair}-1": 1}
    assert store.hand_over(order, key="h2").status == Status.PICKED_UP


def test_staff_take_a_part_out_and_its_share_comes_back(store: Store, skus: list[str]) -> None:
    _, campaign, (order,) = ordered(store, (0, 2))
    pair = campaign.offers[1].offer_id
    asked = {part_named(pair, skus[EGGS]): 1}
    adjusted = adjust_after_lock(
        store.tenant_id, order.id, asked, key="a1", reason="Broken", by=store.staff, now=clock.now(), body_hash="h"
    )
    assert (units(adjusted), adjusted.total_minor) == ({"0": 2, "1": 1}, 14_400)
    whole = adjust_after_lock(
        store.tenant_id,
        order.id,
        {pair: 1},
        key="a2",
        reason="Too much",
        by=store.staff,
        now=clock.now(),
        body_hash="h",
    )
    assert (units(whole), whole.total_minor) == ({"0": 1, "1": 1}, 9_000)
    store.check_stock(campaign)

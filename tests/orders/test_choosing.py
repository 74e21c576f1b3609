"""What a member could use for a basket, as it is told with a quote: their coupons, the best one, and points."""

from __future__ import annotations

import pytest

from chalicelib.coupons.records import CouponRecord
from chalicelib.db import Transaction, metered
from chalicelib.kernel import clock
from chalicelib.orders.basket.service.choosing import MOST_COUPONS, quote_with_choices
from tests.builders import Shop, made
from tests.coupons import shops
from tests.orders.means import batch, book, coupon, give, points_pay
from tests.orders.promoting import percent
from tests.orders.store import Store


def look(store: Store, campaign, quantity: int = 2, *, member: int = 0, **own):
    """A basket of so many pieces of 12.50 each, with what the member could use for it."""
    choosing = {name: own.pop(name) for name in ("best", "all_points") if name in own}
    wish = store.wish(campaign, quantity, **own)
    return quote_with_choices(store.tenant_id, store.member(member), wish, clock.now(), **choosing)


def test_the_best_coupon_is_named_and_used_where_that_is_asked(store: Store) -> None:
    campaign, small, great = store.publish(50), coupon(store, 300), coupon(store, 800)
    coupon(store, minimum=10_000)
    give(store, batch(store), until_at=clock.now())  # expired: it is not among them

    seen, choices = look(store, campaign)
    assert [(each.coupon.id, each.saves_minor) for each in choices.coupons[:2]] == [(great.id, 800), (small.id, 300)]
    assert [each.refusal.code for each in choices.coupons[2:]] == ["coupon_below_minimum"]
    assert (choices.best.coupon.id, seen.quote.totals.total, choices.points) == (great.id, 2_500, None)

    used, _ = look(store, campaign, best=True)
    assert (used.coupon.id, used.quote.totals.total) == (great.id, 1_700)
    assert look(store, campaign, coupon_id=small.id)[0].quote.totals.total == 2_200


def test_points_that_can_be_used_follow_the_coupon(store: Store) -> None:
    """25.00; half of it with points of which each pays 0.10: 125, and 100 after a coupon of 5.00."""
    campaign, mine = store.publish(50), coupon(store)
    points_pay(store, 10, most_share_bps=5_000)
    book(store, 1_000)

    _, choices = look(store, campaign)
    assert (choices.points.balance, choices.points.most.points, choices.points.most.amount_minor) == (1_000, 125, 1_250)
    used, choices = look(store, campaign, coupon_id=mine.id, all_points=True)
    assert (choices.points.most.points, used.paid.points, used.quote.totals.total) == (100, 100, 1_000)


def test_who_has_too_few_points_can_use_those_and_who_owes_some_none(store: Store) -> None:
    campaign = store.publish(50)
    points_pay(store)
    book(store, 30)
    assert look(store, campaign, all_points=True)[0].quote.totals.total == 2_470
    book(store, -80, key="taken")
    used, choices = look(store, campaign, all_points=True)
    assert (choices.points.balance, choices.points.most.points, used.quote.totals.total) == (0, 0, 2_500)


def test_a_coupon_whose_batch_has_nothing_left_is_not_the_best(store: Store) -> None:
    campaign, small = store.publish(50), coupon(store, 300)
    scarce = batch(store, 800, total=1)
    mine, theirs = give(store, scarce), give(store, scarce, member=1)
    assert look(store, campaign)[1].best.coupon.id == mine.id

    store.place(campaign, 2, member=1, coupon_id=theirs.id)
    _, choices = look(store, campaign)
    assert choices.best.coupon.id == small.id
    assert [(each.coupon.id, each.refusal.code) for each in choices.coupons[1:]] == [(mine.id, "coupon_used_up")]


def test_one_request_reads_the_basket_one_the_coupons_and_one_what_is_left(store: Store) -> None:
    campaign = store.publish(50)
    points_pay(store)
    book(store, 100)
    with metered() as meter:
        look(store, campaign, best=True, all_points=True)
    assert meter.by_operation == {"BatchGetItem": 1, "Query": 1}
    for value in (300, 500, 800):
        coupon(store, value)
    with metered() as meter:
        used, _ = look(store, campaign, best=True, all_points=True)
    assert used.quote.totals.total == 2_500 - 800 - 100
    assert meter.by_operation == {"BatchGetItem": 2, "Query": 1}
    percent(store, 1_000, budget=100_000)
    look(store, campaign)
    with metered() as meter:
        look(store, campaign, best=True, all_points=True)
    assert meter.by_operation == {"BatchGetItem": 4, "Query": 1}, "what is left of a budget is read with and without"


def test_of_many_coupons_the_last_ones_are_looked_at(store: Store) -> None:
    campaign, many = store.publish(50), batch(store, 100, per_member=MOST_COUPONS + 5)
    first = coupon_places(store, many)
    _, choices = look(store, campaign)
    assert len(choices.coupons) == MOST_COUPONS
    used, _ = look(store, campaign, coupon_id=first)
    assert used.quote.totals.total == 2_400, "any other can still be named"


def coupon_places(store: Store, many) -> str:
    """Gives the member all their coupons of a batch; the id of the one that stands first."""
    tx, ids = Transaction(), []
    for n in range(int(many.per_member)):
        given = CouponRecord.of(many, CouponRecord.slot(many, store.member(), n), "test", (None, None), clock.now())
        tx.create(str(n), given)
        ids.append(given.id)
    tx.commit()
    return min(ids)


def test_a_quote_over_the_api_has_them_where_it_is_asked_to(shop: Shop) -> None:
    shops.batch(shop, codes=shops.shared("MOON"), title="Mid-autumn")
    shops.batch(shop, codes=shops.shared("SUNNY"), title="Summer", minimum=shop.money(2_300))
    mine, _ = shops.entered(shop, "MOON"), shops.entered(shop, "SUNNY")
    rules = {"rules": [], "spend": {"points": 1, "worth": shop.money(1), "most_share": "100"}}
    made(shop.brand.put("/v1/points-rules", rules), 200)
    basket = {"campaign_id": shop.campaign_id, "lines": [{"offer_id": shop.offer_id, "quantity": 2}]}
    path, token = f"{shop.path}/quotes", shop.shopper.token

    assert shop.caller.post(path, json=basket, token=token).json["choices"] is None
    found = shop.caller.post(path, token=token, json=basket | {"choices": True}).json
    assert found["total"] == shop.money(1_800)
    assert found["choices"]["best_coupon_id"] == mine["id"]
    first, second = found["choices"]["coupons"]
    assert (first["title"], first["saves"], first["refused"]) == ("Mid-autumn", shop.money(500), None)
    assert (second["saves"], second["refused"]["code"]) == (None, "coupon_below_minimum")
    assert second["refused"]["missing"] == shop.money(500)
    assert found["choices"]["points"] == {"balance": 0, "points": 0, "amount": shop.money(0)}


@pytest.mark.parametrize("path", ["orders", "quotes"])
def test_only_a_quote_takes_the_question(shop: Shop, path: str) -> None:
    basket = {
        "campaign_id": shop.campaign_id, "pickup_point_id": shop.pickup_point_id,
        "lines": [{"offer_id": shop.offer_id, "quantity": 1}], "choices": True,
    }  # fmt: skip
    headers = {"Idempotency-Key": "one"}
    answer = shop.caller.post(f"{shop.path}/{path}", basket, token=shop.shopper.token, headers=headers)
    assert answer.status == (200 if path == "quotes" else 422)

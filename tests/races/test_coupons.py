"""Many orders want the last of a batch of coupons: exactly as many use one, and the budget is never passed."""

from __future__ import annotations

from collections import Counter

import pytest

from chalicelib.coupons.records import CouponRecord
from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock
from tests.builders import Shop
from tests.conftest import Drain
from tests.coupons.shops import batch, enter, give_back, grant, own, parts, shared, shown, stored, take
from tests.races.test_last_units import members_of
from tests.races.threads import all_at_once


def coupons_of(shop: Shop, of, count: int) -> list[CouponRecord]:
    """One coupon of the batch for each of so many members, as granting writes them."""
    from chalicelib.coupons.service.batches import get_batch

    ids = [each.id for each in members_of(shop, count)]
    made, now = [], clock.now()
    with tenant_scope(shop.tenant_id):
        record = get_batch(shop.tenant_id, of["id"])
        for start in range(0, count, 90):
            tx = Transaction()
            for member in ids[start : start + 90]:
                coupon = CouponRecord.of(record, CouponRecord.slot(record, member, 0), "race", (None, None), now)
                tx.create(member, coupon)
                made.append(coupon)
            tx.commit()
    return made


def test_fifty_orders_for_the_last_use_of_a_code(shop: Shop) -> None:
    last = batch(shop, limits={"total": 1})
    coupons = coupons_of(shop, last, 50)
    assert Counter(all_at_once(take, coupons)) == {"used": 1, "coupon_used_up": 49}
    assert shown(shop, last)["used"] == 1


@pytest.mark.parametrize("percent", [False, True], ids=["one part", "ten parts"])
def test_two_hundred_orders_never_pass_a_budget(shop: Shop, percent: bool) -> None:
    """1,000.00 at 30.00 each are 33 uses, however the budget is divided."""
    terms = {"kind": "percent", "percent_off": "30", "limits": {"total": 1_000}} if percent else {}
    worth = {} if percent else {"value": shop.money(3_000)}
    sun = batch(shop, budget=shop.money(100_000), **terms, **worth)
    coupons = coupons_of(shop, sun, 200)
    results = Counter(all_at_once(lambda each: take(each, 3_000), coupons))
    assert results == {"used": 33, "coupon_budget_spent": 167}
    assert (shown(shop, sun)["used"], shown(shop, sun)["discount"]) == (33, shop.money(99_000))
    assert sum(each.left.budget_minor for each in parts(shop, sun)) == 1_000
    assert len(parts(shop, sun)) == (10 if percent else 1)


def test_a_coupon_is_in_one_of_many_orders_and_comes_back_once(shop: Shop) -> None:
    sun = batch(shop, limits={"total": 5})
    (coupon,) = coupons_of(shop, sun, 1)
    names = [f"o-{n}" for n in range(16)]
    taken = all_at_once(lambda name: take(coupon, order_name=name), names)
    assert Counter(taken) == {"used": 1, "coupon_used": 15}

    winner, read = names[taken.index("used")], stored_again(coupon)
    assert sum(all_at_once(lambda _: give_back(read, winner), range(16))) == 1
    assert shown(shop, sun)["used"] == 0
    assert sum(each.left.uses for each in parts(shop, sun)) == 5


def stored_again(coupon: CouponRecord) -> CouponRecord:
    with tenant_scope(coupon.tenant_id):
        found = CouponRecord.fetch(str(coupon.pk), str(coupon.sk), consistent=True)
    assert found is not None
    return found


def test_using_and_giving_back_at_once_loses_nothing(shop: Shop) -> None:
    sun = batch(shop, limits={"total": 20}, budget=shop.money(10_000))
    coupons = coupons_of(shop, sun, 40)
    assert [take(each, order_name=str(n)) for n, each in enumerate(coupons[:20])] == ["used"] * 20

    def act(n: int) -> str:
        if n < 20:
            return str(give_back(stored_again(coupons[n]), str(n)))
        return take(coupons[n], order_name=str(n))

    results = Counter(all_at_once(act, [each for n in range(20) for each in (n, 20 + n)]))
    assert results["True"] == 20
    used = results["used"]
    assert used + results["coupon_used_up"] == 20
    after = shown(shop, sun)
    assert (after["used"], after["discount"]) == (used, shop.money(500 * used))
    assert sum(each.left.uses for each in parts(shop, sun)) == 20 - used


def test_a_pause_and_a_raise_pass_through_a_rush(shop: Shop) -> None:
    moon = batch(shop, limits={"total": 300}, budget=shop.money(100_000))
    coupons, path = coupons_of(shop, moon, 60), f"/v1/coupon-batches/{moon['id']}"

    def act(n: int) -> str:
        if n == 30:
            return str(shop.brand.patch(path, {"status": "paused", "limits": {"total": 400}}).status)
        return take(coupons[n])

    assert Counter(all_at_once(act, range(60))) == {"used": 59, "200": 1}
    after = shown(shop, moon)
    assert (after["status"], after["used"], after["limits"]["total"]) == ("paused", 59, 400)
    assert sum(each.left.uses for each in parts(shop, moon)) == 400 - 59
    assert not any(each.open for each in parts(shop, moon))


def test_one_code_entered_many_times_at_once_is_one_coupon(shop: Shop, drain: Drain) -> None:
    moon = batch(shop, codes=shared("MOON"))
    replies = all_at_once(lambda _: enter(shop, "MOON"), range(8), threads=8)
    assert {(each.status, each.json["id"]) for each in replies} == {(201, own(shop)[0]["id"])}
    assert shown(shop, moon)["granted"] == 1


def test_a_single_code_is_one_members(shop: Shop, drain: Drain) -> None:
    made = batch(shop, codes={"mode": "single", "count": 1})
    drain()
    code = shop.brand.get(f"/v1/coupon-batches/{made['id']}/codes").json["items"][0]["code"]
    replies = all_at_once(lambda each: enter(shop, code, each), members_of(shop, 8), threads=8)
    assert Counter(each.json.get("code") for each in replies) == {None: 1, "coupon_code_refused": 7}
    assert shown(shop, made)["granted"] == 1


def test_grants_and_a_code_at_once_give_nobody_more_than_one_person_may_have(shop: Shop, drain: Drain) -> None:
    moon = batch(shop, codes=shared("MOON"), limits={"per_member": 1})
    grant(shop, moon, shop.shopper)
    act = {0: drain, 1: lambda: enter(shop, "MOON")}
    all_at_once(lambda n: act[n](), [0, 1], threads=2)
    assert len(own(shop)) == shown(shop, moon)["granted"] == 1
    assert stored(shop, own(shop)[0]).state == "granted"

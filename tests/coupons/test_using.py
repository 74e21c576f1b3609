"""Orders take coupons, keep them, change what they take off and give them back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.coupons.records import BatchRecord
from chalicelib.coupons.service import using
from chalicelib.db import Refused, Transaction, fetch_many, metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from tests.builders import Shop, in_time
from tests.conftest import Clock
from tests.coupons.shops import (
    batch,
    becomes,
    entered,
    give_back,
    in_order,
    order,
    own,
    parts,
    shared,
    shown,
    stored,
    take,
)


@pytest.fixture
def moon(shop: Shop):
    """A batch of three uses and 15.00, five yuan each."""
    return batch(shop, codes=shared("MOON"), limits={"total": 3}, budget=shop.money(1_500))


def committed(shop: Shop, add) -> bool:
    """Whether a transaction with what is added was written."""
    tx = Transaction()
    with tenant_scope(shop.tenant_id):
        add(tx)
        try:
            tx.commit()
        except Refused:
            return False
    return True


def test_an_unpaid_order_holds_it_and_a_paid_one_has_used_it(shop: Shop, moon) -> None:
    coupon = entered(shop, "MOON")
    assert take(stored(shop, coupon), order_name="o-1", held=True) == "used"
    assert (own(shop)[0]["status"], own(shop)[0]["discount"]) == ("held", shop.money(500))
    assert own(shop, show="usable") == []
    assert take(stored(shop, coupon), order_name="o-2") == "coupon_used"

    held = stored(shop, coupon)
    assert not becomes(held, "o-2", 500)
    for _ in range(2):
        assert becomes(held, "o-1", 500)
        assert [each["status"] for each in own(shop, show="used")] == ["used"]
    assert shown(shop, moon)["used"] == 1


def test_it_comes_back_once_with_its_use_and_its_amount(shop: Shop, moon) -> None:
    coupon = entered(shop, "MOON")
    take(stored(shop, coupon), order_name="o-1")
    taken = stored(shop, coupon)
    assert taken.order_id == order("o-1")
    assert [give_back(taken, "o-1") for _ in range(2)] == [True, False]

    assert (own(shop)[0]["status"], own(shop)[0]["order_id"]) == ("returned", None)
    after = shown(shop, moon)
    assert (after["used"], after["discount"], after["granted"]) == (0, shop.money(0), 1)
    assert sum(int(each.uses_left) for each in parts(shop, moon)) == 3
    assert take(stored(shop, coupon), order_name="o-2") == "used"
    assert not give_back(taken, "o-1")
    assert own(shop)[0]["status"] == "used"


def test_past_its_end_it_stays_expired(shop: Shop, clock: Clock) -> None:
    ends = product_clock.now() + timedelta(days=2)
    batch(shop, codes=shared("MOON"), valid={"until_at": in_time(ends)})
    coupon = entered(shop, "MOON")
    take(stored(shop, coupon), order_name="o-1", held=True)
    clock.set(ends + timedelta(hours=1))
    assert own(shop)[0]["status"] == "held"
    assert give_back(stored(shop, coupon), "o-1")
    assert [each["status"] for each in own(shop, show="expired")] == ["expired"]
    assert take(stored(shop, coupon)) == "coupon_expired"


def test_the_write_asks_the_clock(shop: Shop, clock: Clock) -> None:
    """In Shanghai "until 30 November": 15:59:59Z is taken, 16:00:00Z refused, alike in the list and in the order."""
    ends = datetime(2030, 11, 30, 16, tzinfo=UTC)
    begins = ends - timedelta(days=1)
    clock.set(begins - timedelta(hours=1))
    batch(shop, codes=shared("MOON"), valid={"from_at": in_time(begins), "until_at": in_time(ends)},
          limits={"per_member": 2})  # fmt: skip
    coupon = stored(shop, entered(shop, "MOON"))
    assert take(coupon) == "coupon_not_yet_valid"
    clock.stand(ends - timedelta(seconds=1))
    assert [each["status"] for each in own(shop, show="usable")] == ["granted"]
    assert take(coupon, order_name="o-1") == "used"
    assert give_back(stored(shop, own(shop)[0]), "o-1")
    clock.set(ends)
    assert own(shop, show="usable") == []
    assert take(coupon) == "coupon_expired"


def test_a_budget_is_whole_or_nothing(shop: Shop) -> None:
    """10.00 at 3.00 each are three orders, the fourth goes without; one that is cancelled lets another in."""
    sun = batch(shop, codes=shared("SUNNY"), value=shop.money(300), budget=shop.money(1_000))
    members = [shop.member(f"m{n}@people.example") for n in range(4)]
    coupons = [stored(shop, entered(shop, "SUNNY", each), each) for each in members]
    assert [take(each, 300, f"o-{n}") for n, each in enumerate(coupons)] == ["used"] * 3 + ["coupon_budget_spent"]
    assert give_back(stored(shop, {"id": coupons[0].id}, members[0]), "o-0")
    assert take(coupons[3], 300) == "used"
    assert shown(shop, sun)["discount"] == shop.money(900)


def test_what_is_left_in_parts_is_united_before_a_refusal(shop: Shop) -> None:
    """A budget of 240.00 in two parts of 120.00: 70.00 twice leaves 50.00 in each, which pays for 90.00 together."""
    sun = batch(shop, kind="percent", percent_off="50", codes=shared("SUNNY"), limits={"total": 240, "per_member": 5},
                budget=shop.money(24_000))  # fmt: skip
    assert len(parts(shop, sun)) == 2
    members = [shop.member(f"m{n}@people.example") for n in range(4)]
    coupons = [stored(shop, entered(shop, "SUNNY", each), each) for each in members]
    assert [take(each, 7_000, f"o-{n}") for n, each in enumerate(coupons[:2])] == ["used", "used"]
    assert take(coupons[2], 9_000, "o-2") == "used"
    assert take(coupons[3], 2_000, "o-3") == "coupon_budget_spent"
    assert take(coupons[3], 1_000, "o-3") == "used"
    assert sum(each.left.budget_minor for each in parts(shop, sun)) == 0
    assert sum(each.left.uses for each in parts(shop, sun)) == 236
    assert shown(shop, sun)["discount"] == shop.money(24_000)


def test_in_a_rush_what_is_used_up_is_asked_once_a_second(shop: Shop, clock: Clock) -> None:
    batch(shop, codes=shared("MOON"), limits={"total": 1})
    members = [shop.member(f"m{n}@people.example") for n in range(3)]
    first, *late = [stored(shop, entered(shop, "MOON", each), each) for each in members]
    assert (take(first, order_name="o-1"), take(late[0])) == ("used", "coupon_used_up")

    with metered() as rush:
        assert take(late[1]) == "coupon_used_up"
    clock.advance(seconds=1)
    with metered() as later:
        assert take(late[1]) == "coupon_used_up"
    assert ((rush.reads, rush.writes), (later.reads, later.writes)) == ((0, 0), (1, 1))

    assert give_back(stored(shop, {"id": first.id}, members[0]), "o-1")
    assert take(late[1]) == "used"


def test_an_order_at_another_price_takes_the_difference_or_gives_it(shop: Shop, moon) -> None:
    coupon = entered(shop, "MOON")
    take(stored(shop, coupon), 500, "o-1")
    assert becomes(stored(shop, coupon), "o-1", 300)
    assert shown(shop, moon)["discount"] == shop.money(300)

    def takes(amount_minor: int) -> bool:
        read = stored(shop, coupon)
        return committed(shop, lambda tx: using.take_more(tx, read, order("o-1"), in_order(read), amount_minor))

    assert takes(1_500)
    assert not takes(1_501)
    assert shown(shop, moon)["discount"] == shop.money(1_500)
    assert give_back(stored(shop, coupon), "o-1")
    assert shown(shop, moon)["discount"] == shop.money(0)


def test_a_use_is_one_read_and_two_writes_beside_the_orders_own(shop: Shop, moon) -> None:
    coupon = entered(shop, "MOON")
    with tenant_scope(shop.tenant_id), metered() as spent:
        (read,) = fetch_many([using.record_address(shop.tenant_id, shop.shopper.id, coupon["id"])])
        tx = Transaction()
        using.Taking(read, order("o-1"), 500).add(tx, product_clock.now())
        tx.commit()
    assert (spent.reads, spent.writes, len(tx)) == (1, 1, 2)


def test_another_members_coupon_is_nowhere(shop: Shop, moon) -> None:
    coupon = entered(shop, "MOON")
    other = shop.member("other@people.example")
    with tenant_scope(shop.tenant_id):
        (found,) = fetch_many([using.record_address(shop.tenant_id, other.id, coupon["id"])])
    assert found is None
    assert using.not_found().code == "coupon_not_found"


def test_no_order_writes_the_batch(shop: Shop, moon) -> None:
    coupon = entered(shop, "MOON")
    place = BatchRecord.address(shop.tenant_id, moon["id"])
    take(stored(shop, coupon), order_name="o-1")
    give_back(stored(shop, coupon), "o-1")
    with tenant_scope(shop.tenant_id):
        record = BatchRecord.fetch(*place, consistent=True)
    assert record is not None
    assert int(record.rev) == 1

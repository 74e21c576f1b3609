"""What a member's tier is good for when they order."""

from __future__ import annotations

import pytest

from chalicelib.coupons.errors import CouponWithoutEffect
from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.loyalty.tiers.model.tiers import Privileges, Tier, Tiers
from chalicelib.loyalty.tiers.records import TiersRecord
from chalicelib.members.records import MemberRecord
from chalicelib.orders.model import DeliveryAddress
from chalicelib.promotions.errors import UnknownAudience
from chalicelib.promotions.model.promotion import Audience
from chalicelib.promotions.model.terms import Kind
from tests.orders.means import coupon
from tests.orders.promoting import percent, promote
from tests.orders.store import Store

HOME = DeliveryAddress("An", "+8613800138000", "1 Lilac Road")


@pytest.fixture
def gold(store: Store) -> str:
    """The first member has the brand's only tier, which has goods delivered for nothing."""
    tiers = Tiers(tiers=(Tier("gold", "Gold", 1_000, Privileges(free_delivery=True)),))
    address = MemberRecord.address(store.tenant_id, store.member())
    tx = Transaction()
    tx.create("tiers", TiersRecord(*TiersRecord.address(store.tenant_id), stored_tiers=tiers, updated_at=clock.now()))
    tx.update(
        "member", MemberRecord, *address, actions=[MemberRecord.tier.set("gold")], condition=MemberRecord.pk.exists()
    )
    tx.commit()
    return store.member()


@pytest.mark.usefixtures("gold")
def test_a_tier_has_goods_delivered_for_nothing_and_others_pay(store: Store) -> None:
    campaign = store.publish(50, delivery={"fee": Money(600, "CNY")})
    order = store.place(campaign, 2, delivery=HOME)
    assert (order.totals.delivery, order.totals.total) == (0, 2_500)
    assert [(each.reason.en, each.reason.zh, each.delivery_minor) for each in order.discounts] == [
        ("Gold: free delivery", "Gold：免配送费", 600)
    ]
    assert store.place(campaign, 2, member=1, delivery=HOME).totals.total == 3_100


@pytest.mark.usefixtures("gold")
def test_a_delivery_coupon_is_kept_where_there_is_no_fee_left(store: Store) -> None:
    campaign, mine = store.publish(50, delivery={"fee": Money(600, "CNY")}), coupon(store, None, kind="delivery")
    with pytest.raises(CouponWithoutEffect):
        store.place(campaign, 2, delivery=HOME, coupon_id=mine.id)


def test_a_delivery_coupon_takes_the_fee_and_no_more(store: Store) -> None:
    campaign, mine = store.publish(50, delivery={"fee": Money(600, "CNY")}), coupon(store, 1_000, kind="delivery")
    order = store.place(campaign, 2, delivery=HOME, coupon_id=mine.id)
    assert (order.totals.delivery, order.totals.discount, order.totals.total) == (0, 0, 2_500)


@pytest.mark.usefixtures("gold")
def test_prices_of_a_tier_are_its_members_alone(store: Store) -> None:
    campaign = store.publish(50)
    promote(store, Kind.MEMBER_PRICE, percent_bps=1_000, tier="gold")
    percent(store, 2_000, audience=Audience(tiers=("gold",)))
    assert store.place(campaign, 4).totals.total == 3_600, "10 % and 20 % off 50.00, one after the other"
    assert store.place(campaign, 4, member=1).totals.total == 5_000


@pytest.mark.usefixtures("gold")
def test_a_promotion_for_a_tier_that_the_brand_does_not_have_is_refused(store: Store) -> None:
    with pytest.raises(UnknownAudience):
        percent(store, 2_000, audience=Audience(tiers=("gold", "silver")))

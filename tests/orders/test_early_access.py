"""Members of a tier order before a campaign opens for everybody, and what they order stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.campaigns.drafting.model.editing import ClosesOnlyLater, NotEditable
from chalicelib.campaigns.drafting.model.terms import CapsTerms
from chalicelib.campaigns.drafting.service.kinds import UnknownTier
from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.audience import Audience
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning, running
from chalicelib.db import Transaction, metered
from chalicelib.kernel import clock
from chalicelib.loyalty.tiers.model.tiers import Privileges, Tier, Tiers
from chalicelib.loyalty.tiers.records import TiersRecord
from chalicelib.members.records import MemberRecord
from chalicelib.orders.basket.service.choosing import quote_with_choices
from chalicelib.orders.basket.service.pricing import quote_for
from chalicelib.orders.changes.service.editing import Edit, edit
from chalicelib.orders.counting.service.counting import count_orders
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.errors import CampaignNotOpen, NotInAudience
from chalicelib.orders.passes.service import releasing, walking
from chalicelib.orders.placing.service import InStead, Whose, place_for
from chalicelib.orders.service.listing import Filter, list_orders
from chalicelib.orders.service.reading import get_order
from tests.campaigns.terms import terms_of
from tests.orders.store import BODY_HASH, Store

GOLD = Tiers(tiers=(Tier("silver", "Silver", 500), Tier("gold", "Gold", 1_000, Privileges(early_access_hours=24))))
IN_A_DAY = timedelta(hours=20)


def set_tier(store: Store, tier: str | None, member: int = 0) -> None:
    address, tx = MemberRecord.address(store.tenant_id, store.member(member)), Transaction()
    action = MemberRecord.tier.set(tier) if tier else MemberRecord.tier.remove()
    tx.update("member", MemberRecord, *address, actions=[action], condition=MemberRecord.pk.exists())
    tx.commit()


@pytest.fixture
def early(store: Store) -> Store:
    """The first member is of a tier that orders a day earlier than everybody."""
    tx = Transaction()
    tx.create("tiers", TiersRecord(*TiersRecord.address(store.tenant_id), stored_tiers=GOLD, updated_at=clock.now()))
    tx.commit()
    set_tier(store, "gold")
    return store


def coming(store: Store, *quantities: int, opens_in: timedelta = IN_A_DAY, **terms: object) -> CampaignRecord:
    return store.publish(*quantities or (50,), opens_at=clock.now() + opens_in, **terms)


def test_who_has_early_access_orders_and_others_are_told_when(early: Store) -> None:
    campaign = coming(early)
    assert campaign.early == {"gold": 24}
    assert quote_for(early.tenant_id, early.member(), early.wish(campaign, 2), clock.now()).quote.totals.total == 2_500
    assert early.place(campaign, 2).status == "placed"
    set_tier(early, "silver", member=1)
    for member in (1, 2):
        wish = early.wish(campaign, 2)
        for ask in (
            lambda: early.place(campaign, 2, member=member, key="other"),  # noqa: B023
            lambda: quote_for(early.tenant_id, early.member(member), wish, clock.now()),  # noqa: B023
            lambda: quote_with_choices(early.tenant_id, early.member(member), wish, clock.now()),  # noqa: B023
        ):
            with pytest.raises(CampaignNotOpen) as refused:
                ask()
            assert refused.value.extra["opens_at"] == campaign.opens_at
    assert early.free(campaign) == 48
    early.check_stock(campaign)


def test_it_is_too_early_for_them_as_well_up_to_the_millisecond(early: Store) -> None:
    campaign = coming(early, opens_in=timedelta(hours=30))
    assert campaign.opens_at is not None
    mine = campaign.opens_at - timedelta(hours=24)
    with pytest.raises(CampaignNotOpen) as refused:
        early.place(campaign, 2, now=mine - timedelta(milliseconds=1))
    assert refused.value.extra["opens_at"] == mine, "the moment at which it opens for them"
    assert early.place(campaign, 2, now=mine).status == "placed"


def test_an_early_order_costs_what_any_other_does(early: Store) -> None:
    costs = []
    for campaign in (coming(early), early.publish(40)):
        with metered() as placing:
            order = early.place(campaign, 2, key=campaign.id)
        with metered() as cancelling:
            cancel(early.tenant_id, early.member(), order.id, clock.now())
        costs.append((placing.by_operation, placing.write_units, cancelling.by_operation, cancelling.write_units))
    assert costs[0] == costs[1]
    assert costs[0][0] == {"BatchGetItem": 1, "TransactWriteItems": 1}


def test_their_order_stands_is_changed_and_cancelled_although_the_tier_is_lost(early: Store) -> None:
    campaign = coming(early)
    offer = campaign.offers[0].offer_id
    order = early.place(campaign, 2)
    set_tier(early, None)
    with pytest.raises(CampaignNotOpen):
        early.place(campaign, 1, key="another")
    wanted = Edit(((offer, 5),), "edit-1", BODY_HASH)
    edited = edit(early.tenant_id, early.member(), order.id, wanted, clock.now())
    assert (edited.totals.total, early.free(campaign)) == (6_250, 45)
    assert cancel(early.tenant_id, early.member(), order.id, clock.now()).status == "cancelled"
    assert early.free(campaign) == 50
    early.check_stock(campaign)


def test_it_is_in_the_list_of_its_campaigns_orders(early: Store) -> None:
    campaign = coming(early)
    order = early.place(campaign, 2)
    found = list_orders(early.tenant_id, Filter(campaign_id=campaign.id), 20, None)
    assert [each.id for each in found.items] == [order.id]


def test_what_is_announced_stands_when_the_privilege_changes(early: Store) -> None:
    campaign = coming(early)
    tx = Transaction()
    stored = TiersRecord.fetch(*TiersRecord.address(early.tenant_id), consistent=True)
    assert stored is not None
    stored.stored_tiers = Tiers(tiers=(Tier("gold", "Gold", 1_000),))
    tx.replace("tiers", stored)
    tx.commit()
    assert early.place(campaign, 2).status == "placed"
    with pytest.raises(CampaignNotOpen):
        early.place(coming(early, 40), 2, key="later")


def test_flash_sales_open_for_all_at_once(early: Store) -> None:
    campaign = coming(early, kind="flash_sale")
    assert campaign.early == {}
    with pytest.raises(CampaignNotOpen):
        early.place(campaign, 1)


class TestItsTerms:
    """From the first early access on, a campaign that is announced follows the rules of an open one."""

    def test_terms_are_no_longer_changed_but_the_close_may_be_later(self, early: Store) -> None:
        campaign = coming(early)
        early.place(campaign, 2)
        now, closes_at = clock.now(), campaign.closes_at
        assert closes_at is not None

        def change(**terms: object) -> CampaignRecord:
            return planning.edit_campaign(early.tenant_id, campaign.id, terms_of(terms), early.staff, now)

        for refused in (
            {"opens_at": now + timedelta(hours=40)},
            {"target": None},
            {"caps": None},
            {"refund_policy": "x"},
        ):
            with pytest.raises(NotEditable):
                change(**refused)
        with pytest.raises(ClosesOnlyLater):
            change(closes_at=closes_at - timedelta(hours=1))
        assert change(closes_at=closes_at + timedelta(hours=1)).opens_at == campaign.opens_at
        assert change(title="x").status == "scheduled"
        assert early.place(campaign, 1, key="second").status == "placed", "the buckets moved along"

    def test_before_it_the_opening_is_moved_and_early_access_with_it(self, early: Store) -> None:
        campaign = coming(early, opens_in=timedelta(hours=40), hours=48)
        with pytest.raises(CampaignNotOpen):
            early.place(campaign, 2)
        sooner = terms_of({"opens_at": clock.now() + timedelta(hours=10)})
        planning.edit_campaign(early.tenant_id, campaign.id, sooner, early.staff, clock.now())
        assert early.place(campaign, 2).status == "placed"

    def test_cancelled_it_gives_money_and_stock_back(self, early: Store) -> None:
        campaign = coming(early)
        held = early.hold(campaign, 3)
        early.pay(held)
        planning.cancel_campaign(early.tenant_id, campaign.id, early.staff, clock.now())
        closing.wind_up(early.tenant_id, campaign.id, clock.now())
        walking.advance(releasing.RELEASE, early.tenant_id, campaign.id, clock.now())
        order = get_order(early.tenant_id, held.id, consistent=True)
        assert (order.status, order.cancelled_by, int(order.refunded_minor)) == ("cancelled", "campaign", 3_750)
        assert early.again(campaign).status == "refunding"
        early.check_stock(campaign)

    def test_closed_by_hand_it_opens_and_closes(self, early: Store) -> None:
        campaign = coming(early)
        early.place(campaign, 2)
        closed = running.close_now(early.tenant_id, campaign.id, early.staff, clock.now())
        assert closed.status == "closing"
        assert [entry["type"] for entry in closed.history][-2:] == ["opened", "closed_by_hand"]

    def test_a_cap_that_early_orders_reach_closes_it(self, early: Store) -> None:
        campaign = coming(early, caps=CapsTerms(1, None))
        order = early.place(campaign, 2)
        count_orders(early.tenant_id, [order.id], clock.now())
        assert early.again(campaign).status == "closing"


def test_the_team_orders_early_for_who_has_the_privilege_and_for_no_other(early: Store) -> None:
    campaign = coming(early)
    by = InStead(early.staff)
    for member, key in ((0, "a"), (1, "b")):
        ask = (early.tenant_id, Whose(early.member(member)), early.wish(campaign, 1), key, BODY_HASH, by, clock.now())
        if member == 0:
            assert place_for(*ask).member_id == early.member(0)
        else:
            with pytest.raises(CampaignNotOpen):
                place_for(*ask)
    somebody_new = Whose(phone="+8613800138001", name="Bo")
    with pytest.raises(CampaignNotOpen):
        place_for(early.tenant_id, somebody_new, early.wish(campaign, 1), "c", BODY_HASH, by, clock.now())


def test_a_campaign_may_be_for_a_tier_that_the_brand_has(early: Store) -> None:
    campaign = early.publish(50, audience=Audience(tiers=("gold",)))
    assert early.place(campaign, 1).status == "placed"
    with pytest.raises(NotInAudience):
        early.place(campaign, 1, member=1, key="other")
    with pytest.raises(UnknownTier, match="silver, gold"):
        early.publish(40, audience=Audience(tiers=("gold", "platinum")))

"""Whether a campaign is for a member: what its audience asks is read only where it asks for anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.campaigns.model.audience import Audience, Shopper, audience_allows
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.identities import member_id
from chalicelib.members.records import MemberRecord
from chalicelib.orders.audience.records import NewcomerRecord
from chalicelib.orders.errors import NotInAudience
from chalicelib.orders.model import OWED, Status
from chalicelib.orders.records import OrderRecord, in_state, member_orders
from chalicelib.tenants.service.brand import get_tenant

if TYPE_CHECKING:  # few orders need it
    from chalicelib.coupons.records import CouponRecord

_ORDERED: Any = OrderRecord.is_gift.does_not_exist() & (
    in_state(OWED)
    | OrderRecord.picked.exists()
    | OrderRecord.picked_up_at.exists()
    | (OrderRecord.paid_minor > OrderRecord.refunded_minor)
)
"""The filter for what counts as having ordered: an order that waits for its payment, or that is a sale. Not a hold that
was never paid for, nor an order that ended with nothing handed over and everything given back, nor a gift for points.
An exchange passes, and so does the order that it replaces.
"""


def check_audience(campaign: CampaignRecord, member: MemberRecord, now: datetime) -> None:
    """Raises NotInAudience for a member whom the campaign is not for. An interest of the member's counts as a tag
    while they agree that it is used (decision 0106), and who was selected before their history became another's is
    selected still.
    """
    audience = campaign.audience
    if audience is None:
        return
    shopper, today = _shopper(audience, member, now), _today(audience, member, now)
    if audience_allows(audience, shopper, today):
        return
    selected = _selected_as(member, audience)
    if selected is None or not audience_allows(audience, replace(shopper, member_id=selected), today):
        raise _not_in_audience()


def is_meant(campaign: CampaignRecord, member: MemberRecord, now: datetime) -> bool:
    """Whether a campaign is for a member as they are, which is asked of many at once who may be told of it: who was
    selected before their history became another's may order, and is not looked for.
    """
    audience = campaign.audience
    if audience is None:
        return True
    return audience_allows(audience, _shopper(audience, member, now), _today(audience, member, now))


def _shopper(audience: Audience, member: MemberRecord, now: datetime) -> Shopper:
    return Shopper(
        str(member.pk).rpartition("#")[2],
        member.joined_on,
        tags=frozenset(member.usable("personalisation").get("interests") or ()),
        tier=member.tier,
        has_ordered=audience.asks_for_orders and has_ordered(member),
        member_class=_class(member, now) if audience.classes else None,
    )


def _class(member: MemberRecord, now: datetime) -> str | None:
    from chalicelib.members.service.classes import classing  # few campaigns ask for it

    return classing(member.tenant_id, now).of(member)


def _selected_as(member: MemberRecord, audience: Audience) -> str | None:
    """Under which id an audience lists a member whose history it was when they were selected; None where it does not.
    Read only for somebody who would be refused.
    """
    if not audience.member_ids:
        return None
    from chalicelib.members.linking.service.sources import sources_of  # a first order has no need of it

    ordinal = int(member.ordinal)
    former = sources_of(member.tenant_id, [ordinal]).get(ordinal, ())
    ids = {member_id(member.tenant_id, each) for each in former}
    return next((each for each in audience.member_ids if each in ids), None)


def claim_newcomer(
    tx: Transaction, campaign: CampaignRecord, order: OrderRecord, coupon: CouponRecord | None = None
) -> None:
    """Adds that an order is its member's first, where the campaign is for those who never ordered, or the coupon that
    it takes: of two such orders
    at once, in one campaign or in two, one is written and the other refused as ``newcomer``. An ordinary order in the
    same moment counts as the second (decision 0034).

    Nothing has to be given back: the claim of an order that came to nothing is free. Each taking of a claim is another
    revision of it, so one that is taken for a late payment is not taken over by who saw it free. Raises NotInAudience
    while another order of the member's holds it; for the coupon's sake OnlyForNewMembers.
    """
    of_campaign = campaign.audience is not None and campaign.audience.asks_for_orders
    of_coupon = coupon is not None and coupon.first_order_only
    if not of_campaign and not of_coupon:
        return
    address = NewcomerRecord.address(order.tenant_id, order.member_id)
    found = NewcomerRecord.fetch(*address, consistent=True)
    if found is None:
        tx.create("newcomer", NewcomerRecord(*address, order_id=order.id))
        return
    if found.order_id != order.id and _counts(order.tenant_id, found.order_id):
        if of_campaign:
            raise _not_in_audience()
        from chalicelib.coupons.model.rules import only_first

        raise only_first()
    found.order_id = order.id
    tx.replace("newcomer", found)


def _today(audience: Audience, member: MemberRecord, now: datetime) -> date:
    """The brand's local day, where the audience asks how long ago somebody joined."""
    if audience.joined_within_days is None:
        return now.date()
    return local_date(now, zone(get_tenant(member.tenant_id).timezone))


def _not_in_audience() -> NotInAudience:
    return NotInAudience(
        "The campaign is for other members; its page says for whom.",
        detail_zh="该活动仅限部分会员参加，详见活动说明。",
    )


def _counts(tenant_id: str, order_id: str) -> bool:
    order = OrderRecord.fetch(*OrderRecord.address(tenant_id, order_id), consistent=True)
    return order is not None and (order.status == Status.HELD or order.sale is not None)


def has_ordered(member: MemberRecord) -> bool:
    """Whether a member has ordered, not counting what was cancelled or never paid."""
    partition = member_orders(member.tenant_id, member.id)
    return bool(OrderRecord.page(partition, index="gsi2", limit=1, where=_ORDERED).items)

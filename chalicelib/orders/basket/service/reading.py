"""What a member wants, and what it is decided on: read in one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.channels.model import Via
from chalicelib.db import Record, fetch_many
from chalicelib.kernel.errors import NotFound, Unauthenticated
from chalicelib.legal_texts.model import InForce
from chalicelib.legal_texts.service import known_in_force, see_in_force
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import check_may_order, check_signed_in
from chalicelib.orders.model import PAY_AT_PICKUP, DeliveryAddress
from chalicelib.orders.rush import service as rush
from chalicelib.orders.teams.records import TeamRecord
from chalicelib.promotions.model.promotion import Promotion
from chalicelib.promotions.records import ActivePromotions
from chalicelib.promotions.service.active import see_active, seen_active
from chalicelib.tenants.records import Tenant

if TYPE_CHECKING:  # few orders need it
    from chalicelib.coupons.records import CouponRecord
    from chalicelib.loyalty.points.service.ledger import Account
    from chalicelib.loyalty.tiers.records import TiersRecord

_PROMOTIONS, _TIERS, _POINTS = "promotions", "tiers", "points:"


@dataclass(frozen=True, slots=True)
class Wish:
    """An order as a member asks for it; ``expected_total_minor`` is what the member agreed to pay.

    ``payment_method`` is None where nobody has chosen yet, as in a quote; ``team_id`` is the team to join, None to
    start one where the campaign has teams; ``delivery`` is where it is delivered to, None where it is
    collected; ``via`` is whose link led to it. ``coupon_id`` is a coupon of the member's, ``points`` how many points
    they want to use at most; ``order_id`` the order that has them already, which goes on without what it may not use
    any more.
    """

    campaign_id: str
    lines: tuple[tuple[str, int], ...]
    pickup_point_id: str | None = None
    payment_method: str | None = PAY_AT_PICKUP
    expected_total_minor: int | None = None
    team_id: str | None = None
    delivery: DeliveryAddress | None = None
    via: Via | None = None
    coupon_id: str | None = None
    points: int = 0
    order_id: str | None = None
    gift: bool = False
    expected_points: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What a wish is decided on. ``team`` is the one to join: None where none is named, or there is none.
    ``legal_texts`` are the brand's in force, by kind; ``promotions`` those that are active; ``coupon``
    the member's that is named. Where points are to be used, ``tenant`` and ``of_account`` lead to :attr:`account`;
    ``tiers`` are read for what is to be delivered, which a tier may have for nothing.
    """

    campaign: CampaignRecord
    member: MemberRecord
    team: TeamRecord | None
    legal_texts: Mapping[str, InForce]
    promotions: Sequence[Promotion] = ()
    coupon: CouponRecord | None = None
    tenant: Tenant | None = None
    of_account: Sequence[Record | None] = ()
    tiers: TiersRecord | None = None

    @property
    def account(self) -> Account | None:
        """The member's points as they were read, a new account each time: a write that is refused has used it up."""
        if self.tenant is None or not self.of_account:
            return None
        from chalicelib.loyalty.points.service.ledger import account_of

        return account_of(self.tenant, self.member, self.of_account)


def read(tenant_id: str, member_id: str, wish: Wish, now: datetime, *, account: bool = False) -> Read:
    """Reads what a wish is decided on in one request; in a rush without the campaign, which was read a moment ago, in a
    second once with the promotions, and in a minute once with the brand. With the member's ``account`` of points also
    where the wish names none.

    Raises NotFound, Unauthenticated, MemberBlocked.
    """
    address = CampaignRecord.address(tenant_id, wish.campaign_id)
    seen = rush.campaign_seen(address[0], now)
    wanted: dict[str, tuple[type[Record], str, str]] = {
        "member": (MemberRecord, *MemberRecord.address(tenant_id, member_id)),
    }
    if wish.team_id is not None:
        wanted["team"] = (TeamRecord, *TeamRecord.address(tenant_id, wish.team_id))
    if seen is None:
        wanted["campaign"] = (CampaignRecord, *address)
    legal_texts = known_in_force(tenant_id)
    if legal_texts is None:
        wanted["tenant"] = (Tenant, *Tenant.address(tenant_id))
    promotions = seen_active(tenant_id, now)
    if promotions is None:
        wanted[_PROMOTIONS] = (ActivePromotions, *ActivePromotions.address(tenant_id))
    account = account or wish.gift
    wanted |= _own_means(tenant_id, member_id, wish, account=account)
    found = _fetched(wanted, at_once=account or wish.coupon_id is not None or bool(wish.points))
    member = found["member"]
    if member is None:
        raise Unauthenticated("The membership has ended; sign in again.", detail_zh="会员不存在，请重新登录。")
    check_signed_in(member)
    campaign = _published(wish, seen or found.get("campaign"))
    check_may_order(member)
    if seen is None:
        rush.see_campaign(campaign, now)
    if legal_texts is None:
        legal_texts = see_in_force(found["tenant"])
    if promotions is None:
        promotions = see_active(tenant_id, found[_PROMOTIONS], now)
    of_account = [record for name, record in found.items() if name.startswith(_POINTS)]
    return Read(
        campaign, member, found.get("team"), legal_texts, promotions, found.get("coupon"), found.get("tenant"),
        of_account, found.get(_TIERS),
    )  # fmt: skip


def _own_means(
    tenant_id: str, member_id: str, wish: Wish, *, account: bool
) -> dict[str, tuple[type[Record], str, str]]:
    """What is read of a member's own only where they ask to use it."""
    wanted: dict[str, tuple[type[Record], str, str]] = {}
    if wish.delivery is not None:
        from chalicelib.loyalty.tiers.records import TiersRecord

        wanted[_TIERS] = (TiersRecord, *TiersRecord.address(tenant_id))
    if wish.coupon_id is not None:
        from chalicelib.coupons.service import using

        wanted["coupon"] = using.record_address(tenant_id, member_id, wish.coupon_id)
    if wish.points or account:
        from chalicelib.loyalty.points.service import ledger

        wanted["tenant"] = (Tenant, *Tenant.address(tenant_id))
        wanted |= {f"{_POINTS}{n}": each for n, each in enumerate(ledger.addresses(tenant_id, member_id))}
    return wanted


def published(tenant_id: str, wish: Wish) -> CampaignRecord:
    """The campaign that a wish is about. Raises NotFound."""
    address = CampaignRecord.address(tenant_id, wish.campaign_id)
    return _published(wish, CampaignRecord.fetch(*address, consistent=True))


def _fetched(wanted: Mapping[str, tuple[type[Record], str, str]], *, at_once: bool) -> dict[str, Any]:
    """The records by name, in one request. Any may have been written a moment ago: only a consistent read can say that
    it is not there, or still a draft. Promotions are as of a moment ago anyway, and most brands have none. What an
    order takes of its member's own is read consistently at once: another order of theirs may just have taken it.
    """
    found = dict(zip(wanted, fetch_many(list(wanted.values()), consistent=at_once), strict=True))
    if at_once:
        return found
    campaign = found.get("campaign")
    missing = any(record is None for name, record in found.items() if name not in (_PROMOTIONS, _TIERS))
    if missing or (campaign is not None and campaign.status == Status.DRAFT):
        found = dict(zip(wanted, fetch_many(list(wanted.values()), consistent=True), strict=True))
    return found


def _published(wish: Wish, campaign: CampaignRecord | None) -> CampaignRecord:
    if campaign is None or campaign.status == Status.DRAFT:
        message = "There is no such campaign."
        raise NotFound(message, detail_zh="该团购活动不存在。")
    return campaign

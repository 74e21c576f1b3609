"""What was confirmed of a pasted list, placed: each entry once for ever."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_published
from chalicelib.db import Transaction
from chalicelib.kernel.errors import DomainError, Invalid, NotFound
from chalicelib.kernel.folding import fold
from chalicelib.kernel.principal import Principal
from chalicelib.orders.basket.service.checks import check_point
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.chat_orders.records import ChatNameRecord
from chalicelib.orders.chat_orders.service.reading import known_names, members, named_so, order_id, placed_before
from chalicelib.orders.errors import UnknownOffer
from chalicelib.orders.placing import service as placing
from chalicelib.orders.records import OrderRecord


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An entry as somebody confirms it, by its name and count in the list."""

    name: str
    nth: int
    whose: placing.Whose
    lines: tuple[tuple[str, int], ...]
    pickup_point_id: str


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a confirmed entry: its order, which may be ``again``, or why there is none."""

    confirmed: Confirmed
    order: OrderRecord | None = None
    again: bool = False
    refusal: DomainError | None = None


def place(
    tenant_id: str,
    campaign_id: str,
    confirmed: Sequence[Confirmed],
    by: Principal,
    now: datetime,
    *,
    only_named: bool = False,
) -> list[Placed]:
    """Places the orders of confirmed entries, each for itself: one that is refused keeps no other back.

    An entry of a campaign has one order for ever, whoever confirms it and however often. Where it was placed with other
    goods it is refused as IdempotencyMismatch: such an order is changed as any other. Whose it is, is remembered for
    the next list. With ``only_named`` no entry is for a member whom its name in the list does not mean, as ``match``
    finds them: a leader knows the ids of members who collect at their point, and orders for none of them unasked.

    Raises NotFound, UnknownOffer and NotAPickupPoint for what names nothing of the campaign or no member, and Invalid
    for who is not named, before anything is placed.
    """
    _check(tenant_id, get_published(tenant_id, campaign_id), confirmed)
    if only_named:
        _check_named(tenant_id, campaign_id, confirmed)
    return [_place(tenant_id, campaign_id, each, by, now) for each in confirmed]


def _check(tenant_id: str, campaign: CampaignRecord, confirmed: Sequence[Confirmed]) -> None:
    offered = {offer.offer_id for offer in campaign.offers}
    known = members(tenant_id, [each.whose.member_id for each in confirmed if each.whose.member_id is not None])
    check_point(campaign, confirmed[0].pickup_point_id if confirmed else None)
    for n, entry in enumerate(confirmed):
        if entry.whose.member_id is not None and entry.whose.member_id not in known:
            raise NotFound.at(f"/entries/{n}/member_id", "There is no such member.", "该会员不存在。")
        for line, (offer_id, _) in enumerate(entry.lines):
            if offer_id not in offered:
                at = f"/entries/{n}/lines/{line}/offer_id"
                raise UnknownOffer.at(
                    at, "The campaign has no such offer; read it again.", "活动中没有该商品，请重新读取活动。"
                )


def _check_named(tenant_id: str, campaign_id: str, confirmed: Sequence[Confirmed]) -> None:
    orders = placed_before(tenant_id, campaign_id, [(each.name, each.nth) for each in confirmed])
    known = known_names(tenant_id, [fold(each.name) for each in confirmed])
    for n, (entry, order) in enumerate(zip(confirmed, orders, strict=True)):
        wanted = entry.whose.member_id
        if wanted is None or (order is not None and order.member_id == wanted):
            continue
        if fold(entry.name) in known:
            meant = [known[fold(entry.name)]]
        else:
            meant, _ = named_so(tenant_id, entry.name)
        if [each.id for each in meant] != [wanted]:
            raise Invalid.at(
                f"/entries/{n}/member_id",
                f"The name “{entry.name}” does not mean this member; give the phone number of whom it means.",
                f"“{entry.name}”不是该会员的名称，请改填其手机号。",
            )


def _place(tenant_id: str, campaign_id: str, entry: Confirmed, by: Principal, now: datetime) -> Placed:
    wish = Wish(campaign_id, entry.lines, entry.pickup_point_id)
    own_id = order_id(tenant_id, campaign_id, entry.name, entry.nth)
    try:
        order = placing.place_under(
            tenant_id, own_id, entry.whose, wish, _hash_of(entry.lines), placing.InStead(by), now
        )
    except DomainError as refusal:
        return Placed(entry, refusal=refusal)
    tx = Transaction()
    tx.put("name", ChatNameRecord(*ChatNameRecord.address(tenant_id, entry.name), member_id=order.member_id))
    tx.commit()
    return Placed(entry, order, again=order.placed_at != now)


def _hash_of(lines: Sequence[tuple[str, int]]) -> str:
    return hashlib.sha256(repr(sorted(lines)).encode()).hexdigest()[:32]

"""A member asks for a return, an exchange or a repair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from chalicelib.aftersales.model.cases import CaseLine, Kind, Status
from chalicelib.aftersales.model.claims import check_claim
from chalicelib.aftersales.records import AfterSaleRecord, ClaimsRecord
from chalicelib.aftersales.service.claiming import received
from chalicelib.aftersales.service.handling import time_case
from chalicelib.aftersales.service.paying import Outlook, paid_for
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.cases.model.routing import FIRST
from chalicelib.cases.model.routing import Wanted as Asks
from chalicelib.cases.service.owning import assign, tier_of
from chalicelib.cases.service.timing import timing
from chalicelib.db import Refused, Transaction, change, fetch_many
from chalicelib.kernel.clock import instant
from chalicelib.kernel.errors import DomainError, IdempotencyMismatch
from chalicelib.kernel.ids import derived_id
from chalicelib.media.service import uploads
from chalicelib.orders.bundles.model import meant
from chalicelib.orders.errors import RepeatedOffer, UnknownOffer
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_own_order
from chalicelib.settlement.commission.model import HeldFor
from chalicelib.settlement.commission.records import CommissionHolds
from chalicelib.tenants.service.brand import wall_time


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the member asks for: units by offer or, of a bundle, by part, why, and the ids of the photos uploaded."""

    kind: Kind
    lines: tuple[tuple[str, int], ...]
    reason: str
    photos: tuple[str, ...] = ()


def open_case(
    tenant_id: str, member_id: str, order_id: str, wanted: Wanted, key: str, body_hash: str, now: datetime
) -> AfterSaleRecord:
    """Opens a case on a member's own order, once for each Idempotency-Key ``key``; it has an owner from the start.

    The units it is about are claimed in the same write, so two cases never claim one unit. Raises NotFound,
    UnknownOffer, RepeatedOffer, the refusals of ``model.claims`` and ``uploads.keep``, IdempotencyMismatch.
    """
    case_id = derived_id(tenant_id, "after-sale", member_id, key)

    def open_once(order: OrderRecord, tx: Transaction) -> AfterSaleRecord:
        case = claim(tx, order, wanted, case_id, now)
        case.body_hash = body_hash
        tx.create("case", case)
        return case

    try:
        return change(
            lambda: get_own_order(tenant_id, member_id, order_id, consistent=True), open_once, refused=_opened_before
        )
    except _OpenedBefore as found:
        earlier = found.case
    except DomainError:
        # A refusal counts only while this key has no case: its first answer may have been lost.
        stored = AfterSaleRecord.fetch(*AfterSaleRecord.address(tenant_id, case_id), consistent=True)
        if stored is None:
            raise
        earlier = stored
    return _same(earlier, order_id, body_hash)


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a return of ``units``, by the ids of lines, would pay back of the order that paid for them."""

    order: OrderRecord
    units: Mapping[str, int]
    outlook: Outlook


def quote(tenant_id: str, member_id: str, order_id: str, lines: Sequence[tuple[str, int]], now: datetime) -> Quoted:
    """What a member would get back for units of their own order, by offer or part of a bundle, if a return of them is
    granted; nothing is written. Raises NotFound, UnknownOffer, RepeatedOffer, and the refusals of ``model.claims``.
    """
    order = get_own_order(tenant_id, member_id, order_id, consistent=True)
    by_goods = [each for name, units in lines for each in meant(order.lines, name, units).items()]
    _check_offers(order, by_goods)
    offers = {offer.offer_id: offer for offer in get_campaign(tenant_id, order.campaign_id).goods}
    paid, claims = paid_for(tenant_id, order_id), ClaimsRecord.of(tenant_id, order_id)
    _check_claim(Kind.RETURN, by_goods, order, offers, claims, now)
    return Quoted(paid.order, dict(by_goods), paid.outlook(dict(by_goods)))


def _check_claim(
    kind: Kind,
    lines: Sequence[tuple[str, int]],
    order: OrderRecord,
    offers: dict[str, Offer],
    claims: ClaimsRecord,
    now: datetime,
) -> None:
    shown = partial(wall_time, order.tenant_id)
    check_claim(kind, lines, received(order, offers), claims.claimed, order.picked_up_at, now, shown)


class _OpenedBefore(Exception):
    """This Idempotency-Key has opened a case already."""

    def __init__(self, case: AfterSaleRecord) -> None:
        super().__init__(case.id)
        self.case = case


def _opened_before(refused: Refused) -> None:
    if earlier := refused.item("case", AfterSaleRecord):
        raise _OpenedBefore(earlier)


def claim(tx: Transaction, order: OrderRecord, wanted: Wanted, case_id: str, now: datetime) -> AfterSaleRecord:
    """Claims units in a transaction, if the rules allow it (``claims``, ``holds``), and answers the case that they go
    into, which the caller creates.
    """
    tenant_id, member_id = order.tenant_id, str(order.member_id)
    by_goods = tuple(each for name, units in wanted.lines for each in meant(order.lines, name, units).items())
    wanted = replace(wanted, lines=by_goods)
    _check_offers(order, wanted.lines)
    offers = {offer.offer_id: offer for offer in get_campaign(tenant_id, order.campaign_id).goods}
    claims, holds = _read(order)
    _check_claim(wanted.kind, wanted.lines, order, offers, claims, now)
    kept = [uploads.keep(tenant_id, member_id, each, f"/photos/{index}") for index, each in enumerate(wanted.photos)]
    claims.claim(case_id, dict(wanted.lines))
    claims.write(tx)
    holds.hold(case_id, HeldFor.AFTER_SALE, now)
    holds.write(tx)
    case = _case(order, offers, wanted, case_id, now)
    case.photo_files = kept
    case.paid_order_id = None if holds.order_id == order.id else holds.order_id
    return case


def _read(order: OrderRecord) -> tuple[ClaimsRecord, CommissionHolds]:
    """An order's claims, and what holds the commission on it back: where its goods replaced others, that on the order
    which paid for them.
    """
    tenant_id = order.tenant_id
    paid_id = order.id if order.origin is None else paid_for(tenant_id, order.id).order.id
    addresses = [
        (ClaimsRecord, *ClaimsRecord.address(tenant_id, order.id)),
        (CommissionHolds, *CommissionHolds.address(tenant_id, paid_id)),
    ]
    claims, holds = fetch_many(addresses, consistent=True)
    return claims or ClaimsRecord.fresh(tenant_id, order.id), CommissionHolds.or_new(tenant_id, paid_id, holds)


def _check_offers(order: OrderRecord, lines: Sequence[tuple[str, int]]) -> None:
    ordered = {line.offer_id for line in order.lines}
    seen: set[str] = set()
    for index, (offer_id, _) in enumerate(lines):
        pointer = f"/lines/{index}/offer_id"
        if offer_id not in ordered:
            raise UnknownOffer.at(pointer, "The order has nothing of this offer.", "订单中没有该商品。")
        if offer_id in seen:
            raise RepeatedOffer.at(pointer, "Name each offer once, with all its units.", "同一商品请合并数量。")
        seen.add(offer_id)


def _case(order: OrderRecord, offers: dict[str, Offer], wanted: Wanted, case_id: str, now: datetime) -> AfterSaleRecord:
    tenant_id = order.tenant_id
    ordered = {line.offer_id: line for line in order.lines}
    titles = {offer_id: offer.full_title for offer_id, offer in offers.items()}
    by_now = timing(tenant_id)
    tier = tier_of(tenant_id, str(order.member_id), by_now.rules)
    asks = Asks((wanted.kind.value,), order.pickup_point_id, by_now.rules.of_tier(tier).staff)
    case = AfterSaleRecord(
        *AfterSaleRecord.address(tenant_id, case_id),
        id=case_id, kind=wanted.kind.value, order_id=order.id, campaign_id=order.campaign_id,
        member_id=order.member_id, pickup_point_id=order.pickup_point_id, currency=order.currency,
        reason=wanted.reason, photos=list(wanted.photos), opened_at=now,
        owner=assign(tenant_id, case_id, FIRST, now, wanted=asks), tier=tier,
    )  # fmt: skip
    case.lines = [
        CaseLine(offer, ordered[offer].sku_id, titles.get(offer, ""), units, ordered[offer].per)
        for offer, units in wanted.lines
    ]
    case.status = Status.REQUESTED.value
    time_case(case, by_now, now)
    case.move_to(Status.REQUESTED, now, f"member:{order.member_id}", after=case.owner, due=instant(case.act_by))
    case.emit("aftersale.opened", now, aftersale_id=case_id, order_id=order.id)
    return case


def _same(earlier: AfterSaleRecord, order_id: str, body_hash: str) -> AfterSaleRecord:
    if (earlier.order_id, earlier.body_hash) != (order_id, body_hash):
        message = "This Idempotency-Key already opened another case; use a new key for a new one."
        raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一张售后单，请使用新的键。")
    return earlier

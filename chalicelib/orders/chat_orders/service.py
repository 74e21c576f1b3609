"""A pasted list matched to offers and members, and what of it was confirmed placed: each entry once for ever."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.planning import get_published
from chalicelib.db import Transaction, fetch_many
from chalicelib.kernel.errors import DomainError, NotFound
from chalicelib.kernel.folding import fold
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.principal import Principal
from chalicelib.members.enrolment.service import find_by_phone
from chalicelib.members.model.addresses import phone_of
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.finding import find_members
from chalicelib.members.service.members import get_member
from chalicelib.orders.basket.service.checks import check_point
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.chat_orders.model import Doubt, Entry, read
from chalicelib.orders.chat_orders.records import ChatNameRecord
from chalicelib.orders.errors import UnknownOffer
from chalicelib.orders.model import OWED
from chalicelib.orders.placing import service as placing
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.listing import list_own_orders
from chalicelib.tenants.service.brand import get_tenant

MOST_CANDIDATES = 5
"""Members shown for a name that several may have."""


@dataclass(frozen=True, slots=True)
class Matched:
    """An entry, and what is known of it: its ``order`` where it was placed before, whether the list says otherwise now
    (``changed``), the member meant or those who may be, and the number it gives, as E.164.
    """

    entry: Entry
    order: OrderRecord | None = None
    changed: bool = False
    member: MemberRecord | None = None
    candidates: tuple[MemberRecord, ...] = ()
    phone: str | None = None

    @property
    def doubts(self) -> frozenset[Doubt]:
        """What somebody has to look at, of the person, the goods and the whole entry."""
        return self.entry.doubts.union(*(each.doubts for each in self.entry.wanted))


def match(tenant_id: str, campaign_id: str, text: str) -> list[Matched]:
    """The entries of a list, each with the member meant and whether it was placed before. Numbers without a prefix are
    of the brand's own country.

    Members are found by number, by what a name was said to mean before, and by the name itself; in one request for each
    name that is not known yet. Raises NotFound for a campaign that shoppers cannot see.
    """
    campaign = get_published(tenant_id, campaign_id)
    entries = read(text, {offer.offer_id: offer.title for offer in campaign.offers})
    orders = _placed(tenant_id, campaign_id, entries)
    known = _known_names(tenant_id, entries)
    country = get_tenant(tenant_id).country if any(entry.phone for entry in entries) else None
    theirs = _members(tenant_id, [order.member_id for order in orders if order is not None])
    found = []
    for entry, order in zip(entries, orders, strict=True):
        if order is not None:
            changed = _lines_said(entry) != _lines_of(order)
            found.append(Matched(entry, order, changed, theirs.get(order.member_id)))
        else:
            found.append(_whose(tenant_id, campaign, entry, known.get(entry.called), country))
    return found


def _placed(tenant_id: str, campaign_id: str, entries: Sequence[Entry]) -> list[OrderRecord | None]:
    ids = [order_id(tenant_id, campaign_id, entry.name, entry.nth) for entry in entries]
    found: list[OrderRecord | None] = fetch_many(
        [(OrderRecord, *OrderRecord.address(tenant_id, each)) for each in ids], consistent=True
    )
    return found


def _known_names(tenant_id: str, entries: Sequence[Entry]) -> dict[str, MemberRecord]:
    """Members whom names were said to mean, and who still are members."""
    names = list(dict.fromkeys(entry.called for entry in entries))
    noted: list[ChatNameRecord | None] = fetch_many(
        [(ChatNameRecord, *ChatNameRecord.address(tenant_id, name)) for name in names]
    )
    ids = {name: str(record.member_id) for name, record in zip(names, noted, strict=True) if record is not None}
    members = _members(tenant_id, list(ids.values()))
    return {name: members[member_id] for name, member_id in ids.items() if member_id in members}


def _members(tenant_id: str, ids: Sequence[str]) -> dict[str, MemberRecord]:
    """Those of these members that there are, by id, in one batch."""
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in dict.fromkeys(ids)])
    return {member.id: member for member in found if member is not None}


def _whose(
    tenant_id: str, campaign: CampaignRecord, entry: Entry, known: MemberRecord | None, country: str | None
) -> Matched:
    phone = phone_of(entry.phone, country) if entry.phone else None
    if phone is not None:
        member_id = find_by_phone(tenant_id, phone)
        if member_id is None:  # with a number somebody new becomes a member
            return Matched(entry, phone=phone)
        return _for(campaign, entry, get_member(tenant_id, member_id), phone)
    if known is not None:
        return _for(campaign, entry, known)
    found = find_members(tenant_id, entry.name, MOST_CANDIDATES + 1, None, contacts=False).items
    called_so = [each for each in found if fold(each.called.name or "") == entry.called]
    if len(called_so) == 1:
        return _for(campaign, entry, called_so[0])
    doubt = Doubt.SEVERAL_PEOPLE if called_so else Doubt.NOBODY
    return Matched(_doubted(entry, doubt), candidates=tuple((called_so or found)[:MOST_CANDIDATES]))


def _for(campaign: CampaignRecord, entry: Entry, member: MemberRecord, phone: str | None = None) -> Matched:
    recent = list_own_orders(member.tenant_id, member.id, 20, None).items
    if any(order.campaign_id == campaign.id and order.status in OWED for order in recent):
        entry = _doubted(entry, Doubt.HAS_ORDERED)
    return Matched(entry, member=member, phone=phone)


def _doubted(entry: Entry, doubt: Doubt) -> Entry:
    return replace(entry, doubts=entry.doubts | {doubt})


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
    tenant_id: str, campaign_id: str, confirmed: Sequence[Confirmed], by: Principal, now: datetime
) -> list[Placed]:
    """Places the orders of confirmed entries, each for itself: one that is refused keeps no other back.

    An entry of a campaign has one order for ever, whoever confirms it and however often. Where it was placed with other
    goods it is refused as IdempotencyMismatch: such an order is changed as any other. Whose it is, is remembered for
    the next list. Raises NotFound, UnknownOffer and NotAPickupPoint for what names nothing of the campaign or no
    member, before anything is placed.
    """
    _check(tenant_id, get_published(tenant_id, campaign_id), confirmed)
    return [_place(tenant_id, campaign_id, each, by, now) for each in confirmed]


def _check(tenant_id: str, campaign: CampaignRecord, confirmed: Sequence[Confirmed]) -> None:
    offered = {offer.offer_id for offer in campaign.offers}
    known = _members(tenant_id, [each.whose.member_id for each in confirmed if each.whose.member_id is not None])
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


def order_id(tenant_id: str, campaign_id: str, name: str, nth: int) -> str:
    """The id of the order of the ``nth`` entry under a name in a campaign's list."""
    return derived_id(tenant_id, "order", "chat", campaign_id, fold(name), str(nth))


def _hash_of(lines: Sequence[tuple[str, int]]) -> str:
    return hashlib.sha256(repr(sorted(lines)).encode()).hexdigest()[:32]


def _lines_said(entry: Entry) -> dict[str | None, int]:
    return {each.offer_id: each.quantity for each in entry.wanted}


def _lines_of(order: OrderRecord) -> dict[str | None, int]:
    return {line.offer_id: line.quantity for line in order.lines}

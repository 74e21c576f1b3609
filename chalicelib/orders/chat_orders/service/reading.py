"""A pasted list matched to offers and members."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_published
from chalicelib.db import fetch_many
from chalicelib.kernel.folding import fold
from chalicelib.kernel.ids import derived_id
from chalicelib.members.enrolment.service import find_by_phone
from chalicelib.members.model.addresses import phone_of
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.finding import find_members
from chalicelib.members.service.members import get_member
from chalicelib.orders.chat_orders.model import Doubt, Entry, read
from chalicelib.orders.chat_orders.records import ChatNameRecord
from chalicelib.orders.model import OWED, quantities
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
    orders = placed_before(tenant_id, campaign_id, [(entry.name, entry.nth) for entry in entries])
    known = known_names(tenant_id, [entry.called for entry in entries])
    country = get_tenant(tenant_id).country if any(entry.phone for entry in entries) else None
    theirs = members(tenant_id, [order.member_id for order in orders if order is not None])
    found = []
    for entry, order in zip(entries, orders, strict=True):
        if order is not None:
            changed = _lines_said(entry) != _lines_of(order)
            found.append(Matched(entry, order, changed, theirs.get(order.member_id)))
        else:
            found.append(_whose(tenant_id, campaign, entry, known.get(entry.called), country))
    return found


def placed_before(tenant_id: str, campaign_id: str, named: Sequence[tuple[str, int]]) -> list[OrderRecord | None]:
    """The orders of a campaign's entries, each by its name and count in the list; None for what was never placed."""
    ids = [order_id(tenant_id, campaign_id, name, nth) for name, nth in named]
    found: list[OrderRecord | None] = fetch_many(
        [(OrderRecord, *OrderRecord.address(tenant_id, each)) for each in ids], consistent=True
    )
    return found


def known_names(tenant_id: str, names: Sequence[str]) -> dict[str, MemberRecord]:
    """Members whom names were said to mean, and who still are members, by name."""
    once = list(dict.fromkeys(names))
    noted: list[ChatNameRecord | None] = fetch_many(
        [(ChatNameRecord, *ChatNameRecord.address(tenant_id, name)) for name in once]
    )
    ids = {name: str(record.member_id) for name, record in zip(once, noted, strict=True) if record is not None}
    known = members(tenant_id, list(ids.values()))
    return {name: known[member_id] for name, member_id in ids.items() if member_id in known}


def members(tenant_id: str, ids: Sequence[str]) -> dict[str, MemberRecord]:
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
    called_so, others = named_so(tenant_id, entry.name)
    if len(called_so) == 1:
        return _for(campaign, entry, called_so[0])
    doubt = Doubt.SEVERAL_PEOPLE if called_so else Doubt.NOBODY
    return Matched(_doubted(entry, doubt), candidates=tuple((called_so or others)[:MOST_CANDIDATES]))


def named_so(tenant_id: str, name: str) -> tuple[list[MemberRecord], list[MemberRecord]]:
    """Members whose whole name this is, and others whom it may mean."""
    found = find_members(tenant_id, name, MOST_CANDIDATES + 1, None, contacts=False).items
    exact = [fold(each.called.name or "") == fold(name) for each in found]
    return list(compress(found, exact)), [each for each, so in zip(found, exact, strict=True) if not so]


def _for(campaign: CampaignRecord, entry: Entry, member: MemberRecord, phone: str | None = None) -> Matched:
    recent = list_own_orders(member.tenant_id, member.id, 20, None).items
    if any(order.campaign_id == campaign.id and order.status in OWED for order in recent):
        entry = _doubted(entry, Doubt.HAS_ORDERED)
    return Matched(entry, member=member, phone=phone)


def _doubted(entry: Entry, doubt: Doubt) -> Entry:
    return replace(entry, doubts=entry.doubts | {doubt})


def order_id(tenant_id: str, campaign_id: str, name: str, nth: int) -> str:
    """The id of the order of the ``nth`` entry under a name in a campaign's list."""
    return derived_id(tenant_id, "order", "chat", campaign_id, fold(name), str(nth))


def _lines_said(entry: Entry) -> dict[str | None, int]:
    return {each.offer_id: each.quantity for each in entry.wanted}


def _lines_of(order: OrderRecord) -> dict[str | None, int]:
    return dict(quantities(order.lines).items())

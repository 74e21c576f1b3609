"""What is counted of favourites, reminders and waiting is a recount of members' own lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.members.records import MemberRecord
from chalicelib.wanting.model.lists import PARTS, Kept, Kind
from chalicelib.wanting.records import KeptRecord, PlaceRecord, QueueRecord, ReminderRecord, WaitingRecord, WantedRecord
from tests.invariants.snapshot import Snapshot

_OPEN = {"scheduled", "open", "extended", "closing"}


def check_wanting(
    stored: Snapshot, tenant_id: str, members: Iterable[MemberRecord], product_id: str,
    campaigns: Mapping[str, CampaignRecord],
) -> None:  # fmt: skip
    """For all lists of all members."""
    every = list(members)
    lists = {
        kind: {
            who.id: record.kept
            for who in every
            if (record := stored.fetch(KeptRecord, *KeptRecord.address(tenant_id, who.id, kind))) is not None
        }
        for kind in Kind
    }
    counted = Counter[str]()
    for n in range(PARTS):
        part = stored.fetch(WantedRecord, *WantedRecord.address(tenant_id, product_id, n))
        if part is not None:
            counted.update(favourites=int(part.favourites or 0), reminders=int(part.reminders or 0))
    for kind in (Kind.FAVOURITES, Kind.REMINDERS):
        keep = sum(product_id in kept for kept in lists[kind].values())
        assert counted[kind.value] == keep, f"{kind}: {counted[kind.value]} are counted, and {keep} keep it"
    asked = {each.member_id for each in stored.every(ReminderRecord, ReminderRecord.partition(tenant_id, product_id))}
    assert asked == {who for who, kept in lists[Kind.REMINDERS].items() if product_id in kept}
    for campaign in campaigns.values():
        for offer in campaign.offers if campaign.status in _OPEN else ():
            _check_offer(stored, tenant_id, offer.offer_id, lists[Kind.WAITING])


def _check_offer(stored: Snapshot, tenant_id: str, offer_id: str, lists: Mapping[str, Mapping[str, Kept]]) -> None:
    waiting = {who: kept[offer_id] for who, kept in lists.items() if offer_id in kept}
    units = members = 0
    for n in range(PARTS):
        part = stored.fetch(WaitingRecord, *WaitingRecord.address(tenant_id, offer_id, n))
        units += int(part.units or 0) if part else 0
        members += int(part.members or 0) if part else 0
    assert (members, units) == (len(waiting), sum(each.quantity for each in waiting.values())), offer_id
    in_line = stored.every(PlaceRecord, QueueRecord.partition(tenant_id, offer_id), "20")
    assert Counter((each.member_id, int(each.quantity)) for each in in_line) == Counter(
        (who, each.quantity) for who, each in waiting.items()
    ), offer_id

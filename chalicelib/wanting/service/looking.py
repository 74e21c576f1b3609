"""A list is looked at: when an order ends, when an offer is raised, and again and again while its campaign runs."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.campaigns.model.campaign import ACCEPTING
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.members.records import MemberRecord
from chalicelib.orders.audience.service import is_meant
from chalicelib.wanting.model.lists import Kind
from chalicelib.wanting.model.waves import AT_ONCE, CHANCE, LOOKS_AGAIN, MOST_TOLD, Place, next_told, unclaimed
from chalicelib.wanting.records import AVAILABLE, LOOK_ON, PlaceRecord, QueueRecord
from chalicelib.wanting.service import keeping
from chalicelib.wanting.service.counting import take_off
from chalicelib.wanting.service.waiting import GOES_ON


def has_lists(tenant_id: str) -> bool:
    """Whether anybody waits for anything at a brand: what most orders ask, and nothing else."""
    return bool(QueueRecord.page(QueueRecord.of_tenant(tenant_id), index="gsi1", limit=1).items)


def look_at_campaign(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Looks at every list of a campaign: what frees one offer may free another, such as a bundle with it."""
    lists = QueueRecord.every(QueueRecord.of_tenant(tenant_id), index="gsi1", begins_with=f"{campaign_id}#")
    for found in list(lists):
        look(tenant_id, found.offer_id, now)


def look(tenant_id: str, offer_id: str, now: datetime) -> None:
    """Tells the next in line, where something is free that nobody told lately has a chance at. Repeated, by several at
    once, or after a crash, it tells nobody twice: who is told stands in the same write as the event that tells them.
    """
    place = QueueRecord.address(tenant_id, offer_id)

    def decide(found: QueueRecord | None, tx: Transaction) -> None:
        if found is None or found.ended:
            return
        campaign = CampaignRecord.at(tenant_id, found.campaign_id, consistent=True)
        status = campaign.status_for_first(now) if campaign is not None else None
        if campaign is None or status not in GOES_ON:
            found.ended = True
            take_off(tx, tenant_id, offer_id)
            tx.replace("queue", found)
        elif status not in ACCEPTING:
            if _moved(found, now, LOOKS_AGAIN):
                tx.replace("queue", found)
        else:
            _tell_next(tx, found, campaign, now)

    change(lambda: QueueRecord.fetch(*place, consistent=True), decide)


def _tell_next(tx: Transaction, queue: QueueRecord, campaign: CampaignRecord, now: datetime) -> None:
    # The places before the stock: who orders meanwhile is missing from both, never from the places alone.
    told = list(_told_lately(queue))
    [progress] = progress_of([campaign], now, consistent=True)
    free = next((each.left for each in progress.offers if each.offer.offer_id == queue.offer_id), 0)
    if not free:
        if _is_over(queue) | _moved(queue, now, LOOKS_AGAIN):
            tx.replace("queue", queue)
        return
    lately = [place for place in told if place.has_a_chance(now)]
    chosen = next_told(unclaimed(free, lately, now), _waiting(queue, campaign, now))
    if not chosen:
        if _moved(queue, now, CHANCE if lately else LOOKS_AGAIN):
            tx.replace("queue", queue)
        return
    for place in chosen:
        _note(tx, queue, place, now)
    queue.recent_from = min(place.key for place in (*lately, *chosen))
    queue.told_to = chosen[-1].key
    queue.look_at = now + CHANCE
    members = [place.member_id for place in chosen]
    queue.emit(
        AVAILABLE, now, campaign_id=campaign.id, offer_id=queue.offer_id, availability=int(queue.availability),
        member_ids=members,
    )  # fmt: skip
    if len(chosen) == AT_ONCE:
        queue.emit(LOOK_ON, now, offer_id=queue.offer_id)
    tx.replace("queue", queue)


def _is_over(queue: QueueRecord) -> bool:
    """Ends an availability in which somebody was told, now that nothing is left: the first in line are first again."""
    if queue.told_to is None:
        return False
    queue.availability, queue.told_to, queue.recent_from = int(queue.availability) + 1, None, None
    return True


def _moved(queue: QueueRecord, now: datetime, wait: timedelta) -> bool:
    """Has it looked at again after a while, where it was due, or is due later than that."""
    if now < queue.look_at <= now + wait:
        return False
    queue.look_at = now + wait
    return True


def _told_lately(queue: QueueRecord) -> Iterator[Place]:
    """Who was told in the present availability, from the first who may still have a chance on."""
    if queue.told_to is None or queue.recent_from is None:
        return
    span = (str(queue.recent_from), str(queue.told_to))
    for record in PlaceRecord.every(str(queue.pk), between=span, consistent=True):
        if record.place.told_in == queue.availability:
            yield record.place


def _waiting(queue: QueueRecord, campaign: CampaignRecord, now: datetime) -> Iterator[Place]:
    """Who is next in line, but for those to whom it would be of no use; they are taken off the list."""
    behind = f"{queue.told_to}\x00" if queue.told_to is not None else "0"
    places = (
        record.place
        for record in PlaceRecord.every(str(queue.pk), limit=AT_ONCE, between=(behind, "9~"), consistent=True)
    )
    while some := list(islice(places, AT_ONCE)):
        for place, member in zip(some, _members(campaign.tenant_id, some), strict=True):
            if place.times < MOST_TOLD and member is not None and _may_order(member, campaign, now):
                yield place
            else:
                keeping.drop(campaign.tenant_id, place.member_id, Kind.WAITING, queue.offer_id)


def _members(tenant_id: str, places: Sequence[Place]) -> list[MemberRecord | None]:
    return fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, place.member_id)) for place in places])


def _may_order(member: MemberRecord, campaign: CampaignRecord, now: datetime) -> bool:
    """Whether a member could order of the campaign now. Who was blocked, has left, or is another's history cannot."""
    if member.blocked or member.united_with is not None or member.left_at is not None:
        return False
    return is_meant(campaign, member, now)


def _note(tx: Transaction, queue: QueueRecord, place: Place, now: datetime) -> None:
    """Adds that a place was told. Refused where it was told in this availability already, or is gone."""
    actions = [
        PlaceRecord.told_at.set(now), PlaceRecord.told_in.set(int(queue.availability)),
        PlaceRecord.times.set(place.times + 1),
    ]  # fmt: skip
    untold = PlaceRecord.told_in.does_not_exist() | (PlaceRecord.told_in != int(queue.availability))
    there = PlaceRecord.pk.exists() & untold
    tx.update(f"place:{place.key}", PlaceRecord, str(queue.pk), place.key, actions=actions, condition=there)

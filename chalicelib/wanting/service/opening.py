"""A campaign opens: whoever asked to hear of a product in it is told, a slice of members after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.model.campaign import ACCEPTING, ON_SHOW
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.members.records import MemberRecord
from chalicelib.messaging import Message
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import message_to, tell_all
from chalicelib.orders.audience.service import is_meant
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.wanting.model.lists import Kept, Kind
from chalicelib.wanting.model.notices import ProductsAgain
from chalicelib.wanting.model.reminders import is_in_reach, is_told_here, is_unused, named, phases
from chalicelib.wanting.records import KeptRecord, OpeningRecord, ReminderRecord
from chalicelib.wanting.service import keeping

SLICE = 100
"""Members that one message looks at, whatever their number."""


def begin(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Begins to tell of an opening that has come, for a tier with early access or for everybody, or to wait for the
    first; one that has not moved for long goes on. Each is told of once, however often this is called.
    """
    place = OpeningRecord.address(tenant_id, campaign_id)

    def decide(found: OpeningRecord | None, tx: Transaction) -> None:
        campaign = CampaignRecord.at(tenant_id, campaign_id, consistent=True)
        if campaign is None or campaign.gift_points is not None:
            return
        products = list(dict.fromkeys(goods.product_id for goods in campaign.goods))
        record = found or OpeningRecord(*place, campaign_id=campaign_id, product_ids=products)
        if not _has_begun(record, campaign, products, now):
            return
        if found is None:
            tx.create("opening", record)
        else:
            tx.replace("opening", record)

    change(lambda: OpeningRecord.fetch(*place, consistent=True), decide)


def _has_begun(record: OpeningRecord, campaign: CampaignRecord, products: list[str], now: datetime) -> bool:
    """Has a campaign's opening told of, or waited for, as things stand. False where nothing has to be written."""
    opens_at, _ = campaign.window
    times = phases(opens_at, campaign.early.values()) if campaign.status in ON_SHOW else []
    phase_at = max((each for each in times if each <= now), default=None)
    next_at = min((each for each in times if each > now), default=None)
    if phase_at is not None and phase_at != record.phase_at:
        record.product_ids, record.phase_at, record.at, record.after = products, phase_at, 0, None
        record.running = True
        record.go_on(now)
    elif record.running:
        due_at: datetime | None = record.due_at
        if due_at is None or due_at > now:
            return False  # somebody is at it
        record.go_on(now)
    elif record.next_at == next_at:
        return False
    record.next_at = next_at
    return True


@dataclass(frozen=True, slots=True)
class _Asked:
    """A member who asked to hear of a product, with everything that they asked to hear of."""

    member_id: str
    member: MemberRecord | None
    reminders: dict[str, Kept]


def tell_slice(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Tells the next members. A message that comes twice, late or after a crash tells nobody twice, since a notice's id
    follows from campaign and member.
    """
    place = OpeningRecord.address(tenant_id, campaign_id)
    found = OpeningRecord.fetch(*place, consistent=True)
    campaign = CampaignRecord.at(tenant_id, campaign_id)
    if found is None or not found.running or campaign is None:
        return
    at, after, told, last = int(found.at), found.after, 0, None
    if at < len(found.product_ids) and campaign.status in ON_SHOW:
        product_id = found.product_ids[at]
        records = _next(tenant_id, product_id, after)
        told = _tell(campaign, product_id, found.product_ids, records, now)
        last = records[-1].member_id if len(records) == SLICE else None
    ended = last is None and (at + 1 >= len(found.product_ids) or campaign.status not in ON_SHOW)

    def decide(record: OpeningRecord | None, tx: Transaction) -> None:
        if record is None or not record.running or (int(record.at), record.after) != (at, after):
            return  # another worker has told the same members
        record.told = int(record.told) + told
        record.at, record.after = (at, last) if last is not None else (at + 1, None)
        if ended:
            record.running = False
        else:
            record.go_on(now)
        tx.replace("opening", record)

    change(lambda: OpeningRecord.fetch(*place, consistent=True), decide)


def _next(tenant_id: str, product_id: str, after: str | None) -> list[ReminderRecord]:
    behind = (f"{after}\x00" if after else "0", "~")
    partition = ReminderRecord.partition(tenant_id, product_id)
    return ReminderRecord.page(partition, between=behind, limit=SLICE, consistent=True).items


def _tell(
    campaign: CampaignRecord, product_id: str, order: Sequence[str], records: Sequence[ReminderRecord], now: datetime
) -> int:
    messages = []
    for asked in _asked(campaign.tenant_id, [each.member_id for each in records]):
        kept = asked.reminders.get(product_id)
        member = asked.member
        if member is None or (kept and is_unused(kept.since, member.last_active_on, now)):
            keeping.drop(campaign.tenant_id, asked.member_id, Kind.REMINDERS, product_id)
        elif kept and is_told_here(product_id, asked.reminders, order) and _can_order(member, campaign, now):
            messages.append(_message(campaign, member, asked.reminders, now))
    tell_all(messages)
    return len(messages)


def _asked(tenant_id: str, member_ids: Sequence[str]) -> list[_Asked]:
    lists = [(KeptRecord, *KeptRecord.address(tenant_id, each, Kind.REMINDERS)) for each in member_ids]
    people = [(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in member_ids]
    found = fetch_many([*lists, *people]) if member_ids else []
    both = zip(member_ids, found[: len(lists)], found[len(lists) :], strict=True)
    return [_Asked(member_id, member, kept.kept if kept else {}) for member_id, kept, member in both]


def _can_order(member: MemberRecord, campaign: CampaignRecord, now: datetime) -> bool:
    if member.blocked or member.united_with is not None or member.left_at is not None:
        return False
    if campaign.status_for(member.tier, now) not in ACCEPTING:
        return False
    points = {point.id for point in campaign.pickup_points}
    own = member.usable("personalisation").get("favourite_point_id")
    if not is_in_reach(own, points, delivers=campaign.delivery is not None):
        return False
    return is_meant(campaign, member, now)


def _message(campaign: CampaignRecord, member: MemberRecord, wanted: dict[str, Kept], now: datetime) -> Message:
    """What a member is told: of everything that they want of the campaign, at once."""
    titles = list(
        dict.fromkeys(
            offer.full_title for offer in campaign.offers if any(goods.product_id in wanted for goods in offer.goods())
        )
    )
    said = InWords(named(titles, ", ", " and {n} more"), named(titles, "、", "等另外 {n} 款"))
    _, closes_at = campaign.window
    notice = ProductsAgain(get_tenant(campaign.tenant_id).name, said, campaign.title, closes_at)
    return message_to(
        campaign.tenant_id, Person.member(member.id), notice, (campaign.id,), now, subject_id=campaign.id
    )  # fmt: skip

"""Groups go on: each member's step is one transaction with what it does, so that none is done twice or left out.

A worker claims the group, does round by round what is due of its members, and at last replaces it with groups for when
these go on. Whatever is delivered twice, or ends amid its work, finds each member where the last commit left them.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.db import Refused, Transaction, change, fetch_many
from chalicelib.journeys.model.journeys import Status
from chalicelib.journeys.model.steps import Coupon, Points, Step, Tag
from chalicelib.journeys.records import RESUMING, GroupRecord, JourneyRecord, WayRecord
from chalicelib.journeys.service import giving_coupons, giving_points, giving_tags, stepping
from chalicelib.journeys.service.entering import gather
from chalicelib.journeys.service.reading import get_journey, get_version
from chalicelib.journeys.service.round import Round
from chalicelib.journeys.service.uniting import hand_on
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.service.brand import get_tenant

LEASE = timedelta(minutes=5)
"""How long a group is a worker's: longer than one may run."""

MESSAGE_SECONDS = 10.0
"""A while of waking: half of what other work takes at most, since the worker that does it may run for 30 seconds."""

_SETTLED_AT_ONCE = 60
"""Groups that one transaction makes out of another."""

_Act = Callable[[Round, Sequence[WayRecord]], None]


def move(tenant_id: str, group_id: str, now: datetime) -> None:
    """The members of a group do what is due of them. Nobody goes on while the journey is paused."""
    place = GroupRecord.address(tenant_id, group_id)
    group = GroupRecord.fetch(*place, consistent=True)
    if group is None or group.wakes_at > now:
        return
    journey = get_journey(tenant_id, group.journey_id)
    if journey.status == Status.PAUSED:
        _park(group, now)
        return
    if not _claimed(group, now):
        return
    version = get_version(tenant_id, group.journey_id, int(group.version))
    this = Round(get_tenant(tenant_id), version, version.definition, now, ended=journey.status == Status.ENDED)
    _hand_on_united(tenant_id, group, now)
    for _ in range(len(this.definition.steps) + 2):
        due = [way for way in _ways(group) if way.wakes_at is not None and way.wakes_at <= now]
        if not due:
            break
        for (act, most), ways in _by_what_to_do(this, due).items():
            for start in range(0, len(ways), most):
                act(this, ways[start : start + most])
    _settle(group, now)


def _claimed(group: GroupRecord, now: datetime) -> bool:
    group.wakes_at, group.parked = now + LEASE, False
    tx = Transaction()
    tx.replace("group", group)
    try:
        tx.commit()
    except Refused:  # another worker has it
        return False
    return True


def _park(group: GroupRecord, now: datetime) -> None:
    """Has a group wait for its journey, unless that was resumed meanwhile: then the message comes again."""
    group.park(now)
    tx = Transaction()
    place = JourneyRecord.address(group.tenant_id, group.journey_id)
    tx.check("journey", JourneyRecord, *place, JourneyRecord.status == Status.PAUSED.value)
    tx.replace("group", group)
    tx.commit()


def _ways(group: GroupRecord) -> list[WayRecord]:
    """The ways of a group's members that go on, as they stand now."""
    entries = group.entries
    places = [(WayRecord, *WayRecord.address(group.tenant_id, each, group.journey_id)) for each in entries]
    found: Iterable[WayRecord | None] = fetch_many(places, consistent=True)
    return [way for way in found if way is not None and way.is_inside and int(way.entry) == entries[way.member_id]]


def _by_what_to_do(this: Round, due: Iterable[WayRecord]) -> Mapping[tuple[_Act, int], list[WayRecord]]:
    found: dict[tuple[_Act, int], list[WayRecord]] = defaultdict(list)
    for way in due:
        found[_what_to_do(this.step(int(way.step)))].append(way)
    return found


def _what_to_do(step: Step | None) -> tuple[_Act, int]:
    match step:
        case Coupon():
            return giving_coupons.give_coupons, giving_coupons.TOGETHER
        case Points():
            return giving_points.give_points, 1
        case Tag():
            return giving_tags.give_tag, 1
    return stepping.step_on, stepping.TOGETHER


def _hand_on_united(tenant_id: str, group: GroupRecord, now: datetime) -> None:
    """Whose history is another's by now goes on as the other, in a group of their own."""
    places = [(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in group.entries]
    for member in fetch_many(places, consistent=True):
        if member is not None and member.united_with is not None:
            hand_on(tenant_id, member.id, now)


def _settle(group: GroupRecord, now: datetime) -> None:
    """Replaces a group with those in which its members go on, each at their time."""
    inside = sorted(_ways(group), key=lambda way: (way.wakes_at or now, way.member_id))
    times = sorted({way.wakes_at or now for way in inside})
    for way in inside if len(times) > _SETTLED_AT_ONCE else ():
        # So many times that one write cannot hold them: the latest wait with those before them, and part later.
        way.wakes_at = min(way.wakes_at or now, times[_SETTLED_AT_ONCE - 1])
    tx = Transaction()
    tx.delete("group", GroupRecord, str(group.pk), str(group.sk), GroupRecord.rev == int(group.rev))
    gather(tx, group.id, inside)
    try:
        tx.commit()
    except Refused:  # another worker has moved it, whose claim came after this one's end
        return


def resume_parked(tenant_id: str, journey_id: str, now: datetime) -> None:
    """Wakes the groups that wait for a journey, for a while, then hands over to the next message. Done again, it wakes
    nobody twice; where the journey is paused once more, they go on waiting.
    """
    ends = time.monotonic() + MESSAGE_SECONDS
    while get_journey(tenant_id, journey_id).status != Status.PAUSED and _resume_some(tenant_id, journey_id, now):
        if time.monotonic() >= ends:
            place, tx = JourneyRecord.address(tenant_id, journey_id), Transaction()
            told = JourneyRecord.emission(RESUMING, now, journey_id=journey_id)
            tx.update("journey", JourneyRecord, *place, actions=[told], condition=JourneyRecord.pk.exists())
            tx.commit()
            return


def _resume_some(tenant_id: str, journey_id: str, now: datetime) -> bool:
    """Wakes some of the groups that wait for a journey; whether there may be more."""
    page = GroupRecord.page(GroupRecord.parked_of(tenant_id, journey_id), index="gsi2", limit=_SETTLED_AT_ONCE)
    for found in page.items:

        def decide(group: GroupRecord | None, tx: Transaction) -> None:
            if group is not None and group.parked:
                group.wake(now)
                tx.replace("group", group)

        place = str(found.pk), str(found.sk)
        change(lambda place=place: GroupRecord.fetch(*place, consistent=True), decide)  # type: ignore[misc]
    return page.last_key is not None

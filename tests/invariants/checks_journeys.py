"""What journeys did: each step once for whoever entered, nothing for the control, no message without consent, nothing
for who had left; and what is counted of them is a recount.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from chalicelib.coupons.records import CouponRecord
from chalicelib.journeys.model.results import Tally
from chalicelib.journeys.model.steps import Coupon, Message, Points
from chalicelib.journeys.records import VersionRecord, WayRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.loyalty.points.model.entries import CauseType
from chalicelib.loyalty.points.records import PointsEntryRecord, PointsRecord
from chalicelib.members.records import ConsentRecord, MemberRecord
from chalicelib.orders.records import OrderRecord
from tests.builders import made
from tests.invariants.brand import Brand
from tests.invariants.growth import QUIET_DAYS
from tests.invariants.snapshot import Snapshot

Done = tuple[str, str, int, int, datetime]
"""A step that was done: of which journey, for which person, in their entry of which instant, its number, and when."""


def check_journeys(
    brand: Brand, stored: Snapshot, members: Sequence[MemberRecord], orders: Iterable[OrderRecord]
) -> None:
    """For all ways of all members of a brand."""
    tenant_id = brand.tenant_id
    by_ordinal = {int(each.ordinal): each for each in members}
    ways = [each for who in members for each in stored.every(WayRecord, WayRecord.partition(tenant_id, who.id))]
    # Of two members who are one person, the way of the one is the other's: it is the same way still.
    people = {who.id: _root(who, by_ordinal).id for who in members}
    real = {(way.journey_id, people[way.member_id], way.entered_at): way for way in ways if way.state == "united"}
    real |= {(way.journey_id, people[way.member_id], way.entered_at): way for way in ways if way.state != "united"}
    orders = list(orders)
    bought = [order for order in orders if order.origin is None and not order.is_gift]
    for way in real.values():
        _check_way(brand, stored, way)
        if way.state != "united":
            _check_orders(stored, way, [order for order in bought if order.member_id == way.member_id])
    _check_given(stored, tenant_id, members, list(real.values()))
    _check_quiet(brand, list(real.values()), orders)
    for journey_id in brand.growth.journeys:
        of_it = [way for way in real.values() if way.journey_id == journey_id]
        _check_results(brand, journey_id, of_it)


def _check_quiet(brand: Brand, ways: Iterable[WayRecord], orders: Iterable[OrderRecord]) -> None:
    """Whoever entered for not having ordered had ordered so many days before, once for each day of orders."""
    tz = zone(brand.shop.timezone)
    days: dict[str, set[date]] = defaultdict(set)
    for order in orders:
        days[order.member_id].add(local_date(order.placed_at, tz))
    entries: dict[str, list[date]] = defaultdict(list)
    for way in ways:
        if way.journey_id == brand.growth.journeys[2]:
            entries[way.member_id].append(local_date(way.entered_at, tz))
    for who, entered in entries.items():
        for nth, on in enumerate(sorted(entered), 1):
            before = [day for day in days[who] if day + timedelta(days=QUIET_DAYS) <= on]
            assert len(before) >= nth, f"{who}: entered {sorted(entered)}, and ordered {sorted(days[who])}"


def _root(who: MemberRecord, by_ordinal: Mapping[int, MemberRecord]) -> MemberRecord:
    while who.united_with is not None:
        who = by_ordinal[int(who.united_with)]
    return who


def _check_way(brand: Brand, stored: Snapshot, way: WayRecord) -> None:
    steps = _version(stored, way).definition.steps
    numbers = [number for number, *_ in way.steps_done]
    assert numbers == sorted(set(numbers)), f"{way.pk}: went through {numbers}"
    if way.arm == "control" and way.drawn_bps is not None:  # not of two members of whom one was treated until then
        assert not way.trail, f"{way.pk}: of the control, and got {way.trail}"
    for number, outcome, _, at in way.steps_done:
        if outcome == "done":
            for who, since, until in brand.growth.absences:
                away = who == way.member_id and since < at and (until is None or at < until)
                assert not away, f"{way.pk}: had left at {since}, and step {number} was done at {at}"
            if isinstance(steps[number], Message):
                assert _agreed(stored, way, at), f"{way.pk}: a message at {at} without consent"


def _agreed(stored: Snapshot, way: WayRecord, at: datetime) -> bool:
    """Whether the last answer before an instant was a yes, of whoever had the way then."""
    partition = ConsentRecord.partition(way.tenant_id, way.member_id)
    answers = [
        each
        for each in stored.every(ConsentRecord, partition, ConsentRecord.PREFIX)
        if each.purpose == "marketing" and each.at <= at
    ]
    return bool(answers) and bool(answers[-1].granted)


def _check_orders(stored: Snapshot, way: WayRecord, orders: Iterable[OrderRecord]) -> None:
    goal = _version(stored, way).definition.goal
    right = {
        order.id: order.sale.amount_minor
        for order in orders
        if order.sale is not None and goal.counts(way.entered_at, order.placed_at)
    }
    assert way.orders == right, f"{way.pk}: counts {way.orders}, and should {right}"


def _check_given(stored: Snapshot, tenant_id: str, members: Iterable[MemberRecord], ways: Iterable[WayRecord]) -> None:
    """As many points and coupons were booked as steps say that they gave."""
    entries = coupons = 0
    for who in members:
        pk, _ = PointsRecord.address(tenant_id, who.id)
        booked = stored.every(PointsEntryRecord, pk, "points#")
        entries += sum(1 for each in booked if each.cause.type is CauseType.JOURNEY)
        found = stored.every(CouponRecord, CouponRecord.partition(tenant_id, who.id))
        coupons += sum(1 for each in found if str(each.cause or "").startswith("journey:"))
    done = Counter[type]()
    for way in ways:
        steps = _version(stored, way).definition.steps
        done.update(type(steps[number]) for number, outcome, *_ in way.steps_done if outcome == "done")
    assert entries == done[Points], f"{entries} times points are booked, and {done[Points]} were given"
    assert coupons == done[Coupon], f"{coupons} coupons are there, and {done[Coupon]} were given"


def _check_results(brand: Brand, journey_id: str, ways: Sequence[WayRecord]) -> None:
    results = made(brand.ask("GET", f"/v1/journeys/{journey_id}/results"), 200)
    assert results["entries"] == len(ways)
    reached = Counter(number for way in ways for number, *_ in way.steps_done)
    held = Counter(number for way in ways for number, outcome, *_ in way.steps_done if outcome == "held")
    for number, step in enumerate(results["steps"]):
        assert (step["reached"], step["held"]) == (reached[number], held[number]), f"step {number}: {step}"
    for arm in results["arms"]:
        those = [way for way in ways if way.arm == arm["arm"] and way.counted]
        tally = sum((way.tally for way in those), Tally())
        right = (len(those), tally.reached, tally.buyers, tally.orders, tally.revenue_minor)
        shown = (*(arm[name] for name in ("entered", "reached", "buyers", "orders")), arm["revenue"]["amount_minor"])
        assert shown == right, f"{arm['arm']}: shows {shown}, and is {right}"


def _version(stored: Snapshot, way: WayRecord) -> VersionRecord:
    found = stored.fetch(*way.definition_address)
    assert found is not None
    return found

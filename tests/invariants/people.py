"""Members as a recount of orders, and nothing else, makes them: what reports, segments and boards are held against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.classes import MemberClass, Thresholds
from chalicelib.members.records import MemberRecord
from chalicelib.orders.records import OrderRecord


@dataclass
class Person:
    """A member on a local day. ``bought`` is what stands of each order, by id, in minor units; ``orders`` when each of
    these was placed. ``scores`` are of recency and frequency as of the day before.
    """

    record: MemberRecord
    today: date
    thresholds: Thresholds
    bought: dict[str, int] = field(default_factory=dict)
    orders: dict[str, date] = field(default_factory=dict)
    scores: tuple[int, int] | None = None

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def ordinal(self) -> int:
        return int(self.record.ordinal)

    @property
    def joined_on(self) -> date:
        return self.record.joined_on

    @property
    def days_of_orders(self) -> set[date]:
        return set(self.orders.values())

    @property
    def points(self) -> int:
        return int(self.record.points or 0)

    @property
    def tags(self) -> list[str]:
        """Those that were given to them by hand."""
        return list(self.record.own_tags or ())

    @property
    def consents(self) -> set[str]:
        return {name for name, said in (self.record.consent or {}).items() if said.get("granted") is True}

    @property
    def interests(self) -> list[str]:
        return list((self.record.profile or {}).get("interests") or ())

    @property
    def member_class(self) -> MemberClass | None:
        """By the definition: by tenure and by the days since the last order; who has left is churned."""
        return self.class_on(self.today)

    def class_on(self, on: date) -> MemberClass | None:
        """The same as of the end of an earlier day, which knows no later order. Nobody leaves or comes back between."""
        if self.record.left_at is not None:
            return MemberClass.CHURNED
        days = [each for each in self.days_of_orders if each <= on]
        if not days:
            return None
        if on < min(days) + timedelta(days=self.thresholds.new_days):
            return MemberClass.NEW
        quiet = (on - max(days)).days
        if quiet >= self.thresholds.churned_days:
            return MemberClass.CHURNED
        return MemberClass.DORMANT if quiet >= self.thresholds.dormant_days else MemberClass.ACTIVE


def people_of(
    members: Iterable[MemberRecord], orders: Iterable[OrderRecord], timezone: str, today: date, thresholds: Thresholds
) -> Mapping[str, Person]:
    """All members by id, with what stands of their orders; not whose history is another's."""
    tz = zone(timezone)
    found = {each.id: Person(each, today, thresholds) for each in members if each.united_with is None}
    for order in orders:
        if order.sale is not None:
            who = found[order.member_id]
            who.orders[order.id] = local_date(order.placed_at, tz)
            who.bought[order.id] = kept_minor(order)
    _score(found.values(), today - timedelta(days=1))
    return found


def _score(people: Iterable[Person], on: date) -> None:
    """By the definition of the report: how many of all who had ordered by then are strictly worse."""
    days = {who.id: [each for each in who.days_of_orders if each <= on] for who in people}
    values = {id_: (max(of_one), len(of_one)) for id_, of_one in days.items() if of_one}
    for who in people:
        if who.id in values:
            last, often = values[who.id]
            later = sum(other < last for other, _ in values.values())
            oftener = sum(other < often for _, other in values.values())
            who.scores = min(5, 5 * later // len(values) + 1), min(5, 5 * oftener // len(values) + 1)


def kept_minor(order: OrderRecord) -> int:
    """What was paid for the goods of an order and not given back. Nothing in these runs is delivered."""
    sale = order.sale
    assert sale is not None
    if not sale.units:
        return sale.amount_minor
    return max(0, order.goods_minor - int(order.discount_minor or 0) - int(order.returned_minor or 0))

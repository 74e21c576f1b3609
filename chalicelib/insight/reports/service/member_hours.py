"""In which hours one member orders."""

from collections import Counter

from chalicelib.db import fetch_many
from chalicelib.insight.model import spending
from chalicelib.insight.model.figures import UNKNOWN_HOUR
from chalicelib.insight.model.heatmap import best_slots, hours_of
from chalicelib.insight.records import SpendRecord
from chalicelib.insight.reports.service.patterns import BestTimes, Range
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.members.service.members import get_member

LEAST_HOURS = 5
"""Of fewer hours in which somebody ordered no habit is read."""


def member_times(asked: Range, member_id: str, length: int, most: int) -> BestTimes:
    """The slots of so many hours in which a member, or who has their history by now, orders most: an hour of a day
    counts once, however many orders they placed in it. No slots of fewer than LEAST_HOURS. Raises Invalid for a member
    who is not there.
    """
    try:
        ordinal = int(get_member(asked.tenant_id, member_id).ordinal)
    except NotFound:
        raise Invalid.at("?member_id", "There is no such member.", "没有该会员。") from None
    chunk = ordinal // spending.CHUNK_MEMBERS
    days = [on for on, rollup in asked.days().items() if rollup.members >> ordinal & 1]
    places = [(SpendRecord, *SpendRecord.address(asked.tenant_id, on.isoformat(), chunk)) for on in days]
    orders = Counter[tuple[int, int]]()
    unknown = 0
    for on, record in zip(days, fetch_many(places) if places else [], strict=True):
        mask = spending.unpack(record.columns).hours.get(ordinal, spending.NO_HOUR) if record else spending.NO_HOUR
        for hour in hours_of(mask):
            if hour == UNKNOWN_HOUR:
                unknown += 1
            else:
                orders[on.weekday(), hour] += 1
    enough = orders.total() >= LEAST_HOURS
    return BestTimes(orders, unknown, best_slots(orders, length, most) if enough else ())

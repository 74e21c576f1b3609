"""Costs that follow from no order, by local day: booked ones, what channels cost, and what messages did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from chalicelib.channels.records import ChannelRecord, channel_list
from chalicelib.insight.costs.model import Cost
from chalicelib.insight.costs.service import changes_of_costs, costs_between
from chalicelib.insight.earnings.model.figures import SHARED, By
from chalicelib.insight.earnings.model.profit import NO_COSTS, Fixed
from chalicelib.kernel.local_day import local_date
from chalicelib.notices.media.model.usage import Used, total
from chalicelib.notices.media.service.usage import used


@dataclass(frozen=True, slots=True)
class Days:
    """Local days of a zone, both included."""

    from_on: date
    to_on: date
    tz: ZoneInfo


@dataclass(frozen=True, slots=True)
class FixedCosts:
    """Fixed costs by local day and by what they are for. ``unpriced`` parts of messages had no price, and count as
    nothing. ``revision`` rises when any of them changes.
    """

    days: Mapping[date, Mapping[str, Fixed]]
    unpriced: int
    revision: int


def fixed_costs(tenant_id: str, currency: str, by: By, days: Days) -> FixedCosts:
    """Those of local days, both included. What a channel costs in all counts on the day on which it was added; what is
    for nothing of that kind in particular stands under no name.
    """
    from_on, to_on = days.from_on, days.to_on
    found: dict[tuple[date, str], Fixed] = {}

    def add(on: date, name: str, cost: Fixed) -> None:
        found[on, name] = found.get((on, name), NO_COSTS) + cost

    for cost in costs_between(tenant_id, from_on, to_on):
        for on, minor in cost.by_day(from_on, to_on).items():
            add(on, _under(cost, by), Fixed(**{cost.kind.value: minor}))
    channels = list(ChannelRecord.every(channel_list(tenant_id), index="gsi1"))
    for channel in channels:
        on = local_date(channel.created_at, days.tz)
        if channel.cost_minor and channel.currency == currency and from_on <= on <= to_on:
            add(on, channel.id if by is By.CHANNEL else SHARED, Fixed(channels=int(channel.cost_minor)))
    sent = _messages(tenant_id, from_on, to_on)
    for on, day in sent.items():
        money = day.money(currency)
        if money is not None and money.amount_minor:
            add(on, SHARED, Fixed(messages=money.amount_minor))
    whole = total(sent.values())
    revision = changes_of_costs(tenant_id) + sum(int(each.rev) for each in channels) + whole.parts
    divided: dict[date, dict[str, Fixed]] = {}
    for (on, name), costs in sorted(found.items()):
        divided.setdefault(on, {})[name] = costs
    return FixedCosts(divided, whole.unpriced, revision)


def costs_of_campaign(tenant_id: str, campaign_id: str) -> Fixed:
    """What was booked for a campaign, on whichever days."""
    found = NO_COSTS
    for cost in costs_between(tenant_id, None, None):
        if cost.campaign_id == campaign_id:
            found += Fixed(**{cost.kind.value: cost.amount_minor})
    return found


def _messages(tenant_id: str, from_on: date, to_on: date) -> dict[date, Used]:
    """What messages of each day used; each day's cost is rounded once."""
    days: dict[date, Used] = {}
    for each in used(tenant_id, from_on, to_on):
        days[each.on] = days.get(each.on, Used()) + each.used
    return days


def _under(cost: Cost, by: By) -> str:
    named = {
        By.CAMPAIGN: cost.campaign_id,
        By.PRODUCT: cost.product_id,
        By.PICKUP_POINT: cost.pickup_point_id,
        By.CHANNEL: cost.channel_id,
    }
    return named.get(by) or SHARED

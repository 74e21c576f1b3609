"""What members prefer and how they pay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.habits import (
    AT_PICKUP,
    DELIVERED,
    NOT_SHOWN,
    UNKNOWN,
    Bought,
    Habit,
    MobileShare,
    PriceBand,
    band_of,
    by_sensitivity,
    mobile_share,
    price_bands,
    shortened,
    tally,
)
from chalicelib.insight.personas.model import Field
from chalicelib.insight.personas.service.reading import Known, known_members
from chalicelib.insight.reports.service.ranges import Range, read_range
from chalicelib.insight.reports.service.window import history
from chalicelib.members.model.profiles import AgeBand
from chalicelib.surveys.model.disclosure import leaving_enough, shown_groups

MOST_ROWS = 20
"""Categories, products, pickup points and channels that have a row of their own."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The answer: orders by what they are preferred by, in the order in which it is shown; price bands with their
    ends; members by the share of discounted purchases.
    """

    range: Range
    revision: int
    occasions: int
    members: int
    rows: Mapping[str, Sequence[Habit]]
    bands: Sequence[PriceBand]
    sensitivity: Mapping[str, int]
    mobile: MobileShare


def preferences(tenant_id: str, from_on: date | None, to_on: date | None, now: datetime, *, hides: bool) -> Preferences:
    """Of the orders of a range; ``hides`` leaves out age bands that would tell of fewer than five people. Raises
    Invalid as ``read_range`` does.
    """
    found = read_range(tenant_id, from_on, to_on, now)
    orders, currency = found.orders, found.tenant.currency
    known = known_members(tenant_id)
    bands = price_bands(each.amount_minor for each in orders if each.currency == currency)
    rows: dict[str, Sequence[Habit]] = {
        "category": shortened(orders, lambda each: each.categories, MOST_ROWS),
        "product": shortened(orders, lambda each: each.products, MOST_ROWS),
        "pickup_point": shortened(orders, lambda each: [each.pickup_point or UNKNOWN], MOST_ROWS),
        "channel": shortened(orders, lambda each: [each.channel or UNKNOWN], MOST_ROWS),
        "price_band": _by_band(orders, bands, currency),
        "fulfilment": tally(orders, lambda each: [_fulfilment(each)]),
        "payment": tally(orders, lambda each: [each.method or UNKNOWN]),
        "age_band": _by_age(orders, known, hides=hides),
    }
    whole = tally(orders, lambda _: ["all"])
    revision = history(tenant_id, found.to_on).revision + known.changes
    return Preferences(
        found, revision, sum(each.occasions for each in whole), len({each.ordinal for each in orders}), rows, bands,
        by_sensitivity(orders), mobile_share(orders),
    )  # fmt: skip


def _fulfilment(each: Bought) -> str:
    return UNKNOWN if each.delivered is None else DELIVERED if each.delivered else AT_PICKUP


def _by_band(orders: Sequence[Bought], bands: Sequence[PriceBand], currency: str) -> list[Habit]:
    """By price band, the cheapest first; orders in other currencies are of no band."""

    def values(each: Bought) -> Iterable[str]:
        return [band_of(bands, each.amount_minor).name if each.currency == currency else UNKNOWN]

    found = {each.value: each for each in tally(orders, values)}
    return [found[name] for name in (*(each.name for each in bands), UNKNOWN) if name in found]


def _by_age(orders: Sequence[Bought], known: Known, *, hides: bool) -> list[Habit]:
    """By the age band that members said, youngest first: price sensitivity by band. Who did not say, or does not agree
    that it is counted, is not known.
    """
    buyers = bitmaps.of(each.ordinal for each in orders)
    groups = {value: people & buyers for value, people in known.persona_bits.groups.get(Field.AGE, {}).items()}
    shown = _shown(groups, buyers) if hides else groups.keys()
    band = {
        ordinal: value if value in shown else NOT_SHOWN
        for value, people in groups.items()
        for ordinal in bitmaps.ordinals(people)
    }
    found = {each.value: each for each in tally(orders, lambda each: [band.get(each.ordinal, UNKNOWN)])}
    names = (*(each.value for each in AgeBand), NOT_SHOWN, UNKNOWN)
    return [found[name] for name in names if name in found]


def _shown(groups: Mapping[str, int], everyone: int) -> frozenset[str]:
    parts = {("age_band", value): people for value, people in groups.items()}
    return leaving_enough(groups, [value for _, value in shown_groups(parts, everyone, ["age_band"])])

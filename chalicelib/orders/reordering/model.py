"""Which offers have the goods of an order, and in which campaign most of them are. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.campaigns.model.offers import Offer


@dataclass(frozen=True, slots=True)
class Goods:
    """Units of what an offer sells, see :func:`content`, that were ordered, under the title of then."""

    content: object
    title: str
    units: int


class Why(StrEnum):
    """Why less of some goods can be had than was ordered."""

    NOT_OFFERED = "not_offered"
    SOLD_OUT = "sold_out"
    LIMITED = "limited"


@dataclass(frozen=True, slots=True)
class Short:
    """Goods of which only so many ``units`` can be had."""

    title: str
    units: int
    why: Why


@dataclass(frozen=True, slots=True)
class Again:
    """What can be ordered now: units by offer id; and what comes short of what was ordered."""

    lines: Mapping[str, int]
    short: tuple[Short, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A campaign that takes orders: what its offers sell, and whether it belongs to the order's own series."""

    campaign_id: str
    contents: frozenset[object]
    in_series: bool


def content(offer: Offer) -> object:
    """What an offer sells: a SKU, or a bundle of the same parts."""
    return frozenset((part.sku_id, part.quantity) for part in offer.parts) or offer.sku_id


def best(goods: Sequence[Goods], candidates: Sequence[Candidate]) -> str | None:
    """The campaign that offers most of the goods: of several one of the same series, else the first. None where none
    offers any.
    """
    wanted = {each.content for each in goods}
    offering = [each for each in candidates if wanted & each.contents]
    found = max(offering, key=lambda each: (len(wanted & each.contents), each.in_series), default=None)
    return found.campaign_id if found else None


def again(goods: Sequence[Goods], offers: Sequence[Offer], left: Mapping[str, int]) -> Again:
    """The goods as a campaign has them: ``left`` are the units of each offer that can still be had."""
    by_content = {content(offer): offer for offer in offers}
    lines: dict[str, int] = {}
    short = []
    for each in goods:
        offer = by_content.get(each.content)
        if offer is None:
            short.append(Short(each.title, 0, Why.NOT_OFFERED))
            continue
        limit, there = offer.per_member_limit or each.units, left.get(offer.offer_id, 0)
        units = min(each.units, limit, there)
        if units:
            lines[offer.offer_id] = units
        if units < each.units:
            short.append(Short(each.title, units, Why.SOLD_OUT if there < min(each.units, limit) else Why.LIMITED))
    return Again(lines, tuple(short))

"""What those who ordered in a campaign said of it: reviews, complaints, cases of after-sale, suggestions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from chalicelib.catalog.model.ratings import Ratings
from chalicelib.db import fetch_many
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.errors import Invalid
from chalicelib.members.records import MemberRecord
from chalicelib.orders.records import OrderRecord

T = TypeVar("T")

LASTS = timedelta(days=90)
"""So long after its close what is said counts for a campaign."""

MOST_READ = 20_000
"""Reviews, or cases, of the brand in that time, of which the campaign's are found."""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What was said: stars of reviews that are shown; orders complained of; cases of after-sale by what they ask for;
    and suggestions.
    """

    ratings: Ratings
    complained: int
    after_sales: Mapping[str, int]
    suggestions: int


def satisfaction(tenant_id: str, campaign_id: str, members: int, since: datetime, until: datetime) -> Satisfaction:
    """Of a campaign, and of its members by ordinal, from one instant up to another. Raises Invalid where the brand had
    more of it in that time than can be looked through.
    """
    from chalicelib.aftersales.records import AfterSaleRecord  # no other report asks for these
    from chalicelib.complaints.records import ComplaintRecord
    from chalicelib.reviews.records import ReviewRecord
    from chalicelib.suggestions.records import SuggestionRecord

    span = sortable(since), sortable(until)
    shown = [
        each
        for each in _read(ReviewRecord.every(ReviewRecord.of_tenant(tenant_id), index="gsi1", between=span))
        if each.is_shown
    ]
    parts = [(f"{part}#{span[0]}", f"{part}#{span[1]}") for part in ("open", "done")]
    complaints = [
        str(each.order_id)
        for part in parts
        for each in _read(ComplaintRecord.every(ComplaintRecord.of_tenant(tenant_id), index="gsi1", between=part))
        if each.order_id
    ]
    own = _own(tenant_id, campaign_id, {*complaints, *(str(each.order_id) for each in shown)})
    cases: dict[str, int] = {}
    for part in parts:
        for case in _read(AfterSaleRecord.every(AfterSaleRecord.of_tenant(tenant_id), index="gsi1", between=part)):
            if case.campaign_id == campaign_id:
                cases[str(case.kind)] = cases.get(str(case.kind), 0) + 1
    stars = [0] * len(Ratings().by_star)
    for review in shown:
        if str(review.order_id) in own:
            stars[int(review.stars) - 1] += 1
    came = _read(SuggestionRecord.every(SuggestionRecord.of_tenant(tenant_id), index="gsi1"))
    authors = [str(each.member_id) for each in came if since <= each.opened_at < until]
    return Satisfaction(
        Ratings(tuple(stars)), len(own & set(complaints)), dict(sorted(cases.items())),
        _by_members(tenant_id, authors, members),
    )  # fmt: skip


def _own(tenant_id: str, campaign_id: str, order_ids: Iterable[str]) -> set[str]:
    """Those of the orders that are the campaign's."""
    found = fetch_many([(OrderRecord, *OrderRecord.address(tenant_id, each)) for each in sorted(order_ids)])
    return {order.id for order in found if order is not None and order.campaign_id == campaign_id}


def _by_members(tenant_id: str, authors: list[str], members: int) -> int:
    ids = list(dict.fromkeys(authors))
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in ids])
    named = zip(ids, found, strict=True)
    inside = {id_ for id_, each in named if each is not None and members >> int(each.ordinal) & 1}
    return sum(each in inside for each in authors)


def _read(records: Iterable[T]) -> list[T]:
    found = list(islice(records, MOST_READ + 1))
    if len(found) > MOST_READ:
        raise Invalid.at(
            "?id",
            f"The brand had more than {MOST_READ} reviews or cases in the time of this campaign; read them by day.",
            f"该活动期间的评价或工单超过 {MOST_READ} 条，请按日查看。",
        )
    return found

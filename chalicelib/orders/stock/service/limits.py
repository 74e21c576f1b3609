"""How many units of a campaign's offers a member has, of those of which each may have only so many."""

from collections.abc import Iterable

from chalicelib.campaigns.model.offers import Offer
from chalicelib.db import fetch_many
from chalicelib.orders.stock.records import LimitRecord


def used_by(tenant_id: str, member_id: str, offers: Iterable[Offer]) -> dict[str, int]:
    """The member's units, or bundles, in live orders by offer id, of offers with a limit. Nothing is read where none
    has one.
    """
    limited = [offer.goods()[0] for offer in offers if offer.per_member_limit is not None]
    if not limited:
        return {}
    found = fetch_many([(LimitRecord, *LimitRecord.address(tenant_id, each.offer_id, member_id)) for each in limited])
    both = zip(limited, found, strict=True)
    return {goods.sold_as: int(record.used) // goods.per for goods, record in both if record is not None}

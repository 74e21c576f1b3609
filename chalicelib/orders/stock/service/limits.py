"""How many units of a campaign's offers a member has, of those of which each may have only so many."""

from collections.abc import Iterable

from chalicelib.campaigns.model.offers import Offer
from chalicelib.db import fetch_many
from chalicelib.orders.stock.records import LimitRecord


def used_by(tenant_id: str, member_id: str, offers: Iterable[Offer]) -> dict[str, int]:
    """The member's units in live orders by offer id, of offers with a limit. Nothing is read where none has one."""
    limited = [offer.offer_id for offer in offers if offer.per_member_limit is not None]
    if not limited:
        return {}
    found = fetch_many([(LimitRecord, *LimitRecord.address(tenant_id, each, member_id)) for each in limited])
    return {offer_id: int(record.used) for offer_id, record in zip(limited, found, strict=True) if record is not None}

"""Products of which a member is told when they can be ordered again."""

from datetime import datetime, timedelta

from chalicelib.catalog.service.products import get_product, get_shown
from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.wanting.model.lists import Kept, Kind
from chalicelib.wanting.service import keeping

_SAME_WITHIN = timedelta(days=1)
"""So long a request is the same as the one before; later it is another sign that the member wants to be told."""


def remind(tenant_id: str, member_id: str, product_id: str, now: datetime) -> Kept:
    """Tells a member when a campaign opens with the product. Asked for again, it holds for another 180 days. Raises
    NotFound, ListFull.
    """
    get_shown(tenant_id, [product_id])

    def entry(before: Kept | None) -> Kept:
        recent = before is not None and now - parse_instant(before.since) < _SAME_WITHIN
        return before if before is not None and recent else Kept(sortable(now))

    return keeping.keep(tenant_id, member_id, Kind.REMINDERS, product_id, entry)


def stop(tenant_id: str, member_id: str, product_id: str) -> None:
    """Tells a member of a product no more. Raises NotFound for what is neither on their list nor a product."""
    if not keeping.drop(tenant_id, member_id, Kind.REMINDERS, product_id):
        get_product(tenant_id, product_id)


def list_own(tenant_id: str, member_id: str) -> dict[str, Kept]:
    """Of what a member is told, what they asked for last first."""
    return keeping.list_of(tenant_id, member_id, Kind.REMINDERS, consistent=True)

"""Members who turn out to be one person are united, unless the one who would go has orders of their own here."""

from datetime import datetime

from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.identities import member_id
from chalicelib.orders.service.listing import list_own_orders


def unite_where_allowed(tenant_id: str, gone: int, stays: int, now: datetime) -> bool:
    """Makes the history of a member, by ordinal, another's. False where they stay two: the one has been claimed, or
    somebody ordered in their name, which their list of orders is to go on showing.
    """
    return not has_own_orders(tenant_id, gone) and unite(tenant_id, gone, stays, now)


def has_own_orders(tenant_id: str, ordinal: int) -> bool:
    """Whether somebody ordered in a member's name."""
    return bool(list_own_orders(tenant_id, member_id(tenant_id, ordinal), 1, None).items)
